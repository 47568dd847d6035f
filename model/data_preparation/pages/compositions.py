r"""Displays composed freely from formulas of the corpus: matrices, cases, systems, rows, and drills of rare symbols.

The corpus has few of them and pages have many; their supply here is endless.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import Final

from model.data_preparation.pages.corpus import PageCorpus
from model.latex import LatexError, normalise

RARE_SYMBOLS: Final = tuple(
    r"""\lrcorner \ulcorner \subsetneqq \supsetneqq \varsubsetneq \supsetneq \doteq \rightleftharpoons
    \leftrightharpoons \preccurlyeq \succcurlyeq \lll \ggg \circledast \boxminus \boxdot \nparallel \iiiint
    \blacktriangle \rightharpoondown \leftharpoonup \upharpoonleft \Vvdash \trianglerighteq \gneq \nRightarrow
    \barwedge \pitchfork \circeq \fallingdotseq \lessapprox \gtrapprox \curlyvee \curlywedge \smallsetminus
    \sphericalangle \beth \gimel \daleth \triangledown \blacklozenge \looparrowright \leftarrowtail
    \rightarrowtail \multimap \star \ddot \dddot \binom \overset \underset \mathsf \mathtt \underline
    \overleftrightarrow \boxed""".split()
)
"""Symbols that the vocabulary is short of, and some that are there and read worst."""

_MATRICES: Final = ("pmatrix", "bmatrix", "vmatrix", "Bmatrix", "Vmatrix", "matrix")
_CONDITIONS: Final = (
    r"\text{if }%s", r"\text{if $%s$}", r"\text{for }%s", r"%s", r"\text{otherwise}", r"\text{otherwise.}",
    r"\text{else}", r"\text{when }%s", r"\text{ if }%s", r"\text{if }%s\text{ and }%s", r"\text{for all }%s",
    r"\text{if }%s\text{ is even}",
    r"\text{falls }%s", r"\text{sonst}", r"\text{si }%s", r"\text{sinon}", r"\quad %s", r"\text{else if }%s",
)  # fmt: skip


def matrix(generator: random.Random, corpus: PageCorpus) -> str:
    """Compose a display with one matrix or several."""

    def one() -> str:
        return _one_matrix(generator, corpus)

    kind = generator.random()
    if kind < 0.3:
        return one()
    if kind < 0.55:
        return f"{_short(generator, corpus)} = {one()}{generator.choice(['', '.', ','])}"
    if kind < 0.65:
        of = generator.choice(["", "(A)", " B"])
        return rf"\det{of} = {_one_matrix(generator, corpus, 'vmatrix')} = {_short(generator, corpus)}"
    if kind < 0.85:
        height = generator.randint(2, 4)
        left = _one_matrix(generator, corpus, rows=height, columns=1)
        middle = _one_matrix(generator, corpus, rows=height, columns=generator.randint(2, 4))
        right = _one_matrix(generator, corpus, rows=height, columns=1)
        return f"{left} = {middle} {right}" if generator.random() < 0.7 else f"{middle} {right} = {left}"
    if kind < 0.93:
        return generator.choice([",", r",\quad ", "+", r"\otimes ", "-", ""]).join(
            one() for _ in range(generator.randint(2, 3))
        )
    exponent = generator.choice(["-1", "T", r"\top", "n", r"\dagger", "2"])
    return rf"{one()}^{{{exponent}}}"


def _one_matrix(
    generator: random.Random, corpus: PageCorpus, environment: str = "", *, rows: int = 0, columns: int = 0
) -> str:
    environment = environment or generator.choices(_MATRICES, (30, 30, 12, 3, 2, 4))[0]
    if not rows and environment != "vmatrix" and generator.random() < 0.12:
        cells = generator.choice([_vectors, _sparse])(generator)
        return rf"\begin{{{environment}}}{_rows([' & '.join(row) for row in cells])}\end{{{environment}}}"
    rows = rows or min(10, 1 + int(generator.expovariate(0.45)) + (generator.random() < 0.85))
    columns = columns or min(10, 1 + int(generator.expovariate(0.45)) + (generator.random() < 0.8))
    if environment == "vmatrix":
        rows = columns = max(2, min(rows, 5))
    cell = _cell_maker(generator, corpus, rows * columns)
    cells = [[cell(row, column) for column in range(columns)] for row in range(rows)]
    if rows > 2 and columns > 2 and generator.random() < 0.25:
        _put_dots(cells, generator)
    body = [" & ".join(row) for row in cells]
    if columns > 1 and generator.random() < 0.3 and environment != "vmatrix":
        return _array(generator, body, columns)
    if generator.random() < 0.1:
        small = {"pmatrix": "()", "bmatrix": "[]", "vmatrix": "||"}.get(environment, "[]")
        return rf"\left{small[0]}\begin{{array}}{{{'c' * columns}}}{_rows(body)}\end{{array}}\right{small[1]}"
    return rf"\begin{{{environment}}}{_rows(body)}\end{{{environment}}}"


def _vectors(generator: random.Random) -> list[list[str]]:
    """Return a matrix of vectors that stand in its rows between dashes, or in its columns between bars."""
    name = generator.choice(["a", "b", "r", "x", "v", "w", r"\mathbf{x}", r"\mathbf{a}", r"\vec v"])
    count = generator.randint(2, 4)
    stroke, dots = generator.choice([("-", r"\vdots"), ("|", r"\cdots")])
    transposed = generator.choice(["^T", r"^\top", ""]) if stroke == "-" else ""
    vectors = [f"{name}_{{{index}}}{transposed}" for index in range(1, count)]
    last = generator.choice([f"{count}", "n", "m", "k"])
    vectors += [dots, f"{name}_{{{last}}}{transposed}"] if not last.isdigit() else [f"{name}_{{{last}}}{transposed}"]
    rows = [["", dots, ""] if vector == r"\vdots" else [stroke, vector, stroke] for vector in vectors]
    if stroke == "-":
        return rows
    return [
        ["" if cell == dots and at != 1 else cell for cell in row] for at, row in enumerate(zip(*rows, strict=True))
    ]


def _sparse(generator: random.Random) -> list[list[str]]:
    """Return a diagonal or banded matrix whose zeros are not written, or are dots or one large zero."""
    name = generator.choice(["a", "d", r"\lambda", r"\sigma", "A", "J", "1"])
    ends = generator.choice([("1", "2", "n"), ("1", "", "n"), ("1", "2", "3"), ("1", "", "r"), ("0", "1", "k")])
    diagonal = [name if name == "1" else f"{name}_{{{end}}}" if end else r"\ddots" for end in ends]
    if ends[-1].isalpha() and ends[1]:
        diagonal.insert(2, r"\ddots")
    size = len(diagonal)
    above, below = generator.choice([("", ""), ("", ""), ("0", "0"), ("*", ""), ("1", ""), ("-1", "-1")])
    return [
        [diagonal[row] if row == column else above if column == row + 1 else below if column == row - 1 else ""
         for column in range(size)]
        for row in range(size)
    ]  # fmt: skip


def _array(generator: random.Random, body: list[str], columns: int) -> str:
    """Write the rows as an array with rules, as augmented and block matrices have them."""
    split = generator.randint(1, columns - 1)
    align = generator.choices("crl", (8, 2, 1))[0]
    if generator.random() < 0.4 and len(body) > 1:
        at = generator.randint(1, len(body) - 1)
        body = [*body[:at], r"\hline " + body[at], *body[at + 1 :]]
    left, right = generator.choice([("(", ")"), ("[", "]"), ("[", "]")])
    columns_of = f"{align * split}|{align * (columns - split)}"
    return rf"\left{left}\begin{{array}}{{{columns_of}}}{_rows(body)}\end{{array}}\right{right}"


def _cell_maker(generator: random.Random, corpus: PageCorpus, count: int) -> Callable[[int, int], str]:
    """Return what fills a cell, by row and column: one kind of thing for the whole matrix."""
    name = generator.choice(
        [*string.ascii_letters, r"\alpha", r"\lambda", r"\sigma", r"\hat a", r"\mathbf{x}", r"\omega"]
    )
    signs = generator.random() < 0.5

    def number(_row: int, _column: int) -> str:
        value = generator.choice([0, 0, 1, generator.randint(0, 9), generator.randint(0, 99)])
        return f"-{value}" if signs and value and generator.random() < 0.3 else str(value)

    def indexed(row: int, column: int) -> str:
        return f"{name}_{{{row + 1}{column + 1}}}" if signs else f"{name}_{{{row + 1},{column + 1}}}"

    def letter(_row: int, _column: int) -> str:
        names: list[str] = ["0", "1", *string.ascii_lowercase, r"\lambda", r"-\lambda", r"\cos\theta", r"\sin\theta"]
        return generator.choice(names)

    def decimal(_row: int, _column: int) -> str:
        return f"{'-' if signs and generator.random() < 0.3 else ''}{generator.uniform(0, 10):.{2 if signs else 1}f}"

    def fraction(_row: int, _column: int) -> str:
        top, bottom = generator.choice("123abxy"), generator.choice(["2", "3", "4", "n", "c^2", r"\sqrt2"])
        return generator.choice(
            ["0", "1", rf"\frac{{{top}}}{{{bottom}}}", rf"-\frac{{{top}}}{{{bottom}}}", rf"\tfrac{top}2"]
        )

    def formula(_row: int, _column: int) -> str:
        return corpus.formula(generator, least=1, most=14 if count <= 9 else 7).latex

    makers = (number, indexed, letter, decimal, fraction, formula)
    return generator.choices(makers, (4, 2, 2, 1, 1, 4 if count <= 16 else 1))[0]


def _put_dots(cells: list[list[str]], generator: random.Random) -> None:
    """Let the row and column before the last be dots."""
    row, column = len(cells) - 2, len(cells[0]) - 2
    if generator.random() < 0.5:
        cells[row] = [r"\vdots"] * len(cells[row])
    for line in cells:
        line[column] = r"\cdots"
    if r"\vdots" in cells[row]:
        cells[row][column] = r"\ddots"


def cases(generator: random.Random, corpus: PageCorpus) -> str:
    """Compose a definition by cases."""
    lines = []
    count = generator.choices((2, 3, 4, 5), (6, 3, 1, 0.5))[0]
    for _ in range(count):
        condition = generator.choice(_CONDITIONS)
        while "%s" in condition:
            condition = condition.replace("%s", _condition(generator, corpus), 1)
        lines.append(f"{corpus.formula(generator, least=1, most=18).latex}{generator.choice(['', ','])} & {condition}")
    head = f"{_short(generator, corpus)} = " if generator.random() < 0.85 else ""
    tail = generator.choice(["", "", ".", ","])
    if generator.random() < 0.2:
        return rf"{head}\left\{{\begin{{array}}{{ll}}{_rows(lines)}\end{{array}}\right.{tail}"
    return rf"{head}\begin{{cases}}{_rows(lines)}\end{{cases}}{tail}"


def system(generator: random.Random, corpus: PageCorpus) -> str:
    """Compose a system of equations held together by a brace."""
    count = generator.choices((2, 3, 4), (5, 3, 1))[0]
    lines = [f"{_side(generator, corpus)} &= {_side(generator, corpus)}" for _ in range(count)]
    kind = generator.random()
    if kind < 0.35:
        return rf"\left\{{\begin{{aligned}}{_rows(lines)}\end{{aligned}}\right."
    if kind < 0.55:
        return rf"\begin{{cases}}{_rows([line.replace('&', '') for line in lines])}\end{{cases}}"
    if kind < 0.75:
        after = generator.choice([r"\Rightarrow ", r"\implies ", r"\;\Longrightarrow\; ", r"\quad "])
        return rf"\left.\begin{{aligned}}{_rows(lines)}\end{{aligned}}\right\}}{after}{_short(generator, corpus)}"
    align = generator.choice(["rcl", "lcl", "l"])
    body = [line.replace("&=", "& = &") if len(align) == 3 else line.replace("&", "") for line in lines]
    return rf"\left\{{\begin{{array}}{{{align}}}{_rows(body)}\end{{array}}\right."


def drill(generator: random.Random, corpus: PageCorpus, symbol: str = "") -> str:
    """Compose a formula with a symbol that is rare: this one, or any."""
    symbol = symbol or generator.choice(RARE_SYMBOLS)
    left, right = _side(generator, corpus), _side(generator, corpus)
    letter = generator.choice(string.ascii_letters)
    letters = generator.choice("nmNk"), generator.choice("kjr2"), generator.choice(string.ascii_lowercase)
    above, below = generator.choice(["!", "*", "d", r"\sim", "def"]), generator.choice(["=", r"\to", r"\sim"])
    with_argument = {
        r"\ddot": rf"\ddot{{{letter}}}",
        r"\dddot": rf"\dddot{{{letter}}}",
        r"\binom": rf"\binom{{{letters[0]}}}{{{letters[1]}}}",
        r"\overset": rf"\overset{{{above}}}{{{below}}}",
        r"\underset": rf"\underset{{{letter}}}{{{below}}}",
        r"\mathsf": rf"\mathsf{{{letter.upper()}}}",
        r"\mathtt": rf"\mathtt{{{letter}{letters[2]}}}",
        r"\underline": rf"\underline{{{letter}}}",
        r"\overleftrightarrow": rf"\overleftrightarrow{{{letter.upper()}B}}",
        r"\boxed": "",
    }.get(symbol)
    if symbol == r"\boxed":
        return rf"\boxed{{{left} = {right}}}"
    return f"{left} {with_argument or symbol} {right}"


COMPOSITIONS: Final[dict[str, Callable[[random.Random, PageCorpus], str]]] = {
    "matrix": matrix, "cases": cases, "system": system, "drill": drill,
}  # fmt: skip
"""What composes each kind of part of a document (`styles.PART_SHARES`)."""


def fragment(generator: random.Random, corpus: PageCorpus) -> str:
    """Cut one to four symbols out of a formula, which stand alone as when someone asks how a symbol is written."""
    for _ in range(40):
        tokens = corpus.formula(generator, least=4, most=60).tokens.split(" ")
        start = generator.randrange(len(tokens))
        part = tokens[start : start + generator.randint(1, 4)]
        try:
            if normalise(" ".join(part)) == part:
                return " ".join(part)
        except LatexError:
            continue
    return "="


def gathered_rows(generator: random.Random, corpus: PageCorpus) -> list[str]:
    """Compose rows that share nothing but their place in one display, some of them as short as a limit is."""
    return [
        corpus.formula(generator, least=generator.choice((1, 3, 3, 6)), most=40).latex
        for _ in range(min(12, 2 + int(generator.expovariate(0.35))))
    ]


def _short(generator: random.Random, corpus: PageCorpus) -> str:
    return corpus.formula(generator, least=1, most=12).latex


def _side(generator: random.Random, corpus: PageCorpus) -> str:
    return corpus.formula(generator, least=1, most=16).latex


def _condition(generator: random.Random, corpus: PageCorpus) -> str:
    if generator.random() < 0.5:
        return corpus.formula(generator, least=3, most=12).latex
    relation = generator.choice(["<", ">", "=", r"\leq", r"\geq", r"\in", r"\neq"])
    return f"{generator.choice('xyztnkij')} {relation} {generator.choice('01abnN')}"


def _rows(lines: list[str]) -> str:
    return r" \\ ".join(lines)
