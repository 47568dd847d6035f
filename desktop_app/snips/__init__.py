"""What one snip is: the image, its formula, how far to trust it, and how it is copied."""
