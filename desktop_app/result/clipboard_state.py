"""Whether the text in the window is the one that was copied from it."""


class ClipboardState:
    """What was copied of the formula that is shown, if anything."""

    def __init__(self) -> None:
        self._copied: str | None = None
        self.was_behind = False  # when it was compared last

    def hold(self, text: str) -> None:
        """This text was copied."""
        self._copied = text
        self.was_behind = False

    def forget(self) -> None:
        """Another formula is shown; nothing of it was copied."""
        self._copied = None
        self.was_behind = False

    def is_behind(self, text: str) -> bool:
        """Whether an earlier text was copied than this one."""
        return self._copied is not None and self._copied != text

    def compare(self, text: str) -> None:
        """Remember how the text compares now."""
        self.was_behind = self.is_behind(text)
