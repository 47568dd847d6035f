"""The table of hotkeys for formats is changed at once, and a row that is being filled is not lost."""

import pytest
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from desktop_app.settings_window.format_hotkeys_field import FormatHotkeysField
from desktop_app.snips.copy_format import CopyFormat

pytestmark = pytest.mark.gui


@pytest.fixture
def field(qtbot: QtBot) -> FormatHotkeysField:
    field = FormatHotkeysField(width=300)
    qtbot.addWidget(field)
    field.show()
    return field


def test_hotkey_is_added_changed_and_removed(qtbot: QtBot, field: FormatHotkeysField) -> None:
    tables: list[dict[str, CopyFormat]] = []
    field.chosen.connect(tables.append)
    field.add_button.click()
    row = field._rows[0]
    row.keys.editingFinished.emit()  # still empty
    assert tables == []
    row.keys.setKeySequence(QKeySequence("Ctrl+Alt+T"))
    row.keys.editingFinished.emit()
    row.format_box.setCurrentIndex(row.format_box.findData(CopyFormat.TYPST))
    row.format_box.activated.emit(0)
    field.show_table({"Ctrl+Alt+T": CopyFormat.TYPST})
    row.remove_button.click()
    assert tables == [{"Ctrl+Alt+T": CopyFormat.LATEX}, {"Ctrl+Alt+T": CopyFormat.TYPST}, {}]
    assert field._rows == []


def test_row_that_is_being_filled_stays(field: FormatHotkeysField) -> None:
    # Every change of any setting shows the table anew.
    table = {"Ctrl+Alt+T": CopyFormat.TYPST}
    field.show_table(table)
    field.add_button.click()
    field.show_table(table)
    assert len(field._rows) == 2
    field.show_table({"Ctrl+Alt+W": CopyFormat.MATHML})
    assert field.table == {"Ctrl+Alt+W": CopyFormat.MATHML}


def test_problem_is_said(field: FormatHotkeysField) -> None:
    field.show_problem("Ctrl+Alt+T: Another program has this hotkey already.")
    assert field.problem.isVisible()
    field.show_problem("")
    assert not field.problem.isVisible()
