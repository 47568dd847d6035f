"""The forms in which a formula is copied: those that are text, which model.formats writes, and an image."""

from enum import Enum

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from model.formats import FormulaFormat


class CopyFormat(Enum):
    """A form of a formula; the value is what the settings file keeps."""

    LATEX = FormulaFormat.LATEX.value
    INLINE = FormulaFormat.INLINE.value
    DOLLARS = FormulaFormat.DOLLARS.value
    PARENTHESES = FormulaFormat.PARENTHESES.value
    DISPLAY = FormulaFormat.DISPLAY.value
    EQUATION = FormulaFormat.EQUATION.value
    ALIGN = FormulaFormat.ALIGN.value
    MARKDOWN = FormulaFormat.MARKDOWN.value
    MATHML = FormulaFormat.MATHML.value
    TYPST = FormulaFormat.TYPST.value
    UNICODE = FormulaFormat.UNICODE.value
    SVG = FormulaFormat.SVG.value
    PNG = "png"

    @property
    def title(self) -> str:
        """What a user chooses it by."""
        return QCoreApplication.translate("CopyFormat", str(_TITLES[self]))


_TITLES = {
    CopyFormat.LATEX: "LaTeX",
    CopyFormat.INLINE: "$…$",
    CopyFormat.DOLLARS: "$$…$$",
    CopyFormat.PARENTHESES: r"\(…\)",
    CopyFormat.DISPLAY: r"\[…\]",
    CopyFormat.EQUATION: "equation",
    CopyFormat.ALIGN: "align",
    CopyFormat.MARKDOWN: "Markdown",
    CopyFormat.MATHML: QT_TRANSLATE_NOOP("CopyFormat", "MathML (Word)"),
    CopyFormat.TYPST: "Typst",
    CopyFormat.UNICODE: QT_TRANSLATE_NOOP("CopyFormat", "Unicode text"),
    CopyFormat.SVG: QT_TRANSLATE_NOOP("CopyFormat", "SVG picture"),
    CopyFormat.PNG: QT_TRANSLATE_NOOP("CopyFormat", "PNG picture"),
}
