"""Spell a formula the way mathtext reads it, so that it draws what TeX would, or leave it to the other renderer.

Mathtext takes much of LaTeX and quietly draws something else for parts of it; each rule here is for one such part.
"""

import re

from model.formats.format_error import FormatError

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_SPACED_SCRIPT = re.compile(r"(?<![\\\s])\s*(?<!\\)([_^])\s*")
_SPACED_SIZE = re.compile(r"(\\[bB]igg?[lrm]?)\s+")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
# Mathtext takes the text as it stands, marks of TeX and all.
_SPECIAL_TEXT = re.compile(r"\\(?:text[a-z]*|mbox|hbox|operatorname|tag)\*?\s*\{[^{}]*[\\#$%&_~^{\"'`]")
_BOLD_COMMAND = re.compile(r"\\(?:boldsymbol|mathbf|bm)\s*\{[^{}]*\\")


def spelt_for_mathtext(latex: str) -> str:
    r"""Spell a formula so that mathtext draws what TeX would.

    Mathtext sets a script on the line when a space stands beside its `_` or `^`, sets the outermost fractions small,
    and draws `\not` beside its relation.

    Raises:
        FormatError: Mathtext would draw something else, however it is spelt.
    """
    if _BARE_DOLLAR.search(latex):
        raise FormatError("A $ would end the formula.")
    if _SPECIAL_TEXT.search(latex):
        raise FormatError("Its text has marks of TeX.")
    if _BOLD_COMMAND.search(latex):
        raise FormatError("Its Greek letters have no bold.")
    latex = _SPACED_SIZE.sub(r"\1", _SPACED_SCRIPT.sub(r"\1", " ".join(latex.split())))
    depth = 0
    spelt = []
    for token in _TOKEN.findall(latex):
        if token == r"\not":
            raise FormatError("A negated relation needs its own glyph.")
        depth += {"{": 1, "}": -1}.get(token, 0)
        spelt.append(r"\dfrac" if token == r"\frac" and depth == 0 else token)
    return "".join(spelt)
