"""The windows of all PDF files that are open."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop_app.pdf.pdf_drawer import PdfDrawer
from desktop_app.pdf.pdf_window import PdfWindow
from desktop_app.snips.snip import Snip
from desktop_app.system.event_delivery import keep_alive_until_idle
from desktop_app.widgets.layouts import bring_forward


class PdfWindows(QObject):
    """Opens a window for each file.

    Signals:
        region_selected(Snip): A region of a page, to be read.
        window_opened(QWidget): A file's window is about to be shown.
        failed(str): Why a file can't be opened, in one sentence.
    """

    region_selected = Signal(Snip)
    window_opened = Signal(QWidget)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._drawer = PdfDrawer()
        self._drawer.opened.connect(self._show)
        self._drawer.refused.connect(self.failed)
        self._windows: dict[Path, PdfWindow] = {}

    @property
    def windows(self) -> Sequence[PdfWindow]:
        """Those that are open."""
        return tuple(self._windows.values())

    @Slot(list)
    def open(self, paths: Sequence[Path]) -> None:
        """Open files, each in a window; one that is open already is read anew."""
        for path in paths:
            self._drawer.open(path.resolve())

    def close(self, patience_ms: int) -> bool:
        """Close every window, and end the thread that draws; says whether it has ended."""
        for window in self.windows:
            window.close()
        return self._drawer.close(patience_ms)

    @Slot(Path, int)
    def _show(self, path: Path, page_count: int) -> None:
        window = self._windows.get(path)
        if window is None:
            window = self._windows[path] = PdfWindow(path, self._drawer)
            window.region_selected.connect(self.region_selected)
            window.closed.connect(self._forget)
            self.window_opened.emit(window)
        bring_forward(window)
        window.show_file(page_count)  # last: only a window on the screen knows how wide its page is to be drawn

    @Slot(Path)
    def _forget(self, path: Path) -> None:
        self._drawer.close_file(path)
        window = self._windows.pop(path)
        window.deleteLater()
        keep_alive_until_idle(window)  # which is being closed
