r"""What each command of math mode means to the parser: the tables behind `parser.py`.

A handler gets the parser just past its command and returns the nodes that are seen on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from model.latex.delimiters import SIZES, left, sized
from model.latex.environments import environment, genfrac, stack, substack
from model.latex.nodes import SPACE, Command, Font, Node, Scripted, Symbol
from model.latex.parser import SPACED_OPERATORS, Grammar, Handler, Infix, Parser, plain
from model.latex.row_builder import is_limit_operator
from model.latex.symbols import CENTRED_DOTS_BEFORE, NEGATED, OPERATOR_OF_WORD, SEQUENCES, SYMBOLS
from model.latex.text import TEXT_COMMANDS, text_argument
from model.latex.unseen import SPACING, UNSEEN

_WITH_ONE_ARGUMENT = frozenset(
    r"""\hat \widehat \bar \overline \tilde \widetilde \vec \overrightarrow \overleftarrow \overleftrightarrow
    \underline \underrightarrow \underleftarrow \underleftrightarrow \dot \ddot \dddot \ddddot \check \breve \acute
    \grave \mathring \overbrace \underbrace \overbracket \underbracket \overgroup \undergroup \boxed \cancel \bcancel
    \xcancel""".split()
)
_ARROWS = frozenset(
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
    r"\boldmath": Font.BOLD_SYMBOL, r"\unboldmath": Font.PLAIN, r"\normalfont": Font.UPRIGHT,
    r"\rmfamily": Font.UPRIGHT, r"\bfseries": Font.BOLD, r"\itshape": Font.PLAIN, r"\em": Font.PLAIN,
}  # fmt: skip


def _with_one_argument(parser: Parser, command: str) -> list[Node]:
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
        base = [plain(name)]
    if (operator := _with_limit(base, "sub" if command == r"\underset" else "sup", script)) is not None:
        return [operator]
    return [Command(r"\underset" if command == r"\underset" else r"\overset", [script, base])]


def _with_limit(base: list[Node], kind: Literal["sub", "sup"], script: list[Node]) -> Scripted | None:
    r"""Returns `\underset{i}{\sum}` as what it looks like in display style, a sum with a subscript."""
    if len(base) != 1:
        return None
    operator = base[0] if isinstance(base[0], Scripted) else Scripted(base[0])
    if not is_limit_operator(operator.base) or operator.primes or getattr(operator, kind):
        return None
    return replace(operator, sub=script) if kind == "sub" else replace(operator, sup=script)


def _buildrel(parser: Parser, _: str) -> list[Node]:
    script = parser.row(closer=r"\over")
    parser.expect(r"\over")
    return [Command(r"\overset", [script, parser.argument()])]


def _font(parser: Parser, command: str) -> list[Node]:
    font = _FONTS[command]
    if parser.font in {Font.BOLD_SYMBOL, Font.BOLD_CALLIGRAPHIC}:
        font = _IN_BOLD.get(font, font)
    return parser.argument(font)


def _operator_name(parser: Parser, _: str) -> list[Node]:
    parser.accept("*")
    nodes = parser.argument(Font.UPRIGHT)
    if (name := _operator_of(nodes)) is not None:
        return [plain(name)]
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


def _degree(_: Parser, __: str) -> list[Node]:
    return [plain(r"\circ")]


def _not(parser: Parser, _: str) -> list[Node]:
    while parser.next in SPACING:
        parser.index += 1
    index = parser.index
    braced = parser.accept("{")
    following = SYMBOLS[Font.PLAIN].get(parser.next)
    if following is not None and following.token in NEGATED:
        parser.index += 1
        if not braced or parser.accept("}"):
            return [SYMBOLS[parser.font][NEGATED[following.token]]]
    parser.index = index
    return [Symbol(r"\not")]


def _dots(parser: Parser, _: str) -> list[Node]:
    index = parser.index
    while parser.tokens[index] in SPACING:
        index += 1
    following = SYMBOLS[Font.PLAIN].get(parser.tokens[index])
    is_centred = parser.tokens[index] == r"\not" or (following is not None and following.token in CENTRED_DOTS_BEFORE)
    return [SYMBOLS[parser.font][r"\cdots" if is_centred else r"\ldots"]]


def _pmod(parser: Parser, command: str) -> list[Node]:
    name: list[Node] = [plain(r"\bmod")] if command == r"\pmod" else []
    return [plain("("), *name, *parser.argument(), plain(")")]


def _mod(_: Parser, __: str) -> list[Node]:
    return [plain(r"\bmod")]


def _angstrom(_: Parser, __: str) -> list[Node]:
    return [Command(r"\mathring", [[SYMBOLS[Font.UPRIGHT]["A"]]])]


def _sequence(parser: Parser, command: str) -> list[Node]:
    return [SYMBOLS[parser.font][character] for character in SEQUENCES[command]]


def _boxed_text(parser: Parser, _: str) -> list[Node]:
    return [Command(r"\boxed", [text_argument(parser, r"\text")])]


def _over(_: Parser, numerator: list[Node], denominator: list[Node]) -> list[Node]:
    return [Command(r"\frac", [numerator, denominator])]


def _choose(_: Parser, above: list[Node], below: list[Node]) -> list[Node]:
    return [Command(r"\binom", [above, below])]


def _brack(parser: Parser, above: list[Node], below: list[Node]) -> list[Node]:
    return [plain("["), *stack(parser, above, below), plain("]")]


def _brace(parser: Parser, above: list[Node], below: list[Node]) -> list[Node]:
    return [plain(r"\{"), *stack(parser, above, below), plain(r"\}")]


_HANDLERS: dict[str, Handler] = {
    **UNSEEN,
    **dict.fromkeys(_WITH_ONE_ARGUMENT, _with_one_argument),
    **dict.fromkeys(_ARROWS, _arrow),
    **dict.fromkeys(_FONTS, _font),
    **dict.fromkeys(TEXT_COMMANDS, text_argument),
    **dict.fromkeys(SIZES, sized),
    **dict.fromkeys(SEQUENCES, _sequence),
    **dict.fromkeys(SPACED_OPERATORS, _operator_name),
    **dict.fromkeys((r"\frac", r"\dfrac", r"\tfrac"), _frac),
    **dict.fromkeys((r"\binom", r"\dbinom", r"\tbinom"), _binom),
    **dict.fromkeys((r"\overset", r"\underset", r"\stackrel"), _overset),
    **dict.fromkeys((r"\pmod", r"\pod"), _pmod),
    r"\begin": environment,
    r"\left": left,
    r"\cfrac": _cfrac,
    r"\genfrac": genfrac,
    r"\sqrt": _sqrt,
    r"\root": _root,
    r"\substack": substack,
    r"\buildrel": _buildrel,
    r"\not": _not,
    r"\dots": _dots,
    r"\mod": _mod,
    r"\degree": _degree,
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
