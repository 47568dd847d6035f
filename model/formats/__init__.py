"""A formula's LaTeX in the other forms that people paste, for the desktop program and the service alike.

The way in is `write_formula`. The libraries load on first use; nothing here loads the network.
"""

from model.formats.format_error import FormatError
from model.formats.formula_format import FormulaFormat, wrap_formula, write_formula

__all__ = ["FormatError", "FormulaFormat", "wrap_formula", "write_formula"]
