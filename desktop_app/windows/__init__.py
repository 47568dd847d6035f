"""The program's other windows, and its icon in the tray."""
