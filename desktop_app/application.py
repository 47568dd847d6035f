"""The program: builds every part and connects them.

Three ways lead to a snip (the hotkey, a button, another launch) and all end in RegionSelector.start().
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from desktop_app.appearance import apply_appearance
from desktop_app.clipboard import ClipboardError, copy_formula
from desktop_app.global_hotkey import GlobalHotkey, HotkeyError
from desktop_app.main_window import MainWindow
from desktop_app.preview_renderer import PreviewRenderer
from desktop_app.recogniser_worker import (
    FormulaReader,
    RecogniserWorker,
    load_bundled_recogniser,
    start_worker_thread,
)
from desktop_app.region_selector import RegionSelector
from desktop_app.result_window import ResultWindow
from desktop_app.settings import Settings
from desktop_app.single_instance import SingleInstance
from desktop_app.snip import Snip
from desktop_app.tray_icon import TrayIcon, TrayState

logger = logging.getLogger(__name__)

# The windows are painted and the first overlay answers by then; loading torch stalls them for about 0.2 s.
_LOAD_DELAY_MS = 400


class Application(QObject):
    """Everything that lives as long as the program."""

    _load_requested = Signal()
    _recognition_requested = Signal(Snip)

    def __init__(
        self,
        qt: QApplication,
        settings: Settings,
        *,
        instance: SingleInstance,
        load_recogniser: Callable[[], FormulaReader] = load_bundled_recogniser,
    ) -> None:
        super().__init__()
        self._qt = qt
        self.settings = settings
        apply_appearance(qt, settings.theme)
        self.instance = instance
        self.hotkey = GlobalHotkey()
        self.tray = TrayIcon()
        self.selector = RegionSelector()
        self.previews = PreviewRenderer()
        self.main_window = MainWindow(settings)
        self.result_window = ResultWindow(settings, self.previews)
        self.worker = RecogniserWorker(load_recogniser)
        self._thread = start_worker_thread(self.worker)
        self._has_tray = TrayIcon.is_available()
        self._waiting_snips = 0
        self._connect()

    def start(self, *, snips: bool) -> None:
        """Show the program, or begin with a snip; then load the recogniser."""
        self._qt.setQuitOnLastWindowClosed(False)
        self.main_window.show_state("Loading the recogniser…")
        self.main_window.show_closing(ends_program=not self._has_tray)
        if self._has_tray:
            self.tray.show()
        if not snips:
            self.main_window.show()
        elif not self._has_tray:
            self.main_window.showMinimized()  # without it there would be no way to end the program
        if snips:
            self.selector.start()
        QTimer.singleShot(0, self._register_hotkey)
        QTimer.singleShot(_LOAD_DELAY_MS, self._load_requested.emit)

    def close(self) -> None:
        """End the threads; what is being recognised is finished first."""
        self.hotkey.unregister()
        self.instance.close()
        self.tray.hide()
        self.main_window.hide()
        self.result_window.hide()
        self.previews.close()
        self._thread.quit()
        self._thread.wait()

    def _connect(self) -> None:
        for snip_requested in (
            self.hotkey.pressed,
            self.instance.snip_requested,
            self.tray.snip_requested,
            self.main_window.snip_requested,
            self.result_window.snip_requested,
        ):
            snip_requested.connect(self.selector.start)
        self.selector.region_selected.connect(self._recognise)
        self.selector.failed.connect(self._show_notice)
        self._load_requested.connect(self.worker.load)
        self._recognition_requested.connect(self.worker.recognise)
        self.worker.ready.connect(self._show_ready)
        self.worker.recognised.connect(self._show_formula)
        self.worker.failed.connect(self._show_failure)
        self.result_window.copy_requested.connect(self._copy)
        self.main_window.closed.connect(self._leave_window)
        self.tray.window_requested.connect(self._open_window)
        self.tray.quit_requested.connect(self._qt.quit)
        self._qt.styleHints().colorSchemeChanged.connect(self._follow_colours)
        self._qt.aboutToQuit.connect(self.close)

    @Slot()
    def _register_hotkey(self) -> None:
        try:
            self.hotkey.register(self.settings.hotkey)
        except HotkeyError as error:
            logger.warning("No hotkey: %s", error)
            self.main_window.show_no_hotkey(str(error))

    @Slot(Snip)
    def _recognise(self, snip: Snip) -> None:
        self._waiting_snips += 1
        self.main_window.show_notice("")
        self.tray.show_state(TrayState.BUSY, "Snaptex is reading a formula")
        self.result_window.show_pending(snip)
        self._recognition_requested.emit(snip)

    @Slot()
    def _show_ready(self) -> None:
        self.main_window.show_state("Ready")
        self.main_window.show_notice("")
        self.tray.show_state(TrayState.READY, "Snaptex is ready")
        self.previews.warm_up()

    @Slot(Snip)
    def _show_formula(self, snip: Snip) -> None:
        self._waiting_snips = max(0, self._waiting_snips - 1)
        self.tray.show_state(TrayState.READY, "Snaptex is ready")
        self.result_window.show_snip(snip)
        if self.settings.copies_at_once and snip.latex.strip():
            self._copy(snip.latex)

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self.tray.show_state(TrayState.ERROR, sentence)
        if self._waiting_snips:
            self._waiting_snips -= 1
            self.result_window.show_failure(sentence)
        else:
            self.main_window.show_state("The recogniser is not running")
            self._show_notice(sentence)

    @Slot(str)
    def _copy(self, latex: str) -> None:
        try:
            copy_formula(latex, self.settings.copy_format)
        except ClipboardError as error:
            logger.exception("Nothing was copied.")
            self.result_window.show_copy_failure(str(error))
        else:
            self.result_window.show_copied()

    @Slot(str)
    def _show_notice(self, sentence: str) -> None:
        self.main_window.show_notice(sentence)
        if not self.main_window.isVisible():
            self.tray.show_message(sentence)

    @Slot()
    def _leave_window(self) -> None:
        if not self._has_tray:
            self._qt.quit()

    @Slot()
    def _open_window(self) -> None:
        self.main_window.show()
        self.main_window.activateWindow()

    @Slot()
    def _follow_colours(self) -> None:
        apply_appearance(self._qt, self.settings.theme)
