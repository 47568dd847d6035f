"""The result of an image whose lines were read one by one, and what it is without some of them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from model.image_transform import Placement
from model.layout.joining import Display, JoinedText, ReadLine, is_number, join_lines, number_text
from model.layout.layout import Line, LineKind, PixelBox
from model.layout.line_inputs import ImageLines, PlacedInput
from model.recognition.calibration import Calibration, ConfidenceLevel
from model.recognition.result import RecognisedLine, Recognition, log_probabilities_of, sources_of

_FEW_SIGNS = 2
_SIGNS_OF_LIMIT = 3  # what makes a row a limit: its `_`, and braces
_LOST = 100
"""Tokens of a line that was cut short after them."""

_PLACING = frozenset({"&", "\\\\", r"\quad"})
_ENVIRONMENT = (r"\begin{", r"\end{")


def join_recognitions(image: ImageLines, readings: Sequence[Recognition], calibration: Calibration) -> Recognition:
    """Join what was read in the lines of an image.

    Args:
        image: Its lines in reading order.
        readings: Of each line.
        calibration: Says what the confidence of all together is worth.

    Returns:
        The reading of the only line where there is one, beside its number; else all lines together: the confidence is
        that every one of them is right, and there are no alternatives.
    """
    lines = [
        _recognised(reading, _kind(one.line, reading), one.line.box, one.line.baseline, is_block=one.line.is_block)
        for one, reading in zip(image.inputs, readings, strict=True)
    ]
    joined = _join(lines, image.layout.text_height)
    numbered = _with_numbers(lines, joined)
    seconds = math.fsum(reading.seconds for reading in readings)
    members = _members(lines)
    if len(members) == 1:
        only = readings[members[0]]
        return replace(
            only,
            placement=image.inputs[members[0]].placement,
            seconds=seconds,
            lines=numbered,
            left_out=image.layout.left_out,
            number=joined.number or None,
            sources=tuple((members[0], place) for place in range(len(only.tokens))),
            text_height=image.layout.text_height,
        )
    placement = _union([one.placement for one in image.inputs])
    together = Recognition(
        latex="",
        tokens=(),
        token_log_probabilities=(),
        confidence=0.0,
        seconds=seconds,
        placement=placement,
        lines=numbered,
        left_out=image.layout.left_out,
        text_height=image.layout.text_height,
        calibration=calibration,
    )
    return _together(together, members, joined)


def has_false_number(image: ImageLines, joined: Recognition) -> bool:
    """Say whether the layout took for the number of a formula what reads as something else: its first symbol, say."""
    numbers = [place for place, one in enumerate(image.inputs) if one.line.kind is LineKind.NUMBER]
    is_one_line = len(image.inputs) == len(numbers) + 1
    return is_one_line and any(joined.lines[place].kind is not LineKind.NUMBER for place in numbers)


def input_as_one(image: ImageLines, joined: Recognition) -> PlacedInput | None:
    """Return what is to be read of an image whose lines may be one formula; None where they are surely several.

    Nor is an image read again in which all lines were cut short, or one after it had gone on and on: it would take
    long, and end so too.
    """
    cut_short = [line for line in joined.lines if line.confidence == 0.0]
    if len(cut_short) == len(joined.lines) or any(len(line.tokens) >= _LOST for line in cut_short):
        return None
    is_doubtful = any(line.confidence_level is ConfidenceLevel.DOUBTFUL for line in joined.lines)
    if image.is_formula_in_rows and (image.may_have_limits or is_doubtful):
        return image.whole_input
    return image.everything if has_false_number(image, joined) else None


def holds_as_much(whole: Recognition, joined: Recognition) -> bool:
    """Say whether the reading of all rows as one skipped none of them and invented none.

    A network that loses its place in a display is hardly less confident of what it writes, but seldom sure. One that is
    sure is believed: the layout may have torn a formula to pieces, of which more was read than there is.

    Args:
        whole: The rows read as one.
        joined: The rows' readings joined.
    """
    if whole.confidence_level is ConfidenceLevel.SURE:
        return True
    fewer_rows = joined.tokens.count("\\\\") - whole.tokens.count("\\\\")
    more_signs = _signs(whole) - _signs(joined)
    return fewer_rows >= 0 and -_FEW_SIGNS <= more_signs <= _FEW_SIGNS + _SIGNS_OF_LIMIT * fewer_rows


def _signs(recognition: Recognition) -> int:
    """Count the tokens that do not only put rows and cells in their places."""
    return sum(token not in _PLACING and not token.startswith(_ENVIRONMENT) for token in recognition.tokens)


def read_as_one(reading: Recognition, joined: Recognition, placement: Placement) -> Recognition:
    """Return the reading of all rows of a formula as one, in the place of what they are one by one.

    Args:
        reading: Of `ImageLines.whole_input` or `ImageLines.everything`.
        joined: The rows' readings joined.
        placement: Where what was read lies.
    """
    rows = [line for line in joined.lines if line.kind is not LineKind.NUMBER]
    box = _box_of(line.box for line in rows)
    number = reading.number or joined.number
    whole = _recognised(reading, LineKind.FORMULA, box, (box.top + box.bottom) / 2, is_block=True)
    numbers = [line for line in joined.lines if line.kind is LineKind.NUMBER]
    return replace(
        reading,
        placement=placement,
        lines=(replace(whole, number=number), *numbers),
        left_out=joined.left_out,
        number=number,
        is_read_as_one=True,
        sources=tuple((0, place) for place in range(len(reading.tokens))),
        text_height=joined.text_height,
    )


def with_line(recognition: Recognition, index: int, reading: Recognition) -> Recognition:
    """Return a recognition with another reading of one of its lines.

    Args:
        recognition: With lines.
        index: Of the line.
        reading: Of its network input alone.
    """
    before = recognition.lines[index]
    line = _recognised(reading, before.kind, before.box, before.baseline, is_block=before.is_block)
    lines = [*recognition.lines[:index], replace(line, number=before.number), *recognition.lines[index + 1 :]]
    members = _members(lines)
    if len(members) == 1 or recognition.is_read_as_one:
        return replace(
            reading,
            placement=recognition.placement,
            lines=tuple(lines),
            left_out=recognition.left_out,
            number=recognition.number,
            is_read_as_one=recognition.is_read_as_one,
            sources=tuple((index, place) for place in range(len(reading.tokens))),
            text_height=recognition.text_height,
        )
    joined = _join(lines, recognition.text_height)
    changed = replace(recognition, lines=_with_numbers(lines, joined), seconds=reading.seconds)
    return _together(changed, members, joined)


def without_lines(recognition: Recognition, struck: Collection[int]) -> Recognition:
    """Return what was read without the lines that the user struck out; they stay among its `lines`.

    A number goes with the line it stands beside. Nothing is left where every line is struck out.

    Args:
        recognition: With lines.
        struck: Their places in `recognition.lines`.
    """
    if not struck:
        return recognition
    lines = recognition.lines
    everyone = _members(lines)

    def stays(index: int) -> bool:
        line = lines[index]
        if line.kind is not LineKind.NUMBER or index in everyone:
            return index not in struck
        return _beside(line, lines, everyone) not in struck and index not in struck

    kept = [index for index in range(len(lines)) if stays(index)]
    members = [index for index in everyone if index in kept]
    if not members:
        return replace(
            recognition, latex="", tokens=(), token_log_probabilities=(), token_confidences=(), unsure=(), sources=()
        )
    joined = _join([lines[index] for index in kept], recognition.text_height)
    placement = recognition.placement
    if placement is not None:
        box = _box_of(lines[index].box for index in members)
        placement = replace(placement, left=box.left, top=box.top, right=box.right, bottom=box.bottom)
    return _together(replace(recognition, placement=placement, alternatives=()), members, joined)


def _kind(line: Line, reading: Recognition) -> LineKind:
    """What a line is, once it was read: a number that stands in no brackets is a piece of the formula."""
    is_false = line.kind is LineKind.NUMBER and not is_number(reading.tokens)
    return LineKind.FORMULA if is_false else line.kind


def _recognised(
    reading: Recognition, kind: LineKind, box: PixelBox, baseline: float, *, is_block: bool
) -> RecognisedLine:
    return RecognisedLine(
        kind=kind,
        box=box,
        is_block=is_block,
        latex=reading.latex,
        tokens=reading.tokens,
        confidence=reading.confidence,
        confidence_level=reading.confidence_level,
        token_log_probabilities=reading.token_log_probabilities,
        baseline=baseline,
    )


def _join(lines: Sequence[RecognisedLine], text_height: float) -> JoinedText:
    return join_lines([ReadLine(line.kind, line.tokens, line.box, line.baseline) for line in lines], text_height)


def _with_numbers(lines: Sequence[RecognisedLine], joined: JoinedText) -> tuple[RecognisedLine, ...]:
    """Give each line its equation number."""
    displays = [part for part in joined.parts if isinstance(part, Display)]
    numbers = {index: number for part in displays for index, number in zip(part.lines, part.numbers, strict=True)}
    numbers |= {
        index: number_text(line.tokens)
        for index, line in enumerate(lines)
        if line.kind is LineKind.NUMBER and index not in numbers
    }
    return tuple(replace(line, number=numbers.get(index) or None) for index, line in enumerate(lines))


def _members(lines: Sequence[RecognisedLine]) -> list[int]:
    """Return the lines that are no numbers; all where there are no others."""
    return [index for index, line in enumerate(lines) if line.kind is not LineKind.NUMBER] or list(range(len(lines)))


def _beside(number: RecognisedLine, lines: Sequence[RecognisedLine], members: Sequence[int]) -> int:
    return min(members, key=lambda one: abs(lines[one].baseline - number.baseline))


def _together(recognition: Recognition, members: Sequence[int], joined: JoinedText) -> Recognition:
    """Return a recognition of these of its lines, joined."""
    lines, calibration = recognition.lines, recognition.calibration
    written_tokens = [token for index in members for token in lines[index].tokens]
    written = [one for index in members for one in lines[index].token_log_probabilities]
    places = [(index, place) for index in members for place in range(len(lines[index].tokens))]
    log_probabilities = log_probabilities_of(joined.tokens, written_tokens, written)
    token_confidences = tuple(calibration.token_confidence(one) for one in log_probabilities)
    confidence = math.prod(lines[index].confidence for index in members)
    return replace(
        recognition,
        latex=joined.to_latex(),
        tokens=joined.tokens,
        token_log_probabilities=tuple(log_probabilities),
        confidence=confidence,
        confidence_level=calibration.confidence_level(confidence),
        token_confidences=token_confidences,
        unsure=tuple(index for index, one in enumerate(token_confidences) if one < calibration.sure_token),
        is_words=joined.formula is None,
        number=joined.number or None,
        sources=tuple(sources_of(joined.tokens, written_tokens, places)),
    )


def _box_of(boxes: Iterable[PixelBox]) -> PixelBox:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return PixelBox(min(lefts), min(tops), max(rights), max(bottoms))


def _union(placements: Sequence[Placement]) -> Placement:
    return Placement(
        left=min(one.left for one in placements),
        top=min(one.top for one in placements),
        right=max(one.right for one in placements),
        bottom=max(one.bottom for one in placements),
        scale=min(one.scale for one in placements),
    )
