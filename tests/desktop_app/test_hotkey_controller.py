"""The hotkeys of the settings, from the key to what it does."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence
from pytestqt.qtbot import QtBot

from desktop_app.application import Application
from desktop_app.capture.capture_request import CaptureRequest
from desktop_app.hotkeys.global_hotkey import GlobalHotkey
from desktop_app.hotkeys.hotkey_error import HotkeyError
from desktop_app.hotkeys.hotkeys import HotkeyAction
from desktop_app.settings.settings import Settings, Theme
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from tests.desktop_app.conftest import numbered_image

pytestmark = pytest.mark.gui

SNIP = Snip(numbered_image(60, 20))


def hotkeys_taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hotkeys that are registered from now on; another program has Ctrl+Alt+K."""
    taken: list[str] = []

    def register(_hotkey: GlobalHotkey, hotkey: str) -> None:
        if hotkey == "Ctrl+Alt+K":
            raise HotkeyError("Another program has this hotkey already.")
        taken.append(hotkey)

    monkeypatch.setattr(GlobalHotkey, "register", register)
    return taken


def test_hotkey_of_a_format_copies_in_it_once(
    qtbot: QtBot, application: Application, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests: list[CaptureRequest] = []
    monkeypatch.setattr(application.selector, "start", requests.append)
    settings.copy_format = CopyFormat.INLINE
    window = application.result_window
    application.format_hotkeys.pressed.emit(CopyFormat.TYPST)
    application.selector.region_selected.emit(replace(SNIP, copy_format=requests[0].copy_format))
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "$ frac(1, 2) $")
    qtbot.waitUntil(lambda: bool(application.history.search()))
    assert application.history.search()[0].copy_format == "typst"
    settings.theme = Theme.DARK  # another setting changes nothing in the window
    window.copy_button.click()
    assert QGuiApplication.clipboard().text() == "$ frac(1, 2) $"
    # The format used last is as it was, and the usual hotkey copies in it.
    application.hotkeys.pressed.emit(HotkeyAction.SNIP)
    application.selector.region_selected.emit(replace(SNIP, copy_format=requests[1].copy_format))
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == r"$\frac{1}{2}$")
    assert window.copy_format is settings.copy_format is CopyFormat.INLINE


def test_hotkeys_of_formats_are_taken_and_refused(
    qtbot: QtBot, application: Application, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = hotkeys_taken(monkeypatch)
    settings.hotkey = settings.repeat_hotkey = ""
    settings.format_hotkeys = {"Ctrl+Alt+T": CopyFormat.TYPST, "Ctrl+Alt+K": CopyFormat.MATHML}
    application.main_window.show()
    application._hotkey_controller.register()
    assert taken == ["Ctrl+Alt+T"]
    problem = "Ctrl + Alt + K: Another program has this hotkey already."
    assert application.main_window.notice.text() == problem
    assert application.settings_dialog.format_hotkeys_field.problem.text() == problem


def test_hotkey_is_changed_and_turned_off_at_once(
    qtbot: QtBot, application: Application, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = hotkeys_taken(monkeypatch)
    dialog, window = application.settings_dialog, application.main_window
    settings.repeat_hotkey = ""
    application.main_window.settings_requested.emit()
    window.show()
    for hotkey in ("Ctrl+Alt+K", "Ctrl+Alt+J"):
        dialog.hotkey_field.field.setKeySequence(QKeySequence(hotkey))
        dialog.hotkey_field.field.editingFinished.emit()
        assert settings.hotkey == hotkey
        assert dialog.hotkey_field.problem.isVisible() == (hotkey == "Ctrl+Alt+K")
        assert window._key_label.isVisible() == (hotkey == "Ctrl+Alt+J")
    assert taken == ["Ctrl+Alt+J"]
    dialog.repeat_hotkey_field.field.setKeySequence(QKeySequence("Ctrl+Alt+J"))
    dialog.repeat_hotkey_field.field.editingFinished.emit()
    assert "the other hotkey already" in dialog.repeat_hotkey_field.problem.text()
    assert not dialog.hotkey_field.problem.isVisible()  # the first of the two works
    dialog.hotkey_field.off_button.click()
    assert settings.hotkey == ""
    assert window._hint.text() == "The hotkey is off."
    assert not dialog.repeat_hotkey_field.problem.isVisible()  # and now the second one may have it
    assert taken[-1] == "Ctrl+Alt+J"


def test_each_hotkey_does_what_it_is_for(
    qtbot: QtBot, application: Application, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests: list[CaptureRequest] = []
    monkeypatch.setattr(application.selector, "start", requests.append)
    application.hotkeys.pressed.emit(HotkeyAction.SNIP)
    application.hotkeys.pressed.emit(HotkeyAction.REPEAT)
    application.instance.repeat_requested.emit()  # `snaptex repeat`
    application.main_window.delay_button.click()
    application.tray.delayed_snip_requested.emit()
    settings.delays_snip = True
    application.main_window.snip_button.click()
    repeat, delayed = CaptureRequest(repeat=True), CaptureRequest(delay=True)
    assert requests == [CaptureRequest(), repeat, repeat, delayed, delayed, delayed]
