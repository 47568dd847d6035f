"""Where hotkeys, settings and windows meet: registers what is set, and says what works and what doesn't."""

from PySide6.QtCore import QObject, Signal

from desktop_app.hotkeys.format_hotkeys import FormatHotkeys
from desktop_app.hotkeys.global_hotkey import shown_hotkey
from desktop_app.hotkeys.hotkeys import HotkeyAction, Hotkeys
from desktop_app.settings.settings import Settings
from desktop_app.settings_window.settings_dialog import SettingsDialog
from desktop_app.widgets.layouts import bring_forward
from desktop_app.windows.desktop_shortcut_dialog import DesktopShortcutDialog
from desktop_app.windows.main_window import MainWindow


class HotkeyController(QObject):
    """Keeps the hotkeys as the settings say.

    Signals:
        snip_requested: The snip's hotkey was pressed.
        repeat_requested: The last region's hotkey was pressed.
        snip_hotkey_shown(str): How the snip's hotkey is written; empty when there is none.
        failed(str): A hotkey that is in no window of its own can't be had; one sentence.
    """

    snip_requested = Signal()
    repeat_requested = Signal()
    snip_hotkey_shown = Signal(str)
    failed = Signal(str)

    def __init__(
        self, settings: Settings, hotkeys: Hotkeys, formats: FormatHotkeys, dialog: SettingsDialog, window: MainWindow
    ) -> None:
        super().__init__()
        self._settings = settings
        self._hotkeys = hotkeys
        self._formats = formats
        self._dialog = dialog
        self._window = window
        self.explanation = DesktopShortcutDialog()
        hotkeys.pressed.connect(self._follow)
        hotkeys.taken.connect(self._show_taken)
        hotkeys.refused.connect(self._show_refused)
        hotkeys.desktop_shortcut_needed.connect(self._explain)
        formats.refused.connect(self._show_refused_format)
        dialog.hotkey_chosen.connect(self.register)
        dialog.desktop_shortcut_requested.connect(self._open_explanation)

    def register(self) -> None:
        """Take the hotkeys that are set."""
        settings = self._settings
        self._hotkeys.register({HotkeyAction.SNIP: settings.hotkey, HotkeyAction.REPEAT: settings.repeat_hotkey})
        self._formats.register(settings.format_hotkeys)

    def close(self) -> None:
        """Give them back."""
        self._hotkeys.unregister()
        self._formats.unregister()
        self.explanation.hide()

    def _follow(self, action: HotkeyAction) -> None:
        (self.snip_requested if action is HotkeyAction.SNIP else self.repeat_requested).emit()

    def _show_taken(self, action: HotkeyAction, written: str) -> None:
        self._dialog.hotkey_field_of(action).show_problem("")
        if action is HotkeyAction.SNIP:
            self._window.show_hotkey(written)
            self.snip_hotkey_shown.emit(written)

    def _show_refused(self, action: HotkeyAction, sentence: str) -> None:
        self._dialog.hotkey_field_of(action).show_problem(sentence)
        if action is HotkeyAction.SNIP:
            self._window.show_no_hotkey(sentence or self.tr("The hotkey is off."))
            self.snip_hotkey_shown.emit("")

    def _show_refused_format(self, hotkey: str, sentence: str) -> None:
        problem = self.tr("{hotkey}: {problem}").format(hotkey=shown_hotkey(hotkey), problem=sentence)
        self._dialog.format_hotkeys_field.show_problem(problem)
        self.failed.emit(problem)

    def _explain(self) -> None:
        """Once is enough; the settings keep a button for it."""
        self._dialog.desktop_shortcut_button.show()
        if not self._settings.desktop_shortcut_explained:
            self._settings.desktop_shortcut_explained = True
            self._open_explanation()

    def _open_explanation(self) -> None:
        bring_forward(self.explanation)
