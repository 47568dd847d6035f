"""What a hotkey, a button or another launch asks for: one value, from there to the snip."""

from dataclasses import dataclass

from desktop_app.snips.copy_format import CopyFormat


@dataclass(frozen=True)
class CaptureRequest:
    """How the next region is taken, and in which form its formula is copied."""

    copy_format: CopyFormat | None = None  # none for the format used last
    delay: bool = False  # a countdown first, in which the user can open a menu
    repeat: bool = False  # the last region again; one is chosen where there is none
