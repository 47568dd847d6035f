"""From what an engine says of an image to a formula that parses, in NumPy; the way in is `decode.decode`."""
