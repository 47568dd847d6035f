"""Other tokens for one that was read: asks for them, offers them, and puts what was read on into the text.

Everything it knows is of one reading of one snip; an answer that comes for another is dropped.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.result.captured_image import CapturedImage
from desktop_app.result.token_editor import NO_TOKEN, TokenEditor
from desktop_app.result.token_spans import with_rest, with_token
from desktop_app.snips.snip import ReadToken, Snip
from desktop_app.snips.token_analysis import Alternative, TokenAnalysis, TokenChoice
from desktop_app.widgets.appearance import current_colours


class AlternativesController(QObject):
    """Joins the editor, the captured image and the menu of alternatives.

    Signals:
        analysis_requested(Snip): What else could its tokens be, and where were they read?
        choice_made(TokenChoice): Read on from another token.
        continued(Snip): The text is now what was read on from a choice.
        refused(str): The text stays as it is; one sentence says why.
    """

    analysis_requested = Signal(Snip)
    choice_made = Signal(TokenChoice)
    continued = Signal(Snip)
    refused = Signal(str)

    def __init__(self, editor: TokenEditor, captured: CapturedImage, window: QWidget) -> None:
        super().__init__(window)
        self._editor = editor
        self._captured = captured
        self.menu = AlternativesMenu(window)
        self._analysis: TokenAnalysis | None = None
        self._asked: Snip | None = None  # whose analysis was asked for
        self._wanted = NO_TOKEN  # the token whose alternatives are to be shown once they are known
        self._choice: tuple[TokenChoice, str] | None = None  # and the text it was made in
        editor.reading_changed.connect(self._follow_reading)
        editor.token_pointed.connect(self._light_place)
        editor.alternatives_requested.connect(self._offer_alternatives)
        captured.pointed.connect(self._light_token)
        self.menu.chosen.connect(self._choose_token)

    @property
    def analysis(self) -> TokenAnalysis | None:
        """What is known of the tokens shown."""
        return self._analysis

    def request_analysis(self) -> None:
        """Ask once the formula is seen; nobody points at what is hidden."""
        reading = self._editor.reading
        if reading is not None and reading.tokens and self._editor.isVisible() and self._asked is not reading:
            self._asked = reading
            self.analysis_requested.emit(reading)

    def forget(self) -> None:
        """Another snip is shown from now on."""
        self._analysis = self._asked = self._choice = None
        self._wanted = NO_TOKEN
        self._captured.light_up(None, QRectF())
        self.menu.close()

    @Slot(TokenAnalysis)
    def show_analysis(self, analysis: TokenAnalysis) -> None:
        """Take what is known of the tokens, unless another formula is shown by now."""
        if analysis.snip is not self._editor.reading:
            return
        self._analysis = analysis
        if self._wanted != NO_TOKEN:
            self._offer_alternatives(self._wanted)

    @Slot(TokenChoice, Snip)
    def show_continuation(self, choice: TokenChoice, snip: Snip) -> None:
        """Show what was read on from the token chosen, in the place of the text; one undo brings that back."""
        if self._choice is None or self._choice[0] is not choice:
            return
        text = self._choice[1]
        self._choice = None
        if self._editor.toPlainText() != text:
            self.refused.emit(self.tr("The text was changed meanwhile, so it stays as it is."))
            return
        span = choice.snip.tokens[choice.index].span
        if span is None:
            return
        changed = with_rest(text, choice.snip.latex, snip.latex, span[0])
        if changed is None:
            self._editor.replace_text(with_token(text, choice.snip.latex, span, choice.token))
        else:
            self._editor.show_other_reading(snip, changed)
        self.request_analysis()
        self.continued.emit(snip)

    @Slot(str)
    def show_failure(self, sentence: str) -> None:
        """Say why a question about the tokens has no answer."""
        self._choice = None
        self._wanted = NO_TOKEN
        self.refused.emit(sentence)

    def _follow_reading(self) -> None:
        reading = self._editor.reading
        if reading is not None and self._analysis is not None and self._analysis.snip is not reading:
            self._analysis = None  # an undo went back to an earlier reading
            self.request_analysis()

    def _light_place(self, index: int) -> None:
        """Light up where a token was read."""
        analysis = self._analysis
        if analysis is None:
            self._captured.light_up(None, QRectF())
        else:
            heat = analysis.heat(index, QColor(current_colours().accent)) if index != NO_TOKEN else None
            self._captured.light_up(heat, analysis.extent(index))

    def _light_token(self, point: QPointF) -> None:
        """Light up the token that was read at a point of the image, and where else that token was read."""
        index = self._analysis.token_at(point) if self._analysis is not None else NO_TOKEN
        self._editor.light_token(index)
        self._light_place(index)
        is_known = self._analysis is not None and index != NO_TOKEN
        name = self._analysis.snip.tokens[index].token if self._analysis is not None and is_known else ""
        self._captured.setToolTip(name)

    def _offer_alternatives(self, index: int) -> None:
        reading = self._editor.reading
        if reading is None or self._editor.isReadOnly():
            return
        if self._analysis is None:
            self._wanted = index  # they come soon
            self.request_analysis()
            return
        self._wanted = NO_TOKEN
        self.menu.offer(index, reading.tokens[index], self._analysis.alternatives[index])
        self.menu.popup(self._editor.point_below(index))

    def _choose_token(self, index: int, token: str) -> None:
        reading = self._editor.reading
        if reading is None:
            return
        choice = TokenChoice(reading, index, token)
        self._choice = choice, self._editor.toPlainText()
        self.choice_made.emit(choice)


class AlternativesMenu(QMenu):
    """Offers other tokens for one that was read, each with how probable the recogniser holds it.

    Signals:
        chosen(int, str): Put this token in the place of the one of that number.
    """

    chosen = Signal(int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Snaptex: other readings"))
        self.setAccessibleName(self.tr("Other readings"))

    def offer(self, index: int, token: ReadToken, alternatives: Sequence[Alternative]) -> None:
        """Hold the alternatives of a token."""
        self.clear()
        heading = self.tr("Read: {token}").format(token=self._written(token.token, token.confidence))
        self.addAction(heading).setEnabled(False)
        self.addSeparator()
        for one in alternatives:
            name = one.token
            action = self.addAction(self._written(name, one.confidence))
            action.triggered.connect(lambda _checked=False, name=name: self.chosen.emit(index, name))
        if not alternatives:
            self.addAction(self.tr("Nothing else can stand here.")).setEnabled(False)

    def _written(self, token: str, confidence: float) -> str:
        meanings = {
            "{": self.tr("several symbols together"),
            "}": self.tr("end of what stands together"),
            "_": self.tr("subscript"),
            "^": self.tr("superscript"),
            "&": self.tr("next column"),
            "\\\\": self.tr("next line"),
            "~": self.tr("space"),
            r"\quad": self.tr("gap"),
        }
        meaning = f" ({meanings[token]})" if token in meanings else ""
        share = f"{confidence:.0%}" if confidence >= 0.01 else "< 1%"
        return f"{token}{meaning}\t{share}".replace("&", "&&")
