"""What one snip is: the picture, its formula, how far to trust it, and how it is copied."""
