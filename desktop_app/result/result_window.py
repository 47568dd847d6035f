"""The result of a snip: what was captured beside what was read, and the LaTeX, which can be corrected."""

import math

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLabel, QPushButton, QWidget

from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.alternatives_controller import AlternativesController
from desktop_app.result.comparison_view import ComparisonView
from desktop_app.result.pages_bar import PagesBar
from desktop_app.result.rows_list import RowsController, RowsList
from desktop_app.result.token_editor import TokenEditor
from desktop_app.result.window_place import WindowPlace
from desktop_app.settings.settings import AfterSnip, Settings
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from desktop_app.widgets.appearance import FollowsColours, current_colours, tinted_icon
from desktop_app.widgets.icon_button import IconButton
from desktop_app.widgets.layouts import column_of, fill, row_of, show_role, text_label
from desktop_app.widgets.trust_badge import TrustBadge

_COPIED_MS = 2500
_EDIT_MS = 700  # an edit is copied, where the settings want it, once the user pauses
_WIDE_FOOT = 600


class ResultWindow(FollowsColours, QWidget):
    """Shows one snip at a time.

    Signals:
        copy_requested(str): Copy this LaTeX, in the window's format.
        snip_requested: Make another snip.
        cancel_requested: Stop reading the snip that is shown.
    """

    copy_requested = Signal(str)
    snip_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, settings: Settings, renderer: PreviewRenderer) -> None:
        super().__init__()
        self._settings = settings
        self.setWindowTitle(self.tr("Snaptex: result"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the user may be typing elsewhere
        self.comparison = ComparisonView(renderer)
        self.captured, self.preview = self.comparison.captured, self.comparison.preview
        self.editor = TokenEditor()
        self.alternatives = AlternativesController(self.editor, self.captured, self)
        self.rows = RowsList()
        self.rows_controller = RowsController(self.editor, self.captured, self.rows, self)
        self.trust = TrustBadge()
        self.remark = QLabel()
        self.format_box = QComboBox()
        self.snip_button = QPushButton(self.tr("New snip"))
        self.copy_button = QPushButton(self.tr("Copy"))
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.pages_bar = PagesBar(self)
        self.pin_button = IconButton("pin", self.tr("Keep this window above others"))
        self._place = WindowPlace(self, settings)
        self._copied: str | None = None  # of the formula shown
        self._was_behind = False  # whether the text was another one when it changed last
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._copied_timer = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._edit_timer = QTimer(self, singleShot=True, interval=_EDIT_MS)
        self._summary = ""
        self._set_up_parts()
        self._lay_out()
        self._connect()
        self.follow_colours()
        self.editor.setFocus()

    def show_pending(self, snip: Snip) -> None:
        """Show a snip that is about to be read."""
        self._begin(snip)
        self._show_waiting(is_waiting=True)
        self.editor.show_reading(None)
        self.editor.setReadOnly(True)
        self.preview.clear(self.tr("Reading the formula…"))
        self._summarise("")
        self._appear(snip.place)

    def show_snip(self, snip: Snip) -> None:
        """Show a snip with its formula."""
        self._begin(snip)
        self.editor.setReadOnly(False)
        self._show_format(snip.copy_format or self._settings.copy_format)
        self.editor.show_reading(snip)
        if not snip.latex.strip():
            self.preview.clear(self.tr("No formula was found in this picture."))
        self._summarise(self._summary_of(snip))
        self._appear()
        self.alternatives.request_analysis()

    def show_other_rows(self, snip: Snip) -> None:
        """Show the formula of other rows of the snip shown; one undo brings the ones before back."""
        self.editor.show_other_reading(snip, snip.latex)
        self._summarise(self._summary_of(snip))
        self.alternatives.request_analysis()
        if self._settings.copies_at_once:
            self._request_copy()

    @property
    def number(self) -> str:
        """The equation number of the formula shown."""
        return "" if self.editor.reading is None else self.editor.reading.number

    def show_failure(self, snip: Snip, sentence: str) -> None:
        """Show a snip that has no formula, and say why."""
        self._begin(snip)
        self.editor.setReadOnly(False)
        self.editor.show_reading(None)
        self.preview.clear(sentence)
        self._summarise("")
        self._appear()

    @property
    def entry_id(self) -> int:
        """The number of the history's entry of the formula shown; 0 where it has none."""
        return 0 if self.editor.reading is None else self.editor.reading.entry_id

    @property
    def copy_format(self) -> CopyFormat:
        """The format for the formula shown: the one of its hotkey, or the one that was used last."""
        chosen: CopyFormat = self.format_box.currentData()
        return chosen

    def show_copied(self) -> None:
        """Say, for a moment, that the formula is on the clipboard."""
        self._copied, self._was_behind = self.editor.toPlainText(), False
        self.copy_button.setText(self.tr("Copy"))
        show_role(self.remark, self.tr("Copied to the clipboard"), "good")
        self._copied_timer.start()

    def show_held_back(self, confidence: float) -> None:
        """Say that a formula that is hardly one was not copied, and offer to copy it all the same."""
        sentence = self.tr("Not copied: only {confidence} sure that it is right. The clipboard is as it was.")
        self._summarise(sentence.format(confidence=f"{confidence:.0%}"), role="bad")
        self.copy_button.setText(self.tr("Copy anyway"))

    def show_copy_failure(self, sentence: str) -> None:
        """Say why nothing was copied."""
        self._copied_timer.stop()
        show_role(self.remark, sentence, "bad")

    def _begin(self, snip: Snip) -> None:
        """Show another image; what was said of the one before is over."""
        self.alternatives.forget()
        self._edit_timer.stop()
        self._copied, self._was_behind = None, False
        self._show_waiting(is_waiting=False)
        self.copy_button.setText(self.tr("Copy"))
        self.comparison.show_captured(snip)

    def _show_waiting(self, *, is_waiting: bool) -> None:
        self.cancel_button.setVisible(is_waiting)
        self.snip_button.setVisible(not is_waiting)

    def _set_up_parts(self) -> None:
        self.cancel_button.setToolTip(QKeySequence(Qt.Key.Key_Escape).toString())
        self.cancel_button.hide()
        self.format_box.setAccessibleName(self.tr("Copy as"))
        self.format_box.setToolTip(self.tr("The form in which the formula is copied"))
        for copy_format in CopyFormat:
            self.format_box.addItem(copy_format.title, copy_format)
        self._show_format(self._settings.copy_format)
        self.copy_button.setProperty("role", "primary")
        self.copy_button.setToolTip("Ctrl+Return")
        self.copy_button.setEnabled(False)
        self.remark.setMinimumWidth(1)  # a long sentence must not make the window wider
        self.remark.setWordWrap(True)
        self.pin_button.setCheckable(True)
        self.pin_button.setChecked(self._settings.result_is_pinned)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, self._settings.result_is_pinned)

    def _lay_out(self) -> None:
        title = text_label(self.tr("LaTeX"), "section")
        buttons = row_of(None, self.format_box, self.cancel_button, self.snip_button, self.copy_button, spacing=8)
        column_of(
            (self.comparison, 1),
            6,
            row_of((title, 1), self.trust, self.pages_bar, self.pin_button, spacing=12),
            self.rows,
            self.editor,
            6,
            fill(self._foot, (self.remark, 1), buttons, spacing=8),
            on=self,
            margins=(18, 14, 18, 16),
            spacing=6,
        )

    def _connect(self) -> None:
        self.editor.latex_changed.connect(self._follow_text)
        self.editor.reading_changed.connect(self._show_trust)
        self.alternatives.choice_made.connect(self._show_reading_on)
        self.alternatives.continued.connect(self._show_continuation)
        self.alternatives.refused.connect(lambda sentence: show_role(self.remark, sentence, "bad"))
        self.copy_button.clicked.connect(self._request_copy)
        self.snip_button.clicked.connect(self.snip_requested)
        self.format_box.activated.connect(self._choose_format)
        self._settings.changed.connect(self._follow_settings)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.pin_button.toggled.connect(self._pin)
        self.editor.copy_requested.connect(self._request_copy)
        self._copied_timer.timeout.connect(self._show_summary)
        self._edit_timer.timeout.connect(self._copy_edit)
        for keys in ("Ctrl+Return", "Ctrl+Shift+C"):
            QShortcut(QKeySequence(keys), self, self._request_copy)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._leave)

    def _follow_text(self) -> None:
        latex = self.editor.toPlainText()
        self.copy_button.setEnabled(bool(latex.strip()))
        self.preview.show_formula(latex)
        self._compare_with_clipboard()

    def _leave(self) -> None:
        """Esc stops the reading first, and closes the window when there is none."""
        if self.cancel_button.isVisible():
            self.cancel_requested.emit()
        else:
            self.close()

    def _compare_with_clipboard(self) -> None:
        """Never let "copied" stand beside a text that is another one."""
        if self._is_behind:
            self._copied_timer.stop()
            self._show_summary()
            if self._settings.copies_edits:
                self._edit_timer.start()
        elif self._was_behind:
            self._show_summary()
        self._was_behind = self._is_behind

    @property
    def _is_behind(self) -> bool:
        """Whether an earlier text was copied than the one shown."""
        return self._copied is not None and self._copied != self.editor.toPlainText()

    def _copy_edit(self) -> None:
        if self._is_behind:
            self._request_copy()

    def _show_trust(self) -> None:
        """A text that the user changed is theirs, and has no mark; mark and number are of one reading."""
        reading = self.editor.reading if self.editor.is_as_read else None
        self.trust.show_level(reading.confidence_level if reading is not None else None)
        if reading is not None:
            self._summary = self._summary_of(reading)
            if not self._copied_timer.isActive():
                self._show_summary()

    def _show_reading_on(self) -> None:
        self._copied_timer.stop()
        show_role(self.remark, self.tr("Reading on…"), "remark")

    def _show_continuation(self, snip: Snip) -> None:
        self._summarise(self._summary_of(snip))
        if self._settings.copies_at_once:
            self._request_copy()

    def _request_copy(self) -> None:
        if self.copy_button.isEnabled():
            self.copy_requested.emit(self.editor.toPlainText())

    def _choose_format(self, index: int) -> None:
        """A user who chooses another format wants the formula in it, if it was copied at once."""
        self._settings.copy_format = self.format_box.itemData(index)
        if self._settings.copies_at_once:
            self._request_copy()

    def _follow_settings(self) -> None:
        if self._settings.copy_format is not self._last_used:
            self._show_format(self._settings.copy_format)

    def _show_format(self, copy_format: CopyFormat) -> None:
        self._last_used = self._settings.copy_format
        self.format_box.setCurrentIndex(list(CopyFormat).index(copy_format))

    def _summarise(self, summary: str, *, role: str = "remark") -> None:
        self._summary = summary
        self._copied_timer.stop()
        show_role(self.remark, summary, role)

    def _show_summary(self) -> None:
        if self._is_behind:
            show_role(self.remark, self.tr("The clipboard holds the earlier text."), "bad")
        else:
            show_role(self.remark, self._summary, "remark")

    def _summary_of(self, snip: Snip) -> str:
        parts = []
        if not math.isnan(snip.confidence):
            parts.append(self.tr("Confidence {confidence}").format(confidence=f"{snip.confidence:.0%}"))
        if not math.isnan(snip.seconds):
            parts.append(self.tr("{seconds} s").format(seconds=f"{snip.seconds:.2f}"))
        if snip.number:
            parts.append(self.tr("Number {number}").format(number=snip.number))
        return "  ·  ".join(parts)

    def _pin(self, is_on: bool) -> None:
        self._settings.result_is_pinned = is_on
        was_visible = self.isVisible()
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, is_on)  # which hides it
        self.setVisible(was_visible)

    def _appear(self, region: QRect | None = None) -> None:
        if self._settings.after_snip is AfterSnip.WINDOW:
            self._place.settle(region)
            self.show()
            self.raise_()

    def follow_colours(self) -> None:
        """Icons follow the colours."""
        colours = current_colours()
        self.copy_button.setIcon(tinted_icon("copy", colours.accent_text))
        self.snip_button.setIcon(tinted_icon("snip", colours.text))
        self.copy_button.setIconSize(QSize(16, 16))

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        """It may have been filled while it was hidden."""
        super().showEvent(event)
        self.alternatives.request_analysis()

    def hideEvent(self, event: QHideEvent) -> None:
        """It comes again where it was."""
        super().hideEvent(event)
        self._place.remember()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The remark stands above the buttons where there is no room beside them."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        self._foot.setDirection(direction.TopToBottom if self.width() < _WIDE_FOOT else direction.LeftToRight)
