"""The only writer of the clipboard.

On X11 the text belongs to the program that copied it and goes away with it, unless another keeps it: pyperclip hands it
to xclip or xsel, which stay behind. Where neither is installed Qt keeps it for as long as Snaptex runs. Qt also keeps
what is more than text, such as an image.

Each way is asked itself whether it holds what was copied. Qt learns only from a later event that xclip has the
clipboard: until then it shows what was there before, and its own copy is refused as one from the past.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pyperclip
from PySide6.QtCore import QCoreApplication, QEventLoop, QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from desktop_app.languages.model_sentences import translated
from desktop_app.rendering.formula_renderer import drawing_pool, formula_image
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.system.background_work import while_windows_live
from model.formats import FormatError, FormulaFormat

logger = logging.getLogger(__name__)

_READ_BACK_SECONDS = 15.0  # a computer that has much to do starts xclip slowly
_GLANCE_SECONDS = 0.01
_ATTEMPTS = 5
_ATTEMPT_MS = 40


class ClipboardError(Exception):
    """Nothing was copied; the text says why in one sentence."""


def copy_formula(latex: str, copy_format: CopyFormat, *, number: str = "") -> None:
    r"""Put a formula on the clipboard.

    Args:
        latex: The formula.
        copy_format: The form in which it is copied.
        number: Of the equation, to be written as `\tag` where the form is a display; empty to leave it out.

    Raises:
        ClipboardError: There is nothing to copy, or no way to.
    """
    if not latex.strip():
        raise ClipboardError(QCoreApplication.translate("Clipboard", "There is no formula to copy."))
    try:
        if copy_format is CopyFormat.PNG:
            image = while_windows_live(partial(formula_image, latex))
            is_copied = _copy_with_qt(partial(_image_data, image, latex))
        else:
            formula_format = FormulaFormat(copy_format.value)
            text = while_windows_live(
                partial(drawing_pool().write_formula, latex, formula_format, number=number or None)
            )
            is_copied = _copy_text(text, copy_format)
    except FormatError as error:
        raise ClipboardError(
            QCoreApplication.translate("Clipboard", "Nothing was copied: {reason}").format(
                reason=translated(str(error))
            )
        ) from error
    if not is_copied:
        raise ClipboardError(_refusal())


def copy_lines(text: str) -> None:
    """Put a text of several formulas on the clipboard, as it is.

    Raises:
        ClipboardError: There is no way to.
    """
    if not _copy_text(text, CopyFormat.LATEX):
        raise ClipboardError(_refusal())


def _refusal() -> str:
    return QCoreApplication.translate("Clipboard", "The clipboard took no text; another program may be holding it.")


def _copy_text(text: str, copy_format: CopyFormat) -> bool:
    """Copy a text, with its richer forms where it has some; says whether the clipboard has it."""
    if copy_format in (CopyFormat.MATHML, CopyFormat.SVG):
        return _copy_with_qt(partial(_rich_data, text, copy_format))
    return _copy_with_pyperclip(text) or _copy_with_qt(partial(_text_data, text))


def _image_data(image: QImage, latex: str) -> QMimeData:
    data = QMimeData()
    data.setImageData(image)
    # Not as plain text: beside one, many programs would paste the text and not the image.
    data.setData("application/x-latex", latex.encode())
    return data


def _text_data(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


def _rich_data(text: str, copy_format: CopyFormat) -> QMimeData:
    """What is more than text, with its text; a word processor takes the richest it knows."""
    data = _text_data(text)
    if copy_format is CopyFormat.SVG:
        data.setData("image/svg+xml", text.encode())
        return data
    data.setHtml(f"<html><body>{text}</body></html>")
    for name in ("application/mathml+xml", "MathML"):  # the second is what Windows calls it
        data.setData(name, text.encode())
    return data


def _copy_with_pyperclip(text: str) -> bool:
    if QGuiApplication.platformName() not in ("xcb", "wayland", "windows", "cocoa"):
        return False  # no desktop is shown, so the desktop's clipboard isn't ours to change
    owner = _owner()
    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        logger.info("pyperclip has no way to the clipboard here; Qt has.", exc_info=True)
        return False
    if QGuiApplication.platformName() == "wayland":
        return True  # it shows the text to a focused window only
    # xclip may fail without pyperclip telling. A new owner is xclip, or a program in which the user has copied since:
    # reading back what that one has would end in copying over it.
    return (owner is not None and _owner() not in (owner, 0, None)) or _read_back() == text


def _owner() -> int | None:
    """The window that owns the clipboard of the X server; 0 where none does, None where nobody can tell."""
    if QGuiApplication.platformName() != "xcb":
        return None
    from Xlib import X
    from Xlib.display import Display
    from Xlib.error import DisplayError

    try:
        display = Display()
    except (DisplayError, OSError):
        return None
    owner = display.get_selection_owner(display.intern_atom("CLIPBOARD"))
    display.close()
    return 0 if owner == X.NONE else int(owner.id)


def _read_back() -> str | None:
    """What the clipboard has, by the way that wrote it; None where nothing answers in time.

    On a thread, for where this program still owns the clipboard xclip waits for an answer that only Qt's loop gives,
    which therefore goes on; it takes no keys and clicks.
    """
    answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def paste() -> None:
        try:
            answers.put(pyperclip.paste().replace("\r\n", "\n"))
        except (pyperclip.PyperclipException, OSError):
            answers.put(None)

    threading.Thread(target=paste, daemon=True).start()
    deadline = time.monotonic() + _READ_BACK_SECONDS
    while time.monotonic() < deadline:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, _ATTEMPT_MS)
        with suppress(queue.Empty):
            return answers.get(timeout=_GLANCE_SECONDS)
    return None


def _copy_with_qt(make_data: Callable[[], QMimeData]) -> bool:
    """Give Qt the clipboard; again after it has heard who had it, for X11 refuses what seems older than that."""
    clipboard = QGuiApplication.clipboard()
    for _ in range(_ATTEMPTS):
        clipboard.setMimeData(make_data())
        if clipboard.ownsClipboard() or QGuiApplication.platformName() != "xcb":
            return True
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, _ATTEMPT_MS)
    return False
