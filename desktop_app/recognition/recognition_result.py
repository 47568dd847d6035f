"""What the recogniser answers, as the plain values that the windows show; the model is loaded when it has read."""

from collections.abc import Sequence
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF

from desktop_app.snips.snip import LeftOutPart, ReadRow, ReadToken, Snip
from desktop_app.snips.token_analysis import Alternative, RowAttention, TokenAnalysis, TokenChoice

if TYPE_CHECKING:
    from model.layout.layout import LeftOut, PixelBox
    from model.recognition import token_analysis as model_analysis
    from model.recognition.recogniser import Recogniser
    from model.recognition.result import Recognition


class FormulaReader(Protocol):
    """What the worker uses of a recogniser; where rows were told apart it is `Recogniser` itself."""

    def recognise(self, image: NDArray[np.uint8], /, *, cancellation: Event | None = None) -> "Recognition":
        """Read the formula in an image, (height, width, 3), RGB.

        Raises:
            RecognitionCancelledError: The event was set before the end.
        """
        ...

    def analyse_tokens(self, image: NDArray[np.uint8], tokens: Sequence[str], /) -> "model_analysis.TokenAnalysis":
        """Say what else the tokens of a formula that was read could be, and where in the image they were read."""
        ...

    def decode_with_prefix(self, image: NDArray[np.uint8], tokens: Sequence[str], /) -> "Recognition":
        """Read an image whose formula begins with these tokens."""
        ...


def read_image(reader: FormulaReader, image: NDArray[np.uint8], snip: Snip) -> "Recognition":
    """Read the image of a snip, with what the user has taken in."""
    if not snip.taken_in:
        return reader.recognise(image, cancellation=snip.cancellation)
    rows = cast("Recogniser", reader)
    lines = rows.prepare(image, taken_in=_taken_in(snip))
    return rows.recognise_prepared([lines], cancellation=snip.cancellation)[0]


def with_recognition(snip: Snip, reading: "Recognition") -> Snip:
    """A snip with what was read in it."""
    rows = tuple(
        ReadRow(
            _rect(line.box),
            line.latex,
            line.confidence,
            line.confidence_level,
            is_number=line.kind.value == "number",
            number=line.number or "",
        )
        for line in reading.lines
    )
    left_out = tuple(LeftOutPart(one.kind.value, _rect(one.box)) for one in reading.left_out)
    fresh = replace(snip, rows=rows, left_out=left_out, struck_out=frozenset(), reading=reading)
    return _with_formula(fresh, reading)


def with_rows_struck_out(snip: Snip, struck_out: frozenset[int]) -> Snip:
    """A snip that was read, with the formula of the rows that are left."""
    from model.recognition.joined_lines import without_lines

    shown = without_lines(cast("Recognition", snip.reading), struck_out)
    return _with_formula(replace(snip, struck_out=struck_out), shown)


def analyse_snip(reader: FormulaReader, image: NDArray[np.uint8], snip: Snip) -> TokenAnalysis:
    """Ask what else the tokens of a snip could be, each in its own row."""
    reading = cast("Recognition | None", snip.reading)
    places = tuple(token.source for token in snip.tokens)
    wanted = sorted({place[0] for place in places if place is not None})
    if reading is None or not reading.lines or not wanted:
        return token_analysis(snip, reader.analyse_tokens(image, [one.token for one in snip.tokens]))
    rows = cast("Recogniser", reader)
    lines = rows.prepare(image, taken_in=_taken_in(snip))
    found = [
        rows.analyse_tokens(lines.input_of(row, is_read_as_one=reading.is_read_as_one), reading.lines[row].tokens)
        for row in wanted
    ]
    moved = tuple(None if place is None else (wanted.index(place[0]), place[1]) for place in places)
    return _analysis(snip, found, moved)


def continue_snip(reader: FormulaReader, image: NDArray[np.uint8], choice: TokenChoice) -> Snip:
    """Read on from a token that was chosen, in its own row; the other rows stay as they are."""
    snip = choice.snip
    reading = cast("Recognition | None", snip.reading)
    source = snip.tokens[choice.index].source
    if reading is None or not reading.lines or source is None:
        beginning = [*(one.token for one in snip.tokens[: choice.index]), choice.token]
        return with_recognition(snip, reader.decode_with_prefix(image, beginning))
    from model.recognition.joined_lines import with_line

    row, place = source
    rows = cast("Recogniser", reader)
    lines = rows.prepare(image, taken_in=_taken_in(snip))
    row_input = lines.input_of(row, is_read_as_one=reading.is_read_as_one)
    read_on = rows.decode_with_prefix(row_input, [*reading.lines[row].tokens[:place], choice.token])
    changed = with_recognition(snip, with_line(reading, row, read_on))
    return with_rows_struck_out(changed, snip.struck_out) if snip.struck_out else changed


def token_analysis(snip: Snip, analysis: "model_analysis.TokenAnalysis") -> TokenAnalysis:
    """What the windows keep of an analysis of a whole formula."""
    return _analysis(snip, [analysis], tuple((0, place) for place in range(len(snip.tokens))))


def _analysis(
    snip: Snip,
    analyses: "Sequence[model_analysis.TokenAnalysis]",
    places: tuple[tuple[int, int] | None, ...],
) -> TokenAnalysis:
    alternatives = []
    for token, place in zip(snip.tokens, places, strict=True):
        others = analyses[place[0]].alternatives if place is not None else ()
        own = others[place[1]] if place is not None and place[1] < len(others) else ()
        alternatives.append(_alternatives(own, left=1.0 - token.confidence))
    return TokenAnalysis(snip, tuple(alternatives), tuple(map(_row_attention, analyses)), places)


def _row_attention(analysis: "model_analysis.TokenAnalysis") -> RowAttention:
    """Attention in steps of 1/255, which is fine enough to be seen."""
    attention = analysis.attention
    highest = attention.max(axis=(1, 2), initial=0.0)
    scaled = attention / np.maximum(highest, 1e-9)[:, None, None]
    left, top, right, bottom = analysis.extent()
    return RowAttention(
        np.round(255 * scaled).astype(np.uint8),
        highest.astype(np.float32),
        QRectF(left, top, right - left, bottom - top),
    )


def _with_formula(snip: Snip, reading: "Recognition") -> Snip:
    unsure = set(reading.unsure)
    sources = reading.sources or (None,) * len(reading.tokens)
    parts = zip(reading.tokens, reading.token_ranges(), reading.token_confidences, sources, strict=True)
    tokens = tuple(
        ReadToken(token, span, confidence, index in unsure, source)
        for index, (token, span, confidence, source) in enumerate(parts)
    )
    placement = reading.placement
    return replace(
        snip,
        latex=reading.latex,
        legibility=reading.legibility,
        symbols=reading.symbols,
        is_words=reading.is_words,
        number=reading.number or "",
        confidence=reading.confidence,
        seconds=reading.seconds,
        confidence_level=reading.confidence_level,
        tokens=tokens,
        text_height=snip.text_height if placement is None else placement.text_height,
        ink_size=snip.ink_size if placement is None else placement.ink_size,
    )


def _taken_in(snip: Snip) -> "list[LeftOut]":
    from model.layout.layout import LeftOut, LeftOutKind, PixelBox

    return [LeftOut(LeftOutKind(one.kind), PixelBox(one.box.x(), one.box.y(), *_end(one.box))) for one in snip.taken_in]


def _end(box: QRect) -> tuple[int, int]:
    return box.x() + box.width(), box.y() + box.height()


def _rect(box: "PixelBox") -> QRect:
    return QRect(box.left, box.top, box.right - box.left, box.bottom - box.top)


def _alternatives(others: Sequence[tuple[str, float]], *, left: float) -> tuple[Alternative, ...]:
    """The other tokens of one place; with the token that was read their shares are 1 at most."""
    total = sum(share for _, share in others)
    scale = min(1.0, left / total) if total else 0.0
    return tuple(Alternative(token, share * scale) for token, share in others)
