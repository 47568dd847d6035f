"""Spell a formula the way each preview renderer reads it, so that it draws what TeX would.

Both take much of LaTeX and quietly draw something else for parts of it; each rule here is for one such part.
"""

import re

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_SPACED_SCRIPT = re.compile(r"(?<![\\\s])\s*(?<!\\)([_^])\s*")
_SPACED_SIZE = re.compile(r"(\\[bB]igg?[lrm]?)\s+")
_SIZE_OF_COMMAND = re.compile(r"\\[bB]igg?[lrm]?\s*(?=\\)")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
_BOLD_COMMAND = re.compile(r"\\(?:boldsymbol|mathbf|bm)\s*\{[^{}]*\\")
_FORMULA_IN_TEXT = re.compile(r"(\\text\s*\{[^{}$]*)\$([^$]*)\$")
_EMPTY_FIRST_CELL = re.compile(r"(\\begin\{[a-z]*matrix\}|\\\\)(?=\s*(?:&|\\\\))")
_ENVIRONMENT_EDGE = re.compile(r"\\(?:(begin)|end)\s*\{[a-zA-Z]+\*?\}(\s*[_^'])?")
_DOUBLE_STRUCK_WORD = re.compile(r"\\mathbb\s*\{\s*([A-Za-z\s]+)\}")


class FormulaRenderError(Exception):
    """A formula without a picture; the text is one sentence for the user."""


def refuse_incomplete(latex: str) -> None:
    """Refuse half-typed LaTeX that ziamath would draw all the same."""
    depth = 0
    for token in _TOKEN.findall(latex):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth < 0:
            raise FormulaRenderError("There is a closing brace too many.")
        if token == "&" and r"\begin" not in latex:
            raise FormulaRenderError("A column mark & stands outside of an environment.")
        if token == "\\":
            raise FormulaRenderError("The last command has no name yet.")
    if depth > 0:
        raise FormulaRenderError("A closing brace is missing.")


def spelt_for_mathtext(latex: str) -> str:
    r"""Spell a formula so that mathtext draws what TeX would.

    Mathtext sets a script on the line when a space stands beside its `_` or `^`, sets the outermost fractions small,
    and draws `\not` beside its relation.
    """
    if _BARE_DOLLAR.search(latex):
        raise FormulaRenderError("A $ would end the formula.")
    if _BOLD_COMMAND.search(latex):
        raise FormulaRenderError("Its Greek letters have no bold.")
    latex = _SPACED_SIZE.sub(r"\1", _SPACED_SCRIPT.sub(r"\1", " ".join(latex.split())))
    depth = 0
    spelt = []
    for token in _TOKEN.findall(latex):
        if token == r"\not":
            raise FormulaRenderError("A negated relation needs its own glyph.")
        depth += {"{": 1, "}": -1}.get(token, 0)
        spelt.append(r"\dfrac" if token == r"\frac" and depth == 0 else token)
    return "".join(spelt)


def spelt_for_ziamath(latex: str) -> str:
    """Spell a formula so that ziamath draws what TeX would, where it takes one spelling of two."""
    latex = _FORMULA_IN_TEXT.sub(r"\1}\2\\text{", latex)
    if _BARE_DOLLAR.search(latex):
        raise FormulaRenderError("A $ can stand in a \\text only.")
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
