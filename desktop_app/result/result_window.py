"""The result of a snip: what was captured beside what was read, and the LaTeX, which can be corrected."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.alternatives_menu import AlternativesMenu
from desktop_app.result.comparison_view import ComparisonView
from desktop_app.result.token_editor import NO_TOKEN, TokenEditor
from desktop_app.result.token_places import with_rest, with_token
from desktop_app.settings.settings import AfterSnip, Settings
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.second_look import SecondLook, TokenChoice
from desktop_app.snips.snip import Snip
from desktop_app.widgets.appearance import current_colours, tinted_icon
from desktop_app.widgets.trust_badge import TrustBadge

_COPIED_MS = 2500
_WIDE_FOOT = 600


class ResultWindow(QWidget):
    """Shows one snip at a time.

    Signals:
        copy_requested(str): Copy this LaTeX, in the window's format.
        snip_requested: Make another snip.
        look_requested(Snip): What else could its tokens be, and where were they read?
        choice_made(TokenChoice): Read on from another token.
    """

    copy_requested = Signal(str)
    snip_requested = Signal()
    look_requested = Signal(Snip)
    choice_made = Signal(TokenChoice)

    def __init__(self, settings: Settings, renderer: PreviewRenderer) -> None:
        super().__init__()
        self._settings = settings
        self.setWindowTitle(self.tr("Snaptex: result"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the person may be typing elsewhere
        self.resize(QSize(760, 460).boundedTo(QGuiApplication.primaryScreen().availableSize() * 0.9))
        self.comparison = ComparisonView(renderer)
        self.captured, self.preview = self.comparison.captured, self.comparison.preview
        self.editor = TokenEditor()
        self.alternatives = AlternativesMenu(self)
        self.trust = TrustBadge()
        self.remark = QLabel()
        self.format_box = QComboBox()
        self.snip_button = QPushButton(self.tr("New snip"))
        self.copy_button = QPushButton(self.tr("Copy"))
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._copied_timer = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._summary = ""
        self._look: SecondLook | None = None
        self._asked: Snip | None = None  # whose second look was asked for
        self._wanted = NO_TOKEN  # the token whose alternatives are to be shown once they are known
        self._choice: tuple[TokenChoice, str] | None = None  # and the text it was made in
        self._set_up_parts()
        self._lay_out()
        self._connect()
        self._tint_icons()
        self.editor.setFocus()

    def show_pending(self, snip: Snip) -> None:
        """Show a snip that is about to be read."""
        self._forget_look()
        self.comparison.show_captured(snip)
        self.editor.show_reading(None)
        self.editor.setReadOnly(True)
        self.preview.clear(self.tr("Reading the formula…"))
        self._summarise("")
        self._appear()

    def show_snip(self, snip: Snip) -> None:
        """Show a snip with its formula."""
        self._forget_look()
        self.comparison.show_captured(snip)
        self.editor.setReadOnly(False)
        self._show_format(snip.copy_format or self._settings.copy_format)
        self.editor.show_reading(snip)
        if not snip.latex.strip():
            self.preview.clear(self.tr("No formula was found in this picture."))
        self._summarise(self._summary_of(snip))
        self._appear()
        self._ask_for_look()

    def show_failure(self, snip: Snip, sentence: str) -> None:
        """Show a snip that has no formula, and say why."""
        self._forget_look()
        self.comparison.show_captured(snip)
        self.editor.setReadOnly(False)
        self.editor.show_reading(None)
        self.preview.clear(sentence)
        self._summarise("")
        self._appear()

    def show_look(self, look: SecondLook) -> None:
        """Take what is known of the tokens, unless another formula is shown by now."""
        if look.snip is not self.editor.reading:
            return
        self._look = look
        if self._wanted != NO_TOKEN:
            self._offer_alternatives(self._wanted)

    def show_other_reading(self, choice: TokenChoice, snip: Snip) -> None:
        """Show what was read on from the token chosen, in the place of the text; one undo brings that back."""
        if self._choice is None or self._choice[0] is not choice:
            return
        text = self._choice[1]
        self._choice = None
        if self.editor.toPlainText() != text:
            self._set_remark(self.tr("The text was changed meanwhile, so it stays as it is."), "bad")
            return
        place = choice.snip.tokens[choice.index].place
        if place is None:
            return
        changed = with_rest(text, choice.snip.latex, snip.latex, place[0])
        if changed is None:
            self.editor.replace_text(with_token(text, choice.snip.latex, place, choice.token))
        else:
            self.editor.show_other_reading(snip, changed)
        self._summarise(self._summary_of(snip))
        self._ask_for_look()
        if self._settings.copies_at_once:
            self._request_copy()

    def show_problem(self, sentence: str) -> None:
        """Say why a question about the tokens has no answer."""
        self._choice = None
        self._wanted = NO_TOKEN
        self._set_remark(sentence, "bad")

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
        self._set_remark(self.tr("Copied to the clipboard"), "good")
        self._copied_timer.start()

    def show_copy_failure(self, sentence: str) -> None:
        """Say why nothing was copied."""
        self._copied_timer.stop()
        self._set_remark(sentence, "bad")

    def _set_up_parts(self) -> None:
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

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 16)
        layout.setSpacing(6)
        layout.addWidget(self.comparison, 1)
        layout.addSpacing(6)
        head = QHBoxLayout()
        title = QLabel(self.tr("LaTeX"))
        title.setProperty("role", "section")
        head.addWidget(title, 1)
        head.addWidget(self.trust)
        layout.addLayout(head)
        layout.addWidget(self.editor)
        layout.addSpacing(6)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for part in (self.format_box, self.snip_button, self.copy_button):
            buttons.addWidget(part)
        self._foot.setSpacing(8)
        self._foot.addWidget(self.remark, 1)
        self._foot.addLayout(buttons)
        layout.addLayout(self._foot)

    def _connect(self) -> None:
        self.editor.latex_changed.connect(self._follow_text)
        self.editor.reading_changed.connect(self._show_trust)
        self.editor.token_pointed.connect(self._light_place)
        self.editor.alternatives_requested.connect(self._offer_alternatives)
        self.captured.pointed.connect(self._light_token)
        self.alternatives.chosen.connect(self._choose_token)
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

    def _show_trust(self) -> None:
        """A text that the person changed is theirs, and has no mark."""
        reading = self.editor.reading
        self.trust.show_mark(reading.trust if reading is not None and self.editor.is_as_read else None)
        if reading is not None and self._look is not None and self._look.snip is not reading:
            self._look = None  # an undo went back to an earlier reading
            self._ask_for_look()

    def _ask_for_look(self) -> None:
        """Ask once it is seen; nobody points at what is hidden."""
        reading = self.editor.reading
        if reading is not None and reading.tokens and self.isVisible() and self._asked is not reading:
            self._asked = reading
            self.look_requested.emit(reading)

    def _forget_look(self) -> None:
        self._look = self._asked = self._choice = None
        self._wanted = NO_TOKEN
        self.captured.light_up(None, QRectF())
        self.alternatives.close()

    def _light_place(self, index: int) -> None:
        """Light up where a token was read."""
        look = self._look
        heat = look.heat(index, QColor(current_colours().accent)) if look is not None and index != NO_TOKEN else None
        self.captured.light_up(heat, look.extent if look is not None else QRectF())

    def _light_token(self, point: QPointF) -> None:
        """Light up the token that was read at a point of the picture, and where else that token was read."""
        index = self._look.token_at(point) if self._look is not None else NO_TOKEN
        self.editor.light_token(index)
        self._light_place(index)
        is_known = self._look is not None and index != NO_TOKEN
        self.captured.setToolTip(self._look.snip.tokens[index].token if self._look is not None and is_known else "")

    def _offer_alternatives(self, index: int) -> None:
        reading = self.editor.reading
        if reading is None or self.editor.isReadOnly():
            return
        if self._look is None:
            self._wanted = index  # they come soon
            self._ask_for_look()
            return
        self._wanted = NO_TOKEN
        self.alternatives.offer(index, reading.tokens[index], self._look.alternatives[index])
        self.alternatives.popup(self.editor.point_below(index))

    def _choose_token(self, index: int, token: str) -> None:
        reading = self.editor.reading
        if reading is None:
            return
        choice = TokenChoice(reading, index, token)
        self._choice = choice, self.editor.toPlainText()
        self._copied_timer.stop()
        self._set_remark(self.tr("Reading on…"), "remark")
        self.choice_made.emit(choice)

    def _request_copy(self) -> None:
        if self.copy_button.isEnabled():
            self.copy_requested.emit(self.editor.toPlainText())

    def _choose_format(self, index: int) -> None:
        """A person who chooses another format wants the formula in it, if it was copied at once."""
        self._settings.copy_format = self.format_box.itemData(index)
        if self._settings.copies_at_once:
            self._request_copy()

    def _follow_settings(self) -> None:
        if self._settings.copy_format is not self._last_used:
            self._show_format(self._settings.copy_format)

    def _show_format(self, copy_format: CopyFormat) -> None:
        self._last_used = self._settings.copy_format
        self.format_box.setCurrentIndex(list(CopyFormat).index(copy_format))

    def _summarise(self, summary: str) -> None:
        self._summary = summary
        self._copied_timer.stop()
        self._set_remark(summary, "remark")

    def _summary_of(self, snip: Snip) -> str:
        parts = []
        if not math.isnan(snip.confidence):
            parts.append(self.tr("Confidence {confidence}").format(confidence=f"{snip.confidence:.0%}"))
        if not math.isnan(snip.seconds):
            parts.append(self.tr("{seconds} s").format(seconds=f"{snip.seconds:.2f}"))
        return "  ·  ".join(parts)

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

    def showEvent(self, event: QShowEvent) -> None:
        """It may have been filled while it was hidden."""
        super().showEvent(event)
        self._ask_for_look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The remark stands above the buttons where there is no room beside them."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        self._foot.setDirection(direction.TopToBottom if self.width() < _WIDE_FOOT else direction.LeftToRight)

    def changeEvent(self, event: QEvent) -> None:
        """Icons follow the colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint_icons()
