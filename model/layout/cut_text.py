"""Text that a rectangle cut off above and below the display that was wanted."""

from __future__ import annotations

from collections.abc import Sequence

from model.layout.layout import PixelBox


def stand_round(
    texts: Sequence[PixelBox], displays: Sequence[PixelBox], size: tuple[int, int], *, near: float, far: float
) -> bool:
    """Say whether texts that both sides of the image cut only stand above and below what was wanted.

    Nobody who wants a sentence drags a rectangle that ends within its words on both sides, yet holds a display with
    room round it. Several lines of text may be a paragraph that was cut tight to its ink, so they are wanted.

    Args:
        texts: Boxes of the texts.
        displays: Boxes of all other lines.
        size: Height and width of the image.
        near: Pixels to the edge of what it may cut.
        far: Pixels to the sides of what they surely do not.
    """
    if not displays:
        return False
    height, width = size
    beside = min(min(box.left, width - box.right) for box in displays)
    room = min(min(box.top, height - box.bottom) for box in displays)
    if beside < far or room <= near:
        return False
    above = sum(text.bottom <= min(box.top for box in displays) for text in texts)
    below = sum(text.top >= max(box.bottom for box in displays) for text in texts)
    return above <= 1 and below <= 1 and above + below == len(texts)
