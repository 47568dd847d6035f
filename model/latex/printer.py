r"""Prints a syntax tree as canonical tokens: one spelling for one look.

Characters of one alphabet that stand side by side share one font command, however the source had grouped them.
"""

from __future__ import annotations

from model.latex.nodes import QUAD, SPACE, Command, Environment, Font, Group, Node, Scripted, Symbol
from model.latex.symbols import DIGITS, LETTERS, NEGATED, OPERATOR_OF_WORD

# Three of these in a row look like one symbol.
_ELLIPSES = {".": r"\ldots", r"\cdot": r"\cdots"}
_POINT = Symbol(".")
_NOT = Symbol(r"\not")


def print_row(row: list[Node]) -> list[str]:
    """Returns the canonical tokens of a row."""
    tokens: list[str] = []
    gap = False  # a quad that is printed once something follows it
    negates = (
        False  # a bare \not stands right before, and may have lost a group or font between itself and its relation
    )
    index, end = 0, len(row)
    while index < end:
        node = row[index]
        index += 1
        if node is QUAD:
            gap = bool(tokens)
            continue
        if node is SPACE:
            continue
        if gap:
            tokens.append(r"\quad")
            gap = negates = False
        was_negated, negates = negates, node == _NOT
        character = node.base if isinstance(node, Scripted) else node
        if not isinstance(character, Symbol):
            tokens += _print_node(node)
        elif character.font is Font.PLAIN:
            if character.token in _ELLIPSES and (after := _end_of_ellipsis(row, index - 1)):
                tokens.append(_ELLIPSES[character.token])
                index = after
                continue
            if was_negated and character.token in NEGATED:
                tokens[-1] = NEGATED[character.token]
            else:
                tokens.append(character.token)
            if isinstance(node, Scripted):
                tokens += _print_scripts(node)
        else:
            index = _print_run(row, index - 1, tokens)
    return tokens


def _end_of_ellipsis(row: list[Node], start: int) -> int:
    """Returns the index past three equal dots that begin at `start`, or 0 if there are not three."""
    first, count = row[start], 0
    for index in range(start, len(row)):
        node = row[index]
        if node is SPACE:
            continue
        if node != first:
            return 0
        count += 1
        if count == 3:
            return index + 1
    return 0


def _is_bold_decimal_point(row: list[Node], index: int) -> bool:
    """Says whether a point stands between two bold digits: in a bold number it is bold too."""
    if row[index] != _POINT:
        return False
    before = next((node for node in reversed(row[:index]) if node is not SPACE), SPACE)
    after = next((node for node in row[index + 1 :] if node is not SPACE), SPACE)
    digits = (before, after.base if isinstance(after, Scripted) else after)
    return all(isinstance(node, Symbol) and node.token in DIGITS and node.font is Font.BOLD for node in digits)


def font_run(row: list[Node], start: int) -> tuple[list[str], int]:
    """Returns the characters that share the alphabet of the one at `start`, and the index of the last of them."""
    font = _character(row[start]).font
    run: list[str] = []
    last = start
    for index in range(start, len(row)):
        node = row[index]
        if node is SPACE:
            continue
        character = node.base if isinstance(node, Scripted) else node
        if not isinstance(character, Symbol):
            break
        if character.font is not font and not _is_bold_decimal_point(row, index):
            break
        run.append(character.token)
        last = index
        if isinstance(node, Scripted):
            break
    return run, last


def upright_run(row: list[Node], start: int) -> tuple[list[str], int]:
    """Returns the upright letters from `start` on, with spaces and digits between them, and the index of the last."""
    run: list[str] = []
    last, length = start, 0  # the last upright letter and the length of the run up to it
    for index in range(start, len(row)):
        node = row[index]
        if node is SPACE:
            if run[-1] != "~":
                run.append("~")
            continue
        character = node.base if isinstance(node, Scripted) else node
        if not isinstance(character, Symbol):
            break
        if character.font is Font.UPRIGHT:
            run.append(character.token)
            last, length = index, len(run)
        elif character.token in DIGITS and character.font is Font.PLAIN:
            run.append(character.token)
        else:
            break
        if isinstance(node, Scripted):
            break
    return run[:length], last


def _print_run(row: list[Node], start: int, tokens: list[str]) -> int:
    """Prints the characters of one alphabet from `start` on; returns the index of what follows."""
    font = _character(row[start]).font
    run, last = (upright_run if font is Font.UPRIGHT else font_run)(row, start)
    if font is Font.UPRIGHT and (name := OPERATOR_OF_WORD.get("".join(run))) is not None:
        tokens.append(name)
    else:
        opening = [r"\text"] if font is Font.UPRIGHT and not is_word(run) else font.value.split()
        tokens += [*opening, "{", *run, *["}"] * (1 + opening.count("{"))]
    final = row[last]
    if isinstance(final, Scripted):
        tokens += _print_scripts(final)
    return last + 1


def is_word(run: list[str]) -> bool:
    """Says whether a run is made of letters and digits alone."""
    return all(token in LETTERS or token in DIGITS for token in run)


def _character(node: Node) -> Symbol:
    character = node.base if isinstance(node, Scripted) else node
    assert isinstance(character, Symbol)  # noqa: S101 - the caller has looked
    return character


def _print_node(node: Node) -> list[str]:
    if isinstance(node, Scripted):
        base = ["{", "}"] if node.base is None else print_row([node.base])
        return base + _print_scripts(node)
    if isinstance(node, Command):
        tokens = [node.name]
        if node.option:
            option = print_row(node.option)
            is_ambiguous = "[" in option or "]" in option
            tokens += ["[", "{", *option, "}", "]"] if is_ambiguous else ["[", *option, "]"]
        for argument in node.arguments:
            tokens += ["{", *print_row(argument), "}"]
        return tokens
    if isinstance(node, Environment):
        return _print_environment(node)
    if isinstance(node, Group):
        return ["{", *print_row(node.row), "}"]
    raise TypeError(f"{type(node).__name__} is printed with its row")


def _print_scripts(node: Scripted) -> list[str]:
    """Prints subscript, primes and superscript, in the order in which TeX takes all three."""
    tokens: list[str] = []
    if node.sub:
        tokens += ["_", *_braced(print_row(node.sub))]
    if node.primes:
        tokens += ["'"] * node.primes
    if node.sup:
        tokens += ["^", *_braced(print_row(node.sup))]
    return tokens


def _braced(tokens: list[str]) -> list[str]:
    return tokens if len(tokens) == 1 else ["{", *tokens, "}"]


def _print_environment(node: Environment) -> list[str]:
    tokens: list[str] = []
    for index, row in enumerate(node.rows):
        if index:
            tokens.append(r"\\")
        if node.rules:
            tokens += [r"\hline"] * node.rules[index]
        for column, cell in enumerate(row):
            if column:
                tokens.append("&")
            tokens += print_row(cell)
    if node.rules and node.rules[-1]:
        tokens += [r"\\", *[r"\hline"] * node.rules[-1]]
    if node.name == r"\substack":
        return [node.name, "{", *tokens, "}"]
    columns = ["{", *node.columns, "}"] if node.name == "array" else []
    return [rf"\begin{{{node.name}}}", *columns, *tokens, rf"\end{{{node.name}}}"]
