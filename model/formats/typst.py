"""A formula as Typst's markup."""

import re

from model.formats.mathml import mathml_tree
from model.formats.spelling import FormatError, spelt_for_libraries

# Typst renamed it between its versions; the letter itself is in all of them.
_TYPST_NAMES = {"planck.reduce": "ħ"}

_TOKEN = re.compile(
    r"\\(?:text|mbox|textrm|operatorname\*?)\s*\{[^{}]*\}"  # no mathematics inside
    r"|\\(?:left|right|[bB]igg?[lrm]?)\s*(?:\\[A-Za-z]+|\\.|.)"  # sized, so the conversion pairs it itself
    r"|\\(?:begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+|\\.|.",
    re.DOTALL,
)
_OPENING = {"(": r"\lparen ", "[": r"\lbrack ", r"\{": r"\lbrace "}
_CLOSING = {")": r"\rparen ", "]": r"\rbrack ", r"\}": r"\rbrace "}
_SANS = re.compile(r"\\mathsf\s*(\{[^{}]*\})")


def to_typst(latex: str) -> str:
    """Typst's markup, without the dollar signs.

    Raises:
        FormatError: The formula is incomplete, or has something that is unknown.
    """
    mathml_tree(latex)  # refuses what is unknown; the library below would write it down as a variable
    import tylax

    # Typst's own sans serif is italic.
    spelt = _SANS.sub(r"\\mathrm{\\mathsf\1}", _name_lone_delimiters(spelt_for_libraries(latex)))
    try:
        markup = str(tylax.latex_to_typst(spelt, options=tylax.L2TOptions(frac_to_slash=False)))
    except ValueError as error:
        raise FormatError("This formula can't be written in Typst.") from error
    for old, new in _TYPST_NAMES.items():
        markup = markup.replace(old, new)
    return markup.strip()


def _name_lone_delimiters(latex: str) -> str:
    r"""Write `\lparen` for a parenthesis that has no partner in its group, and so on.

    Typst groups by parentheses: in `x_{(a} y_{b)}` a lone one would end a subscript that is not its own.
    """
    tokens = _TOKEN.findall(latex)
    open_in_groups: list[list[int]] = [[]]  # places of what is open, innermost group last
    lone: list[int] = []
    for place, token in enumerate(tokens):
        if token in _OPENING:
            open_in_groups[-1].append(place)
        elif token in _CLOSING:
            if open_in_groups[-1]:
                open_in_groups[-1].pop()
            else:
                lone.append(place)
        elif token == "{":
            open_in_groups.append([])
        elif token == "}":
            lone += open_in_groups.pop()
            open_in_groups = open_in_groups or [[]]
        elif token in {"&", r"\\"} or token.startswith((r"\begin", r"\end")):
            lone += open_in_groups[-1]
            open_in_groups[-1] = []
    lone += [place for group in open_in_groups for place in group]
    names = _OPENING | _CLOSING
    for place in lone:
        tokens[place] = names[tokens[place]]
    return "".join(tokens)


def load_typst() -> None:
    """Load the library."""
    import tylax  # noqa: F401
