"""The program: builds every part and connects them.

What happens in one snip is in snip_controller.py, what the hotkeys do in hotkey_controller.py.
"""

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from desktop_app.capture.capture_request import CaptureRequest
from desktop_app.capture.image_input import ImageInput
from desktop_app.capture.region_selector import RegionSelector
from desktop_app.capture.wayland_screenshot import WaylandScreenshot
from desktop_app.clipboard import ClipboardError, copy_lines
from desktop_app.history.history import History
from desktop_app.history.history_recorder import HistoryRecorder
from desktop_app.history.history_window import HistoryWindow
from desktop_app.hotkey_controller import HotkeyController
from desktop_app.hotkeys.format_hotkeys import FormatHotkeys
from desktop_app.hotkeys.global_hotkey import shown_hotkey
from desktop_app.hotkeys.hotkeys import Hotkeys
from desktop_app.pdf.pdf_windows import PdfWindows
from desktop_app.recognition.recogniser_worker import (
    LoadRecogniser,
    RecogniserWorker,
    load_chosen_recogniser,
    start_worker_thread,
)
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.result_notice import ResultNotice
from desktop_app.result.result_window import ResultWindow
from desktop_app.settings.recogniser_options import RecogniserOptions, ServiceConfig
from desktop_app.settings.settings import Settings
from desktop_app.settings_window.settings_dialog import SettingsDialog
from desktop_app.snip_controller import SnipController
from desktop_app.snips.snip import Snip
from desktop_app.system.cycle_collector import CycleCollector
from desktop_app.system.desktop_portal import is_wayland_session
from desktop_app.system.event_delivery import keep_alive_until_idle
from desktop_app.system.service_token import service_token
from desktop_app.system.single_instance import SingleInstance
from desktop_app.widgets.appearance import apply_appearance
from desktop_app.widgets.key_positions import KeyPositions
from desktop_app.widgets.layouts import bring_forward
from desktop_app.windows.about_dialog import AboutDialog
from desktop_app.windows.main_window import MainWindow
from desktop_app.windows.tray_icon import TrayIcon, TrayState
from desktop_app.windows.welcome_window import WelcomeWindow

# What a thread may still take to end: a step of the network, or the loading of it.
_ENDING_MS = 2000
# The windows are painted and the first overlay answers by then; loading torch stalls them for about 0.2 s.
_LOAD_DELAY_MS = 400


class Application(QObject):
    """Everything that lives as long as the program."""

    _load_requested = Signal()
    _recogniser_configured = Signal(RecogniserOptions)

    def __init__(
        self,
        qt: QApplication,
        settings: Settings,
        *,
        instance: SingleInstance,
        load_recogniser: LoadRecogniser = load_chosen_recogniser,
    ) -> None:
        super().__init__()
        self._collector = CycleCollector(self)  # before the first thread
        self._qt = qt
        self._key_positions = KeyPositions(qt, self)
        self.settings = settings
        self._theme = settings.theme
        apply_appearance(qt, self._theme)
        self.instance = instance
        self.hotkeys = Hotkeys()
        self.format_hotkeys = FormatHotkeys()
        self.tray = TrayIcon()
        self.selector = RegionSelector(WaylandScreenshot(settings) if is_wayland_session() else None)
        self.previews = PreviewRenderer()
        self.main_window = MainWindow(settings)
        self.result_window = ResultWindow(settings, self.previews)
        self.image_input = ImageInput(self.main_window, settings)
        self.documents = PdfWindows()
        self.notice = ResultNotice(self.previews)
        self.settings_dialog = SettingsDialog(settings)
        self._hotkey_controller = HotkeyController(
            settings, self.hotkeys, self.format_hotkeys, self.settings_dialog, self.main_window
        )
        self._about: AboutDialog | None = None
        self.welcome: WelcomeWindow | None = None  # at the first start
        self.history = History()
        self.history_window = HistoryWindow(self.history, self.previews, settings)
        self._recorder = HistoryRecorder(self.history, settings)
        self.snips = SnipController(settings, self.selector, self._recorder, self.result_window, self.notice)
        self.worker = RecogniserWorker(load_recogniser)
        self._thread = start_worker_thread(self.worker)
        self._recogniser_options = RecogniserOptions()
        self._has_ended = False
        self._has_tray = TrayIcon.is_available()
        self._connect()

    def start(self, *, snips: bool, is_in_tray: bool = False) -> None:
        """Show the program, or begin with a snip; then load the recogniser."""
        self._qt.setQuitOnLastWindowClosed(False)
        self.main_window.show_state(self.tr("Loading the recogniser…"))
        self.main_window.show_closing(ends_program=not self._has_tray)
        if self._has_tray:
            self.tray.show()
        if not (snips or is_in_tray or self.settings.has_been_welcomed):
            self._open_welcome()
        elif not snips and not is_in_tray:
            self.main_window.show()
        elif not self._has_tray:
            self.main_window.showMinimized()  # without it there would be no way to end the program
        if snips:
            self.selector.start(CaptureRequest())
        QTimer.singleShot(0, self._hotkey_controller, self._hotkey_controller.register)
        QTimer.singleShot(_LOAD_DELAY_MS, self._recorder, self._recorder.forget_old)
        if self.instance.problem:
            self._show_notice(self.instance.problem)
        QTimer.singleShot(_LOAD_DELAY_MS, self, self._load_requested.emit)
        self._configure_recogniser()

    def close(self) -> None:
        """Hide everything, and end the threads; what is being read is given up."""
        self._hotkey_controller.close()
        self.selector.close()
        self.instance.close()
        self.tray.hide()
        windows = (self.main_window, self.result_window, self.history_window, self.settings_dialog, self.notice)
        for window in (*windows, self._about, self.welcome):
            if window is not None:
                window.hide()
        self.history.close()
        self.snips.cancel()
        self._thread.quit()
        has_drawn = self.documents.close(_ENDING_MS)
        self.previews.close()
        self._has_ended = self._thread.wait(_ENDING_MS) and has_drawn
        self._collector.close()

    @property
    def has_ended(self) -> bool:
        """Whether no thread of it runs any more."""
        return self._has_ended

    def _connect(self) -> None:
        self._connect_capture()
        self._connect_recogniser()
        self.selector.failed.connect(self._show_notice)
        self.main_window.files_requested.connect(self.image_input.choose_files)
        self.image_input.images_given.connect(self.snips.recognise_all)
        self.image_input.failed.connect(self._show_notice)
        self.image_input.documents_given.connect(self.documents.open)
        self.documents.region_selected.connect(self.snips.recognise)
        self.documents.window_opened.connect(self.selector.leave_in_images)  # with what is to be snipped
        self.documents.failed.connect(self._show_notice)
        self.notice.clicked.connect(self._open_result)
        self.settings.changed.connect(self._follow_settings)
        self.tray.settings_requested.connect(self._open_settings)
        self.main_window.settings_requested.connect(self._open_settings)
        self.tray.about_requested.connect(self._open_about)
        self.main_window.about_requested.connect(self._open_about)
        self.history_window.copy_requested.connect(self._copy_again)
        self.history_window.recognise_requested.connect(self.snips.recognise)
        self.history_window.lines_copy_requested.connect(self._copy_lines)
        self.history_window.result_requested.connect(self._show_again)
        self.history.failed.connect(self._show_notice)
        self._recorder.forgetting_asked.connect(self._ask_before_forgetting)
        self.tray.history_requested.connect(self._open_history)
        self.main_window.history_requested.connect(self._open_history)
        self.main_window.closed.connect(self._leave_window)
        self.tray.window_requested.connect(self._open_window)
        self.tray.quit_requested.connect(self._qt.quit)
        self._qt.styleHints().colorSchemeChanged.connect(self._follow_colours)
        self._qt.aboutToQuit.connect(self.close)

    def _connect_recogniser(self) -> None:
        """What the worker is asked and what it answers."""
        self._load_requested.connect(self.worker.load)
        self._recogniser_configured.connect(self.worker.configure)
        self._thread.finished.connect(self.worker.close)
        self.worker.service_changed.connect(self.settings_dialog.service_panel.show_state)
        self.worker.device_found.connect(self.settings_dialog.recogniser_panel.show_device)
        self.snips.recognition_requested.connect(self._show_busy)
        self.snips.recognition_requested.connect(self.worker.recognise)
        self.worker.cancelled.connect(self._show_idle)
        self.worker.ready.connect(self._show_ready)
        self.worker.released.connect(self._collector.collect_all)
        self.worker.load_failed.connect(self._show_load_failure)
        self.worker.recognised.connect(self._show_idle)
        self.worker.recognised.connect(self.snips.finish)
        self.worker.recognition_failed.connect(self._show_failure)
        self.worker.recognition_failed.connect(self.snips.fail)
        self.snips.formula_shown.connect(self._tell_welcome)
        self.snips.failed.connect(self._show_notice)
        alternatives = self.result_window.alternatives
        alternatives.analysis_requested.connect(self.worker.analyse)
        alternatives.choice_made.connect(self.worker.decode_with_prefix)
        self.worker.analysed.connect(alternatives.show_analysis)
        self.worker.continued.connect(alternatives.show_continuation)
        self.worker.question_failed.connect(alternatives.show_failure)

    def _connect_capture(self) -> None:
        """What leads to a snip."""
        for snip_requested in (
            self.instance.snip_requested,
            self.tray.snip_requested,
            self.main_window.snip_requested,
            self.result_window.snip_requested,
        ):
            snip_requested.connect(self.snips.snip)
        self.tray.delayed_snip_requested.connect(self.snips.snip_delayed)
        self.main_window.delayed_snip_requested.connect(self.snips.snip_delayed)
        self.tray.repeat_requested.connect(self.snips.repeat)
        self.instance.repeat_requested.connect(self.snips.repeat)
        self._hotkey_controller.snip_requested.connect(self.snips.snip)
        self._hotkey_controller.repeat_requested.connect(self.snips.repeat)
        self._hotkey_controller.snip_hotkey_shown.connect(self._tell_hotkey)
        self._hotkey_controller.failed.connect(self._show_notice)
        self.format_hotkeys.pressed.connect(self.snips.snip_in_format)

    @Slot(str)
    def _tell_hotkey(self, hotkey: str) -> None:
        if self.welcome is not None:
            self.welcome.show_hotkey(hotkey)

    @Slot(Snip)
    def _tell_welcome(self, snip: Snip) -> None:
        if self.welcome is not None:
            self.welcome.show_result(snip.latex)

    @Slot()
    def _show_busy(self) -> None:
        self.main_window.show_notice("")
        self.tray.show_state(TrayState.BUSY, self.tr("Snaptex is reading a formula"))

    @Slot()
    def _show_idle(self) -> None:
        self.tray.show_state(TrayState.READY, self.tr("Snaptex is ready"))

    @Slot()
    def _show_ready(self) -> None:
        self.main_window.show_state(self.tr("Ready"))
        self.main_window.show_notice("")
        self._show_idle()
        self.previews.warm_up()

    @Slot(str)
    def _show_load_failure(self, sentence: str) -> None:
        self.tray.show_state(TrayState.ERROR, sentence)
        self.main_window.show_state(self.tr("The recogniser is not running"))
        self._show_notice(sentence)

    @Slot(Snip, str)
    def _show_failure(self, _snip: Snip, sentence: str) -> None:
        self.tray.show_state(TrayState.ERROR, sentence)

    @Slot(str, str)
    def _copy_again(self, latex: str, number: str) -> None:
        """Copy a formula of the history."""
        problem = self.snips.copied(latex, self.settings.copy_format, number=number)
        self.history_window.show_remark(problem or self.tr("Copied to the clipboard"), is_good=not problem)

    @Slot(str)
    def _copy_lines(self, text: str) -> None:
        """Copy several formulas of the history."""
        try:
            copy_lines(text)
        except ClipboardError as error:
            self.history_window.show_remark(str(error), is_good=False)
        else:
            self.history_window.show_remark(self.tr("Copied to the clipboard"), is_good=True)

    @Slot(Snip)
    def _show_again(self, snip: Snip) -> None:
        """Show a formula of the history in the result's window."""
        self.snips.show_again(snip)
        bring_forward(self.result_window)

    @Slot()
    def _open_history(self) -> None:
        bring_forward(self.history_window)

    @Slot()
    def _open_settings(self) -> None:
        bring_forward(self.settings_dialog)

    def _open_welcome(self) -> None:
        self.welcome = WelcomeWindow()
        self.welcome.show_hotkey(shown_hotkey(self.settings.hotkey))
        self.welcome.snip_requested.connect(self.snips.snip)
        self.welcome.closed.connect(self._leave_welcome)
        self.selector.leave_in_images(self.welcome)  # with its formula, which is to be snipped
        bring_forward(self.welcome)

    @Slot()
    def _leave_welcome(self) -> None:
        self.settings.has_been_welcomed = True
        welcome, self.welcome = self.welcome, None
        keep_alive_until_idle(welcome)  # which is being closed
        self.main_window.show()

    @Slot()
    def _open_about(self) -> None:
        if self._about is None:  # few open it, and its list takes a while to gather
            self._about = AboutDialog()
        bring_forward(self._about)

    @Slot()
    def _open_result(self) -> None:
        bring_forward(self.result_window)

    @Slot(str)
    def _show_notice(self, sentence: str) -> None:
        self.main_window.show_notice(sentence)
        if not self.main_window.isVisible() and self.settings.shows_notifications:
            self.tray.show_message(sentence)

    @Slot()
    def _leave_window(self) -> None:
        if not self._has_tray:
            self._qt.quit()

    @Slot()
    def _open_window(self) -> None:
        bring_forward(self.main_window)

    @Slot(int)
    def _ask_before_forgetting(self, count: int) -> None:
        self._recorder.ask_before_forgetting(count, self.main_window)

    @Slot()
    def _follow_settings(self) -> None:
        if self.settings.theme is not self._theme:
            self._follow_colours()
        self._recorder.forget_old()
        self._configure_recogniser()

    def _configure_recogniser(self) -> None:
        settings = self.settings
        config = ServiceConfig(settings.service_port, service_token()) if settings.serves else None
        options = RecogniserOptions(settings.device, settings.idle_minutes, config, settings.weights)
        if options != self._recogniser_options:
            self._recogniser_options = options
            self._recogniser_configured.emit(options)

    @Slot()
    def _follow_colours(self) -> None:
        self._theme = self.settings.theme
        apply_appearance(self._qt, self._theme)
