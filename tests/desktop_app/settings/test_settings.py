"""Settings are kept, and no state of their file stops the program."""

import logging
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.settings.settings import Settings, Theme
from desktop_app.snips.copy_format import CopyFormat


def test_choices_survive_a_restart(qtbot: QtBot, settings_path: Path) -> None:
    # MixTeX's users lose their format at each start.
    settings = Settings(settings_path)
    settings.copy_format = CopyFormat.EQUATION
    settings.copies_at_once = False
    settings.hotkey = "Meta+Shift+F9"
    settings.theme = Theme.DARK
    after = Settings(settings_path)
    assert (after.copy_format, after.copies_at_once) == (CopyFormat.EQUATION, False)
    assert (after.hotkey, after.theme) == ("Meta+Shift+F9", Theme.DARK)


def test_defaults(settings: Settings) -> None:
    # What a user gets who chooses nothing.
    assert (settings.hotkey, settings.copy_format, settings.copies_at_once, settings.theme) == (
        "Ctrl+Alt+M",
        CopyFormat.LATEX,
        True,
        Theme.SYSTEM,
    )


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"Ctrl+Alt+T": CopyFormat.TYPST},
        {
            "Ctrl+Alt+T": CopyFormat.TYPST,
            "Ctrl+;": CopyFormat.MATHML,
            'Ctrl+"': CopyFormat.PNG,
            "Meta+Print": CopyFormat.PNG,
        },
    ],
)
def test_hotkeys_of_formats_survive_a_restart(qtbot: QtBot, settings_path: Path, table: dict[str, CopyFormat]) -> None:
    Settings(settings_path).format_hotkeys = table
    assert Settings(settings_path).format_hotkeys == table


@pytest.mark.parametrize("text", ['{"Ctrl+Alt+T": "cuneiform"}', "[]", "Ctrl+Alt+T", "{", "[" * 5000])
def test_table_of_nonsense_has_no_hotkeys(qtbot: QtBot, settings_path: Path, text: str) -> None:
    settings = Settings(settings_path)
    settings.store.setValue("format_hotkeys", text)
    assert settings.format_hotkeys == {}


def test_change_is_told_once(qtbot: QtBot, settings: Settings) -> None:
    # The windows follow each other's choices, and setting the same value again must not go round in circles.
    with qtbot.waitSignal(settings.changed, timeout=500):
        settings.copy_format = CopyFormat.INLINE
    with qtbot.assertNotEmitted(settings.changed):
        settings.copy_format = CopyFormat.INLINE


@pytest.mark.parametrize(
    "content",
    [
        b"[General]\ncopy_format=papyrus\ncopies_at_once=perhaps\ntheme=\n",
        b"\x00\xff\xfe garbage [[[ = = \n\n]]",
        b"[General\ncopy_format",
        b"",
        bytes(range(256)) * 40,
    ],
)
def test_file_of_nonsense_means_defaults(
    qtbot: QtBot, settings_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    # A disk that filled up, or an editor's slip, must not keep the program from starting.
    settings_path.parent.mkdir(parents=True)
    settings_path.write_bytes(content)
    settings = Settings(settings_path)
    assert (settings.copy_format, settings.copies_at_once, settings.theme) == (CopyFormat.LATEX, True, Theme.SYSTEM)
    settings.copy_format = CopyFormat.DISPLAY
    assert Settings(settings_path).copy_format is CopyFormat.DISPLAY


def test_folder_that_cannot_be_written_is_logged(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # The choice holds until the end of the program, and the log says why no longer.
    (tmp_path / "file").write_text("where the folder should be")
    settings = Settings(tmp_path / "file" / "settings.ini")
    with caplog.at_level(logging.ERROR):
        settings.copy_format = CopyFormat.INLINE
    assert settings.copy_format is CopyFormat.INLINE
    assert "can't be written" in caplog.text
