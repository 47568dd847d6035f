"""The snips of this run that the result's window can go through, each with its own image, text and state.

An answer goes to the page of its own snip, whichever is shown: several files are read while the user looks at one.
"""

from dataclasses import dataclass
from threading import Event

from PySide6.QtCore import QObject, Slot

from desktop_app.result.result_window import ResultWindow
from desktop_app.snips.snip import Snip

_KEPT = 50  # each holds its image


@dataclass
class ResultPage:
    """One snip as it was shown last.

    Attributes:
        snip: With its formula, once that was read.
        request: What the snip was asked with; an answer is found by it.
        is_pending: It is being read.
        sentence: Why it has no formula.
        is_held_back: Its formula was not copied, for it is hardly one.
        text: As the user left it; None for what was read.
    """

    snip: Snip
    request: Event
    is_pending: bool = True
    sentence: str = ""
    is_held_back: bool = False
    text: str | None = None


class ResultPages(QObject):
    """Decides which page the window shows."""

    def __init__(self, window: ResultWindow) -> None:
        super().__init__(window)
        self._window = window
        self._pages: list[ResultPage] = []
        self._current = -1
        window.pages_bar.turned.connect(self.turn)

    def begin(self, *snips: Snip) -> None:
        """Snips that are being read from now on; the first of them is shown."""
        self._leave()
        self._drop_oldest(len(snips))
        first = len(self._pages)
        self._pages += [ResultPage(snip, snip.cancellation) for snip in snips]
        self._show(first)

    def add(self, snip: Snip) -> None:
        """Show a formula that was read before, such as one of the history."""
        self._leave()
        self._drop_oldest(1)
        self._pages.append(ResultPage(snip, snip.cancellation, is_pending=False))
        self._show(len(self._pages) - 1)

    def finish(self, snip: Snip, *, is_held_back: bool) -> bool:
        """A snip was read; returns whether its page is the one shown."""
        return self._update(snip, "", is_held_back=is_held_back)

    def fail(self, snip: Snip, sentence: str) -> bool:
        """A snip has no formula; returns whether its page is the one shown."""
        return self._update(snip, sentence)

    @Slot(int)
    def turn(self, step: int) -> None:
        """Show the page so many steps further on."""
        if 0 <= self._current + step < len(self._pages):
            self._leave()
            self._show(self._current + step)

    def note_copied(self) -> None:
        """The formula shown was copied after all."""
        if 0 <= self._current < len(self._pages):
            self._pages[self._current].is_held_back = False

    def _update(self, snip: Snip, sentence: str, *, is_held_back: bool = False) -> bool:
        for index, page in enumerate(self._pages):
            if page.request is snip.cancellation:
                page.snip, page.sentence, page.is_held_back, page.is_pending = snip, sentence, is_held_back, False
                if index == self._current:
                    self._show(index)
                return index == self._current
        self.add(snip)  # its page was dropped meanwhile
        return True

    def _leave(self) -> None:
        """Keep what the user made of the page shown."""
        if not 0 <= self._current < len(self._pages) or self._pages[self._current].is_pending:
            return
        page, editor = self._pages[self._current], self._window.editor
        if editor.reading is not None and editor.is_as_read:
            page.snip = editor.reading  # perhaps read on from another token
        page.text = editor.toPlainText() if editor.toPlainText() != page.snip.latex else None

    def _show(self, index: int) -> None:
        self._current = index
        page = self._pages[index]
        if page.is_pending:
            self._window.show_pending(page.snip)
        elif page.sentence:
            self._window.show_failure(page.snip, page.sentence)
        else:
            self._window.show_snip(page.snip)
            if page.is_held_back:
                self._window.show_held_back(page.snip.confidence)
        if page.text is not None:
            self._window.editor.replace_text(page.text)
        self._window.pages_bar.show_place(index, len(self._pages))

    def _drop_oldest(self, coming: int) -> None:
        """Forget what was read long ago, never what is being read."""
        while len(self._pages) + coming > _KEPT and self._pages and not self._pages[0].is_pending:
            del self._pages[0]
            self._current -= 1
