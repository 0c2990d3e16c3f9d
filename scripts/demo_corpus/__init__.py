"""The papers of invented Brackenmouth Borough Council: words in ``content/``, one writer a format."""
