"""Numbers that every architecture keeps to, and that those who read with it count on."""

MAXIMUM_TOKENS = 512
"""Longest sequence that a decoder takes, `<bos>` included."""

CELL_HEIGHT = 8
CELL_WIDTH = 8
"""Pixels of the network's input that one cell of an encoder's grid covers."""
