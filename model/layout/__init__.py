"""Layout before reading: from a picture to an ordered list of lines, each with its own ink and its class."""
