"""What doesn't come from the screen: images pasted, dropped on a window or opened as files, and PDF files."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop_app.capture.image_files import file_endings, open_image
from desktop_app.settings.settings import Settings
from desktop_app.snips.snip import Snip
from desktop_app.widgets.file_dialog import FileDialog

_SIGNATURE_WITHIN = 1024  # bytes, as readers of PDF have it


class ImageInput(QObject):
    """Takes images on one window.

    Signals:
        images_given(list[Snip]): Images to read, in the order given; at least one.
        documents_given(list[Path]): PDF files to show; at least one.
        failed(str): Something else was given; a plain sentence for each.
    """

    images_given = Signal(list)
    documents_given = Signal(list)
    failed = Signal(str)

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        QShortcut(QKeySequence.StandardKey.Paste, window, self.paste)
        QShortcut(QKeySequence.StandardKey.Open, window, self.choose_files)

    def paste(self) -> None:
        """Take what is on the clipboard."""
        self.take(QGuiApplication.clipboard().mimeData())

    def choose_files(self) -> None:
        """Ask for files, and take them."""
        endings = " ".join(f"*.{one}" for one in ["pdf", *file_endings()])
        dialog = FileDialog(self._window, self.tr("Pictures of formulas"), self._settings)
        dialog.setNameFilter(self.tr("Pictures and PDF files") + f" ({endings})")
        dialog.setFileMode(FileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self._take_files([Path(path) for path in paths]))
        dialog.open()

    def take(self, data: QMimeData) -> None:
        """Take every image of what was pasted or dropped; files count before an image that comes with them."""
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self._take_files(paths)
            return
        image = data.imageData() if data.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self.images_given.emit([Snip(image)])
        else:
            self.failed.emit(self.tr("There is no picture in what was pasted or dropped."))

    def _take_files(self, paths: Sequence[Path]) -> None:
        snips: list[Snip] = []
        documents: list[Path] = []
        sentences: list[str] = []
        for path in paths:
            if _is_pdf(path):
                documents.append(path)
                continue
            image = open_image(path)
            if image.isNull():
                sentences.append(self.tr("{name} is no picture that Snaptex can read.").format(name=path.name))
            else:
                snips.append(Snip(image))
        if sentences:
            self.failed.emit(" ".join(sentences))
        if documents:
            self.documents_given.emit(documents)
        if snips:
            self.images_given.emit(snips)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept what may be images, and take it when it is dropped."""
        if event.type() not in (QEvent.Type.DragEnter, QEvent.Type.Drop) or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        if event.mimeData().hasImage() or event.mimeData().hasUrls():
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self.take(event.mimeData())
        return True


def _is_pdf(path: Path) -> bool:
    """Whether a file is a PDF by its content: names lie, and some files have other bytes in front."""
    try:
        if not path.is_file():  # a pipe may never have anything to read
            return False
        with path.open("rb") as file:
            return b"%PDF-" in file.read(_SIGNATURE_WITHIN)
    except OSError:
        return False
