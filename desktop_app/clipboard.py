"""The only writer of the clipboard.

On X11 the text belongs to the program that copied it and goes away with it, unless another keeps it: pyperclip hands it
to xclip or xsel, which stay behind. Where neither is installed Qt keeps it for as long as Snaptex runs. Qt also keeps
what is more than text, such as a picture.
"""

import logging

import pyperclip
from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

from desktop_app.languages.model_sentences import translated
from desktop_app.rendering.formula_picture import formula_picture
from desktop_app.snips.copy_format import CopyFormat
from model.formats import FormatError, FormulaFormat, write_formula

logger = logging.getLogger(__name__)


class ClipboardError(Exception):
    """Nothing was copied; the text says why in one sentence."""


def copy_formula(latex: str, copy_format: CopyFormat) -> None:
    """Put a formula on the clipboard.

    Raises:
        ClipboardError: There is nothing to copy, or no way to.
    """
    if not latex.strip():
        raise ClipboardError(QCoreApplication.translate("Clipboard", "There is no formula to copy."))
    try:
        is_picture = copy_format is CopyFormat.PNG
        text = "" if is_picture else write_formula(latex, FormulaFormat(copy_format.value))
        rich = _picture(latex) if is_picture else _rich_form(text, copy_format)
    except FormatError as error:
        raise ClipboardError(
            QCoreApplication.translate("Clipboard", "Nothing was copied: {reason}").format(
                reason=translated(str(error))
            )
        ) from error
    if rich is not None:
        QGuiApplication.clipboard().setMimeData(rich)
    elif not (_copy_with_pyperclip(text) or _copy_with_qt(text)):
        raise ClipboardError(
            QCoreApplication.translate("Clipboard", "The clipboard took no text; another program may be holding it.")
        )


def _picture(latex: str) -> QMimeData:
    data = QMimeData()
    data.setImageData(formula_picture(latex))
    # Not as plain text: beside one, many programs would paste the text and not the picture.
    data.setData("application/x-latex", latex.encode())
    return data


def _rich_form(text: str, copy_format: CopyFormat) -> QMimeData | None:
    """What is more than text, with its text; a word processor takes the richest it knows."""
    data = QMimeData()
    data.setText(text)
    if copy_format is CopyFormat.MATHML:
        data.setHtml(f"<html><body>{text}</body></html>")
        for name in ("application/mathml+xml", "MathML"):  # the second is what Windows calls it
            data.setData(name, text.encode())
        return data
    if copy_format is CopyFormat.SVG:
        data.setData("image/svg+xml", text.encode())
        return data
    return None


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
