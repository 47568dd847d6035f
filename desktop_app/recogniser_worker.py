"""The recogniser on its own thread: the only module that reaches the model, and the owner of the one catch-all.

Importing torch takes seconds and stalls the windows for about 0.2 s, so it happens in load(), on the worker's thread,
after the first paint. Connect the worker's bound slots, never a lambda: that would run on the thread of the windows.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.bundled_resources import vocabulary_path, weights_path
from desktop_app.log_file import log_path
from desktop_app.snip import Snip

logger = logging.getLogger(__name__)

_STACK_BYTES = 16 * 1024 * 1024  # macOS gives a thread 512 KB, which torch overruns


class RecogniserUnavailableError(Exception):
    """There is no recogniser; the text says why in one sentence."""


class FormulaReading(Protocol):
    """What the windows use of a recognition."""

    @property
    def latex(self) -> str:
        """The formula; empty when the picture has none."""
        ...

    @property
    def confidence(self) -> float:
        """How sure the recogniser is, from 0 to 1."""
        ...

    @property
    def seconds(self) -> float:
        """How long it took."""
        ...


class FormulaReader(Protocol):
    """What the worker uses of a recogniser."""

    def recognise(self, image: NDArray[np.uint8], /) -> FormulaReading:  # (height, width, 3), RGB
        """Read the formula in a picture."""
        ...


def load_bundled_recogniser() -> FormulaReader:
    """The recogniser whose weights come with the program."""
    for path in (weights_path(), vocabulary_path()):
        if not path.is_file():
            raise RecogniserUnavailableError(
                f"The recogniser can't start: {path.name} is missing from {path.parent}; install Snaptex again."
            )
    from model.inference.recogniser import Recogniser

    return Recogniser.load(weights_path(), vocabulary_path(), device="auto")


class RecogniserWorker(QObject):
    """Loads the recogniser and reads one snip after another.

    Signals:
        ready: The recogniser is loaded.
        recognised(Snip): The snip with its formula.
        failed(str): One plain sentence; the log has the traceback.
    """

    ready = Signal()
    recognised = Signal(Snip)
    failed = Signal(str)

    def __init__(self, load_recogniser: Callable[[], FormulaReader] = load_bundled_recogniser) -> None:
        super().__init__()
        self._load_recogniser = load_recogniser
        self._recogniser: FormulaReader | None = None

    @Slot()
    def load(self) -> None:
        """Load the recogniser, which then waits for snips."""
        if self._recogniser is not None:
            return
        try:
            self._recogniser = self._load_recogniser()
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the windows go on and say so
            self._fail(error, "The recogniser could not be loaded")
            return
        self.ready.emit()

    @Slot(Snip)
    def recognise(self, snip: Snip) -> None:
        """Read one snip; a snip made before load() waits in the thread's queue until it is done."""
        if self._recogniser is None:
            self.load()  # it failed before; the cause, a file put back say, may be gone
        if self._recogniser is None:
            return
        try:
            reading = self._recogniser.recognise(to_rgb_array(snip.image))
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error, "The formula could not be recognised")
            return
        logger.info("Recognised in %.0f ms.", 1000 * reading.seconds)
        self.recognised.emit(replace(snip, latex=reading.latex, confidence=reading.confidence, seconds=reading.seconds))

    def _fail(self, error: Exception, what: str) -> None:
        logger.error("%s.", what, exc_info=error)
        # An error of the model's own, about the picture say, is already a sentence for people.
        is_sentence = isinstance(error, (ValueError, RecogniserUnavailableError)) and str(error).strip()
        self.failed.emit(
            str(error).strip().splitlines()[0] if is_sentence else f"{what}; the log says why: {log_path()}"
        )


def to_rgb_array(image: QImage) -> NDArray[np.uint8]:
    """The pixels of an image, red first."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), dtype=np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    rows = rows[:, : 3 * rgb.width()]  # Qt pads each line
    return rows.reshape(rgb.height(), rgb.width(), 3).copy()  # (height, width, 3)


def start_worker_thread(worker: QObject) -> QThread:
    """A running thread that owns the worker; end it with quit() and wait(), never terminate()."""
    thread = QThread()
    thread.setObjectName(type(worker).__name__)
    thread.setStackSize(_STACK_BYTES)
    worker.moveToThread(thread)
    thread.start()
    return thread
