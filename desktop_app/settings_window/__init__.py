"""The window where the user chooses."""
