"""One PDF file, and images of parts of its pages, drawn by PDFium.

PDFium bears one thread in the whole process; all of this runs on the one of pdf_drawer.py. Whatever is wrong with a
file ends here as one sentence.
"""

import ctypes
import logging
import math
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from pypdfium2 import raw
from PySide6.QtCore import QCoreApplication, QRectF, QSizeF
from PySide6.QtGui import QImage

logger = logging.getLogger(__name__)

_MAXIMUM_PIXELS = 24_000_000  # of one image; a page that would have more is drawn coarser
_MAXIMUM_SECONDS = 20.0  # for one image
_LONGEST_SIDE = 30_000  # pixels


class PdfError(Exception):
    """The file or the page can't be shown; the text says why in one sentence."""


class PdfFile:
    """An open file; its pages are numbered from 0 and measured in points, from their upper left corner."""

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            PdfError: It can't be read, is no PDF, or is protected by a password.
        """
        self._name = path.name
        try:
            self._document = pypdfium2.PdfDocument(path)
        except (pypdfium2.PdfiumError, OSError) as error:
            logger.warning("%s was not opened: %s", path, error)
            is_locked = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
            raise PdfError((_locked() if is_locked else _unreadable()).format(name=self._name)) from error
        self.page_count = len(self._document)
        if not self.page_count:
            self.close()
            raise PdfError(_unreadable().format(name=self._name))

    def page_size(self, page: int) -> QSizeF:
        """Width and height of a page as it is shown.

        Raises:
            PdfError: The page is damaged.
        """
        size = raw.FS_SIZEF()
        is_known = raw.FPDF_GetPageSizeByIndexF(self._document, page, ctypes.byref(size))
        if not is_known or not all(0 < side < math.inf for side in (size.width, size.height)):
            raise PdfError(self._damaged(page))
        return QSizeF(size.width, size.height)

    def draw(self, page: int, part: QRectF, scale: float, is_wanted: Callable[[], bool]) -> QImage | None:
        """Draw a part of a page.

        Args:
            page: Its number.
            part: In points; the whole page or less.
            scale: Pixels per point; fewer where the image would be too large.
            is_wanted: Asked now and then; once it says no, there is no image.

        Raises:
            PdfError: The page is damaged, or takes too long.
        """
        size = self.page_size(page)
        scale = min(scale, math.sqrt(_MAXIMUM_PIXELS / (part.width() * part.height())))
        scale = min(scale, _LONGEST_SIDE / max(part.width(), part.height()))
        left, top = round(part.left() * scale), round(part.top() * scale)
        width, height = (max(1, round(side * scale)) for side in (part.width(), part.height()))
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFFFF)
        pixels = (ctypes.c_ubyte * image.sizeInBytes()).from_buffer(image.bits())
        ends = time.monotonic() + _MAXIMUM_SECONDS
        pause = raw.IFSDK_PAUSE(version=1)
        pypdfium2.internal.set_callback(
            pause, "NeedToPauseNow", lambda _pause: not is_wanted() or time.monotonic() > ends
        )
        try:
            drawn = self._document[page]
        except pypdfium2.PdfiumError as error:
            raise PdfError(self._damaged(page)) from error
        bitmap = pypdfium2.PdfBitmap.new_native(
            width, height, raw.FPDFBitmap_BGRx, buffer=pixels, stride=image.bytesPerLine()
        )
        whole = round(size.width() * scale), round(size.height() * scale)
        status = raw.FPDF_RenderPageBitmap_Start(bitmap, drawn, -left, -top, *whole, 0, raw.FPDF_ANNOT, pause)
        raw.FPDF_RenderPage_Close(drawn)
        bitmap.close()
        drawn.close()
        if status == raw.FPDF_RENDER_DONE:
            return image
        if status == raw.FPDF_RENDER_TOBECONTINUED and not is_wanted():
            return None
        logger.warning("Page %d of %s was not drawn: PDFium says %d.", page + 1, self._name, status)
        if status == raw.FPDF_RENDER_TOBECONTINUED:
            too_long = QCoreApplication.translate("PdfFile", "Page {number} of {name} takes too long to draw.")
            raise PdfError(too_long.format(number=page + 1, name=self._name))
        raise PdfError(self._damaged(page))

    def close(self) -> None:
        """Let go of the file."""
        self._document.close()

    def _damaged(self, page: int) -> str:
        sentence = QCoreApplication.translate("PdfFile", "Page {number} of {name} is damaged and can't be shown.")
        return sentence.format(number=page + 1, name=self._name)


def _unreadable() -> str:
    return QCoreApplication.translate("PdfFile", "{name} can't be read; it may be damaged.")


def _locked() -> str:
    return QCoreApplication.translate("PdfFile", "{name} is protected by a password; Snaptex can't open it.")
