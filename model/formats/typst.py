"""A formula as Typst's markup."""

import re

from model.formats.format_error import FormatError
from model.formats.mathml import mathml_tree
from model.formats.spelling import spelt_for_libraries
from model.formats.text_in_formulas import mark, unmark

# Typst renamed it between its versions; the letter itself is in all of them.
_TYPST_NAMES = {"planck.reduce": "ħ"}

_TOKEN = re.compile(
    r"\\(?:text|operatorname\*?)\s*\{[^{}]*\}"  # no mathematics inside
    r"|\\(?:left|right|[bB]igg?[lrm]?)\s*(?:\\[A-Za-z]+|\\.|.)"  # sized, so the conversion pairs it itself
    r"|\\(?:begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+|\\.|.",
    re.DOTALL,
)
_OPENING = {"(": r"\lparen ", "[": r"\lbrack ", r"\{": r"\lbrace "}
_CLOSING = {")": r"\rparen ", "]": r"\rbrack ", r"\}": r"\rbrace "}
# Styled text: the library writes it for Typst's paragraphs, where `*` and `_` mark it.
_STYLED_TEXT = re.compile(r"\\text(bf|it|tt|sf)\s*\{([^{}]*)\}")
_COLOUR = re.compile(r"\\(?:color|textcolor)\s*(?:\[[A-Za-z]*\]\s*)?\{[^{}]*\}")
# What a character of the formula would be as Typst's code, at the latest in the library's next version.
_ACTIVE = re.compile(r"\\([#$%&_])|\\.|[\"#@`]", re.DOTALL)
# What the library itself writes as code; nothing else may come out.
_CODE = re.compile(
    r"#(?:text\[|none\b|hide\[|h\(\s*-?[\d.]+(?:em|pt|cm|mm|in)\s*\)"
    r"|box\(stroke: [\d.]+pt, inset: [\d.]+pt, baseline: \d+%\)\[)"
)
_PLAIN_IN_TEXT = frozenset(",;:!?()|")
_SANS = re.compile(r"\\mathsf\s*(\{[^{}]*\})")


def to_typst(latex: str) -> str:
    """Typst's markup, without the dollar signs.

    Raises:
        FormatError: The formula is incomplete, or has something that is unknown.
    """
    mathml_tree(latex)  # refuses what is unknown; the library below would write it down as a variable
    import tylax

    spelt = _COLOUR.sub("", spelt_for_libraries(latex))
    spelt = _STYLED_TEXT.sub(r"\\math\1{\\text{\2}}", _ACTIVE.sub(_marked_if_active, spelt))
    # Typst's own sans serif is italic.
    spelt = _SANS.sub(r"\\mathrm{\\mathsf\1}", _name_lone_delimiters(spelt))
    try:
        markup = str(tylax.latex_to_typst(spelt, options=tylax.L2TOptions(frac_to_slash=False)))
    except BaseException as error:
        if isinstance(error, ValueError) or type(error).__name__ == "PanicException":  # Rust's, which is no Exception
            raise FormatError("This formula can't be written in Typst.") from error
        raise
    for old, new in _TYPST_NAMES.items():
        markup = markup.replace(old, new)
    _refuse_code(markup)
    return _with_text(markup.strip())


def _marked_if_active(found: re.Match[str]) -> str:
    return mark(found[1] or found[0]) if found[1] or len(found[0]) == 1 else found[0]


def _refuse_code(markup: str) -> None:
    """Refuse what would run or be taken for a comment when the document is compiled; text is still marked."""
    for place in re.finditer(r"(?<!\\)#|//|/\*|`|@", markup):
        if place[0] != "#" or not _CODE.match(markup, place.start()):
            raise FormatError("This formula can't be written in Typst.")


def _with_text(markup: str) -> str:
    """Put each character in the place of its mark, escaped as strings or as markup want it."""
    written = []
    is_string = False
    for position, character in enumerate(markup):
        plain = unmark(character)
        if plain == character:
            if character == '"':
                is_string = not is_string
            written.append(character)
        elif is_string:
            written.append(f"\\{plain}" if plain in '\\"' else plain)
        elif plain in _PLAIN_IN_TEXT or _is_plain_between(
            plain, markup[position - 1 : position], markup[position + 1 : position + 2]
        ):
            written.append(plain)
        else:
            written.append(f"\\{plain}")
    return "".join(written)


def _is_plain_between(character: str, before: str, after: str) -> bool:
    """Whether Typst makes nothing of a hyphen or a full stop there: no dash, soft hyphen, list or ellipsis."""
    if character == "-":
        return before.isalpha() and after.isalpha()
    return character == "." and before.isalpha()


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
