"""Layout before reading: from an image to an ordered list of lines, each with its own ink and its class."""
