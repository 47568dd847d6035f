"""Training: packed images in, checkpoint out. Needs neither TeX nor Qt on the machine that trains."""
