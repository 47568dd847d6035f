"""What is copied, and what is said when nothing can be; X11's clipboard itself is tested in test_on_x11.py."""

import pyperclip
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_app.clipboard import ClipboardError, copy_formula
from desktop_app.copy_format import CopyFormat

pytestmark = pytest.mark.gui


def test_formula_is_copied_in_its_format(qtbot: QtBot) -> None:
    copy_formula("x^2", CopyFormat.INLINE)
    assert QGuiApplication.clipboard().text() == "$x^2$"


def test_qt_copies_where_pyperclip_has_no_way(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    # A desktop without xclip and xsel is a usual one.
    def refuse(text: str) -> None:
        raise pyperclip.PyperclipException("no mechanism")

    monkeypatch.setattr(pyperclip, "copy", refuse)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    copy_formula("y", CopyFormat.LATEX)
    assert QGuiApplication.clipboard().text() == "y"


def test_qt_copies_when_pyperclip_failed_silently(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    # pyperclip doesn't look at xclip's exit status.
    monkeypatch.setattr(pyperclip, "copy", print)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    copy_formula("z", CopyFormat.LATEX)
    assert QGuiApplication.clipboard().text() == "z"


@pytest.mark.parametrize("latex", ["", "  \n"])
def test_nothing_leaves_the_clipboard_alone(qtbot: QtBot, latex: str) -> None:
    # An empty formula in $ $ would replace what the person had copied before.
    QGuiApplication.clipboard().setText("kept")
    with pytest.raises(ClipboardError, match="no formula"):
        copy_formula(latex, CopyFormat.INLINE)
    assert QGuiApplication.clipboard().text() == "kept"
