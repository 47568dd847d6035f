r"""Two readings that look the same: what is compared when a figure is of what a reader sees.

Spacing, `&`, the environment that holds rows together, and a final point are no faults of a reading, and an equation
number is measured apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from model.latex.prose import DOLLAR, WORDS, split_number

_UNSEEN: Final = frozenset(
    {"&", r"\quad", "~", DOLLAR, WORDS}
    | {rf"\{edge}{{{name}}}" for edge in ("begin", "end") for name in ("aligned", "gathered")}
)
_FINAL: Final = frozenset(".,")


def as_seen(tokens: Sequence[str]) -> list[str]:
    r"""Return what is seen of a formula or a line of words, its equation number left aside.

    Letters of `\text`, `\mathrm` and of words look alike, so those commands go, and their braces with them.
    """
    own, _ = split_number(tokens)
    seen = _without_fonts_of_words([token for token in own if token not in _UNSEEN])
    while seen and (seen[-1] in _FINAL or seen[-1] == r"\\"):
        seen.pop()
    return seen


def _without_fonts_of_words(tokens: list[str]) -> list[str]:
    r"""Drop `\text { … }` and `\mathrm { … }`, keeping what they hold."""
    result: list[str] = []
    closing: list[bool] = []  # of each open brace, whether it goes
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token in {r"\text", r"\mathrm"} and tokens[index + 1 : index + 2] == ["{"]:
            closing.append(True)
            index += 2
            continue
        if token == "{":
            closing.append(False)
        if token == "}" and closing and closing.pop():
            index += 1
            continue
        result.append(token)
        index += 1
    return result
