"""LaTeX as nobody should write it: without end, without sense, and with the marks of other languages in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations, product

_OPENINGS = (
    (r"\sqrt{", "}"), (r"\frac{1}{", "}"), ("{", "}"), ("x^{", "}"), ("x_{", "}"), (r"\hat{", "}"),
    (r"\overbrace{", "}"), (r"\left(", r"\right)"), (r"\begin{pmatrix}", r"\end{pmatrix}"), (r"\text{", "}"),
    (r"\begin{cases}", r"\end{cases}"), (r"\boxed{", "}"), (r"\underset{a}{", "}"), (r"\sqrt[3]{", "}"),
)  # fmt: skip
_PIECES = (
    *"ab12+=(){}_^&'$%#~ \\<>\"[]|/*@`", r"\frac", r"\sqrt[", r"\left(", r"\right)", r"\begin{cases}", r"\end{cases}",
    r"\\", r"\text{", r"\mathbb{", r"\sum", r"\not", r"\big", r"\hat", r"\limits", "\n", "\t", "é", "中", "\0",
    "\u202e", "&amp;", "<script>", r"\href{javascript:x}", r"\input{x}", r"\write18{x}", '#read("x")', r"\x",
    r"\def\x{\x\x}",
    r"\color{red}", r"\hspace{9999em}", r"\rule{1em}{9999em}", r"\tag{1}", r"\operatorname{x}", r"\mathrm{", "\ue023",
    r"\begin{array}{ccc}", r"\end{array}", r"\overset{", r"\xrightarrow{", r"\unicode{x}", r"\verb|x|", r"\label{x}",
)  # fmt: skip
_LENGTHS = (3, 12, 20, 60, 100, 101, 300, 1400)


def hostile_formulas(count: int, seed: int) -> Iterator[str]:
    """Yield so many strings, the same for the same seed."""
    generator = random.Random(seed)
    nested = _nested_formulas(random.Random(seed))
    for number in range(count):
        kind = number % 4
        if kind == 0:
            yield next(nested)
        elif kind == 1 and number % 40 == 1:
            yield generator.choice(("x+", r"\alpha ", "x_1", "x&", r"\frac12", "(", "中")) * generator.randint(
                100, 2900
            )
        else:
            yield "".join(generator.choice(_PIECES) for _ in range(generator.randint(1, 30)))


def _nested_formulas(generator: random.Random) -> Iterator[str]:
    """Yield what is nested, no kind twice: each opening in every length, then two or three openings in turn."""
    alone = list(product([(opening,) for opening in _OPENINGS], _LENGTHS))
    together = [
        (openings, generator.choice(_LENGTHS)) for count in (2, 3) for openings in permutations(_OPENINGS, count)
    ]
    generator.shuffle(alone)
    generator.shuffle(together)
    for openings, levels in [*alone, *together]:
        inside = [openings[level % len(openings)] for level in range(levels)]
        yield "".join(opening for opening, _ in inside) + "x" + "".join(closing for _, closing in reversed(inside))
