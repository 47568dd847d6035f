"""What is shown of a formula just read."""
