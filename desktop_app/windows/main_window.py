"""The main window: the Snip button, how the program is, and the two choices that matter for a snip."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from desktop_app.hotkeys.global_hotkey import shown_hotkey
from desktop_app.settings.settings import Settings
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.system.bundled_resources import icon_path
from desktop_app.widgets.appearance import FollowsColours, current_colours, tinted_icon
from desktop_app.widgets.layouts import column_of, row_of, show_problem, text_label
from desktop_app.widgets.scrolled_content import ScrolledContent
from desktop_app.widgets.setting_controls import SettingChoice, SettingSwitch

_INNER_WIDTH = 460


class MainWindow(FollowsColours, QWidget):
    """The window that opens at the start.

    Signals:
        snip_requested: The button or its shortcut was pressed.
        delayed_snip_requested: A snip after the countdown is wanted.
        files_requested: Images or PDF files are to be opened.
        history_requested: The window of the history is wanted.
        settings_requested: The dialog of the settings is wanted.
        about_requested: The dialog about the program is wanted.
        closed: The user closed the window.
    """

    snip_requested = Signal()
    delayed_snip_requested = Signal()
    files_requested = Signal()
    history_requested = Signal()
    settings_requested = Signal()
    about_requested = Signal()
    closed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.setWindowTitle("Snaptex")
        self.snip_button = QPushButton(self.tr("Snip a formula"))
        self.delay_button = QPushButton(self.tr("In 3 s"))
        self.files_button = QPushButton(self.tr("Open files…"))
        self.history_button = QPushButton(self.tr("History"))
        self.settings_button = QPushButton(self.tr("Settings"))
        self.about_button = QPushButton(self.tr("About"))
        self.format_box = SettingChoice(
            settings, Settings.copy_format, list(CopyFormat), lambda one: one.title, name=self.tr("Copy as")
        )
        self.copy_box = SettingSwitch(settings, Settings.copies_at_once, self.tr("Copy each formula at once"))
        self.state = text_label(role="remark")
        self.notice = text_label(role="bad")
        self._shortcut = QShortcut(QKeySequence(), self, self.snip_requested.emit)
        self._hint = text_label(self.tr("or press, in any program,"), "remark")
        self._key_label = text_label(shown_hotkey(settings.hotkey), "key")
        self._closing = text_label(role="remark")
        self._set_up_parts()
        self._lay_out()
        self._connect()
        self._follow_settings()
        self.follow_colours()

    def show_state(self, words: str) -> None:
        """Say how the recogniser is."""
        self.state.setText(words)

    def show_notice(self, sentence: str) -> None:
        """Say what the user should know until something else is said; an empty sentence takes it away."""
        show_problem(self.notice, sentence)

    def show_no_hotkey(self, sentence: str) -> None:
        """Say, in place of the hotkey, why there is none."""
        self._hint.setText(sentence)
        self._hint.setWordWrap(True)
        self._hint.setFixedWidth(_INNER_WIDTH)
        self._key_label.hide()

    def show_hotkey(self, hotkey: str) -> None:
        """Say that the hotkey works, and how it is written here."""
        self._key_label.setText(hotkey)
        self._hint.setText(self.tr("or press, in any program,"))
        self._hint.setWordWrap(False)
        self._hint.setMinimumWidth(0)
        self._hint.setMaximumWidth(_INNER_WIDTH)
        self._key_label.show()

    def show_closing(self, *, ends_program: bool) -> None:
        """Say what closing the window does."""
        self._closing.setText(
            self.tr("Closing this window ends Snaptex.")
            if ends_program
            else self.tr("Close this window and Snaptex stays in the tray.")
        )

    def _set_up_parts(self) -> None:
        self.snip_button.setProperty("role", "primary")
        self.snip_button.setMinimumHeight(46)
        self.delay_button.setMinimumHeight(46)
        self.delay_button.setToolTip(self.tr("Snip after 3 seconds, in which you can open a menu"))
        self.delay_button.setAccessibleName(self.tr("Snip in 3 seconds"))
        self.snip_button.setIconSize(QSize(20, 20))
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._closing.setWordWrap(True)
        self.files_button.setToolTip(
            self.tr("Pictures and PDF files can be dropped here, too; pictures can be pasted (Ctrl+V)")
        )
        self.history_button.setShortcut(QKeySequence("Ctrl+H"))
        self.notice.setWordWrap(True)
        self.notice.hide()

    def _lay_out(self) -> None:
        image = QLabel()
        image.setPixmap(QIcon(str(icon_path("snaptex"))).pixmap(QSize(44, 44), self.devicePixelRatioF()))
        line = QFrame()
        line.setProperty("role", "line")
        line.setFixedHeight(1)
        line.setMinimumWidth(_INNER_WIDTH)
        content = QWidget()
        column_of(
            row_of(image, (column_of(text_label("Snaptex", "title"), self.state, spacing=0), 1), spacing=14),
            6,
            row_of((self.snip_button, 1), self.delay_button, spacing=8),
            row_of(None, self._hint, self._key_label, None, spacing=8),
            self.notice,
            4,
            line,
            row_of(QLabel(self.tr("Copy as")), self.format_box, None, self.copy_box),
            row_of(self.files_button, self.history_button, self.settings_button, self.about_button, spacing=8),
            self._closing,
            on=content,
            margins=(24, 22, 24, 20),
            spacing=12,
        )
        ScrolledContent(self, content)  # a notice makes the window taller

    def _connect(self) -> None:
        self.snip_button.clicked.connect(self.snip_requested)
        self.delay_button.clicked.connect(self.delayed_snip_requested)
        self.files_button.clicked.connect(self.files_requested)
        self.history_button.clicked.connect(self.history_requested)
        self.settings_button.clicked.connect(self.settings_requested)
        self.about_button.clicked.connect(self.about_requested)
        self._settings.changed.connect(self._follow_settings)

    def _follow_settings(self) -> None:
        self._shortcut.setKey(QKeySequence(self._settings.hotkey, QKeySequence.SequenceFormat.PortableText))

    def follow_colours(self) -> None:
        """Icons follow the colours."""
        self.snip_button.setIcon(tinted_icon("snip", current_colours().accent_text))

    # Qt overrides

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the user is done with the window."""
        super().closeEvent(event)
        self.closed.emit()
