"""The only writer of the clipboard.

On X11 the text belongs to the program that copied it and goes away with it, unless another keeps it: pyperclip hands it
to xclip or xsel, which stay behind. Where neither is installed Qt keeps it for as long as Snaptex runs.
"""

import logging

import pyperclip
from PySide6.QtGui import QGuiApplication

from desktop_app.copy_format import CopyFormat, wrap_formula

logger = logging.getLogger(__name__)


class ClipboardError(Exception):
    """Nothing was copied; the text says why in one sentence."""


def copy_formula(latex: str, copy_format: CopyFormat) -> None:
    """Put a formula on the clipboard.

    Raises:
        ClipboardError: There is nothing to copy, or no way to.
    """
    if not latex.strip():
        raise ClipboardError("There is no formula to copy.")
    text = wrap_formula(latex, copy_format)
    if not (_copy_with_pyperclip(text) or _copy_with_qt(text)):
        raise ClipboardError("The clipboard took no text; another program may be holding it.")


def _copy_with_pyperclip(text: str) -> bool:
    if QGuiApplication.platformName() not in ("xcb", "wayland", "windows", "cocoa"):
        return False  # no desktop is shown, so the desktop's clipboard isn't ours to change
    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        logger.info("pyperclip has no way to the clipboard here; Qt has.", exc_info=True)
        return False
    # xclip may fail without pyperclip telling, so the text is read back; Wayland shows it to a focused window only.
    return QGuiApplication.platformName() == "wayland" or QGuiApplication.clipboard().text() == text


def _copy_with_qt(text: str) -> bool:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText(text)
    return clipboard.text() == text
