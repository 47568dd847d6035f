"""The result of an image whose lines were read one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from model.image_transform import Placement
from model.layout.joining import ReadLine, join_lines
from model.layout.layout import LineKind
from model.layout.line_inputs import ImageLines
from model.recognition.calibration import Calibration
from model.recognition.result import RecognisedLine, Recognition, log_probabilities_of


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
    lines = tuple(
        RecognisedLine(
            kind=one.line.kind,
            box=one.line.box,
            is_block=one.line.is_block,
            latex=reading.latex,
            tokens=reading.tokens,
            confidence=reading.confidence,
            confidence_level=reading.confidence_level,
        )
        for one, reading in zip(image.inputs, readings, strict=True)
    )
    read = [
        ReadLine(line.kind, line.tokens, line.box, one.line.baseline)
        for one, line in zip(image.inputs, lines, strict=True)
    ]
    joined = join_lines(read, image.layout.text_height)
    seconds = math.fsum(reading.seconds for reading in readings)
    members = [index for index, line in enumerate(lines) if line.kind is not LineKind.NUMBER] or list(range(len(lines)))
    if len(members) == 1:
        return replace(
            readings[members[0]],
            placement=image.inputs[members[0]].placement,
            seconds=seconds,
            lines=lines,
            left_out=image.layout.left_out,
            number=joined.number or None,
        )
    written_tokens = [token for reading in readings for token in reading.tokens]
    written = [probability for reading in readings for probability in reading.token_log_probabilities]
    log_probabilities = log_probabilities_of(joined.tokens, written_tokens, written)
    token_confidences = tuple(calibration.token_confidence(one) for one in log_probabilities)
    confidence = math.prod(readings[index].confidence for index in members)
    return Recognition(
        latex=joined.to_latex(),
        tokens=joined.tokens,
        token_log_probabilities=tuple(log_probabilities),
        confidence=confidence,
        confidence_level=calibration.confidence_level(confidence),
        token_confidences=token_confidences,
        unsure=tuple(index for index, one in enumerate(token_confidences) if one < calibration.sure_token),
        placement=_union([one.placement for one in image.inputs]),
        is_words=joined.formula is None,
        seconds=seconds,
        lines=lines,
        left_out=image.layout.left_out,
        number=joined.number or None,
    )


def _union(placements: Sequence[Placement]) -> Placement:
    return Placement(
        left=min(one.left for one in placements),
        top=min(one.top for one in placements),
        right=max(one.right for one in placements),
        bottom=max(one.bottom for one in placements),
        scale=min(one.scale for one in placements),
    )
