"""One snip, step by step: request, region, formula, clipboard, history, window.

The region comes from RegionSelector, or an image from a file, the clipboard or the history; RecogniserWorker reads it
on its thread; what it answers comes back here.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.capture.capture_request import CaptureRequest
from desktop_app.capture.region_selector import RegionSelector
from desktop_app.clipboard import ClipboardError, copy_formula
from desktop_app.history.history_recorder import HistoryRecorder
from desktop_app.recognition.recognition_result import with_rows_struck_out
from desktop_app.result.result_notice import ResultNotice
from desktop_app.result.result_pages import ResultPages
from desktop_app.result.result_window import ResultWindow
from desktop_app.settings.settings import AfterSnip, Settings
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import LeftOutPart, Snip

logger = logging.getLogger(__name__)


class SnipController(QObject):
    """Takes each snip from the request to the clipboard.

    Signals:
        recognition_requested(Snip): Read this image.
        formula_shown(Snip): Its formula is where the user looks.
        failed(str): No formula, and no window of the snip's own says why; one sentence.
    """

    recognition_requested = Signal(Snip)
    formula_shown = Signal(Snip)
    failed = Signal(str)

    def __init__(
        self,
        settings: Settings,
        selector: RegionSelector,
        recorder: HistoryRecorder,
        window: ResultWindow,
        notice: ResultNotice,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._selector = selector
        self._recorder = recorder
        self._window = window
        self._pages = ResultPages(window)
        self._notice = notice
        self._reading: list[Snip] = []  # asked for and not answered yet
        self._put_off: list[Callable[[], None]] = []  # until no region is being chosen
        selector.region_selected.connect(self.recognise)
        selector.closed.connect(self._show_what_was_put_off)
        window.copy_requested.connect(self._copy_shown)
        window.cancel_requested.connect(self.cancel)
        window.rows_controller.rows_struck_out.connect(self._strike_out)
        window.rows_controller.part_wanted.connect(self._take_in)

    @Slot()
    def snip(self) -> None:
        """Let a region be chosen, after a countdown where the settings want one."""
        self.begin(CaptureRequest(delay=self._settings.delays_snip))

    @Slot()
    def snip_delayed(self) -> None:
        """Let a region be chosen after a countdown."""
        self.begin(CaptureRequest(delay=True))

    @Slot()
    def repeat(self) -> None:
        """Take the last region again."""
        self.begin(CaptureRequest(repeat=True))

    @Slot(CopyFormat)
    def snip_in_format(self, copy_format: CopyFormat) -> None:
        """Let a region be chosen whose formula is copied in a format."""
        self.begin(CaptureRequest(copy_format, delay=self._settings.delays_snip))

    def begin(self, request: CaptureRequest) -> None:
        """Take a region as it is asked for."""
        self._notice.hide()  # or it would be in the image
        self._selector.start(request)

    @Slot(Snip)
    def recognise(self, snip: Snip) -> None:
        """Have an image read."""
        self.recognise_all([snip])

    @Slot(list)
    def recognise_all(self, snips: Sequence[Snip]) -> None:
        """Have images read, one after the other; the first of them is shown."""
        asked = [replace(snip, cancellation=Event()) for snip in snips]
        self._reading += asked
        self._pages.begin(*asked)
        for snip in asked:
            self.recognition_requested.emit(snip)

    @Slot(Snip)
    def show_again(self, snip: Snip) -> None:
        """Show a formula that was read some time ago."""
        self._pages.add(replace(snip, cancellation=Event()))

    @Slot()
    def cancel(self) -> None:
        """Want no answer any more; the window says so at once, and the recogniser ends after the step it is at."""
        cancelled, self._reading = self._reading, []
        for snip in cancelled:
            snip.cancellation.set()
            self._pages.fail(snip, self.tr("The reading was cancelled."))

    def _is_wanted(self, snip: Snip) -> bool:
        """Whether an answer was not cancelled; nobody waits for it any more."""
        self._reading = [one for one in self._reading if one.cancellation is not snip.cancellation]
        return not snip.cancellation.is_set()

    @Slot(Snip)
    def finish(self, snip: Snip) -> None:
        """Copy, keep and show the formula that was read."""
        if not self._is_wanted(snip):
            return
        problem = ""
        copies = self._settings.copies_at_once and bool(snip.latex.strip()) and not snip.is_held_back
        if copies:  # first of all: someone is waiting for it
            problem = self.copied(snip.latex, snip.copy_format or self._settings.copy_format, number=snip.number)
        snip = self._recorder.record(snip)
        self._show_or_put_off(lambda: self._show_formula(snip, copies=copies, problem=problem))

    @Slot(Snip, str)
    def fail(self, snip: Snip, sentence: str) -> None:
        """Say why a snip has no formula."""
        if not self._is_wanted(snip):
            return
        snip = self._recorder.record(snip)
        self._show_or_put_off(lambda: self._show_failure(snip, sentence))

    def copied(self, latex: str, copy_format: CopyFormat, *, number: str = "") -> str:
        """Copy a formula, with its number where the settings want it; returns why it could not be, in one sentence."""
        try:
            copy_formula(latex, copy_format, number=number if self._settings.writes_numbers else "")
        except ClipboardError as error:
            logger.exception("Nothing was copied.")
            return str(error)
        return ""

    def _show_formula(self, snip: Snip, *, copies: bool, problem: str) -> None:
        is_told = snip.is_held_back and self._settings.copies_at_once and bool(snip.latex.strip())
        is_shown = self._pages.finish(snip, is_held_back=is_told)
        self.formula_shown.emit(snip)
        if copies and is_shown:
            self._tell_copied(problem)
        elif problem:
            self.failed.emit(problem)
        if self._settings.after_snip is AfterSnip.NOTICE:
            self._notice.show_formula(snip.latex, is_copied=copies and not problem, trust=snip.confidence_level)

    def _show_failure(self, snip: Snip, sentence: str) -> None:
        self._pages.fail(snip, sentence)
        if self._settings.after_snip is AfterSnip.NOTICE:
            self._notice.show_failure(sentence)
        elif self._settings.after_snip is AfterSnip.NOTHING:
            self.failed.emit(sentence)

    def _show_or_put_off(self, show: Callable[[], None]) -> None:
        """Show something now or, while a region is being chosen, once that is over: it would be in the image."""
        if self._selector.is_open:
            self._put_off.append(show)
        else:
            show()

    @Slot()
    def _show_what_was_put_off(self) -> None:
        waiting, self._put_off = self._put_off, []
        for show in waiting:
            show()

    @Slot(str)
    def _copy_shown(self, latex: str) -> None:
        self._recorder.record_correction(self._window.entry_id, latex)
        self._tell_copied(self.copied(latex, self._window.copy_format, number=self._window.number))

    @Slot(Snip, object)
    def _strike_out(self, snip: Snip, struck_out: frozenset[int]) -> None:
        self._window.show_other_rows(with_rows_struck_out(snip, struck_out))

    @Slot(Snip, LeftOutPart)
    def _take_in(self, snip: Snip, part: LeftOutPart) -> None:
        """Read a snip again, with what was left out of it."""
        self.recognise(replace(snip, taken_in=(*snip.taken_in, part)))

    def _tell_copied(self, problem: str) -> None:
        if problem:
            self._window.show_copy_failure(problem)
        else:
            self._pages.note_copied()
            self._window.show_copied()
