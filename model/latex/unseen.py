r"""Commands that print nothing of their own: spacing, styles, sizes, phantoms, labels, colours.

A gap survives as a node, because it is seen between two upright words.
"""

from __future__ import annotations

from model.latex.nodes import QUAD, SPACE, Node
from model.latex.parser import Handler, Parser
from model.latex.text import text_argument

GAPS = frozenset(
    [*r"\, \: \; \> ~ \enspace \enskip \thinspace \medspace \thickspace \space \nobreakspace".split(), "\\ ", "\\\n"]
)
# Steps that a command looking ahead steps over as well.
SPACING = GAPS | {r"\!", r"\negthinspace"}

_BARE = r"""\! \/ \- \negthinspace \negmedspace \negthickspace \displaystyle \textstyle \scriptstyle
    \scriptscriptstyle \mathop \mathrel \mathbin \mathord \mathopen \mathclose \mathpunct \mathinner \mathstrut \strut
    \nonumber \notag \smash \mathrlap \mathllap \mathclap \ensuremath \allowbreak \nobreak \break \relax \null \hfill
    \hfil \vfill \hss \noindent \protect \leavevmode \tiny \scriptsize \footnotesize \small \normalsize \large \Large
    \LARGE \huge \Huge \allowdisplaybreaks \par \centering"""
_WITH_ARGUMENT = r"\phantom \hphantom \vphantom \label \tag \color \hspace \vspace \mspace \ref \cite"
_WITH_DIMENSION = r"\hskip \kern \mkern \mskip \vskip \raise \lower"
UNITS = ("pt", "mm", "cm", "in", "ex", "em", "mu", "bp", "pc", "dd", "cc", "sp")


def _nothing(_: Parser, __: str) -> list[Node]:
    return []


def _gap(_: Parser, __: str) -> list[Node]:
    return [SPACE]


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
    """Steps over a dimension and what it may stretch by."""
    _number_and_unit(parser)
    for word in ("plus", "minus"):
        end = parser.index + len(word)
        if "".join(parser.tokens[parser.index : end]) == word:
            parser.index = end
            _number_and_unit(parser)
    return []


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
    **dict.fromkeys(GAPS, _gap),
    **dict.fromkeys((r"\quad", r"\qquad"), _quad),
    **dict.fromkeys(_WITH_ARGUMENT.split(), _drop_argument),
    **dict.fromkeys(_WITH_DIMENSION.split(), _drop_dimension),
    **dict.fromkeys((r"\rlap", r"\llap", r"\clap"), _overlapping_text),
    r"\textcolor": _coloured,
    r"\colorbox": _coloured_text,
}
