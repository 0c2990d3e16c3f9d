"""Files to blocks of text with their places."""
