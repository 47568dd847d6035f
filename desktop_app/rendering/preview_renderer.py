"""Draws previews on a thread of its own, so that typing never waits for one.

At most one formula is being drawn and at most one waits: while a user types, what lies between is never drawn.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtGui import QColor, QImage

from desktop_app.languages.model_sentences import translated
from desktop_app.rendering.formula_renderer import drawing_pool, render_formula
from model.formats import FormatError


@dataclass(frozen=True)
class PreviewRequest:
    """A formula to draw; equal requests have equal images."""

    latex: str
    size: float  # of the font, in device-independent pixels
    colour: str
    device_pixel_ratio: float


@dataclass(frozen=True)
class Preview:
    """The answer to a request: an image, or the sentence that says why there is none."""

    request: PreviewRequest
    image: QImage | None
    refusal: str = ""


class _Drawer(QObject):
    """The half that lives on the thread.

    Signals:
        drawn(Preview): The answer to draw().
    """

    drawn = Signal(Preview)

    @Slot(PreviewRequest)
    def draw(self, request: PreviewRequest) -> None:
        """Draw one formula."""
        preview = Preview(request, None, translated("This formula has no preview; its LaTeX may be incomplete."))
        colour = QColor(request.colour)
        ratio = request.device_pixel_ratio
        try:
            preview = Preview(request, render_formula(request.latex, request.size, colour, device_pixel_ratio=ratio))
        except FormatError as error:
            preview = Preview(request, None, translated(str(error)))
        finally:
            self.drawn.emit(preview)  # after an unforeseen error too, or the window would wait for ever


class PreviewRenderer(QObject):
    """The half that the windows talk to.

    Signals:
        drawn(Preview): The answer to the newest request, or to one that a newer has replaced meanwhile.
    """

    drawn = Signal(Preview)
    _requested = Signal(PreviewRequest)

    def __init__(self) -> None:
        super().__init__()
        self._thread = QThread(self)
        self._thread.setObjectName("PreviewRenderer")
        self._drawer = _Drawer()
        self._drawer.moveToThread(self._thread)
        self._requested.connect(self._drawer.draw)
        self._drawer.drawn.connect(self._answer)
        self._thread.start()
        self._is_drawing = False
        self._waiting: PreviewRequest | None = None
        self._warm = False

    def request(self, request: PreviewRequest) -> None:
        """Ask for an image; a request that still waits is replaced."""
        if self._is_drawing:
            self._waiting = request
            return
        self._is_drawing = self._warm = True
        self._requested.emit(request)

    def warm_up(self) -> None:
        """Load what draws formulas, so that the first preview comes at once."""
        if self._warm:
            return
        self.request(PreviewRequest("x", 12.0, "#000000", 1.0))

    def close(self) -> None:
        """End the thread, and at once what it still waits for."""
        self._waiting = None
        self._thread.quit()
        drawing_pool().give_up()
        self._thread.wait()

    @Slot(Preview)
    def _answer(self, preview: Preview) -> None:
        self._is_drawing = False
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.request(waiting)
        self.drawn.emit(preview)
