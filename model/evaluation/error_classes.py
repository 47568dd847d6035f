"""What is wrong with a formula that was read wrong: reference and reading, aligned, and their differences named.

A formula may hold faults of several classes, and counts once for each of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from model.evaluation.evaluator import EvaluatedFormula
from model.latex.nodes import Font
from model.latex.symbols import LETTERS

CUT_SHORT: Final = "never came to an end"
STRUCTURE: Final = "structure: rows, cells, environments"
SCRIPTS: Final = "script or argument at another place"
FONTS: Final = "font"
ACCENTS: Final = "accent or decoration"
DELIMITERS: Final = "delimiter"
PUNCTUATION: Final = "punctuation, dots, spaces, primes"
CAPITALS: Final = "capital for small letter"
LOOK_ALIKE: Final = "one symbol for another"
MISSING: Final = "piece left out"
EXTRA: Final = "piece put in"
PASSAGE: Final = "longer passage misread"

_SCRIPT_TOKENS = frozenset("^ _ { }".split())
_FONT_TOKENS = frozenset(font.value for font in Font if font is not Font.PLAIN) | {r"\text", r"\operatorname"}
_ACCENT_TOKENS = frozenset(
    r"\hat \widehat \bar \overline \underline \tilde \widetilde \vec \dot \ddot \dddot \check \breve \acute \grave "
    r"\mathring \overrightarrow \overleftarrow \overbrace \underbrace".split()
)
_DELIMITER_TOKENS = frozenset(
    r"( ) [ ] \{ \} | \| \vert \Vert \langle \rangle \lfloor \rfloor \lceil \rceil \lvert \rvert \lVert \rVert / "
    r"\backslash".split()
)
_PUNCTUATION_TOKENS = frozenset(
    r", . ; : ! ? ' \prime \ldots \cdots \dots \vdots \ddots \cdot \quad \qquad \, \: \; \! ~".split()
)
_LONG_PASSAGE = 4  # Tokens; a longer replacement is no slip of one symbol.


@dataclass(frozen=True)
class ErrorClass:
    """One class of faults.

    Attributes:
        name: Of the class.
        formulas: Formulas that hold such a fault.
        faults: How many of them there are in all.
        examples: The commonest ones: what was set, what was read, how often.
    """

    name: str
    formulas: int
    faults: int
    examples: tuple[tuple[str, str, int], ...]


def faults_of(reference: Sequence[str], prediction: Sequence[str]) -> list[tuple[str, str, str]]:
    """Align two formulas and name each difference: (class, what was set, what was read)."""
    faults = []
    matcher = SequenceMatcher(None, reference, prediction, autojunk=False)
    for operation, start, end, other_start, other_end in matcher.get_opcodes():
        if operation != "equal":
            gone, come = reference[start:end], prediction[other_start:other_end]
            faults.append((_class_of(gone, come), " ".join(gone), " ".join(come)))
    # The brace that a lost accent or script leaves further on is of that fault, and none of its own.
    whole = [fault for fault in faults if f"{fault[1]}{fault[2]}".strip("{} ")]
    return whole or faults


def classify(readings: Iterable[EvaluatedFormula]) -> list[ErrorClass]:
    """Count the classes of faults in the formulas that were read wrong, the commonest first."""
    formulas: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    examples: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for reading in readings:
        if reading.is_right:
            continue
        if reading.is_cut_short:
            formulas[CUT_SHORT] += 1
            faults[CUT_SHORT] += 1
            continue
        found = faults_of(reading.reference, reading.prediction)
        formulas.update({name for name, _, _ in found})
        for name, gone, come in found:
            faults[name] += 1
            examples[name][gone, come] += 1
    return [
        ErrorClass(name, count, faults[name], tuple((*pair, times) for pair, times in examples[name].most_common(5)))
        for name, count in formulas.most_common()
    ]


def _class_of(gone: Sequence[str], come: Sequence[str]) -> str:
    """Name one difference by the tokens that are on one side only; a moved piece leaves nothing but braces."""
    changed = [*(Counter(gone) - Counter(come)).elements(), *(Counter(come) - Counter(gone)).elements()]
    tokens = {token for token in changed if token not in _SCRIPT_TOKENS}
    if any(token in {"&", r"\\", r"\hline"} or token.startswith((r"\begin", r"\end")) for token in tokens):
        return STRUCTURE
    if not tokens:
        return SCRIPTS
    for name, members in (
        (FONTS, _FONT_TOKENS),
        (ACCENTS, _ACCENT_TOKENS),
        (PUNCTUATION, _PUNCTUATION_TOKENS),
        (DELIMITERS, _DELIMITER_TOKENS),
    ):
        # Font and accent bring their braces and lose a symbol's; the others must be all there is.
        if tokens <= members or (name in (FONTS, ACCENTS) and tokens & members and len(changed) <= _LONG_PASSAGE):
            return name
    return _class_of_symbols(gone, come)


def _class_of_symbols(gone: Sequence[str], come: Sequence[str]) -> str:
    if not come:
        return MISSING
    if not gone:
        return EXTRA
    if len(gone) == len(come) == 1:
        is_capital = gone[0] in LETTERS and come[0] in LETTERS and gone[0].lower() == come[0].lower()
        return CAPITALS if is_capital else LOOK_ALIKE
    if max(len(gone), len(come)) > _LONG_PASSAGE:
        return PASSAGE
    if len(gone) == len(come):
        return LOOK_ALIKE
    return MISSING if len(gone) > len(come) else EXTRA
