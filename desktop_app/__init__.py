"""The desktop program: from a hotkey to LaTeX on the clipboard."""
