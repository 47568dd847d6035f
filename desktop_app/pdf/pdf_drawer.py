"""The thread that opens PDF files and draws their pages: a file may be huge, damaged, or take seconds a page."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, QRectF, QSizeF, QThread, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.system.log_file import log_path

if TYPE_CHECKING:
    from desktop_app.pdf.pdf_file import PdfFile

logger = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class PageRequest:
    """A part of a page that is to be drawn."""

    path: Path
    page: int  # from 0
    scale: float = 0.0  # pixels per point; 0 for one at which the page has a width
    width: int = 0  # of the whole page, in pixels
    part: QRectF | None = None  # in points; None for the whole page
    cancellation: Event = field(default_factory=Event, compare=False, repr=False)  # set once nobody wants it


@dataclass(frozen=True)
class DrawnPage:
    """The answer: an image, or one sentence that says why there is none."""

    request: PageRequest
    image: QImage | None = None
    size: QSizeF = field(default_factory=QSizeF)  # of the whole page, in points
    refusal: str = ""


class _Worker(QObject):
    """The half that lives on the thread.

    Signals:
        opened(Path, int): A file is open, and has so many pages.
        refused(str): Why a file can't be opened, in one sentence.
        drawn(DrawnPage): The answer to a request that was not cancelled.
    """

    opened = Signal(Path, int)
    refused = Signal(str)
    drawn = Signal(DrawnPage)

    def __init__(self) -> None:
        super().__init__()
        self._files: dict[Path, PdfFile] = {}

    @Slot(Path)
    def open(self, path: Path) -> None:
        """Open a file; one that is open already is read anew, for it may have changed."""
        self.close_file(path)
        opened, sentence = self._try(lambda: self._file(path).page_count, path.name)
        if opened is None:
            self.refused.emit(sentence)
        else:
            self.opened.emit(path, opened)

    @Slot(PageRequest)
    def draw(self, request: PageRequest) -> None:
        """Draw a part of a page."""
        if request.cancellation.is_set():
            return
        drawn, sentence = self._try(lambda: self._drawn(request), request.path.name)
        if not request.cancellation.is_set():
            self.drawn.emit(drawn or DrawnPage(request, refusal=sentence))

    @Slot(Path)
    def close_file(self, path: Path) -> None:
        """Let go of a file."""
        if path in self._files:
            self._files.pop(path).close()

    @Slot()
    def close(self) -> None:
        """Let go of everything; runs on the thread just before it ends."""
        for path in list(self._files):
            self.close_file(path)

    def _file(self, path: Path) -> "PdfFile":
        if path not in self._files:
            from desktop_app.pdf.pdf_file import PdfFile  # PDFium takes two tenths of a second to load

            self._files[path] = PdfFile(path)
        return self._files[path]

    def _drawn(self, request: PageRequest) -> DrawnPage:
        file = self._file(request.path)
        size = file.page_size(request.page)
        scale = request.scale or request.width / size.width()
        part = request.part or QRectF(0, 0, size.width(), size.height())
        image = file.draw(request.page, part, scale, lambda: not request.cancellation.is_set())
        return DrawnPage(request, image, size)

    def _try(self, question: Callable[[], _Answer], name: str) -> tuple[_Answer | None, str]:
        """What was asked for, or why there is none."""
        from desktop_app.pdf.pdf_file import PdfError

        try:
            return question(), ""
        except PdfError as error:
            return None, str(error)
        except Exception:
            logger.exception("PDFium failed.")
            failed = QCoreApplication.translate("PdfDrawer", "{name} can't be shown; the log says why: {path}")
            return None, failed.format(name=name, path=log_path())


class PdfDrawer(QObject):
    """The half that the windows talk to; its thread starts with the first file. Its signals are those of the worker."""

    _open_requested = Signal(Path)
    _draw_requested = Signal(PageRequest)
    _close_requested = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        self._thread = QThread(self)
        self._thread.setObjectName("PdfDrawer")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._open_requested.connect(self._worker.open)
        self._draw_requested.connect(self._worker.draw)
        self._close_requested.connect(self._worker.close_file)
        self._thread.finished.connect(self._worker.close)
        self.opened, self.refused, self.drawn = self._worker.opened, self._worker.refused, self._worker.drawn

    def open(self, path: Path) -> None:
        """Open a file."""
        if not self._thread.isRunning():
            self._thread.start()
        self._open_requested.emit(path)

    def draw(self, request: PageRequest) -> None:
        """Draw a part of a page of a file that is open."""
        self._draw_requested.emit(request)

    def close_file(self, path: Path) -> None:
        """Let go of a file."""
        self._close_requested.emit(path)

    def close(self, patience_ms: int) -> bool:
        """End the thread, whose windows have cancelled what they wanted of it; says whether it has ended."""
        self._thread.quit()
        return self._thread.wait(patience_ms)
