"""The worker's thread reads snips in order, and no error of the recogniser ends it."""

import logging
import socket
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QMetaObject, Qt, QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app.recognition import recogniser_worker
from desktop_app.recognition.recogniser_worker import (
    LoadRecogniser,
    load_chosen_recogniser,
    to_rgb_array,
)
from desktop_app.recognition.recognition_result import FormulaReader
from desktop_app.settings.recogniser_options import Device, RecogniserOptions, ServiceConfig, ServiceState
from desktop_app.snips.snip import Snip
from desktop_app.system.bundled_resources import vocabulary_path
from desktop_app.system.log_file import log_path
from model.recognition.result import Recognition
from tests.desktop_app.conftest import Desk, FakeRecogniser, numbered_image

pytestmark = pytest.mark.gui

FORMULA = Path(__file__).parents[2] / "model" / "recognition" / "samples" / "00.png"


@pytest.fixture
def desks(qtbot: QtBot) -> Iterator[Callable[[LoadRecogniser], Desk]]:
    made: list[Desk] = []

    def make(load: LoadRecogniser) -> Desk:
        made.append(Desk(load))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


DeskMaker = Callable[[LoadRecogniser], Desk]


def test_snip_comes_back_with_its_own_image_and_formula(
    qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser
) -> None:
    desk = desks(lambda _device: recogniser)
    snip = Snip(numbered_image(30, 20), device_pixel_ratio=2.0)
    with qtbot.waitSignal(desk.recognised) as recognised:
        desk.recognition_requested.emit(snip)
    answer = recognised.args[0]
    assert (answer.latex, answer.confidence, answer.device_pixel_ratio) == (r"\frac{1}{2}", 0.9, 2.0)
    assert answer.image == snip.image
    assert recogniser.threads[0] is not threading.main_thread()


def test_image_that_holds_nothing_gets_a_sentence(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    # A photograph is no empty formula: nothing is copied and nothing kept.
    recogniser.latex = ""
    desk = desks(lambda _device: recogniser)
    with qtbot.waitSignal(desk.recognition_failed) as failed, qtbot.assertNotEmitted(desk.recognised):
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
    assert failed.args[1] == "There is no formula or text in this image that can be read."


def test_snip_made_while_loading_waits_for_it(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    # The first snip often comes while the recogniser is loading.
    may_load = threading.Event()

    def load(_options: RecogniserOptions) -> FormulaReader:
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
    desk = desks(lambda _device: recogniser)
    widths: list[int] = []
    desk.recognised.connect(lambda snip: widths.append(snip.image.width()))
    for width in (10, 11, 12):
        desk.recognition_requested.emit(Snip(numbered_image(width, 8)))
    qtbot.waitUntil(lambda: widths == [10, 11, 12])


def test_windows_go_on_during_recognition(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    # The reading, busy Python code, ends only when a timer of the windows has ticked beside it: on their own thread
    # that would be never. No clock decides, because a computer may be held up by other programs.
    ticks: list[None] = []

    class Busy(FakeRecogniser):
        def recognise(self, image: NDArray[np.uint8], /, *, cancellation: threading.Event | None = None) -> Recognition:
            last_ticks, end = len(ticks) + 20, time.monotonic() + 60
            while len(ticks) < last_ticks and time.monotonic() < end:
                sum(range(1000))
            return replace(
                recogniser.recognise(image, cancellation=cancellation), confidence=float(len(ticks) >= last_ticks)
            )

    desk = desks(lambda _device: Busy())
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(None))
    timer.start()
    with qtbot.waitSignal(desk.recognised, timeout=90_000) as recognised:
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
    assert recognised.args[0].confidence == 1


def test_failure_is_one_sentence_and_the_log_has_the_rest(
    qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser, caplog: pytest.LogCaptureFixture
) -> None:
    recogniser.error = RuntimeError("CUDA error 719 at 0xdeadbeef\nlong tale")
    desk = desks(lambda _device: recogniser)
    snip = Snip(numbered_image(30, 20))
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(desk.recognition_failed) as failed:
        desk.recognition_requested.emit(snip)
    assert failed.args == [snip, f"The formula could not be recognised; the log says why: {log_path()}"]
    assert "0xdeadbeef" in caplog.text
    assert "Traceback" in caplog.text
    # and the next snip is read
    recogniser.error = None
    with qtbot.waitSignal(desk.recognised):
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))


def test_sentence_of_the_model_is_passed_on(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    # The model says best what is wrong with an image.
    recogniser.error = ValueError("The picture is blank.")
    desk = desks(lambda _device: recogniser)
    with qtbot.waitSignal(desk.recognition_failed) as failed:
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
    assert failed.args[1] == "The picture is blank."


def test_missing_weights_are_a_sentence_that_says_what_is_missing(
    qtbot: QtBot, desks: DeskMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A broken installation must not look like an image without a formula.
    monkeypatch.setattr(recogniser_worker, "weights_path", lambda: tmp_path / "weights.safetensors")
    desk = desks(load_chosen_recogniser)
    with qtbot.waitSignal(desk.load_failed) as load_failed:
        desk.load_requested.emit()
    with qtbot.waitSignal(desk.recognition_failed) as recognition_failed, qtbot.assertNotEmitted(desk.load_failed):
        desk.recognition_requested.emit(Snip(numbered_image(9, 9)))
    for sentence in (load_failed.args[0], recognition_failed.args[1]):
        assert sentence.startswith("The recogniser can't start: weights.safetensors is missing")


def test_recogniser_that_could_not_be_loaded_is_tried_again(
    qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser
) -> None:
    attempts: list[int] = []

    def load(_options: RecogniserOptions) -> FormulaReader:
        attempts.append(1)
        if len(attempts) == 1:
            raise OSError("disk asleep")
        return recogniser

    desk = desks(load)
    with qtbot.waitSignal(desk.load_failed):
        desk.load_requested.emit()
    with qtbot.waitSignal(desk.recognised):
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))


def test_question_is_answered_though_there_is_no_recogniser(qtbot: QtBot, desks: DeskMaker) -> None:
    # The window that asked would wait for ever.
    def load(_options: RecogniserOptions) -> FormulaReader:
        raise OSError("disk asleep")

    desk = desks(load)
    snip = Snip(numbered_image(30, 20))
    with qtbot.waitSignal(desk.question_failed) as failed:
        desk.analysis_requested.emit(snip)
    assert failed.args[0].startswith("The recogniser could not be loaded")


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
@pytest.mark.parametrize(
    "image_format", [QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32, QImage.Format.Format_Grayscale8]
)
def test_array_has_the_pixels_of_the_image(width: int, image_format: QImage.Format) -> None:
    # Qt pads each line to four bytes: without care every image of an odd width is sheared.
    image = numbered_image(width, 4).convertToFormat(image_format)
    array = to_rgb_array(image)
    assert array.shape == (4, width, 3)
    for y in range(4):
        for x in range(width):
            colour = image.pixelColor(x, y)
            assert tuple(array[y, x]) == (colour.red(), colour.green(), colour.blue())


def test_thread_has_room_for_torch(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    # macOS gives a thread 512 KB.
    assert desks(lambda _device: recogniser).thread_of_worker.stackSize() == 16 * 1024 * 1024


def test_recogniser_leaves_the_memory_and_comes_back(
    qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser
) -> None:
    # What nobody uses for long is no reason to hold hundreds of megabytes.
    kept: list[weakref.ref[FakeRecogniser]] = []

    def load(_options: RecogniserOptions) -> FormulaReader:
        fake = FakeRecogniser()
        kept.append(weakref.ref(fake))
        return fake

    desk = desks(load)
    with qtbot.waitSignal(desk.ready):
        desk.load_requested.emit()
    with qtbot.waitSignal(desk.released):
        QMetaObject.invokeMethod(desk.worker, "release", Qt.ConnectionType.QueuedConnection)
    assert kept[0]() is None
    with qtbot.waitSignals([desk.ready, desk.recognised], order="strict"):
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
    assert len(kept) == 2


def test_idle_time_begins_anew_with_each_snip(qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser) -> None:
    desk = desks(lambda _device: recogniser)
    desk.configured.emit(RecogniserOptions(idle_minutes=7))
    with qtbot.waitSignal(desk.ready):
        desk.load_requested.emit()
    with qtbot.waitSignal(desk.recognised):
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
    assert desk.worker._idle.isActive()
    assert desk.worker._idle.interval() == 7 * 60_000
    desk.configured.emit(RecogniserOptions(idle_minutes=0))
    qtbot.waitUntil(lambda: not desk.worker._idle.isActive())


def test_memory_of_a_large_image_is_given_back_soon_after_its_reading(
    qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A whole screen takes hundreds of megabytes, which the C library keeps until it is told.
    given_back: list[bool] = []
    assert recogniser_worker._TRIM_MS < 30_000
    monkeypatch.setattr(recogniser_worker, "_TRIM_MS", 1)
    monkeypatch.setattr(recogniser_worker, "give_memory_back", lambda: given_back.append(True))
    desk = desks(lambda _device: recogniser)
    with qtbot.waitSignal(desk.recognised):
        desk.recognition_requested.emit(Snip(numbered_image(30, 20)))
    qtbot.waitUntil(lambda: bool(given_back))


def test_other_device_or_weights_load_the_recogniser_anew(
    qtbot: QtBot, desks: DeskMaker, recogniser: FakeRecogniser
) -> None:
    asked: list[RecogniserOptions] = []

    def load(options: RecogniserOptions) -> FormulaReader:
        asked.append(options)
        return recogniser

    desk = desks(load)
    with qtbot.waitSignal(desk.ready):
        desk.load_requested.emit()
    with qtbot.waitSignal(desk.ready):
        desk.configured.emit(RecogniserOptions(device=Device.CPU))
    with qtbot.waitSignal(desk.ready):
        desk.configured.emit(RecogniserOptions(device=Device.CPU, weights="own.safetensors"))
    assert [(one.device, one.weights) for one in asked] == [
        (Device.AUTO, ""),
        (Device.CPU, ""),
        (Device.CPU, "own.safetensors"),
    ]


def test_own_weights_that_are_gone_are_named(qtbot: QtBot, desks: DeskMaker, tmp_path: Path) -> None:
    # A folder that was moved must not look like a broken program, nor be read with other weights in silence.
    desk = desks(load_chosen_recogniser)
    own = tmp_path / "weights.safetensors"
    (tmp_path / "vocabulary.json").write_bytes(vocabulary_path().read_bytes())
    desk.configured.emit(RecogniserOptions(weights=str(own)))
    with qtbot.waitSignal(desk.load_failed) as failed:
        desk.load_requested.emit()
    assert failed.args == [f"There are no weights at {own}."]


@pytest.fixture
def real_desk(qtbot: QtBot, desks: DeskMaker) -> Desk:
    """The bundled recogniser, loaded."""
    desk = desks(load_chosen_recogniser)
    with qtbot.waitSignals([desk.ready, desk.device_found], timeout=120_000):
        desk.load_requested.emit()
    return desk


def switch_service(qtbot: QtBot, desk: Desk, port: int | None) -> ServiceState:
    """Ask for a service, or for none, and wait for what came of it."""
    wish = None if port is None else ServiceConfig(port, "the-token")
    with qtbot.waitSignal(desk.service_changed, timeout=120_000) as changed:
        desk.configured.emit(RecogniserOptions(service=wish))
    state = changed.args[0]
    assert isinstance(state, ServiceState)
    return state


def test_service_is_switched_on_and_off(qtbot: QtBot, real_desk: Desk) -> None:
    state = switch_service(qtbot, real_desk, 0)
    assert state.problem == ""
    assert state.entrance.endswith("token=the-token")
    assert httpx.get(f"{state.address}health", trust_env=False, timeout=60).json()["status"] == "ok"
    # Editors would wait for the recogniser to load; while the service is on, it stays.
    with qtbot.assertNotEmitted(real_desk.released, wait=100):
        QMetaObject.invokeMethod(real_desk.worker, "release", Qt.ConnectionType.QueuedConnection)
    assert switch_service(qtbot, real_desk, None) == ServiceState()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{state.address}health", trust_env=False, timeout=60)


def test_taken_port_is_said_in_one_sentence(qtbot: QtBot, real_desk: Desk) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        state = switch_service(qtbot, real_desk, port)
    assert state.problem == f"Another program uses port {port}; choose another one."
    assert state.address == ""


def test_missing_packages_are_said_in_one_sentence(
    qtbot: QtBot, real_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The service is an extra, which not everyone has installed.
    monkeypatch.setitem(sys.modules, "model.serving.service", None)
    state = switch_service(qtbot, real_desk, 0)
    assert state.problem.startswith("The service needs more packages")


def test_snips_and_the_service_share_one_recogniser(qtbot: QtBot, real_desk: Desk) -> None:
    # Neither an editor's request nor a snip may get the other's formula.
    state = switch_service(qtbot, real_desk, 0)
    image = QImage(str(FORMULA))
    png = FORMULA.read_bytes()
    snips: list[str] = []
    real_desk.recognised.connect(lambda snip: snips.append(snip.latex))

    def ask() -> list[str]:
        answers = [
            httpx.post(
                f"{state.address}recognise",
                headers={"X-API-Key": state.token},
                files={"image": png},
                trust_env=False,
                timeout=120,
            )
            for _ in range(6)
        ]
        return [answer.raise_for_status().json()["formulas"][0]["latex"] for answer in answers]

    with ThreadPoolExecutor(2) as clients:
        asked = [clients.submit(ask) for _ in range(2)]
        for _ in range(6):
            real_desk.recognition_requested.emit(Snip(image))
        qtbot.waitUntil(lambda: len(snips) == 6 and all(one.done() for one in asked), timeout=120_000)
    assert {*snips, *asked[0].result(), *asked[1].result()} == {snips[0]}
