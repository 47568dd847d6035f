"""A formula as Typst's markup."""

from model.formats.mathml import mathml_tree
from model.formats.spelling import FormatError, spelt_for_libraries

# Typst renamed it between its versions; the letter itself is in all of them.
_TYPST_NAMES = {"planck.reduce": "ħ"}


def to_typst(latex: str) -> str:
    """Typst's markup, without the dollar signs.

    Raises:
        FormatError: The formula is incomplete, or has something that is unknown.
    """
    mathml_tree(latex)  # refuses what is unknown; the library below would write it down as a variable
    import tylax

    try:
        markup = str(tylax.latex_to_typst(spelt_for_libraries(latex), options=tylax.L2TOptions(frac_to_slash=False)))
    except ValueError as error:
        raise FormatError("This formula can't be written in Typst.") from error
    for old, new in _TYPST_NAMES.items():
        markup = markup.replace(old, new)
    return markup.strip()
