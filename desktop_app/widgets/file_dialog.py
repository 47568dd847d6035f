"""The dialog for the name of a file or folder: it begins where the last one ended, and a snip may hide it meanwhile."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.settings.settings import Settings


class FileDialog(QFileDialog):
    """One dialog; open() it, for exec() takes the hiding during a snip for an answer."""

    def __init__(self, window: QWidget, title: str, settings: Settings) -> None:
        super().__init__(window, title, _first_folder(settings))
        self._settings = settings
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setOption(QFileDialog.Option.HideNameFilterDetails)  # the endings of all images are no readable line
        self.accepted.connect(self._keep_folder)

    def _keep_folder(self) -> None:
        self._settings.last_folder = self.directory().absolutePath()


def _first_folder(settings: Settings) -> str:
    if settings.last_folder and Path(settings.last_folder).is_dir():
        return settings.last_folder
    kinds = (QStandardPaths.StandardLocation.PicturesLocation, QStandardPaths.StandardLocation.HomeLocation)
    folders = [QStandardPaths.writableLocation(kind) for kind in kinds]
    return next((folder for folder in folders if Path(folder).is_dir()), "")
