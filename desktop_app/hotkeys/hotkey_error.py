"""The one error of everything that takes or watches a hotkey."""


class HotkeyError(Exception):
    """There is no such hotkey; the text says why in one sentence."""
