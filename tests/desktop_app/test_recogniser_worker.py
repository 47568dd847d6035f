"""The worker's thread reads snips in order, and no error of the recogniser ends it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app import recogniser_worker
from desktop_app.log_file import log_path
from desktop_app.recogniser_worker import (
    FormulaReader,
    load_bundled_recogniser,
    to_rgb_array,
)
from desktop_app.snip import Snip
from tests.desktop_app.conftest import Desk, FakeRecogniser, Reading, numbered_image

pytestmark = pytest.mark.gui


@pytest.fixture
def desks(qtbot: QtBot) -> Iterator[Callable[[Callable[[], FormulaReader]], Desk]]:
    made: list[Desk] = []

    def make(load: Callable[[], FormulaReader]) -> Desk:
        made.append(Desk(load))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


DeskMaker = Callable[[Callable[[], FormulaReader]], Desk]


def test_snip_comes_back_with_its_own_picture_and_formula(
    qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser
) -> None:
    desk = desks(lambda: recogniser)
    snip = Snip(numbered_image(30, 20), device_pixel_ratio=2.0)
    with qtbot.waitSignal(desk.recognised) as recognised:
        desk.recognition_requested.emit(snip)
    answer = recognised.args[0]
    assert (answer.latex, answer.confidence, answer.device_pixel_ratio) == (r"\frac{1}{2}", 0.9, 2.0)
    assert answer.image == snip.image
    assert recogniser.threads[0] is not threading.main_thread()


def test_snip_made_while_loading_waits_for_it(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    # The first snip often comes while the recogniser is loading.
    may_load = threading.Event()

    def load() -> FormulaReader:
        may_load.wait(10)
        return recogniser

    desk = desks(load)
    desk.load_requested.emit()
    desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
    qtbot.wait(50)
    assert not recogniser.images
    with qtbot.waitSignals([desk.ready, desk.recognised], order="strict"):
        may_load.set()


def test_snips_are_read_in_order(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    desk = desks(lambda: recogniser)
    widths: list[int] = []
    desk.recognised.connect(lambda snip: widths.append(snip.image.width()))
    for width in (10, 11, 12):
        desk.recognition_requested.emit(Snip(numbered_image(width, 8)))
    qtbot.waitUntil(lambda: widths == [10, 11, 12])


def test_windows_go_on_during_recognition(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    # No gap of over 100 ms between the ticks of a timer while a formula is read, even by busy Python code.
    class Busy:
        def recognise(self, image: NDArray[np.uint8], /) -> Reading:
            end = time.perf_counter() + 0.6
            while time.perf_counter() < end:
                sum(range(1000))
            return recogniser.recognise(image)

    desk = desks(Busy)
    gaps: list[float] = []
    while len(gaps) < 5 and min(gaps, default=1) >= 0.1:  # other programs may hold up one of them
        ticks: list[float] = []
        timer = QTimer(interval=5)
        timer.timeout.connect(lambda ticks=ticks: ticks.append(time.perf_counter()))
        timer.start()
        with qtbot.waitSignal(desk.recognised):
            desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
        timer.stop()
        assert len(ticks) > 20
        gaps.append(max(np.diff(ticks)))
    assert min(gaps) < 0.1


def test_failure_is_one_sentence_and_the_log_has_the_rest(
    qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser, caplog: pytest.LogCaptureFixture
) -> None:
    recogniser.error = RuntimeError("CUDA error 719 at 0xdeadbeef\nlong tale")
    desk = desks(lambda: recogniser)
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(desk.failed) as failed:
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
    assert failed.args == [f"The formula could not be recognised; the log says why: {log_path()}"]
    assert "0xdeadbeef" in caplog.text
    assert "Traceback" in caplog.text
    # and the next snip is read
    recogniser.error = None
    with qtbot.waitSignal(desk.recognised):
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))


def test_sentence_of_the_model_is_passed_on(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    # The model says best what is wrong with a picture.
    recogniser.error = ValueError("The picture is blank.")
    desk = desks(lambda: recogniser)
    with qtbot.waitSignal(desk.failed) as failed:
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
    assert failed.args == ["The picture is blank."]


def test_missing_weights_are_a_sentence_that_says_what_is_missing(
    qtbot: QtBot, desks: DeskMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A broken installation must not look like a picture without a formula.
    monkeypatch.setattr(recogniser_worker, "weights_path", lambda: tmp_path / "weights.safetensors")
    desk = desks(load_bundled_recogniser)
    for signal, arguments in ((desk.load_requested, ()), (desk.recognition_requested, (Snip(numbered_image(9, 9)),))):
        with qtbot.waitSignal(desk.failed) as failed:
            signal.emit(*arguments)
        assert failed.args[0].startswith("The recogniser can't start: weights.safetensors is missing")


def test_recogniser_that_could_not_be_loaded_is_tried_again(
    qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser
) -> None:
    attempts: list[int] = []

    def load() -> FormulaReader:
        attempts.append(1)
        if len(attempts) == 1:
            raise OSError("disk asleep")
        return recogniser

    desk = desks(load)
    with qtbot.waitSignal(desk.failed):
        desk.load_requested.emit()
    with qtbot.waitSignal(desk.recognised):
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
@pytest.mark.parametrize(
    "image_format", [QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32, QImage.Format.Format_Grayscale8]
)
def test_array_has_the_pixels_of_the_picture(width: int, image_format: QImage.Format) -> None:
    # Qt pads each line to four bytes: without care every picture of an odd width is sheared.
    image = numbered_image(width, 4).convertToFormat(image_format)
    array = to_rgb_array(image)
    assert array.shape == (4, width, 3)
    for y in range(4):
        for x in range(width):
            colour = image.pixelColor(x, y)
            assert tuple(array[y, x]) == (colour.red(), colour.green(), colour.blue())


def test_thread_has_room_for_torch(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    # macOS gives a thread 512 KB.
    assert desks(lambda: recogniser).thread_of_worker.stackSize() == 16 * 1024 * 1024
