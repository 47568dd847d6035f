"""What decoding is asked for and what it gives back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from model.decoding.grammar import CLOSING_TOKENS
from model.dimensions import MAXIMUM_TOKENS

LONGEST_FORMULA = MAXIMUM_TOKENS - CLOSING_TOKENS - 2
"""Tokens after which a formula is closed at the latest; the network's positions end a little later."""


class StopReason(Enum):
    """Why decoding of a formula stopped."""

    COMPLETE = "complete"
    TOO_LONG = "too long"
    REPETITION = "repetition"
    LOW_CONFIDENCE = "low confidence"


class View(NamedTuple):
    """How an image is changed for test-time augmentation.

    Attributes:
        scale: Of the network's input.
        shift: Pixels by which its content moves right and down on the encoder's grid.
    """

    scale: float
    shift: int = 0

    def __str__(self) -> str:
        """Say it for a report."""
        return f"{self.scale:g}, moved {self.shift} pixels" if self.shift else f"{self.scale:g}"


@dataclass(frozen=True)
class DecodingOptions:
    """How formulas are decoded.

    Attributes:
        beam_size: Hypotheses kept; 1 is greedy decoding.
        maximum_tokens: Tokens after which what is open is closed; the image's size may set a lower limit.
        length_penalty: Power of the length by which beam search divides a hypothesis' log-probability.
        mask_grammar: Whether tokens that cannot follow are masked. Without it the result may not parse.
        prefix: Ids of the tokens with which every formula begins, whatever the network would have written.
        retry_below: A formula that greedy decoding reads with every token, and the end, at least this probable is taken
            as it is; the others are decoded again with test-time augmentation. With the default all are.
        retry_large_below: The same of large images, where decoding again takes longest.
        views: What is decoded again is seen in these views as well; what counts is the mean of what the network says of
            all views. A large image is seen in the first of them only. Without views nothing is decoded again. A beam
            sees one view.
    """

    beam_size: int = 1
    maximum_tokens: int = LONGEST_FORMULA
    length_penalty: float = 1.0
    mask_grammar: bool = True
    prefix: tuple[int, ...] = ()
    retry_below: float = math.inf
    retry_large_below: float = math.inf
    views: tuple[View, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no decoder can do.

        Raises:
            ValueError: A number is out of its range.
        """
        if self.beam_size < 1:
            raise ValueError(f"beam_size must be at least 1, not {self.beam_size}.")
        if not 1 <= self.maximum_tokens <= LONGEST_FORMULA:
            raise ValueError(f"maximum_tokens must lie between 1 and {LONGEST_FORMULA}, not {self.maximum_tokens}.")

    def __str__(self) -> str:
        """Say it for a report."""
        if self.beam_size > 1:
            return f"beam of {self.beam_size}"
        if not self.views:
            return "greedy"
        where = f" where a token is less probable than {self.retry_below:g}," if self.retry_below < math.inf else ""
        return f"greedy, read again{where} in up to {1 + len(self.views)} views"


DEFAULT_DECODING: Final = DecodingOptions(
    retry_below=0.7, retry_large_below=0.5, views=(View(1.06, 4), View(0.94, 4), View(1.12))
)
"""How images are read unless told otherwise: decision 107 in `docs/decisions/030-decoding.md` says why."""


def with_beam(beam_size: int | None) -> DecodingOptions:
    """Return the options for a number of hypotheses that was asked for, and `DEFAULT_DECODING` where none was."""
    return DEFAULT_DECODING if beam_size is None else DecodingOptions(beam_size=beam_size)


@dataclass(frozen=True)
class DecodedFormula:
    """One formula as the network wrote it.

    Attributes:
        token_ids: Without `<bos>` and `<eos>`.
        tokens: The same as tokens.
        token_log_probabilities: The network's own log-probability of each, before any mask.
        end_log_probability: That of `<eos>` after the last token.
        stop_reason: Why decoding stopped; when it is not complete, the end of the formula is missing or nonsense.
        alternatives: What beam search also finished, best first.
    """

    token_ids: list[int]
    tokens: list[str]
    token_log_probabilities: list[float]
    end_log_probability: float
    stop_reason: StopReason
    alternatives: tuple[DecodedFormula, ...] = ()

    @property
    def rank(self) -> tuple[bool, float]:
        """What formulas of one image are ordered by: complete ones first, then the likelier ones for their length."""
        if self.stop_reason is not StopReason.COMPLETE:
            return False, sum(self.token_log_probabilities) / max(len(self.token_log_probabilities), 1)
        log_probabilities = [*self.token_log_probabilities, self.end_log_probability]
        return True, sum(log_probabilities) / len(log_probabilities)

    @property
    def least_probability(self) -> float:
        """That of the least certain token, the end included; 0 for what is not complete."""
        if self.stop_reason is not StopReason.COMPLETE:
            return 0.0
        return math.exp(min([*self.token_log_probabilities, self.end_log_probability]))
