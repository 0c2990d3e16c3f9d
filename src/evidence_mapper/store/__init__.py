"""What is kept: one project, one file. Other layers see ``base.Store`` and ``engine`` only."""
