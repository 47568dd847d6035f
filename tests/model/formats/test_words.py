r"""Words are copied as words: no dollars round them, no `\mathrm` for them, and every form has them."""

from __future__ import annotations

from time import process_time
from xml.etree import ElementTree

import pytest

from model.formats import FormulaFormat, write_formula
from model.formats.drawing import draw_formula
from model.formats.words import holds_words, words_as_formula, words_as_rows

WORDS = r"Take a ball of radius $r$ about $x_0$ and let $r\rightarrow0$."
LATEX_FORMS = ("latex", "inline", "dollars", "parentheses", "display", "equation", "align", "markdown")
TEXT = "Of 50\\% the square\n\n\\[x_1^2=1,\\\\[2pt] y\\]\n\nis $y_0$, see a\\_b."


@pytest.mark.parametrize(
    "text", [WORDS, "where we used the", "Значение $y_k$ равно", "so that (see above) it holds", "$x$ is odd"]
)
def test_words_are_told(text: str) -> None:
    assert holds_words(text)


@pytest.mark.parametrize(
    "latex",
    [
        "x+y", r"\frac{a}{b}", r"f(x)=\begin{cases}1&\text{if $x$ is even}\\0&\text{otherwise}\end{cases}", r"\$ 5",
        r"\text{if }x\text{ is odd}", "a b", r"\sin x \cos y", "xy", r"\mathrm{const} x", "",
    ],
)  # fmt: skip
def test_formulas_are_no_words(latex: str) -> None:
    assert not holds_words(latex)


@pytest.mark.parametrize("name", LATEX_FORMS)
def test_words_stay_as_they_are_in_latex_and_markdown(name: str) -> None:
    assert write_formula(WORDS, FormulaFormat(name)) == WORDS


def test_text_with_a_display_is_latex_as_it_stands_and_markdown_of_its_own() -> None:
    # In Markdown a display is between double dollars on lines of their own, and a percent sign needs no backslash.
    assert holds_words(TEXT)
    assert write_formula(TEXT, FormulaFormat.LATEX) == TEXT
    markdown = "Of 50% the square\n\n$$\nx_1^2=1,\\\\[2pt] y\n$$\n\nis $y_0$, see a\\_b."
    assert write_formula(TEXT, FormulaFormat.MARKDOWN) == markdown
    assert write_formula(r"\[x=1\]", FormulaFormat.MARKDOWN) == "$$\nx=1\n$$\n"
    assert r"\[" not in words_as_formula(TEXT).replace(r"\\[2pt]", "")


def test_rows_with_space_between_are_no_text() -> None:
    # What ends a row and the space behind it look like the beginning of a display.
    assert not holds_words(r"\begin{aligned} a &= 1 \\[2pt] b &= 2 \\[4pt] c &= 3 \end{aligned}")


def test_a_paragraph_is_drawn_in_rows() -> None:
    # In one row it was so long that the preview showed a line of dust. No formula is torn, a display has its own row.
    paragraph = r"Let $f$ be so that $z_1,\ldots,z_n$, all of them, lie inside; " * 3 + r"then \[f(x, y)=0\] holds."
    formula = words_as_rows(paragraph)
    rows = formula.removeprefix(r"\begin{array}{l}").removesuffix(r"\end{array}").split(r" \\ ")
    assert rows[-2:] == ["f(x, y)=0", r"\text{holds.}"]
    assert all(20 < len(row.replace(r"\text{", "").replace(r"\ldots", "x")) < 80 for row in rows[:-3])
    assert formula.count(r"z_1,\ldots,z_n") == 3
    root = ElementTree.fromstring(draw_formula(paragraph, size=10))  # noqa: S314 - our own drawing
    assert float(root.get("width", 0)) < 8 * float(root.get("height", 0))
    assert words_as_rows(WORDS) == words_as_formula(WORDS)


@pytest.mark.parametrize("text", ["a" * 60_000, "x" + " " * 60_000 + "x", r"\[" * 30_000, "$a" * 30_000])
def test_a_text_of_any_length_is_copied_at_once(text: str) -> None:
    # A word of 60,000 letters was looked at from each of them: it took 36 s, in which nothing else in the program ran.
    started = process_time()
    assert write_formula(text, FormulaFormat.LATEX) == text.strip()
    assert process_time() - started < 2


def test_number_is_a_tag_in_displays_alone() -> None:
    # Plain `$$` and inline formulas refuse \tag, and so would a document.
    written = {one: write_formula("a=b", FormulaFormat(one), number="3.14") for one in LATEX_FORMS}
    tagged = {one for one, text in written.items() if r"\tag{3.14}" in text}
    assert tagged == {"display", "equation", "align", "markdown"}
    assert written["display"] == "\\[\na=b \\tag{3.14}\n\\]"
    assert r"\tag" not in write_formula("a=b", FormulaFormat.DISPLAY)
    rows = write_formula(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", FormulaFormat.ALIGN, number="7")
    assert rows == "\\begin{align}\na &= b \\\\ c &= d \\tag{7}\n\\end{align}"
    both = r"\begin{aligned} a &= b \\ c &= d \end{aligned}"
    each = write_formula(both, FormulaFormat.ALIGN, number="7, 8a")
    assert each == "\\begin{align}\na &= b \\tag{7} \\\\\nc &= d \\tag{8a}\n\\end{align}"
    # Where rows can have no number of their own, or it is not said which row has one, the display has both.
    assert write_formula(both, FormulaFormat.DISPLAY, number="7, 8a").endswith("\\tag{7, 8a}\n\\]")
    three = both.replace("a &=", r"x &= y \\ a &=")
    assert r"\tag{7, 8a}" in write_formula(three, FormulaFormat.ALIGN, number="7, 8a")
    assert r"=1,\\[2pt] y \tag{7}\]" in write_formula(TEXT, FormulaFormat.DISPLAY, number="7")
    assert r"y \tag{7}" in write_formula(TEXT, FormulaFormat.MARKDOWN, number="7")
    assert r"\tag" not in write_formula(TEXT, FormulaFormat.LATEX, number="7")


def test_words_are_a_formula_where_only_formulas_are_known() -> None:
    formula = words_as_formula(WORDS)
    assert formula == r"\text{Take a ball of radius }r\text{ about }x_0\text{ and let }r\rightarrow0\text{.}"
    assert "Take a ball of radius" in write_formula(WORDS, FormulaFormat.UNICODE)
    assert "radius" in write_formula(WORDS, FormulaFormat.TYPST)
    assert "<math" in write_formula(WORDS, FormulaFormat.MATHML)
    assert draw_formula(WORDS).startswith("<svg")
