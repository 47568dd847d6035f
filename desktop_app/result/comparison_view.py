"""Captured image and preview beside one another at one text height, so that the eye finds what differs.

Where the window is narrow, or the formula so long that it would be small, they stand one above the other.
"""

import math

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop_app.rendering.formula_preview import TEXT_HEIGHT, FormulaPreview
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.captured_image import CapturedImage
from desktop_app.snips.snip import Snip
from desktop_app.widgets.layouts import column_of, text_label

_GAP = 12
_LEAST_WIDTH = 560  # beside one another
_WORTH_STACKING = 1.2  # so many times larger has the text to be
_SMALLEST, _LARGEST = 0.2, 5.0  # A text height beyond is a wrong estimate.
_CARD_MARGINS = 34
_TITLE = 24  # its height above a card
_LEAST_STACKED = 2 * (84 + _TITLE) + _GAP  # as high as two of the lowest cards
_SAME_LAYOUT = 1.3  # Images whose widths and heights have nearly the same ratio show the same formula.


class ComparisonView(QWidget):
    """Both images, each with its title.

    Signals:
        turned: They stand otherwise than before.
    """

    turned = Signal()

    def __init__(self, renderer: PreviewRenderer) -> None:
        super().__init__()
        self.captured = CapturedImage(self.tr("Captured picture"))
        self.preview = FormulaPreview(renderer)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_GAP)
        for title, card in ((self.tr("Captured"), self.captured), (self.tr("Preview"), self.preview)):
            self._layout.addLayout(column_of(text_label(title, "section"), (card, 1), spacing=6), 1)
            card.fit_changed.connect(self._share_size)
        self._snip: Snip | None = None
        self._is_matched = False
        self.preview.formula_drawn.connect(self._match_sizes)

    @property
    def is_stacked(self) -> bool:
        """Whether one stands above the other."""
        return self._layout.direction() == QBoxLayout.Direction.TopToBottom

    def show_captured(self, snip: Snip) -> None:
        """Show the image of a snip, its text as high as that of the preview once its height is known."""
        image = snip.image.copy()
        image.setDevicePixelRatio(snip.device_pixel_ratio)
        self._snip, self._is_matched = snip, False
        factor = 1.0
        if not math.isnan(snip.text_height):
            factor = TEXT_HEIGHT * snip.device_pixel_ratio / snip.text_height
        self.captured.magnify(min(max(factor, _SMALLEST), _LARGEST))
        self.captured.show_image(image)
        self._turn()

    def _match_sizes(self, latex: str) -> None:
        """Where the preview looks as the image does, its own size tells more than the estimate of the text's height.

        Only the preview of what was read counts: while a user types, the image stays as it is.
        """
        snip, drawn = self._snip, self.preview.ink_size
        if self._is_matched or snip is None or latex != snip.latex or not all(snip.ink_size) or drawn.isEmpty():
            return
        self._is_matched = True
        across = drawn.width() / snip.ink_size[0] * snip.device_pixel_ratio
        down = drawn.height() / snip.ink_size[1] * snip.device_pixel_ratio
        if max(across, down) <= _SAME_LAYOUT * min(across, down):
            self.captured.magnify(min(max(math.sqrt(across * down), _SMALLEST), _LARGEST))
            self._turn()

    def _share_size(self) -> None:
        """What has more room is made as small as the other."""
        share = min(self.captured.fitting(), self.preview.fitting())
        for card in (self.captured, self.preview):
            card.limit(share)

    def _turn(self) -> None:
        """The preview is about as large as the image, so that alone decides, and typing turns nothing."""
        size, wanted = self.size(), self.captured.wanted_size
        has_height = size.height() >= _LEAST_STACKED
        is_stacked = size.width() < _LEAST_WIDTH and has_height
        if has_height and not is_stacked and not wanted.isEmpty():

            def share(width: float, height: float) -> float:
                room = width - _CARD_MARGINS, height - _CARD_MARGINS
                return min(1.0, room[0] / wanted.width(), room[1] / wanted.height())

            beside = share((size.width() - _GAP) / 2, size.height())
            is_stacked = share(size.width(), (size.height() - _GAP) / 2) > _WORTH_STACKING * beside
        if is_stacked == self.is_stacked:
            return
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.TopToBottom if is_stacked else direction.LeftToRight)
        self.turned.emit()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn where the room asks for it."""
        super().resizeEvent(event)
        self._turn()

    def minimumSizeHint(self) -> QSize:
        """Room for one beside the other, however they stand now, or the window would jump."""
        return QSize(200, self.captured.minimumHeight() + _TITLE)
