"""Images that don't come from the screen."""

import os
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.capture.image_input import ImageInput
from desktop_app.settings.settings import Settings
from desktop_app.snips.snip import Snip
from desktop_app.widgets.file_dialog import FileDialog
from tests.desktop_app.conftest import numbered_image, pixel_numbers

pytestmark = pytest.mark.gui

COPY, LEFT, NO_KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def given(window: QWidget, settings: Settings) -> tuple[ImageInput, list[Snip], list[str]]:
    images = ImageInput(window, settings)
    snips: list[Snip] = []
    sentences: list[str] = []
    images.images_given.connect(snips.extend)
    images.failed.connect(sentences.append)
    return images, snips, sentences


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_pasted_image_is_taken_to_the_pixel(
    qtbot: QtBot, window: QWidget, given: tuple[ImageInput, list[Snip], list[str]]
) -> None:
    QGuiApplication.clipboard().setImage(numbered_image(40, 30))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    _, snips, sentences = given
    assert (len(snips), sentences) == (1, [])
    assert (pixel_numbers(snips[0].image) == pixel_numbers(numbered_image(40, 30))).all()


def test_pasted_text_is_refused_in_a_sentence(given: tuple[ImageInput, list[Snip], list[str]]) -> None:
    images, snips, sentences = given
    QGuiApplication.clipboard().setText("x^2")
    images.paste()
    assert (snips, sentences) == ([], ["There is no picture in what was pasted or dropped."])


def test_dropped_files_are_taken_in_order_and_what_is_no_image_is_named(
    qtbot: QtBot, window: QWidget, given: tuple[ImageInput, list[Snip], list[str]], tmp_path: Path
) -> None:
    numbered_image(10, 10).save(str(tmp_path / "first.png"))
    numbered_image(20, 10).save(str(tmp_path / "second.jpg"), "PNG")  # type: ignore[call-overload]
    (tmp_path / "notes.png").write_text("no picture")
    data = files(tmp_path / "first.png", tmp_path / "notes.png", tmp_path / "second.jpg")
    enter = QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, NO_KEYS)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), COPY, data, LEFT, NO_KEYS))
    _, snips, sentences = given
    assert [snip.image.width() for snip in snips] == [10, 20]
    assert sentences == ["notes.png is no picture that Snaptex can read."]


def test_files_are_decoded_within_limits_and_upright(
    given: tuple[ImageInput, list[Snip], list[str]], tmp_path: Path
) -> None:
    # Qt's own readers took any time, on the thread of the windows; a pipe, or an SVG that repeats itself, held them up.
    images, snips, sentences = given
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    Image.new("RGB", (30, 20), (200, 10, 30)).save(tmp_path / "turned.jpg", exif=exif)
    Image.new("RGBA", (30, 20), (200, 10, 30, 128)).save(tmp_path / "clear.png")
    Image.new("1", (7100, 7100)).save(tmp_path / "huge.png")
    (tmp_path / "drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    others = ["huge.png", "drawing.svg"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        others.append("pipe.png")
    images.take(files(*(tmp_path / name for name in ("turned.jpg", "clear.png", *others))))
    assert [(one.image.width(), one.image.height()) for one in snips] == [(20, 30), (30, 20)]
    assert snips[0].image.pixelColor(5, 5).red() > 190
    assert snips[1].image.pixelColor(5, 5).alpha() == 128
    assert sentences == [" ".join(f"{name} is no picture that Snaptex can read." for name in others)]


def test_text_is_not_accepted_as_a_drop(window: QWidget, given: tuple[ImageInput, list[Snip], list[str]]) -> None:
    data = QMimeData()
    data.setText("x")
    enter = QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, NO_KEYS)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted()


def test_next_images_are_looked_for_where_the_last_ones_were(
    qtbot: QtBot, given: tuple[ImageInput, list[Snip], list[str]], settings: Settings, tmp_path: Path
) -> None:
    images, snips, _ = given
    numbered_image(40, 30).save(str(tmp_path / "one.png"))
    settings.last_folder = str(tmp_path)
    images.choose_files()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FileDialog)
    assert dialog.directory().absolutePath() == str(tmp_path)
    shown = dialog.findChild(QComboBox, "fileTypeCombo")
    assert isinstance(shown, QComboBox)
    assert shown.currentText() == "Pictures and PDF files"  # not the endings of all images there are
    dialog.selectFile(str(tmp_path / "one.png"))
    dialog.accept()
    assert len(snips) == 1
    assert settings.last_folder == str(tmp_path)


def test_pdf_files_are_told_by_their_content(
    window: QWidget, given: tuple[ImageInput, list[Snip], list[str]], tmp_path: Path
) -> None:
    # Some have no ending, and some that have it are something else.
    images, snips, sentences = given
    documents: list[Path] = []
    images.documents_given.connect(documents.extend)
    (tmp_path / "paper").write_bytes(b"sent by a scanner\n%PDF-1.4\n")
    (tmp_path / "image.pdf").write_text("no document")
    numbered_image(10, 10).save(str(tmp_path / "one.png"))
    images.take(files(tmp_path / "paper", tmp_path / "image.pdf", tmp_path / "one.png", tmp_path / "gone.pdf"))
    assert documents == [tmp_path / "paper"]
    assert len(snips) == 1
    assert sentences == ["image.pdf is no picture that Snaptex can read. gone.pdf is no picture that Snaptex can read."]
