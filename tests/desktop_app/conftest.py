"""What the tests of the windows share: settings of their own, and a recogniser that is quick and predictable.

The real recogniser has its own tests, and the end-to-end tests run it in the real program.
"""

import math
import re
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QThread, Signal
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.application import Application
from desktop_app.capture.screen_capture import ScreenCapture
from desktop_app.languages.translation import install_translation
from desktop_app.recognition.recogniser_worker import (
    LoadRecogniser,
    RecogniserWorker,
    start_worker_thread,
)
from desktop_app.recognition.recognition_result import FormulaReader
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.settings.recogniser_options import DeviceReport, RecogniserOptions, ServiceState
from desktop_app.settings.settings import Language, Settings
from desktop_app.snips.snip import Snip
from desktop_app.system.cycle_collector import CycleCollector
from desktop_app.system.single_instance import SingleInstance
from model.decoding.cancellation import stop_if_cancelled
from model.image_transform import Placement
from model.recognition.calibration import ConfidenceLevel
from model.recognition.result import Recognition
from model.recognition.token_analysis import TokenAnalysis


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QtBot:
    """The plugin's, with more patience where a test says nothing: only on a computer that is held up does it matter.

    Its mouse moves over the widget whatever else lies there, such as a window that an earlier test left.
    """
    for name in ("waitActive", "waitExposed", "waitSignal", "waitSignals", "waitUntil"):
        monkeypatch.setattr(qtbot, name, partial(getattr(qtbot, name), timeout=60_000))
    monkeypatch.setattr(qtbot, "mouseMove", move_mouse)
    return qtbot


def move_mouse(widget: QWidget, pos: QPoint) -> None:
    """Move the mouse to a place of a widget."""
    place, on_screen, none = QPointF(pos), QPointF(widget.mapToGlobal(pos)), Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, place, on_screen, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, moved)


def reading_of(latex: str, *, unsure: tuple[int, ...] = (), confidence: float = 0.5) -> Recognition:
    """A recognition whose tokens are the pieces of the LaTeX, braces too."""
    tokens = tuple(re.findall(r"\\[A-Za-z]+|\\.|\S", latex))
    return Recognition(
        latex,
        tokens,
        token_log_probabilities=(),
        confidence=0.9,
        seconds=0.01,
        confidence_level=ConfidenceLevel.CHECK,
        token_confidences=(confidence,) * len(tokens),
        unsure=unsure,
    )


class _OfWholeImage(TokenAnalysis):
    def extent(self) -> tuple[float, float, float, float]:
        return 0.0, 0.0, float(self.placement.right), float(self.placement.bottom)


def analysis_of(
    alternatives: tuple[tuple[tuple[str, float], ...], ...], attention: NDArray[np.float32], size: tuple[int, int]
) -> TokenAnalysis:
    """An analysis whose attention lies over an image of that width and height."""
    return _OfWholeImage(alternatives, attention, Placement(0, 0, *size, scale=1.0))


@dataclass
class FakeRecogniser:
    """Answers every image with the same formula, or with an error, once it may."""

    latex: str = r"\frac{1}{2}"
    error: Exception | None = None
    confidence: float = 0.9
    may_answer: threading.Event = field(default_factory=threading.Event)
    images: list[NDArray[np.uint8]] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    unsure: tuple[int, ...] = ()
    beginnings: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def recognise(self, image: NDArray[np.uint8], /, *, cancellation: threading.Event | None = None) -> Recognition:
        """Note the image, wait for permission or for the end of the wish, answer."""
        self.images.append(image)
        self.threads.append(threading.current_thread())
        end = time.monotonic() + 10
        while not self.may_answer.wait(timeout=0.01) and time.monotonic() < end:
            stop_if_cancelled(cancellation)
        if self.error is not None:
            raise self.error
        return replace(reading_of(self.latex, unsure=self.unsure), confidence=self.confidence)

    def analyse_tokens(self, image: NDArray[np.uint8], tokens: Sequence[str], /) -> TokenAnalysis:
        """Offer y and z for every token."""
        self.threads.append(threading.current_thread())
        if self.error is not None:
            raise self.error
        attention = np.eye(len(tokens), dtype=np.float32)[:, None, :]
        return analysis_of(((("y", 0.3), ("z", 0.005)),) * len(tokens), attention, (image.shape[1], image.shape[0]))

    def decode_with_prefix(self, image: NDArray[np.uint8], tokens: Sequence[str], /) -> Recognition:
        """Write a plus and a one after the tokens."""
        self.images.append(image)
        self.beginnings.append(list(tokens))
        self.threads.append(threading.current_thread())
        if self.error is not None:
            raise self.error
        return reading_of("".join(tokens) + "+1")


class Desk(QObject):
    """What stands for the windows: asks the worker through signals, as they do."""

    load_requested = Signal()
    recognition_requested = Signal(Snip)
    analysis_requested = Signal(Snip)
    configured = Signal(RecogniserOptions)
    # The worker's own, told again on the thread of the windows.
    ready = Signal()
    recognised = Signal(Snip)
    load_failed = Signal(str)
    recognition_failed = Signal(Snip, str)
    question_failed = Signal(str)
    released = Signal()
    device_found = Signal(DeviceReport)
    service_changed = Signal(ServiceState)

    def __init__(self, load: LoadRecogniser) -> None:
        super().__init__()
        self.worker = RecogniserWorker(load)
        self.thread_of_worker: QThread = start_worker_thread(self.worker)
        self.load_requested.connect(self.worker.load)
        self.recognition_requested.connect(self.worker.recognise)
        self.analysis_requested.connect(self.worker.analyse)
        self.configured.connect(self.worker.configure)
        self.thread_of_worker.finished.connect(self.worker.close)
        self.worker.ready.connect(self.ready)
        self.worker.recognised.connect(self.recognised)
        self.worker.load_failed.connect(self.load_failed)
        self.worker.recognition_failed.connect(self.recognition_failed)
        self.worker.question_failed.connect(self.question_failed)
        self.worker.released.connect(self.released)
        self.worker.device_found.connect(self.device_found)
        self.worker.service_changed.connect(self.service_changed)

    def close(self) -> None:
        """End the thread."""
        self.thread_of_worker.quit()
        assert self.thread_of_worker.wait(10_000)


def numbered_image(width: int, height: int) -> QImage:
    """An image in which no two pixels are the same."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for y in range(height):
        for x in range(width):
            image.setPixel(x, y, 0xFF000000 | (y * width + x))
    return image


def pixel_numbers(image: QImage) -> NDArray[np.int64]:
    """The numbers in such an image, or in a part of it."""
    return np.array(
        [[image.pixel(x, y) & 0xFFFFFF for x in range(image.width())] for y in range(image.height())], dtype=np.int64
    )


@pytest.fixture(scope="session", autouse=True)
def english(qapp: QApplication) -> None:
    """The windows of the tests speak English whatever the computer speaks, with its plurals."""
    install_translation(qapp, Language.ENGLISH)


@pytest.fixture(scope="session", autouse=True)
def clipboard_is_empty_at_the_end(qapp: QApplication) -> Iterator[None]:
    """The offscreen clipboard destroys what it holds after Python has ended, and crashes with an object of Python's."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(scope="module", autouse=True)
def cycles_are_collected_here(qapp: QApplication) -> Iterator[None]:
    """No thread that a test starts destroys the windows that another test has dropped."""
    collector = CycleCollector()
    yield
    collector.collect_all()
    collector.close()


@pytest.fixture
def recogniser() -> FakeRecogniser:
    return FakeRecogniser()


@pytest.fixture
def settings_path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "settings.ini"


@pytest.fixture
def settings(qtbot: QtBot, settings_path: Path) -> Settings:
    settings = Settings(settings_path)
    settings.has_been_welcomed = True
    return settings


@pytest.fixture
def previews(qtbot: QtBot) -> Iterator[PreviewRenderer]:
    renderer = PreviewRenderer()
    yield renderer
    renderer.close()


@pytest.fixture(params=[1.0, 1.5, 2.0])
def screen_capture(qtbot: QtBot, request: pytest.FixtureRequest) -> ScreenCapture:
    """The screen, frozen, as one of that scale would be: its image has so many pixels for each unit."""
    screen = QGuiApplication.primaryScreen()
    size = screen.geometry().size()
    width, height = math.ceil(size.width() * request.param), math.ceil(size.height() * request.param)
    row = np.arange(width, dtype=np.uint32) + np.uint32(0xFF000000)
    pixels = row + np.arange(height, dtype=np.uint32)[:, None] * np.uint32(width)
    image = QImage(pixels.astype("<u4").tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()
    return ScreenCapture(screen.name(), screen.geometry(), 1.0, image)


class Loader:
    """Gives the recogniser when it may, or fails."""

    def __init__(self, recogniser: FakeRecogniser) -> None:
        self.recogniser = recogniser
        self.error: Exception | None = None
        self.may_load = threading.Event()
        self.may_load.set()

    def __call__(self, _options: RecogniserOptions) -> FormulaReader:
        self.may_load.wait(10)
        if self.error is not None:
            raise self.error
        return self.recogniser


@pytest.fixture
def loader(recogniser: FakeRecogniser) -> Loader:
    return Loader(recogniser)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """An open window of the program."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def application(qapp: QApplication, settings: Settings, loader: Loader) -> Iterator[Application]:
    instance = SingleInstance(f"snaptex-test-{uuid.uuid4().hex}")
    application = Application(qapp, settings, instance=instance, load_recogniser=loader)
    application.history.clear()
    yield application
    loader.may_load.set()
    loader.recogniser.may_answer.set()
    application.close()
    application.deleteLater()
