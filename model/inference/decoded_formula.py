"""What decoding is asked for and what it gives back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

from model.inference.grammar import CLOSING_TOKENS
from model.networks.decoder import MAXIMUM_TOKENS

LONGEST_FORMULA = MAXIMUM_TOKENS - CLOSING_TOKENS - 2
"""Tokens after which a formula is closed at the latest; the network's positions end a little later."""


class Ending(Enum):
    """Why decoding of a formula stopped."""

    COMPLETE = "complete"
    TOO_LONG = "too long"
    REPETITION = "repetition"


@dataclass(frozen=True)
class DecodingOptions:
    """How formulas are decoded.

    Attributes:
        beam_size: Hypotheses kept; 1 is greedy decoding.
        maximum_tokens: Tokens after which what is open is closed; the picture's size may set a lower limit.
        length_penalty: Power of the length by which beam search divides a hypothesis' log-probability.
        mask_grammar: Whether tokens that cannot follow are masked. Without it the result may not parse.
        prefix: Ids of the tokens with which every formula begins, whatever the network would have written.
        sure_at: A formula that greedy decoding reads with every token, and the end, at least this probable is taken as
            it is; beam search reads the others again, from the first token on that is less probable. With the default
            it reads all.
        longest_again: Most tokens, counted from that one on, the end included, that beam search reads again.
        astray_at: A formula with more is read again all the same when a token is less probable than this: greedy
            decoding has most likely lost its place, and rows are missing or written twice.
        second_view: Scale of a second view of the image, which beam search reads together with the first, taking the
            mean of what the network says about the two; 1 for none. What exceeds `longest_again` gets one view.
    """

    beam_size: int = 1
    maximum_tokens: int = LONGEST_FORMULA
    length_penalty: float = 1.0
    mask_grammar: bool = True
    prefix: tuple[int, ...] = ()
    sure_at: float = math.inf
    longest_again: int = LONGEST_FORMULA
    astray_at: float = 0.0
    second_view: float = 1.0

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
        if self.beam_size == 1:
            return "greedy"
        views = f" over views at 1 and {self.second_view:g}" if self.second_view != 1.0 else ""
        where = " where greedy decoding is unsure" if self.sure_at < math.inf else ""
        return f"beam of {self.beam_size}{views}{where}"


AS_SHIPPED: Final = DecodingOptions(beam_size=2, sure_at=0.8, longest_again=50, astray_at=0.1, second_view=1.12)
"""How pictures are read unless told otherwise: `docs/decisions/098-a-second-reading.md` says why."""


def with_beam(beam_size: int | None) -> DecodingOptions:
    """Return the options for a number of hypotheses that somebody asked for, and `AS_SHIPPED` when nobody did."""
    return AS_SHIPPED if beam_size is None else DecodingOptions(beam_size=beam_size)


@dataclass(frozen=True)
class DecodedFormula:
    """One formula as the network wrote it.

    Attributes:
        token_ids: Without `<bos>` and `<eos>`.
        tokens: The same as tokens.
        token_log_probabilities: The network's own log-probability of each, before any mask.
        end_log_probability: That of `<eos>` after the last token.
        ending: Why decoding stopped; when it is not complete, the end of the formula is missing or nonsense.
        alternatives: What beam search also finished, best first.
    """

    token_ids: list[int]
    tokens: list[str]
    token_log_probabilities: list[float]
    end_log_probability: float
    ending: Ending
    alternatives: tuple[DecodedFormula, ...] = ()

    def rank(self, length_penalty: float) -> tuple[bool, float]:
        """What beam search orders formulas by: complete ones first, then the likelier ones for their length."""
        said = self.token_log_probabilities
        if self.ending is Ending.COMPLETE:
            said = [*said, self.end_log_probability]
        return self.ending is Ending.COMPLETE, sum(said) / max(len(said), 1) ** length_penalty

    def sure_beginning(self, sure_at: float) -> list[int]:
        """Return the ids of the tokens before the first that is less probable; none of what is not complete."""
        if self.ending is not Ending.COMPLETE:  # A loop is written without doubt.
            return []
        said = self.token_log_probabilities
        doubts = (place for place, log_probability in enumerate(said) if math.exp(log_probability) < sure_at)
        return self.token_ids[: next(doubts, len(said))]

    @property
    def least_probability(self) -> float:
        """That of the least certain token, the end included; 0 for what is not complete."""
        if self.ending is not Ending.COMPLETE:
            return 0.0
        return math.exp(min([*self.token_log_probabilities, self.end_log_probability]))
