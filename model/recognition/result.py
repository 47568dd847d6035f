"""The result of recognising one image, made from what the network wrote."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from model.decoding.decoded_formula import DecodedFormula, StopReason
from model.image_transform import Placement
from model.latex.nodes import Font
from model.latex.prose import DOLLAR, WORDS, canonical, format_reading, is_prose, split_number
from model.latex.token_ranges import Range, token_ranges
from model.layout.layout import LeftOut, LineKind, PixelBox
from model.recognition.calibration import UNCALIBRATED, Calibration, ConfidenceLevel

_UNSEEN = frozenset({"{", "}", "_", "^", "&", "\\\\", r"\quad", "~", DOLLAR, WORDS})
_FONTS = frozenset(font.value for font in Font)
_ENVIRONMENT = (r"\begin{", r"\end{")


@dataclass(frozen=True)
class RecognisedLine:
    """A line of an image, or a block of rows that was read whole.

    Attributes:
        kind: Formula, words or equation number.
        box: Where it lies in the image.
        is_block: Whether rows are held together by a brace, brackets or bars.
        latex: What the user would type for it alone.
        tokens: In canonical form.
        confidence: How probably it is right, from 0 to 1.
        confidence_level: The mark that the confidence earns.
        token_log_probabilities: The network's log-probability of each token.
        baseline: Middle of its core, in pixels of the image.
        number: The equation number beside it, without its parentheses; of a number its own.
    """

    kind: LineKind
    box: PixelBox
    is_block: bool
    latex: str
    tokens: tuple[str, ...]
    confidence: float
    confidence_level: ConfidenceLevel
    token_log_probabilities: tuple[float, ...]
    baseline: float
    number: str | None = None


@dataclass(frozen=True)
class Recognition:
    """A formula that was read, or lines of them with words between.

    Attributes:
        latex: What a person would type.
        tokens: The formula in canonical form.
        token_log_probabilities: The network's log-probability of each token.
        confidence: How probably the formula is right, from 0 to 1: from the probabilities of all tokens and of the end,
            as `model.recognition.calibration` says. 0 when decoding was cut short, for then the formula is not whole.
        seconds: How long it took; in a batch, this image's share.
        alternatives: Other readings that beam search finished, best first; each differs from all before it.
        confidence_level: The mark that the confidence earns.
        token_confidences: How probably each token is right, from 0 to 1.
        unsure: Places of the tokens that a person should look at.
        placement: Where the formula lies in the image; None for a reading of a bare network input.
        is_words: Whether it is a line of words: `latex` is plain text then, with its formulas between dollars.
        number: The equation number that stands beside the formula, without its parentheses, several with ", " between
            them; it is no part of `latex`.
        lines: Of the image, in reading order; none for a reading of a bare network input.
        left_out: What of the image belongs to no line.
        is_read_as_one: Whether what the layout took for rows was read as one formula, the first of `lines`.
        sources: Of each token the line it was read in and its place there; None for one that joins lines. Empty for a
            reading of a bare network input.
        text_height: Of a digit, in pixels of the image; 0 for a reading of a bare network input.
        legibility: How probably the image holds something to read at all, from 0 to 1; 1 where only a network input was
            read.
        calibration: Whose the confidences are.
    """

    latex: str
    tokens: tuple[str, ...]
    token_log_probabilities: tuple[float, ...]
    confidence: float
    seconds: float
    alternatives: tuple[Recognition, ...] = ()
    confidence_level: ConfidenceLevel = ConfidenceLevel.DOUBTFUL
    token_confidences: tuple[float, ...] = ()
    unsure: tuple[int, ...] = ()
    placement: Placement | None = None
    is_words: bool = False
    number: str | None = None
    lines: tuple[RecognisedLine, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    is_read_as_one: bool = False
    sources: tuple[tuple[int, int] | None, ...] = ()
    text_height: float = 0.0
    legibility: float = 1.0
    calibration: Calibration = field(default=UNCALIBRATED, repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read in the image."""
        return not self.tokens and not self.latex

    @property
    def symbols(self) -> int:
        """How many tokens are seen on the page: without braces, fonts, spaces, and what only puts others in place."""
        return sum(
            token not in _UNSEEN and token not in _FONTS and not token.startswith(_ENVIRONMENT) for token in self.tokens
        )

    def token_ranges(self) -> list[Range | None]:
        """Return start and end of each token in the LaTeX; None where printing left nothing of it."""
        return token_ranges(self.tokens, self.latex)


def recognition_of(formula: DecodedFormula, *, seconds: float, calibration: Calibration = UNCALIBRATED) -> Recognition:
    """Bring what the network wrote into canonical form and into what a person would type."""
    tokens = canonical(formula.tokens)
    # Two spellings of the network may be one formula.
    others: dict[tuple[str, ...], Recognition] = {}
    for alternative in formula.alternatives:
        other = recognition_of(alternative, seconds=seconds, calibration=calibration)
        if other.tokens != tuple(tokens):
            others.setdefault(other.tokens, other)
    log_probabilities = log_probabilities_of(tokens, formula.tokens, formula.token_log_probabilities)
    confidence = 0.0
    if formula.stop_reason is StopReason.COMPLETE:
        confidence = calibration.formula_confidence([*formula.token_log_probabilities, formula.end_log_probability])
    token_confidences = [calibration.token_confidence(one) for one in log_probabilities]
    return Recognition(
        latex=format_reading(tokens),
        tokens=tuple(tokens),
        token_log_probabilities=tuple(log_probabilities),
        confidence=confidence,
        seconds=seconds,
        alternatives=_with_shares(tuple(others.values()), formula, confidence),
        confidence_level=calibration.confidence_level(confidence),
        token_confidences=tuple(token_confidences),
        is_words=is_prose(tokens),
        number=None if is_prose(tokens) else split_number(tokens)[1],
        unsure=tuple(index for index, one in enumerate(token_confidences) if one < calibration.sure_token),
        calibration=calibration,
    )


def _with_shares(
    others: tuple[Recognition, ...], formula: DecodedFormula, confidence: float
) -> tuple[Recognition, ...]:
    """Give the other readings confidences that with the first's add up to 1 at most.

    The calibration is of first readings, and gives all others its lowest value. Each has its share of what the first
    leaves, and none more than its odds against the first allow.
    """
    odds = [
        math.exp(min(sum(one.token_log_probabilities) - sum(formula.token_log_probabilities), 0.0)) for one in others
    ]
    left = 1.0 - confidence
    total = sum(odds)
    return tuple(
        replace(one, confidence=min(confidence * ratio, left * ratio / total) if total else 0.0)
        for one, ratio in zip(others, odds, strict=True)
    )


def log_probabilities_of(tokens: Sequence[str], written_tokens: Sequence[str], written: Sequence[float]) -> list[float]:
    """Return a log-probability for each canonical token, also where the network had spelled the formula otherwise.

    A token that canonical form put in place of others has the lowest log-probability of those; one that it added has 0.
    """
    if list(tokens) == list(written_tokens):
        return list(written)
    result: list[float] = []
    matcher = SequenceMatcher(a=written_tokens, b=tokens, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            result += written[start:end]
        else:
            result += [min(written[start:end], default=0.0)] * (new_end - new_start)
    return result


def sources_of(
    tokens: Sequence[str], written_tokens: Sequence[str], written: Sequence[tuple[int, int]]
) -> list[tuple[int, int] | None]:
    """Return for each token of joined lines where it was read; None for one that was not read as it stands.

    Args:
        tokens: Of all lines together.
        written_tokens: Of the lines, one after another.
        written: Line and place there of each of these.
    """
    result: list[tuple[int, int] | None] = [None] * len(tokens)
    for block in SequenceMatcher(a=written_tokens, b=tokens, autojunk=False).get_matching_blocks():
        result[block.b : block.b + block.size] = written[block.a : block.a + block.size]
    return result
