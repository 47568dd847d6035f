"""Spell a formula the way the libraries read it that draw and convert it, so that they show what TeX would.

They take much of LaTeX and quietly make something else of parts of it; each rule here is for one such part.
"""

import re

from model.formats.format_error import FormatError
from model.formats.text_in_formulas import mark_text

LONGEST_FORMULA = 6000
"""Characters; longer LaTeX is a slip of the paste key, and its layout would hold up whoever waits."""

DEEPEST_NESTING = 100
"""Levels of braces, environments and \\left; the libraries descend some ten calls for each."""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_SIZE_OF_COMMAND = re.compile(r"\\[bB]igg?[lrm]?\s*(?=\\)")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
_NUMBERING = re.compile(r"\\label\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])")
_EMPTY_FIRST_CELL = re.compile(r"(\\begin\{[a-z]*matrix\}|\\\\)(?=\s*(?:&|\\\\))")
_ENVIRONMENT_EDGE = re.compile(r"\\(?:(begin)|end)\s*\{[a-zA-Z]+\*?\}(\s*[_^'])?")
_DOUBLE_STRUCK_WORD = re.compile(r"\\mathbb\s*\{\s*([A-Za-z\s]+)\}")


_LEVELS = {"{": 1, r"\left": 1, r"\begin": 1, "}": -1, r"\right": -1, r"\end": -1}


def refuse_unusable(latex: str) -> None:
    """Refuse what the libraries would take all the same: nothing, too much, or half-typed LaTeX.

    Raises:
        FormatError: It is such.
    """
    if not latex.strip():
        raise FormatError("There is no formula to draw.")
    if len(latex) > LONGEST_FORMULA:
        raise FormatError(f"The formula is too long for a preview: {len(latex)} characters.")
    depth = deepest = levels = 0
    for token in _TOKEN.findall(latex):
        depth += {"{": 1, "}": -1}.get(token, 0)
        levels += _LEVELS.get(token, 0)
        deepest = max(deepest, levels)
        if depth < 0:
            raise FormatError("There is a closing brace too many.")
        if token == "&" and r"\begin" not in latex:
            raise FormatError("A column mark & stands outside of an environment.")
        if token == "\\":
            raise FormatError("The last command has no name yet.")
    if depth > 0:
        raise FormatError("A closing brace is missing.")
    if deepest > DEEPEST_NESTING:
        raise FormatError(f"The formula is nested too deeply: {deepest} levels.")


def spelt_for_libraries(latex: str) -> str:
    """Spell a formula so that ziamath and latex2mathml read what TeX would, where they take one spelling of two.

    Its text is marked, as `text_in_formulas` says; the caller puts the characters back into what the library makes.

    Raises:
        FormatError: It has a dollar sign where TeX takes none, or text that is not known.
    """
    latex = mark_text(_NUMBERING.sub("", latex))
    if _BARE_DOLLAR.search(latex):
        raise FormatError("A $ can stand in a \\text only.")
    latex = _DOUBLE_STRUCK_WORD.sub(
        lambda word: "".join(rf"\mathbb{{{letter}}}" for letter in word[1] if letter.isalpha()), latex
    )
    latex = _group_scripted_environments(_EMPTY_FIRST_CELL.sub(r"\1~", latex))
    return _SIZE_OF_COMMAND.sub("", re.sub(r"\\not\s*=", r"\\neq ", latex))


def _group_scripted_environments(latex: str) -> str:
    """Put braces round each environment that has a script; without them ziamath loses the environment."""
    begun: list[int] = []
    braces: list[tuple[int, str]] = []
    for edge in _ENVIRONMENT_EDGE.finditer(latex):
        if edge[1]:
            begun.append(edge.start())
        elif begun:
            start = begun.pop()
            if edge[2]:
                braces += [(start, "{"), (edge.start(2), "}")]
    for position, brace in sorted(braces, reverse=True):
        latex = latex[:position] + brace + latex[position:]
    return latex
