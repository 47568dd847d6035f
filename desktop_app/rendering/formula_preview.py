"""The preview of the LaTeX being edited: never the image of another text."""

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QSizeF, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop_app.rendering.preview_renderer import Preview, PreviewRenderer, PreviewRequest
from desktop_app.widgets.appearance import current_colours
from desktop_app.widgets.image_card import ImageCard

_FONT_SIZE = 24.0
TEXT_HEIGHT = 0.645 * _FONT_SIZE
"""Height of a digit in device-independent pixels; of the font's size in Computer Modern and STIX Two alike."""

# An image drawn sooner replaces the one before without a flicker; after this the old one is taken away.
_PATIENCE_MS = 250
_INKED = 90  # of 255: what is less is the soft edge of a stroke


class FormulaPreview(ImageCard):
    """Shows the formula of the text it was given last; while that is drawn the image before is faded, then gone.

    Signals:
        formula_drawn(str): The image shown is of this text.
    """

    formula_drawn = Signal(str)

    def __init__(self, renderer: PreviewRenderer, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("FormulaPreview", "Preview of the formula"), parent)
        self._renderer = renderer
        self._renderer.drawn.connect(self._show_preview)
        self._wanted: PreviewRequest | None = None
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(lambda: self.show_sentence(self.tr("Drawing…")))

    def show_formula(self, latex: str) -> None:
        """Draw a text; an empty one shows nothing."""
        self._patience.stop()
        if not latex.strip():
            self._wanted = None
            self.show_sentence("")
            return
        self._wanted = PreviewRequest(latex, _FONT_SIZE, current_colours().text, self.devicePixelRatioF())
        self.fade()
        self._patience.start()
        self._renderer.request(self._wanted)

    @property
    def ink_size(self) -> QSizeF:
        """Width and height of what is drawn, without the room around it, in device-independent pixels."""
        if self.image is None:
            return QSizeF()
        image = self.image.convertToFormat(QImage.Format.Format_Alpha8)
        rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
        inked = rows[:, : image.width()] > _INKED
        across, down = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
        if not across.size:
            return QSizeF()
        return QSizeF(float(np.ptp(across)) + 1, float(np.ptp(down)) + 1) / self.image.devicePixelRatio()

    def clear(self, sentence: str = "") -> None:
        """Show no formula, whatever is still being drawn."""
        self._wanted = None
        self._patience.stop()
        self.show_sentence(sentence)

    def _show_preview(self, preview: Preview) -> None:
        if preview.request != self._wanted:
            return
        self._patience.stop()
        if preview.image is None:
            self.show_sentence(preview.refusal)
        else:
            self.show_image(preview.image)
            self.formula_drawn.emit(preview.request.latex)

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """New colours, or a screen of another scale, need a new image."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange) and self._wanted:
            self.show_formula(self._wanted.latex)
