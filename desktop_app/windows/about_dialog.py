"""The dialog that says what Snaptex is, which version, and what it is made of."""

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop_app.system.bundled_resources import icon_path
from desktop_app.system.third_party import licences_folder, third_party_packages
from desktop_app.widgets.layouts import column_of, row_of, text_label

_SIZE = QSize(560, 480)


class AboutDialog(QWidget):
    """Shows the version, the licence, and those of everything else inside."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Snaptex: about"))
        self.resize(_SIZE.boundedTo(QGuiApplication.primaryScreen().availableSize() * 0.9))
        self.packages = QTreeWidget()
        self.texts_button = QPushButton(self.tr("Licence texts"))
        self.close_button = QPushButton(self.tr("Close"))
        self._set_up_parts()
        self._lay_out()

    def _set_up_parts(self) -> None:
        self.packages.setAccessibleName(self.tr("What Snaptex is made of"))
        self.packages.setHeaderLabels([self.tr("Part"), self.tr("Version"), self.tr("Licence")])
        self.packages.setRootIsDecorated(False)
        self.packages.setUniformRowHeights(True)
        for package in third_party_packages():
            self.packages.addTopLevelItem(QTreeWidgetItem(package))
        for column in (0, 1):
            self.packages.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.texts_button.setVisible(licences_folder() is not None)
        self.texts_button.clicked.connect(self._open_texts)
        self.close_button.clicked.connect(self.close)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def _lay_out(self) -> None:
        image = QLabel()
        image.setPixmap(QIcon(str(icon_path("snaptex"))).pixmap(QSize(44, 44), self.devicePixelRatioF()))
        self.version = text_label(self.tr("Version {0}").format(QApplication.applicationVersion()), "remark")
        self.version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        purpose = QLabel(
            self.tr(
                "A formula on the screen becomes LaTeX on the clipboard. It is read on this computer; nothing is sent "
                "anywhere. Snaptex is free software under the MIT licence, and contains:"
            )
        )
        purpose.setWordWrap(True)
        column_of(
            row_of(image, (column_of(text_label("Snaptex", "title"), self.version, spacing=0), 1), spacing=14),
            purpose,
            (self.packages, 1),
            row_of(self.texts_button, None, self.close_button),
            on=self,
            margins=(24, 20, 24, 20),
            spacing=12,
        )

    def _open_texts(self) -> None:
        folder = licences_folder()
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
