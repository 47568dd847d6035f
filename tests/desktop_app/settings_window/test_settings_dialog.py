"""Every setting is changed in the dialog, at once, and kept."""

import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from desktop_app.settings.settings import AfterSnip, Settings, Theme
from desktop_app.settings_window.settings_dialog import SettingsDialog
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.system import start_at_login

pytestmark = pytest.mark.gui


@pytest.fixture
def autostart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "autostart" / "snaptex.desktop"
    monkeypatch.setattr(start_at_login, "_entry_path", lambda: path)
    return path


@pytest.fixture
def dialog(qtbot: QtBot, settings: Settings, autostart: Path) -> SettingsDialog:
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_choices_are_kept_over_a_restart(qtbot: QtBot, dialog: SettingsDialog, settings_path: Path) -> None:
    for field, hotkey in ((dialog.hotkey_field, "Ctrl+Shift+F7"), (dialog.repeat_hotkey_field, "Ctrl+Shift+F8")):
        with qtbot.waitSignal(dialog.hotkey_chosen):
            field.field.setKeySequence(QKeySequence(hotkey))
            field.field.editingFinished.emit()
    dialog.delay_box.click()
    for box, choice in (
        (dialog.format_box, CopyFormat.TYPST),
        (dialog.after_box, AfterSnip.NOTICE),
        (dialog.theme_box, Theme.DARK),
        (dialog.days_box, 30),
    ):
        box.setCurrentIndex(box.findData(choice))
        box.activated.emit(box.currentIndex())
    dialog.copy_box.click()
    dialog.history_box.click()
    after = Settings(settings_path)
    assert (after.repeat_hotkey, after.delays_snip) == ("Ctrl+Shift+F8", True)
    assert (after.hotkey, after.copy_format, after.after_snip) == ("Ctrl+Shift+F7", CopyFormat.TYPST, AfterSnip.NOTICE)
    assert (after.theme, after.copies_at_once) == (Theme.DARK, False)
    assert (after.keeps_history, after.history_days) == (False, 30)


def test_hotkey_that_is_off_stays_off(dialog: SettingsDialog, settings_path: Path) -> None:
    dialog.hotkey_field.off_button.click()
    dialog.repeat_hotkey_field.off_button.click()
    after = Settings(settings_path)
    assert (after.hotkey, after.repeat_hotkey) == ("", "")
    assert SettingsDialog(after).repeat_hotkey_field.field.keySequence().isEmpty()


def test_same_hotkey_again_is_no_choice(qtbot: QtBot, dialog: SettingsDialog) -> None:
    # Leaving the field would otherwise take the hotkey away for a moment.
    with qtbot.assertNotEmitted(dialog.hotkey_chosen):
        dialog.hotkey_field.field.editingFinished.emit()


def test_what_is_chosen_elsewhere_is_shown(dialog: SettingsDialog, settings: Settings) -> None:
    settings.copy_format = CopyFormat.SVG
    settings.copies_at_once = False
    assert dialog.format_box.currentData() is CopyFormat.SVG
    assert not dialog.copy_box.isChecked()
    settings.history_days = 12  # as only the file can say
    assert dialog.days_box.currentData() == 12


@pytest.mark.skipif(sys.platform == "win32", reason="the registry is no file")
def test_start_at_login_is_an_entry_that_comes_and_goes(dialog: SettingsDialog, autostart: Path) -> None:
    dialog.login_box.click()
    assert autostart.exists()
    dialog.login_box.click()
    assert not autostart.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the registry is no file")
def test_refused_start_at_login_is_said_and_stays_off(dialog: SettingsDialog, autostart: Path) -> None:
    autostart.parent.write_text("a file where the folder should be")
    dialog.login_box.click()
    assert dialog.login_box.problem.text().startswith("Starting at login can't be changed")
    assert not dialog.login_box.isChecked()


def test_days_out_of_range_in_the_file_mean_for_ever(qtbot: QtBot, settings_path: Path) -> None:
    # A slip in the file must not delete a history.
    settings_path.parent.mkdir(parents=True)
    settings_path.write_text("[General]\nhistory_days=-3\n")
    assert Settings(settings_path).history_days == 0


def test_a_recogniser_of_ones_own_is_chosen_and_left_again(
    dialog: SettingsDialog, settings_path: Path, tmp_path: Path
) -> None:
    # What someone has trained is used where they snip; the bundled one is a choice away.
    panel, path = dialog.recogniser_panel, tmp_path / "own" / "weights.safetensors"
    panel.choose(str(path))
    assert Settings(settings_path).weights == str(path)
    assert panel.weights_box.currentText() == str(Path("own") / "weights.safetensors")
    panel.weights_box.setCurrentIndex(panel.weights_box.findData(""))
    panel.weights_box.activated.emit(panel.weights_box.currentIndex())
    assert Settings(settings_path).weights == ""
