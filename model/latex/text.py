r"""Text mode inside a formula: `\text{if $x$ is even}` as upright letters, spaces and formulas.

Punctuation looks the same in text and in mathematics, so it leaves the text; a hyphen or an apostrophe does not.
"""

from __future__ import annotations

from model.latex.nodes import SPACE, Command, Font, Node, Symbol
from model.latex.parser import Parser
from model.latex.symbols import DIGITS, FOREIGN_LETTERS, LETTERS, SYMBOLS
from model.latex.token_stream import END

# The font of each text command.
TEXT_COMMANDS = {
    r"\text": Font.UPRIGHT, r"\mbox": Font.UPRIGHT, r"\hbox": Font.UPRIGHT, r"\textrm": Font.UPRIGHT,
    r"\textnormal": Font.UPRIGHT, r"\textup": Font.UPRIGHT, r"\textmd": Font.UPRIGHT, r"\textsc": Font.UPRIGHT,
    r"\textbf": Font.BOLD, r"\textit": Font.PLAIN, r"\textsl": Font.PLAIN, r"\emph": Font.PLAIN,
    r"\textsf": Font.SANS_SERIF, r"\texttt": Font.TYPEWRITER,
}  # fmt: skip
_DECLARATIONS = {
    r"\rm": Font.UPRIGHT, r"\bf": Font.BOLD, r"\it": Font.PLAIN, r"\sl": Font.PLAIN, r"\em": Font.PLAIN,
    r"\sf": Font.SANS_SERIF, r"\tt": Font.TYPEWRITER, r"\rmfamily": Font.UPRIGHT, r"\bfseries": Font.BOLD,
    r"\itshape": Font.PLAIN, r"\normalfont": Font.UPRIGHT, r"\boldmath": Font.BOLD_SYMBOL,
}  # fmt: skip
_ACCENTS = {
    r"\'": r"\acute", r"\`": r"\grave", r"\^": r"\hat", r"\~": r"\tilde", r"\=": r"\bar", r"\.": r"\dot",
    r"\"": r"\ddot", r"\u": r"\breve", r"\v": r"\check", r"\r": r"\mathring",
}  # fmt: skip
_SPACES = frozenset({"~", r"\ ", r"\,", r"\;", r"\:", r"\>", r"\space", r"\enspace", r"\thinspace"})
_DROPPED = frozenset(
    r"""\! \/ \- \tiny \scriptsize \footnotesize \small \normalsize \large \Large \LARGE \huge \Huge \displaystyle
    \textstyle \scriptstyle \scriptscriptstyle \strut \null \relax \unboldmath \mathstrut \cal \mit""".split()
)
# Looks in text that differ from the same character in mathematics; they can only be written as text.
TEXT_ONLY = frozenset("-'`\"*")
_TEXT_SYMBOLS = {token: Symbol(token, Font.UPRIGHT) for token in TEXT_ONLY | FOREIGN_LETTERS}


def text_argument(parser: Parser, command: str) -> list[Node]:
    """Reads the argument of a text command."""
    outer = parser.font
    parser.font = TEXT_COMMANDS[command]
    if outer is Font.BOLD and parser.font is Font.PLAIN:
        parser.font = Font.BOLD_SYMBOL  # bold italics
    if parser.accept("{"):
        nodes = _text(parser)
    else:
        nodes = _text_atom(parser, Font.PLAIN)
    parser.font = outer
    return nodes


def _text(parser: Parser, math_font: Font = Font.PLAIN) -> list[Node]:
    """Reads text up to the closing brace; the opening one is already read."""
    outer = parser.font
    opening = parser.index - 1
    nodes: list[Node] = []
    while True:
        if _blank_before(parser):
            nodes.append(SPACE)
        token = parser.next
        if token == "}":
            break
        if token == END:
            raise parser.error("'{' is never closed", opening)
        if token in _DECLARATIONS:
            parser.index += 1
            if token == r"\boldmath":
                math_font = Font.BOLD_SYMBOL
            else:
                parser.font = _DECLARATIONS[token]
        else:
            nodes += _text_atom(parser, math_font)
    parser.index += 1
    parser.font = outer
    return nodes


def _blank_before(parser: Parser) -> bool:
    """Says whether the source has a space before the next token that TeX would print."""
    previous = parser.tokens[parser.index - 1]
    if len(previous) > 1 and previous[-1].isalpha():
        return False
    return parser.spans[parser.index - 1][1] < parser.spans[parser.index][0]


def _text_atom(parser: Parser, math_font: Font) -> list[Node]:
    """Reads one character, group or command of text."""
    parser.descend()
    nodes = _read_text_atom(parser, math_font)
    parser.ascend()
    return nodes


def _read_text_atom(parser: Parser, math_font: Font) -> list[Node]:
    token = parser.next
    parser.index += 1
    if token == "{":
        return _text(parser, math_font)
    if token in LETTERS or token in DIGITS:
        return [SYMBOLS[parser.font][token]]
    if token in _TEXT_SYMBOLS:
        return [_TEXT_SYMBOLS[token]]
    if token in _SPACES:
        return [SPACE]
    if token in {"$", r"\("}:
        return _formula_in_text(parser, closer="$" if token == "$" else r"\)", font=math_font)
    if token in TEXT_COMMANDS:
        return text_argument(parser, token)
    if token in _ACCENTS:
        return [Command(_ACCENTS[token], [_text_atom(parser, math_font)])]
    if token in _DROPPED:
        return []
    parser.index -= 1
    return _mathematics_in_text(parser)


def _formula_in_text(parser: Parser, *, closer: str, font: Font) -> list[Node]:
    opening = parser.index - 1
    outer, parser.font = parser.font, font
    nodes = parser.row(closer=closer)
    parser.font = outer
    if not parser.accept(closer):
        raise parser.error("formula in text is never closed", opening)
    return nodes


def _mathematics_in_text(parser: Parser) -> list[Node]:
    """Reads a symbol or command that looks the same in text and mathematics."""
    if parser.next in {"_", "^", "&", "#"}:
        raise parser.unexpected()
    return parser.argument(Font.PLAIN)
