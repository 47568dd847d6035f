"""The result of a snip: what was captured above, what was read below it, and the LaTeX, which can be corrected."""

import math

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.appearance import current_colours, tinted_icon
from desktop_app.copy_format import CopyFormat
from desktop_app.formula_preview import FormulaPreview
from desktop_app.latex_editor import LatexEditor
from desktop_app.picture_card import PictureCard
from desktop_app.preview_renderer import PreviewRenderer
from desktop_app.settings import AfterSnip, Settings
from desktop_app.snip import Snip

_COPIED_MS = 2500


class ResultWindow(QWidget):
    """Shows one snip at a time.

    Signals:
        copy_requested(str): Copy this LaTeX, in the format that the settings hold.
        snip_requested: Make another snip.
    """

    copy_requested = Signal(str)
    snip_requested = Signal()

    def __init__(self, settings: Settings, renderer: PreviewRenderer) -> None:
        super().__init__()
        self._settings = settings
        self.setWindowTitle("Snaptex: result")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the person may be typing elsewhere
        self.resize(QSize(620, 560).boundedTo(QGuiApplication.primaryScreen().availableSize() * 0.9))
        self.captured = PictureCard("Captured picture")
        self.preview = FormulaPreview(renderer)
        self.editor = LatexEditor()
        self.remark = QLabel()
        self.format_box = QComboBox()
        self.snip_button = QPushButton("New snip")
        self.copy_button = QPushButton("Copy")
        self._copied_timer = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._summary = ""
        self._set_up_parts()
        self._lay_out()
        self._connect()
        self._tint_icons()

    def show_pending(self, snip: Snip) -> None:
        """Show a snip that is about to be read."""
        self._show_captured(snip)
        self._set_latex("")
        self.editor.setReadOnly(True)
        self.preview.clear("Reading the formula…")
        self._summarise("")
        self._appear()

    def show_snip(self, snip: Snip) -> None:
        """Show a snip with its formula."""
        self._show_captured(snip)
        self.editor.setReadOnly(False)
        self._set_latex(snip.latex)
        if not snip.latex.strip():
            self.preview.clear("No formula was found in this picture.")
        self._summarise(_summary_of(snip))
        self._appear()

    def show_failure(self, sentence: str) -> None:
        """Say why the snip shown has no formula."""
        self.editor.setReadOnly(False)
        self._set_latex("")
        self.preview.clear(sentence)
        self._summarise("")
        self._appear()

    def show_copied(self) -> None:
        """Say, for a moment, that the formula is on the clipboard."""
        self._set_remark("Copied to the clipboard", "good")
        self._copied_timer.start()

    def show_copy_failure(self, sentence: str) -> None:
        """Say why nothing was copied."""
        self._copied_timer.stop()
        self._set_remark(sentence, "bad")

    def _set_up_parts(self) -> None:
        self.format_box.setAccessibleName("Copy as")
        self.format_box.setToolTip("The form in which the formula is copied")
        for copy_format in CopyFormat:
            self.format_box.addItem(copy_format.title, copy_format)
        self.format_box.setCurrentIndex(list(CopyFormat).index(self._settings.copy_format))
        self.copy_button.setProperty("role", "primary")
        self.copy_button.setToolTip("Ctrl+Return")
        self.copy_button.setEnabled(False)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 16)
        layout.setSpacing(6)
        for title, part, stretch in (
            ("Captured", self.captured, 1),
            ("Preview", self.preview, 1),
            ("LaTeX", self.editor, 0),
        ):
            label = QLabel(title)
            label.setProperty("role", "section")
            layout.addWidget(label)
            layout.addWidget(part, stretch)
            layout.addSpacing(6)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.remark, 1)
        foot.addWidget(self.format_box)
        foot.addWidget(self.snip_button)
        foot.addWidget(self.copy_button)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.editor.latex_changed.connect(self._follow_text)
        self.copy_button.clicked.connect(self._request_copy)
        self.snip_button.clicked.connect(self.snip_requested)
        self.format_box.activated.connect(self._choose_format)
        self._settings.changed.connect(self._follow_settings)
        self._copied_timer.timeout.connect(lambda: self._set_remark(self._summary, "remark"))
        for keys in ("Ctrl+Return", "Ctrl+Shift+C"):
            QShortcut(QKeySequence(keys), self, self._request_copy)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def _follow_text(self) -> None:
        latex = self.editor.toPlainText()
        self.copy_button.setEnabled(bool(latex.strip()))
        self.preview.show_formula(latex)

    def _request_copy(self) -> None:
        if self.copy_button.isEnabled():
            self.copy_requested.emit(self.editor.toPlainText())

    def _choose_format(self, index: int) -> None:
        """A person who chooses another format wants the formula in it, if it was copied at once."""
        self._settings.copy_format = self.format_box.itemData(index)
        if self._settings.copies_at_once:
            self._request_copy()

    def _follow_settings(self) -> None:
        self.format_box.setCurrentIndex(list(CopyFormat).index(self._settings.copy_format))

    def _show_captured(self, snip: Snip) -> None:
        image = snip.image.copy()
        image.setDevicePixelRatio(snip.device_pixel_ratio)
        self.captured.show_image(image)

    def _set_latex(self, latex: str) -> None:
        self.editor.setPlainText(latex)

    def _summarise(self, summary: str) -> None:
        self._summary = summary
        self._copied_timer.stop()
        self._set_remark(summary, "remark")

    def _set_remark(self, text: str, role: str) -> None:
        self.remark.setText(text)
        self.remark.setProperty("role", role)
        self.remark.style().polish(self.remark)

    def _appear(self) -> None:
        if self._settings.after_snip is AfterSnip.WINDOW:
            self.show()
            self.raise_()

    def _tint_icons(self) -> None:
        colours = current_colours()
        self.copy_button.setIcon(tinted_icon("copy", colours.accent_text))
        self.snip_button.setIcon(tinted_icon("snip", colours.text))
        self.copy_button.setIconSize(QSize(16, 16))

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Icons follow the colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint_icons()


def _summary_of(snip: Snip) -> str:
    parts = []
    if not math.isnan(snip.confidence):
        parts.append(f"Confidence {snip.confidence:.0%}")
    if not math.isnan(snip.seconds):
        parts.append(f"{snip.seconds:.2f} s")
    return "  ·  ".join(parts)
