r"""What each command of math mode means to the parser: the tables behind `parser.py`.

A handler gets the parser just past its command and returns the nodes that are seen on the page.
"""

from __future__ import annotations

from collections.abc import Mapping

from model.latex.environments import environment, genfrac, left_right, stack, substack
from model.latex.nodes import QUAD, SPACE, Command, Font, Node, Scripted, Symbol
from model.latex.parser import Grammar, Handler, Infix, Parser, is_limit_operator
from model.latex.symbols import (
    BIG_OPERATORS,
    BINARY_OPERATORS,
    NEGATED,
    OPERATOR_OF_WORD,
    RELATIONS,
    SEQUENCES,
    SYMBOLS,
)
from model.latex.text import TEXT_COMMANDS, text_argument

ACCENTS = frozenset(
    r"""\hat \widehat \bar \overline \tilde \widetilde \vec \overrightarrow \overleftarrow \overleftrightarrow \underline
    \underrightarrow \underleftarrow \underleftrightarrow \dot \ddot \dddot \ddddot \check \widecheck \breve \acute
    \grave \mathring \overbrace \underbrace \overbracket \underbracket \overgroup \undergroup \boxed \cancel \bcancel
    \xcancel \sout""".split()
)
ARROWS = frozenset(
    r"""\xrightarrow \xleftarrow \xleftrightarrow \xRightarrow \xLeftarrow \xLeftrightarrow \xmapsto \xhookrightarrow
    \xhookleftarrow \xrightleftharpoons \xleftrightharpoons \xlongequal \xtwoheadrightarrow""".split()
)
_FONTS = {
    r"\mathrm": Font.UPRIGHT, r"\mathup": Font.UPRIGHT, r"\mathnormal": Font.PLAIN, r"\mathit": Font.PLAIN,
    r"\mathbf": Font.BOLD, r"\bold": Font.BOLD, r"\boldsymbol": Font.BOLD_SYMBOL, r"\bm": Font.BOLD_SYMBOL,
    r"\pmb": Font.BOLD_SYMBOL, r"\mathbfit": Font.BOLD_SYMBOL, r"\mathcal": Font.CALLIGRAPHIC,
    r"\mathbb": Font.BLACKBOARD, r"\Bbb": Font.BLACKBOARD, r"\mathfrak": Font.FRAKTUR, r"\frak": Font.FRAKTUR,
    r"\mathscr": Font.SCRIPT, r"\mathsf": Font.SANS_SERIF, r"\mathtt": Font.TYPEWRITER,
}  # fmt: skip
# Alphabets inside `\boldsymbol`; any other alphabet inside another replaces it.
_IN_BOLD = {Font.UPRIGHT: Font.BOLD, Font.CALLIGRAPHIC: Font.BOLD_CALLIGRAPHIC, Font.PLAIN: Font.BOLD_SYMBOL}
_FONT_DECLARATIONS = {
    r"\rm": Font.UPRIGHT, r"\bf": Font.BOLD, r"\it": Font.PLAIN, r"\sl": Font.PLAIN, r"\sf": Font.SANS_SERIF,
    r"\tt": Font.TYPEWRITER, r"\cal": Font.CALLIGRAPHIC, r"\scr": Font.SCRIPT, r"\mit": Font.PLAIN,
    r"\boldmath": Font.BOLD_SYMBOL, r"\unboldmath": Font.PLAIN, r"\normalfont": Font.UPRIGHT, r"\rmfamily": Font.UPRIGHT,
    r"\bfseries": Font.BOLD, r"\itshape": Font.PLAIN, r"\em": Font.PLAIN,
}  # fmt: skip
_GAPS = r"\, \: \; \> ~ \  \enspace \enskip \thinspace \medspace \thickspace \space \nobreakspace"
_DROPPED = r"""\! \/ \- \negthinspace \negmedspace \negthickspace \displaystyle \textstyle \scriptstyle
    \scriptscriptstyle \mathop \mathrel \mathbin \mathord \mathopen \mathclose \mathpunct \mathinner \mathstrut \strut
    \nonumber \notag \smash \rlap \llap \clap \mathrlap \mathllap \mathclap \ensuremath \allowbreak \nobreak \break
    \relax \null \hfill \hfil \vfill \hss \noindent \protect \leavevmode \tiny \scriptsize \footnotesize \small
    \normalsize \large \Large \LARGE \huge \Huge \allowdisplaybreaks  \par \centering"""
_DROPPED_WITH_ARGUMENT = r"\phantom \hphantom \vphantom \label \tag \color \hspace \vspace \mspace \ref \cite"
_DROPPED_WITH_DIMENSION = r"\hskip \kern \mkern \mskip \vskip \raise \lower \vglue \hglue"
_SIZES = r"""\big \Big \bigg \Bigg \bigl \Bigl \biggl \Biggl \bigr \Bigr \biggr \Biggr \bigm \Bigm \biggm \Biggm
    \middle"""
_UNITS = frozenset({"pt", "mm", "cm", "in", "ex", "em", "mu", "bp", "pc", "dd", "cc", "sp"})


def delimiter(parser: Parser) -> list[Node]:
    r"""Reads what follows `\left`, `\right` or `\big`; the null delimiter yields nothing."""
    if parser.accept("{"):
        nodes = delimiter(parser)
        parser.expect("}")
        return nodes
    token = parser.tokens[parser.index]
    parser.index += 1
    if token == ".":
        return []
    token = {"<": r"\langle", ">": r"\rangle", r"\lt": r"\langle", r"\gt": r"\rangle"}.get(token, token)
    if (symbol := SYMBOLS[Font.PLAIN].get(token)) is None:
        raise parser.error(f"'{token}' is no delimiter" if token else "a delimiter is missing", parser.index - 1)
    return [symbol]


def _left(parser: Parser, _: str) -> list[Node]:
    start = parser.index - 1
    opening = delimiter(parser)
    body: list[Node] = []
    while True:
        body += parser.row()
        if not parser.accept(r"\middle"):
            break
        body += delimiter(parser)
    if not parser.accept(r"\right"):
        raise parser.error(r"'\left' has no '\right'", start)
    return left_right(opening, body, delimiter(parser))


def _size(parser: Parser, _: str) -> list[Node]:
    return delimiter(parser)


def _accent(parser: Parser, command: str) -> list[Node]:
    return [Command(command, [parser.argument()])]


def _frac(parser: Parser, _: str) -> list[Node]:
    return [Command(r"\frac", [parser.argument(), parser.argument()])]


def _binom(parser: Parser, _: str) -> list[Node]:
    return [Command(r"\binom", [parser.argument(), parser.argument()])]


def _cfrac(parser: Parser, command: str) -> list[Node]:
    parser.option()
    return _frac(parser, command)


def _sqrt(parser: Parser, _: str) -> list[Node]:
    option = parser.option()
    return [Command(r"\sqrt", [parser.argument()], option or None)]


def _root(parser: Parser, _: str) -> list[Node]:
    option = parser.row(closer=r"\of")
    parser.expect(r"\of")
    return [Command(r"\sqrt", [parser.argument()], option or None)]


def _arrow(parser: Parser, command: str) -> list[Node]:
    option = parser.option()
    return [Command(command, [parser.argument()], option or None)]


def _overset(parser: Parser, command: str) -> list[Node]:
    script, base = parser.argument(), parser.argument()
    if not script:
        return base
    if (name := _operator_of(base)) is not None:
        base = [SYMBOLS[Font.PLAIN][name]]
    if is_limit_operator(base):
        operator = base[0]
        return [Scripted(operator, sub=script) if command == r"\underset" else Scripted(operator, sup=script)]
    return [Command(r"\underset" if command == r"\underset" else r"\overset", [script, base])]


def _buildrel(parser: Parser, _: str) -> list[Node]:
    script = parser.row(closer=r"\over")
    parser.expect(r"\over")
    return [Command(r"\overset", [script, parser.argument()])]


def _font(parser: Parser, command: str) -> list[Node]:
    font = _FONTS[command]
    if parser.font in {Font.BOLD_SYMBOL, Font.BOLD_CALLIGRAPHIC}:
        font = _IN_BOLD.get(font, font)
    return parser.argument(font=font)


def _operator_name(parser: Parser, _: str) -> list[Node]:
    parser.accept("*")
    nodes = parser.argument(font=Font.UPRIGHT)
    if (name := _operator_of(nodes)) is not None:
        return [SYMBOLS[Font.PLAIN][name]]
    return [SPACE, *nodes]


def _operator_of(row: list[Node]) -> str | None:
    """Returns the operator that the upright letters of a row spell, if they do."""
    word = ""
    for node in row:
        if isinstance(node, Symbol) and node.font is Font.UPRIGHT:
            word += node.token
        elif node is not SPACE:
            return None
    return OPERATOR_OF_WORD.get(word)


def _not(parser: Parser, _: str) -> list[Node]:
    while parser.tokens[parser.index] in _SPACING:
        parser.index += 1
    index = parser.index
    braced = parser.accept("{")
    following = SYMBOLS[Font.PLAIN].get(parser.tokens[parser.index])
    if following is not None and following.token in NEGATED:
        parser.index += 1
        if not braced or parser.accept("}"):
            return [SYMBOLS[parser.font][NEGATED[following.token]]]
    parser.index = index
    return [Symbol(r"\not")]


def _dots(parser: Parser, _: str) -> list[Node]:
    index = parser.index
    while parser.tokens[index] in _SPACING:
        index += 1
    following = SYMBOLS[Font.PLAIN].get(parser.tokens[index])
    is_centred = following is not None and following.token in CENTRES_DOTS or parser.tokens[index] == r"\not"
    return [SYMBOLS[parser.font][r"\cdots" if is_centred else r"\ldots"]]


def _pmod(parser: Parser, command: str) -> list[Node]:
    symbols = SYMBOLS[Font.PLAIN]
    name: list[Node] = [symbols[r"\bmod"]] if command == r"\pmod" else []
    return [symbols["("], *name, *parser.argument(), symbols[")"]]


def _mod(_: Parser, __: str) -> list[Node]:
    return [SYMBOLS[Font.PLAIN][r"\bmod"]]


def _angstrom(_: Parser, __: str) -> list[Node]:
    return [Command(r"\mathring", [[SYMBOLS[Font.UPRIGHT]["A"]]])]


def _sequence(parser: Parser, command: str) -> list[Node]:
    return [SYMBOLS[parser.font][character] for character in SEQUENCES[command]]


def _quad(_: Parser, __: str) -> list[Node]:
    return [QUAD]


def _gap(_: Parser, __: str) -> list[Node]:
    return [SPACE]


def _nothing(_: Parser, __: str) -> list[Node]:
    return []


def _drop_argument(parser: Parser, _: str) -> list[Node]:
    parser.accept("*")
    skip_argument(parser)
    return []


def skip_argument(parser: Parser) -> None:
    """Steps over an argument whose content is not mathematics."""
    depth = 0
    opening = parser.index
    while True:
        token = parser.tokens[parser.index]
        if not token:
            raise parser.error("an argument is missing or never closed", opening)
        parser.index += 1
        depth += (token == "{") - (token == "}")
        if depth <= 0:
            return


def _drop_first_argument(parser: Parser, command: str) -> list[Node]:
    skip_argument(parser)
    return parser.argument() if command == r"\textcolor" else text_argument(parser, r"\text")


def _boxed_text(parser: Parser, _: str) -> list[Node]:
    return [Command(r"\boxed", [text_argument(parser, r"\text")])]


def _dimension(parser: Parser, _: str) -> list[Node]:
    """Steps over a TeX dimension and what it may stretch by."""
    _number_and_unit(parser)
    for word in ("plus", "minus"):
        end = parser.index + len(word)
        if "".join(parser.tokens[parser.index : end]) == word:
            parser.index = end
            _number_and_unit(parser)
    return []


def _number_and_unit(parser: Parser) -> None:
    parser.accept("=")
    while parser.tokens[parser.index] in {"+", "-"}:
        parser.index += 1
    while parser.tokens[parser.index] in set("0123456789.,"):
        parser.index += 1
    if "".join(parser.tokens[parser.index : parser.index + 2]) in _UNITS:
        parser.index += 2
    elif parser.tokens[parser.index].startswith("\\"):
        parser.index += 1


def _over(_: Parser, numerator: list[Node], denominator: list[Node]) -> list[Node]:
    return [Command(r"\frac", [numerator, denominator])]


def _choose(_: Parser, above: list[Node], below: list[Node]) -> list[Node]:
    return [Command(r"\binom", [above, below])]


def _brack(parser: Parser, above: list[Node], below: list[Node]) -> list[Node]:
    symbols = SYMBOLS[Font.PLAIN]
    return [symbols["["], *stack(parser, above, below), symbols["]"]]


def _brace(parser: Parser, above: list[Node], below: list[Node]) -> list[Node]:
    symbols = SYMBOLS[Font.PLAIN]
    return [symbols[r"\{"], *stack(parser, above, below), symbols[r"\}"]]


# What amsmath's \dots looks at to print centred dots.
CENTRES_DOTS = RELATIONS | BINARY_OPERATORS | BIG_OPERATORS
_SPACING = frozenset({*_GAPS.split(), r"\ ", r"\!"})

_HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(ACCENTS, _accent),
    **dict.fromkeys(ARROWS, _arrow),
    **dict.fromkeys(_FONTS, _font),
    **dict.fromkeys(TEXT_COMMANDS, text_argument),
    **dict.fromkeys(_DROPPED.split(), _nothing),
    **dict.fromkeys([*_GAPS.split(), r"\ "], _gap),
    **dict.fromkeys(_DROPPED_WITH_ARGUMENT.split(), _drop_argument),
    **dict.fromkeys(_DROPPED_WITH_DIMENSION.split(), _dimension),
    **dict.fromkeys(_SIZES.split(), _size),
    **dict.fromkeys(SEQUENCES, _sequence),
    **dict.fromkeys((r"\frac", r"\dfrac", r"\tfrac"), _frac),
    **dict.fromkeys((r"\binom", r"\dbinom", r"\tbinom"), _binom),
    **dict.fromkeys((r"\overset", r"\underset", r"\stackrel"), _overset),
    **dict.fromkeys((r"\quad", r"\qquad"), _quad),
    **dict.fromkeys((r"\textcolor", r"\colorbox"), _drop_first_argument),
    **dict.fromkeys((r"\pmod", r"\pod"), _pmod),
    r"\begin": environment,
    r"\left": _left,
    r"\cfrac": _cfrac,
    r"\genfrac": genfrac,
    r"\sqrt": _sqrt,
    r"\root": _root,
    r"\substack": substack,
    r"\buildrel": _buildrel,
    r"\operatorname": _operator_name,
    r"\operatornamewithlimits": _operator_name,
    r"\not": _not,
    r"\dots": _dots,
    r"\mod": _mod,
    r"\AA": _angstrom,
    r"\fbox": _boxed_text,
}
_INFIXES: Mapping[str, Infix] = {
    r"\over": _over,
    r"\atop": stack,
    r"\choose": _choose,
    r"\brack": _brack,
    r"\brace": _brace,
}

GRAMMAR = Grammar(commands=_HANDLERS, infixes=_INFIXES, font_declarations=_FONT_DECLARATIONS)
