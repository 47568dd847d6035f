"""The recogniser on its own thread: whatever goes wrong in the model ends here, as one sentence and a log entry.

Loading the network stalls the windows for some hundredths of a second, so it happens in load(), on the worker's
thread, after the first paint. Connect the worker's bound slots, never a lambda: that would run on the thread of the
windows.
"""

import contextlib
import ctypes
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.languages.model_sentences import translated
from desktop_app.recognition.recognition_result import (
    FormulaReader,
    analyse_snip,
    continue_snip,
    read_image,
    with_recognition,
)
from desktop_app.recognition.shared_service import SharedService
from desktop_app.settings.recogniser_options import Device, DeviceReport, RecogniserOptions, ServiceConfig, ServiceState
from desktop_app.snips.snip import Snip
from desktop_app.snips.token_analysis import TokenAnalysis, TokenChoice
from desktop_app.system.bundled_resources import vocabulary_path, weights_path
from desktop_app.system.log_file import log_path

if TYPE_CHECKING:
    from model.recognition.recogniser import Recogniser

logger = logging.getLogger(__name__)

_TRIM_MS = 5000
_STACK_BYTES = 16 * 1024 * 1024  # macOS gives a thread 512 KB, which torch overruns


class RecogniserUnavailableError(Exception):
    """There is no recogniser; the text says why in one sentence."""


_Answer = TypeVar("_Answer")
LoadRecogniser = Callable[[RecogniserOptions], FormulaReader]


def load_chosen_recogniser(options: RecogniserOptions | None = None) -> FormulaReader:
    """The recogniser of the user's own, or that which comes with the program; on the processor without another device.

    The vocabulary of one's own weights lies beside them, as training writes it.
    """
    options = options or RecogniserOptions()
    device = "cpu" if options.device is Device.CPU else "auto"
    if options.weights:
        from model.recognition.recogniser import Recogniser

        own = Path(options.weights)
        return Recogniser.load(own, own.with_name(vocabulary_path().name), device=device)
    for path in (weights_path(), vocabulary_path()):
        if not path.is_file():
            raise RecogniserUnavailableError(
                QCoreApplication.translate(
                    "RecogniserWorker",
                    "The recogniser can't start: {file} is missing from {folder}; install Snaptex again.",
                ).format(file=path.name, folder=path.parent)
            )
    from model.recognition.recogniser import Recogniser

    return Recogniser.load(weights_path(), vocabulary_path(), device=device)


class RecogniserWorker(QObject):
    """Loads the recogniser and reads one snip after another; gives its memory back when nobody has snipped for long.

    Signals:
        ready: The recogniser is loaded.
        recognised(Snip): The snip with its formula.
        cancelled: A snip was not read, or not to its end, for nobody wants its formula any more.
        load_failed(str): There is no recogniser; one plain sentence, the log has the traceback.
        recognition_failed(Snip, str): Why this snip has no formula, in one plain sentence.
        analysed(TokenAnalysis): What else the tokens of a snip could be, and where they were read.
        continued(TokenChoice, Snip): The snip as it reads after the choice.
        question_failed(str): Why one of the two has no answer, in one plain sentence.
        released: The recogniser is not in memory any more; the next snip loads it.
        device_found(DeviceReport): What the recogniser runs on, after it was loaded.
        service_changed(ServiceState): The service runs, or not.
    """

    ready = Signal()
    recognised = Signal(Snip)
    cancelled = Signal()
    load_failed = Signal(str)
    recognition_failed = Signal(Snip, str)
    analysed = Signal(TokenAnalysis)
    continued = Signal(TokenChoice, Snip)
    question_failed = Signal(str)
    released = Signal()
    device_found = Signal(DeviceReport)
    service_changed = Signal(ServiceState)

    def __init__(self, load_recogniser: LoadRecogniser = load_chosen_recogniser) -> None:
        super().__init__()
        self._load_recogniser = load_recogniser
        self._recogniser: FormulaReader | None = None
        self._is_released = False
        self._options = RecogniserOptions()
        self._service = SharedService(self.service_changed.emit)
        self._idle = QTimer(self, singleShot=True)  # a child, so that it goes to the thread too
        self._idle.timeout.connect(self.release)
        self._trimming = QTimer(self, singleShot=True, interval=_TRIM_MS)
        self._trimming.timeout.connect(give_memory_back)

    @Slot(RecogniserOptions)
    def configure(self, options: RecogniserOptions) -> None:
        """Follow the options; what has not changed goes on undisturbed."""
        before, self._options = self._options, options
        is_other = (options.device, options.weights) != (before.device, before.weights)
        if is_other and self._recogniser is not None:
            self._service.stop()
            self._recogniser = None
            self.load()
        elif options.service != before.service:
            self._service.stop()
            if options.service is None:
                self.service_changed.emit(ServiceState())
            elif self._recogniser is not None:
                self._share(options.service)
            elif self._is_released:
                self.load()
        self._wait_for_idleness()

    @Slot()
    def load(self) -> None:
        """Load the recogniser, which then waits for snips."""
        if problem := self._load():
            self.load_failed.emit(problem)

    @Slot()
    def release(self) -> None:
        """Give the memory back, unless the service needs the recogniser."""
        if self._recogniser is None or self._service.is_running:
            return
        self._recogniser = None
        self._is_released = True
        give_memory_back()
        logger.info("The recogniser was released.")
        self.released.emit()

    @Slot()
    def close(self) -> None:
        """End the service; runs on the thread just before it ends."""
        self._idle.stop()
        self._trimming.stop()
        self._service.stop()

    @Slot(Snip)
    def recognise(self, snip: Snip) -> None:
        """Read one snip; a snip made before load() waits in the thread's queue until it is done."""
        what = self.tr("The formula could not be recognised; the log says why: {path}")
        if snip.cancellation.is_set():
            self.cancelled.emit()
            return
        reading = self._ask(lambda recogniser: read_image(recogniser, to_rgb_array(snip.image), snip), what)
        self._trimming.start()  # a large image takes hundreds of megabytes while it is read
        if snip.cancellation.is_set():
            self.cancelled.emit()
            return
        if isinstance(reading, str):
            self.recognition_failed.emit(snip, reading)
            return
        logger.info("Recognised in %.0f ms.", 1000 * reading.seconds)
        if reading.is_empty:
            from model.recognition.nothing_to_read import NOTHING_TO_READ

            logger.info("Nothing to read in an image of %d x %d pixels.", snip.image.width(), snip.image.height())
            self.recognition_failed.emit(snip, translated(NOTHING_TO_READ))
            return
        self.recognised.emit(with_recognition(snip, reading))

    @Slot(Snip)
    def analyse(self, snip: Snip) -> None:
        """Look at a snip again, once its formula is shown: nobody waits for this."""
        what = self.tr("The symbols could not be looked at again; the log says why: {path}")
        analysis = self._ask(lambda recogniser: analyse_snip(recogniser, to_rgb_array(snip.image), snip), what)
        if isinstance(analysis, str):
            self.question_failed.emit(analysis)
        else:
            self.analysed.emit(analysis)

    @Slot(TokenChoice)
    def decode_with_prefix(self, choice: TokenChoice) -> None:
        """Read a snip on from another token that the user chose."""
        what = self.tr("The formula could not be read on; the log says why: {path}")
        image = choice.snip.image
        snip = self._ask(lambda recogniser: continue_snip(recogniser, to_rgb_array(image), choice), what)
        if isinstance(snip, str):
            self.question_failed.emit(snip)
        else:
            self.continued.emit(choice, snip)

    def _ask(self, question: Callable[[FormulaReader], _Answer], what: str) -> _Answer | str:
        """The recogniser's answer, or one sentence that says why there is none."""
        # Where it failed to load before, the cause may be gone: a file was put back, say.
        if problem := self._load():
            return problem
        from model.decoding.cancellation import RecognitionCancelledError

        try:
            answer = question(cast("FormulaReader", self._recogniser))
        except RecognitionCancelledError:
            logger.info("A reading was cancelled.")
            return ""
        except Exception as error:
            logger.exception("The recogniser has no answer.")
            return _sentence_of(error, what)
        self._wait_for_idleness()
        return answer

    def _load(self) -> str:
        """Load the recogniser where it is not loaded; returns why it can't be, in one sentence."""
        if self._recogniser is not None:
            return ""
        try:
            self._recogniser = self._load_recogniser(self._options)
        except Exception as error:
            logger.exception("There is no recogniser.")
            if self._options.service is not None:
                self.service_changed.emit(ServiceState(problem=self.tr("The recogniser is not running.")))
            return _sentence_of(error, self.tr("The recogniser could not be loaded; the log says why: {path}"))
        self._is_released = False
        self.ready.emit()
        self._report_device()
        if self._options.service is not None:
            self._share(self._options.service)
        self._wait_for_idleness()
        return ""

    def _share(self, config: ServiceConfig) -> None:
        # Only a real recogniser is shared; what reads for the windows in tests has no service.
        self._service.start(cast("Recogniser", self._recogniser), config)

    def _wait_for_idleness(self) -> None:
        if self._options.idle_minutes and self._recogniser is not None:
            self._idle.start(self._options.idle_minutes * 60_000)
        else:
            self._idle.stop()

    def _report_device(self) -> None:
        engine = getattr(self._recogniser, "engine", None)
        if engine is not None:
            from model.engines.selection import gpu_name

            self.device_found.emit(DeviceReport(gpu_name(), engine.device != "cpu", engine.name))


def _sentence_of(error: Exception, what: str) -> str:
    # An error of the model's own, about the image say, is already a sentence for people.
    is_sentence = isinstance(error, (ValueError, RecogniserUnavailableError)) and str(error).strip()
    return translated(str(error).strip().splitlines()[0]) if is_sentence else what.format(path=log_path())


def to_rgb_array(image: QImage) -> NDArray[np.uint8]:
    """The pixels of an image, red first."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), dtype=np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    rows = rows[:, : 3 * rgb.width()]  # Qt pads each line
    return rows.reshape(rgb.height(), rgb.width(), 3).copy()  # (height, width, 3)


def give_memory_back() -> None:
    """Return what was freed to the system; the C library of Linux keeps it otherwise."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL("libc.so.6").malloc_trim(0)


def start_worker_thread(worker: QObject) -> QThread:
    """A running thread that owns the worker; end it with quit() and wait(), never terminate()."""
    thread = QThread()
    thread.setObjectName(type(worker).__name__)
    thread.setStackSize(_STACK_BYTES)
    worker.moveToThread(thread)
    thread.start()
    return thread
