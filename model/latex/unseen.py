r"""Commands that print nothing of their own: spacing, styles, sizes, phantoms, labels, colours.

A gap survives as a node, because it is seen between two upright words; a run of spaces about as wide as a `\quad` is
seen as one.
"""

from __future__ import annotations

from model.latex.nodes import QUAD, SPACE, Node
from model.latex.parser import Handler, Parser
from model.latex.text import text_argument

# In em, as TeX sets them: a thin space is three mu of eighteen.
_GAP_WIDTHS = {
    **dict.fromkeys((r"\,", r"\thinspace"), 3 / 18),
    **dict.fromkeys((r"\:", r"\>", r"\medspace"), 4 / 18),
    **dict.fromkeys((r"\;", r"\thickspace"), 5 / 18),
    **dict.fromkeys(("~", r"\space", r"\nobreakspace", "\\ ", "\\\n"), 1 / 3),
    **dict.fromkeys((r"\enspace", r"\enskip"), 1 / 2),
}
_NEGATIVE_WIDTHS = {r"\!": -3 / 18, r"\negthinspace": -3 / 18, r"\negmedspace": -4 / 18, r"\negthickspace": -5 / 18}
_FIXED_WIDTHS = {**_GAP_WIDTHS, **_NEGATIVE_WIDTHS}
_WITH_LENGTH = (r"\hspace", r"\mspace")
_WITH_BARE_LENGTH = (r"\hskip", r"\kern", r"\mkern", r"\mskip")
_HORIZONTAL = frozenset([*_FIXED_WIDTHS, *_WITH_LENGTH, *_WITH_BARE_LENGTH])
_EM_PER_UNIT = {
    "em": 1.0,
    "mu": 1 / 18,
    "ex": 0.43,
    "pt": 0.1,
    "bp": 0.1,
    "pc": 1.2,
    "mm": 0.2845,
    "cm": 2.845,
    "in": 7.227,
}
# Authors' runs are `\ \ ` (0.67) and less, or `\;\;\;` (0.83) and more: hardly one lies near the limit.
_LEAST_QUAD_EM = 0.75

GAPS = frozenset(_GAP_WIDTHS)
# Steps that a command looking ahead steps over as well.
SPACING = GAPS | {r"\!", r"\negthinspace"}

_BARE = r"""\/ \- \displaystyle \textstyle \scriptstyle
    \scriptscriptstyle \mathop \mathrel \mathbin \mathord \mathopen \mathclose \mathpunct \mathinner \mathstrut \strut
    \nonumber \notag \smash \mathrlap \mathllap \mathclap \ensuremath \allowbreak \nobreak \break \relax \null \hfill
    \hfil \vfill \hss \noindent \protect \leavevmode \tiny \scriptsize \footnotesize \small \normalsize \large \Large
    \LARGE \huge \Huge \allowdisplaybreaks \par \centering"""
_WITH_ARGUMENT = r"\phantom \hphantom \vphantom \label \tag \color \vspace \ref \cite"
_WITH_DIMENSION = r"\vskip \raise \lower"
UNITS = ("pt", "mm", "cm", "in", "ex", "em", "mu", "bp", "pc", "dd", "cc", "sp")


def _nothing(_: Parser, __: str) -> list[Node]:
    return []


def _space(parser: Parser, command: str) -> list[Node]:
    """Reads a run of horizontal spaces as what is seen of it: a quad, a gap, or nothing."""
    width = _width(parser, command)
    is_gap = command in GAPS
    while parser.next in _HORIZONTAL:
        command = parser.next
        parser.index += 1
        width += _width(parser, command)
        is_gap = is_gap or command in GAPS
    if width >= _LEAST_QUAD_EM:
        return [QUAD]
    return [SPACE] if is_gap else []


def _width(parser: Parser, command: str) -> float:
    """Returns the width of a horizontal space, in em, and steps over what says it."""
    if command in _FIXED_WIDTHS:
        return _FIXED_WIDTHS[command]
    if command in _WITH_BARE_LENGTH:
        return _dimension(parser)
    parser.accept("*")
    start = parser.index
    parser.skip_group()
    return _em("".join(parser.tokens[start : parser.index]).strip("{}"))


def _em(length: str) -> float:
    r"""Returns the width that a length like `1.5cm` stands for; 0 for what has none of its own, like `\fill`."""
    try:
        return float(length[:-2]) * _EM_PER_UNIT.get(length[-2:], 0.0)
    except ValueError:
        return 0.0


def _quad(_: Parser, __: str) -> list[Node]:
    return [QUAD]


def _drop_argument(parser: Parser, _: str) -> list[Node]:
    parser.accept("*")
    parser.skip_group()
    return []


def _coloured(parser: Parser, _: str) -> list[Node]:
    parser.skip_group()
    return parser.argument()


def _coloured_text(parser: Parser, _: str) -> list[Node]:
    parser.skip_group()
    return text_argument(parser, r"\text")


def _overlapping_text(parser: Parser, _: str) -> list[Node]:
    return text_argument(parser, r"\text")


def _drop_dimension(parser: Parser, _: str) -> list[Node]:
    _dimension(parser)
    return []


def _dimension(parser: Parser) -> float:
    """Steps over a dimension and what it may stretch by; returns its width in em."""
    start = parser.index
    _number_and_unit(parser)
    width = _em("".join(parser.tokens[start : parser.index]).removeprefix("="))
    for word in ("plus", "minus"):
        end = parser.index + len(word)
        if "".join(parser.tokens[parser.index : end]) == word:
            parser.index = end
            _number_and_unit(parser)
    return width


def _number_and_unit(parser: Parser) -> None:
    parser.accept("=")
    while parser.next and parser.next in "+-":
        parser.index += 1
    while parser.next and parser.next in "0123456789.,":
        parser.index += 1
    if "".join(parser.tokens[parser.index : parser.index + 2]) in UNITS:
        parser.index += 2
    elif parser.next.startswith("\\"):
        parser.index += 1


UNSEEN: dict[str, Handler] = {
    **dict.fromkeys(_BARE.split(), _nothing),
    **dict.fromkeys(_HORIZONTAL, _space),
    **dict.fromkeys((r"\quad", r"\qquad"), _quad),
    **dict.fromkeys(_WITH_ARGUMENT.split(), _drop_argument),
    **dict.fromkeys(_WITH_DIMENSION.split(), _drop_dimension),
    **dict.fromkeys((r"\rlap", r"\llap", r"\clap"), _overlapping_text),
    r"\textcolor": _coloured,
    r"\colorbox": _coloured_text,
}
