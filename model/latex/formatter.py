r"""Prints a syntax tree as people type it: `\left(` where it is needed, words in `\text`, lines broken.

Whatever is added here, canonical form drops again: reading the result gives the tokens it was made of.
"""

from __future__ import annotations

import string

from model.latex.nodes import QUAD, SPACE, Command, Environment, Font, Group, Node, Scripted, Symbol
from model.latex.printer import font_run, is_word, upright_run
from model.latex.sized_delimiters import delimiter_sizes
from model.latex.symbols import LOWER_GREEK, OPERATOR_OF_WORD, PUNCTUATION, UPPER_GREEK

# Commands that TeX takes as a script without braces.
_BARE_SCRIPTS = (LOWER_GREEK | UPPER_GREEK) | {
    r"\circ", r"\dagger", r"\ddagger", r"\star", r"\perp", r"\infty", r"\pm", r"\mp", r"\ell", r"\prime", r"\bullet",
    r"\top", r"\times", r"\otimes", r"\oplus",
}  # fmt: skip
_OPENING = frozenset({"(", "[", r"\{", "|", r"\|"})
_CLOSING = frozenset({")", "]", r"\}", "|", r"\|"})
_SCRIPT_FIRST = frozenset({r"\overset", r"\underset"})


class _Line:
    """Pieces of source, joined so that a command never runs into a letter and blanks never double."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def add(self, piece: str) -> None:
        if not piece:
            return
        previous = self._pieces[-1] if self._pieces else " "
        if piece[0] == " " and previous[-1] == " ":
            piece = piece[1:]
        elif piece[0].isalpha() and _ends_in_command(previous):
            piece = f" {piece}"
        self._pieces.append(piece)

    def text(self) -> str:
        return "".join(self._pieces).rstrip(" ")


def format_row(row: list[Node], *, in_script: bool = False) -> str:
    """Returns the source of a row."""
    sizes = delimiter_sizes(row)
    line = _Line()
    index = 0
    while index < len(row):
        node = row[index]
        character = node.base if isinstance(node, Scripted) else node
        last = index
        if end := _end_of_modulus(row, index):
            line.add(rf"\pmod{{{format_row(row[index + 2 : end], in_script=in_script)}}}")
            last = end
        elif isinstance(character, Symbol) and character.font is not Font.PLAIN:
            piece, last = _format_run(row, index, in_script=in_script)
            line.add(piece)
        elif node is QUAD:
            line.add(r" \quad ")
        elif node is not SPACE:
            base = sizes.names.get(index) or _format_node(character)
            before = sizes.before.get(index, "")
            line.add(f"{before} {base}" if before and base[0].isalpha() else before + base)
        final = row[last]
        if isinstance(final, Scripted):
            line.add(_format_scripts(final))
        line.add(sizes.after.get(last, ""))
        index = last + 1
    return line.text()


def _format_run(row: list[Node], start: int, *, in_script: bool) -> tuple[str, int]:
    """Returns the source of characters of one alphabet, without scripts, and the index of the last of them."""
    character = row[start].base if isinstance(row[start], Scripted) else row[start]  # type: ignore[union-attr]
    if character.font is not Font.UPRIGHT:  # type: ignore[union-attr]
        run, last = font_run(row, start)
        opening = character.font.value.replace(" ", "")  # type: ignore[union-attr]
        letters = _Line()
        for token in run:
            letters.add(token)
        return f"{opening}{{{letters.text()}}}" + "}" * opening.count("{"), last
    run, last = upright_run(row, start)
    word = "".join(run).replace("~", " ")
    if word in OPERATOR_OF_WORD:
        return OPERATOR_OF_WORD[word], last
    if is_word(run) and (in_script or len(run) == 1 or not word.islower()):
        return rf"\mathrm{{{word}}}", last
    following = _token(row[last + 1]) if last + 1 < len(row) else None
    if is_word(run) and (isinstance(row[last], Scripted) or following == "("):
        return rf"\operatorname{{{word}}}", last
    if in_script:
        return rf"\text{{{word}}}", last
    is_apart = start > 0 and row[start - 1] is not QUAD and _token(row[start - 1]) not in _OPENING
    is_followed = following is not None and row[last + 1] is not QUAD and not isinstance(row[last], Scripted)
    if is_followed and (following in PUNCTUATION or following in _CLOSING):
        is_followed = False
    return rf"\text{{{' ' * is_apart}{word}{' ' * is_followed}}}", last


def _format_scripts(node: Scripted) -> str:
    line = _Line()
    if node.sub:
        line.add("_" + _as_script(format_row(node.sub, in_script=True)))
    line.add("'" * node.primes)
    if node.sup:
        line.add("^" + _as_script(format_row(node.sup, in_script=True)))
    return line.text()


def _as_script(script: str) -> str:
    return script if len(script) == 1 or script in _BARE_SCRIPTS else f"{{{script}}}"


def _format_node(node: Node | None) -> str:
    if node is None:
        return "{}"
    if isinstance(node, Symbol):
        return node.token
    if isinstance(node, Command):
        return _format_command(node)
    if isinstance(node, Environment):
        return _format_environment(node)
    if isinstance(node, Group):
        return f"{{{format_row(node.row)}}}"
    raise TypeError(f"{type(node).__name__} is printed with its row")


def _format_command(node: Command) -> str:
    option = ""
    if node.option:
        option = format_row(node.option, in_script=True)
        option = f"[{{{option}}}]" if "[" in option or "]" in option else f"[{option}]"
    arguments = [
        format_row(argument, in_script=node.name in _SCRIPT_FIRST and index == 0)
        for index, argument in enumerate(node.arguments)
    ]
    return f"{node.name}{option}" + "".join(f"{{{argument}}}" for argument in arguments)


def _format_environment(node: Environment) -> str:
    rows = []
    for index, row in enumerate(node.rows):
        cells = " & ".join(format_row(cell) for cell in row).strip()
        if cells[:1] in {"[", "*"}:  # TeX would take it for an option of the line break
            cells = f"{{{cells[0]}}}{cells[1:]}"
        rules = "\\hline\n" * (node.rules[index] if node.rules else 0)
        rows.append(rules + cells)
    if node.name == r"\substack":
        return r"\substack{" + r" \\ ".join(rows) + "}"
    body = " \\\\\n".join(rows)
    if node.rules and node.rules[-1]:
        body += " \\\\\n" + "\n".join([r"\hline"] * node.rules[-1])
    columns = f"{{{''.join(node.columns)}}}" if node.name == "array" else ""
    gap = "\n" if "\n" in body else " "
    return rf"\begin{{{node.name}}}{columns}{gap}{body}{gap}\end{{{node.name}}}"


def _end_of_modulus(row: list[Node], start: int) -> int:
    r"""Returns the index of the bracket that closes `( \bmod n )` if one begins at `start`, else 0."""
    if _plain_token(row[start]) != "(" or start + 1 >= len(row) or _plain_token(row[start + 1]) != r"\bmod":
        return 0
    depth = 0
    for index in range(start, len(row)):
        token = _token(row[index])
        depth += (token == "(") - (token == ")")
        if depth == 0:
            return index if isinstance(row[index], Symbol) else 0
    return 0


def _plain_token(node: Node) -> str:
    return node.token if isinstance(node, Symbol) else ""


def _token(node: Node) -> str:
    return _plain_token(node.base) if isinstance(node, Scripted) and node.base is not None else _plain_token(node)


def _ends_in_command(piece: str) -> bool:
    stem = piece.rstrip(string.ascii_letters)
    return stem != piece and stem.endswith("\\") and not stem.endswith("\\\\")
