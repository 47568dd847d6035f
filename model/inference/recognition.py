"""The result of recognising one picture, made from what the network wrote."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import SequenceMatcher

from model.inference.decoded_formula import DecodedFormula, Ending
from model.latex import format_latex, join_tokens, normalise


@dataclass(frozen=True)
class Recognition:
    """A formula that was read.

    Attributes:
        latex: What a person would type.
        tokens: The formula in canonical form.
        token_log_probabilities: The network's log-probability of each token.
        confidence: Geometric mean of the probabilities of all tokens and of the end, from 0 to 1; it is not calibrated.
            0 when decoding was cut short, for then the formula is not whole.
        seconds: How long it took; in a batch, this picture's share.
        alternatives: Other readings that beam search finished, best first; each differs from all before it.
    """

    latex: str
    tokens: tuple[str, ...]
    token_log_probabilities: tuple[float, ...]
    confidence: float
    seconds: float
    alternatives: tuple[Recognition, ...] = ()


def recognition_of(formula: DecodedFormula, *, seconds: float) -> Recognition:
    """Bring what the network wrote into canonical form and into what a person would type."""
    tokens = normalise(join_tokens(formula.tokens))
    # Two spellings of the network may be one formula.
    others: dict[tuple[str, ...], Recognition] = {}
    for alternative in formula.alternatives:
        other = recognition_of(alternative, seconds=seconds)
        if other.tokens != tuple(tokens):
            others.setdefault(other.tokens, other)
    return Recognition(
        latex=format_latex(tokens),
        tokens=tuple(tokens),
        token_log_probabilities=tuple(_log_probabilities_of(tokens, formula)),
        confidence=_confidence(formula),
        seconds=seconds,
        alternatives=tuple(others.values()),
    )


def _confidence(formula: DecodedFormula) -> float:
    if formula.ending is not Ending.COMPLETE:
        return 0.0
    log_probabilities = [*formula.token_log_probabilities, formula.end_log_probability]
    return math.exp(math.fsum(log_probabilities) / len(log_probabilities))


def _log_probabilities_of(tokens: list[str], formula: DecodedFormula) -> list[float]:
    """Return a log-probability for each canonical token, also where the network had spelled the formula otherwise.

    A token that canonical form put in place of others has the lowest log-probability of those; one that it added has 0.
    """
    written = formula.token_log_probabilities
    if tokens == formula.tokens:
        return written
    result: list[float] = []
    matcher = SequenceMatcher(a=formula.tokens, b=tokens, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            result += written[start:end]
        else:
            result += [min(written[start:end], default=0.0)] * (new_end - new_start)
    return result
