"""What is copied, and what is said when nothing can be; X11's clipboard itself is tested in test_on_x11.py."""

import threading

import pyperclip
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_app import clipboard
from desktop_app.clipboard import ClipboardError, copy_formula
from desktop_app.snips.copy_format import CopyFormat

pytestmark = pytest.mark.gui


def test_formula_is_copied_in_its_format(qtbot: QtBot) -> None:
    copy_formula("x^2", CopyFormat.INLINE)
    assert QGuiApplication.clipboard().text() == "$x^2$"


@pytest.fixture
def x11(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on X11, whose clipboard Qt can own."""
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _clipboard: True)


def test_qt_copies_where_pyperclip_has_no_way(x11: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # A desktop without xclip and xsel is a usual one.
    def refuse(text: str) -> None:
        raise pyperclip.PyperclipException("no mechanism")

    monkeypatch.setattr(pyperclip, "copy", refuse)
    copy_formula("y", CopyFormat.LATEX)
    assert QGuiApplication.clipboard().text() == "y"


def test_qt_copies_when_pyperclip_failed_silently(x11: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # pyperclip doesn't look at xclip's exit status.
    monkeypatch.setattr(pyperclip, "copy", print)
    monkeypatch.setattr(pyperclip, "paste", lambda: "what was there before")
    copy_formula("z", CopyFormat.LATEX)
    assert QGuiApplication.clipboard().text() == "z"


def test_qt_is_not_asked_what_pyperclip_has_written(x11: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # Just after a paste Qt still shows what was pasted; its copy would be refused, and an error told for none.
    written: list[str] = []
    monkeypatch.setattr(pyperclip, "copy", written.append)
    monkeypatch.setattr(pyperclip, "paste", lambda: written[-1])
    QGuiApplication.clipboard().setText("pasted")
    copy_formula("w", CopyFormat.LATEX)
    assert written == ["w"]
    assert QGuiApplication.clipboard().text() == "pasted"


def test_slow_answer_of_the_clipboard_is_waited_for(x11: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy computer the copy was made anew by Qt, and lost with the program; the windows live meanwhile.
    written: list[str] = []
    is_alive = threading.Event()

    def paste() -> str:
        assert is_alive.wait(timeout=60)
        return written[-1]

    monkeypatch.setattr(pyperclip, "copy", written.append)
    monkeypatch.setattr(pyperclip, "paste", paste)
    QGuiApplication.clipboard().setText("before")
    QTimer.singleShot(1500, is_alive.set)
    copy_formula("v", CopyFormat.LATEX)
    assert written == ["v"]
    assert QGuiApplication.clipboard().text() == "before"  # Qt had nothing to copy


def test_what_the_user_has_copied_since_stays(x11: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy computer the look at what was copied came after the user's own copy, and the formula was copied again.
    owners = iter((1, 2))
    monkeypatch.setattr(clipboard, "_owner", lambda: next(owners))
    monkeypatch.setattr(pyperclip, "copy", lambda _text: QGuiApplication.clipboard().setText("another program's"))
    monkeypatch.setattr(pyperclip, "paste", lambda: "another program's")
    copy_formula("u", CopyFormat.LATEX)
    assert QGuiApplication.clipboard().text() == "another program's"


def test_clipboard_that_nobody_gets_is_told(x11: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _clipboard: False)
    with pytest.raises(ClipboardError, match="took no text"):
        copy_formula(r"\frac{1}{2}", CopyFormat.MATHML)


@pytest.mark.parametrize("latex", ["", "  \n"])
def test_nothing_leaves_the_clipboard_alone(qtbot: QtBot, latex: str) -> None:
    # An empty formula in $ $ would replace what the user had copied before.
    QGuiApplication.clipboard().setText("kept")
    with pytest.raises(ClipboardError, match="no formula"):
        copy_formula(latex, CopyFormat.INLINE)
    assert QGuiApplication.clipboard().text() == "kept"


def test_mathml_is_copied_as_text_and_as_a_formula(qtbot: QtBot) -> None:
    # A text editor takes the first, Word the second.
    copy_formula(r"\frac{1}{2}", CopyFormat.MATHML)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().startswith("<math")
    assert "<mfrac>" in data.html()
    assert b"<mfrac>" in data.data("application/mathml+xml").data()


def test_svg_is_copied_as_text_and_as_an_image(qtbot: QtBot) -> None:
    copy_formula(r"\frac{1}{2}", CopyFormat.SVG)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().startswith("<svg")
    assert data.hasFormat("image/svg+xml")


def test_image_is_copied_without_plain_text(qtbot: QtBot) -> None:
    # Beside a text, many programs would paste the text.
    copy_formula(r"\frac{1}{2}", CopyFormat.PNG)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert not data.hasText()
    assert data.data("application/x-latex").data() == rb"\frac{1}{2}"  # for who knows what to do with it


@pytest.mark.parametrize(("copy_format", "text"), [(CopyFormat.TYPST, "$ frac(1, 2) $"), (CopyFormat.UNICODE, "1/2")])
def test_other_texts_are_copied(qtbot: QtBot, copy_format: CopyFormat, text: str) -> None:
    copy_formula(r"\frac{1}{2}", copy_format)
    assert QGuiApplication.clipboard().text() == text


def test_formula_without_the_form_leaves_the_clipboard_alone(qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("kept")
    with pytest.raises(ClipboardError, match="nosuchcommand"):
        copy_formula(r"\nosuchcommand", CopyFormat.MATHML)
    assert QGuiApplication.clipboard().text() == "kept"
