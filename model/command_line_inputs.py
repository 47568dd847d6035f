"""Images for `snaptex recognise` that no FILE names: of the standard input, the clipboard, a folder it watches."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

STANDARD_INPUT = "-"
CLIPBOARD = "clipboard"
_POLL_SECONDS = 0.5


def read_named_image(name: str) -> Image.Image:
    """Return the image of a file, or of the standard input for "-", or of the clipboard.

    Raises:
        ImageError: There is no such image; the message is one plain sentence.
    """
    from model.recognition.image_file import decode_image, read_image

    if name == STANDARD_INPUT:
        return decode_image(io.BytesIO(sys.stdin.buffer.read()))
    if name == CLIPBOARD and not Path(name).exists():
        return _image_of_clipboard()
    return read_image(Path(name))


def copy_text(text: str) -> str:
    """Put a text on the clipboard; returns why it can't be, in one sentence, or nothing."""
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return "The clipboard took no text; on Linux xclip, xsel or wl-clipboard is needed."
    return ""


def new_files(folder: Path, *, goes_on: Callable[[], bool] = lambda: True) -> Iterator[Path]:
    """Yield each file that comes into a folder from now on, once its size stays as it is.

    Args:
        folder: The folder; what is in it at first is left alone.
        goes_on: Asked before each look.
    """
    known = set(folder.iterdir())
    sizes: dict[Path, int] = {}
    while goes_on():
        for path in sorted(set(folder.iterdir()) - known):
            try:
                size = path.stat().st_size if path.is_file() else -1
            except OSError:  # gone again
                continue
            if size > 0 and sizes.get(path) == size:
                known.add(path)
                yield path
            sizes[path] = size
        time.sleep(_POLL_SECONDS)


def _image_of_clipboard() -> Image.Image:
    from PIL import ImageGrab

    from model.image_transform import ImageError
    from model.recognition.image_file import read_image

    try:
        found = ImageGrab.grabclipboard()
    except (OSError, RuntimeError, ValueError) as error:
        raise ImageError("There is no picture on the clipboard.") from error
    if isinstance(found, list) and found:  # files that were copied
        return read_image(Path(found[0]))
    if not isinstance(found, Image.Image):
        raise ImageError("There is no picture on the clipboard.")
    return found.convert("RGBA" if "A" in found.getbands() else "RGB")
