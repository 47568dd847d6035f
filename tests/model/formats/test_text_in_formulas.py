"""Text in a formula is letters in every form: never markup, never code, and nothing of it lost."""

from __future__ import annotations

import random
import re
import string
from html.parser import HTMLParser
from xml.etree import ElementTree

import pypdfium2
import pytest
import typst

from model.formats import FormatError, FormulaFormat, write_formula

# How each is written in text, as TeX would have it or as people type it.
SPELLINGS = {
    "<": ("<", r"\textless "),
    ">": (">", r"\textgreater "),
    "&": (r"\&",),
    '"': ('"',),
    "'": ("'",),
    "#": (r"\#", "#"),
    "$": (r"\$",),
    "@": ("@",),
    "[": ("[",),
    "]": ("]",),
    "\\": (r"\textbackslash ",),
    "~": (r"\textasciitilde{}", r"\~{}"),
    "^": (r"\textasciicircum{}", r"\^{}", "^"),
    "_": (r"\_", "_"),
    "%": (r"\%", "%"),
    "*": ("*",),
    "`": ("`",),
    "{": (r"\{",),
    "/": ("/",),
    "=": ("=",),
    "-": ("-",),
    "+": ("+",),
    ".": (".",),
}
CASES = [(character, spelling) for character, spellings in SPELLINGS.items() for spelling in spellings]
HOSTILE = (
    "<script>alert(1)</script>", "<img\tonerror=alert(1) src=x>", "</mtext><script>x</script>", "<!--", "]]>", "&lt;",
    '#read("secret.txt")', '#eval("1+1")', "#import", "#show", "#{1}", "$#x$", "*bold*", "_x_", "`raw`", "// comment",
    "/* comment", "= heading", "- list", "+ list", "/ term: x", "1. one", "@label", "<label>", "https://example.org",
    "a -- b --- c ...", "\\u{41}", '"; #x', "[x](y)", "![x](y)", "~~", "^^41", "%5", "{{x}}", "\\write18",
)  # fmt: skip


class Browser(HTMLParser):
    """Finds in a page what a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.letters: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.letters.append(data)


def spelt(text: str) -> str:
    """How LaTeX writes that text."""
    return "".join(SPELLINGS.get(one, (one,))[0] if one != "}" else r"\}" for one in text)


def hostile_texts(count: int) -> list[str]:
    generator = random.Random(5)
    alphabet = string.punctuation + string.ascii_letters + string.digits + "  "
    texts = list(HOSTILE)
    while len(texts) < count:
        noise = "".join(generator.choice(alphabet) for _ in range(generator.randint(1, 24)))
        texts.append(noise if generator.random() < 0.5 else noise[:6] + generator.choice(HOSTILE) + noise[6:12])
    return [text for text in texts if text.strip()]


def packed(text: str) -> str:
    return "".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize(("character", "spelling"), CASES)
@pytest.mark.parametrize("command", ["text", "mbox", "textbf", "textrm"])
def test_each_character_is_what_was_meant(character: str, spelling: str, command: str) -> None:
    latex = rf"\{command}{{ab{spelling}cd}} + x"
    for formula_format in FormulaFormat:
        written = write_formula(latex, formula_format)
        assert written
        if formula_format is FormulaFormat.MATHML:
            root = ElementTree.fromstring(written)  # noqa: S314 - it is being tested
            texts = [element.text for element in root.iter() if element.tag.endswith("mtext")]
            assert texts == [f"ab{character}cd"]
        elif formula_format is FormulaFormat.UNICODE and command != "textbf":
            assert f"ab{character}cd" in written
        elif formula_format is FormulaFormat.SVG:  # a hyphen is drawn as a rectangle
            plain = write_formula(rf"\{command}{{abcd}} + x", formula_format)
            assert len(re.findall("<path|<rect", written)) == plain.count("<path") + 1


def test_hostile_text_never_becomes_an_element() -> None:
    # The form is pasted into web pages as it is.
    allowed = {"math", "mrow", "mtext"}
    for text in hostile_texts(500):
        written = write_formula(rf"\text{{{spelt(text)}}}", FormulaFormat.MATHML)
        browser = Browser()
        browser.feed(written)
        browser.close()
        assert set(browser.elements) <= allowed, text
        assert packed("".join(browser.letters)) == packed(text)


def test_hostile_text_is_letters_when_typst_compiles_it() -> None:
    # `#read(…)` read the file of that name into the document.
    texts = hostile_texts(500)
    pages = [write_formula(rf"\text{{{spelt(text)}}}", FormulaFormat.TYPST) for text in texts]
    source = '#set page(width: 60cm)\n#set text(font: "DejaVu Sans Mono")\n' + "\n#pagebreak()\n".join(pages)
    pdf = pypdfium2.PdfDocument(typst.compile(source.encode(), format="pdf"))
    assert len(pdf) == len(texts)
    for page, text in zip(pdf, texts, strict=True):
        assert packed(page.get_textpage().get_text_bounded()) == packed(text)


@pytest.mark.parametrize(
    "latex",
    [
        r"\hspace{1em) #read(0)}x", r"\textcolor{red) #x}{y}", r"x # read", r'x " y', "a `b` @c", r"\tag{#x}y", "a//b",
        r"\operatorname{a\"#read(0)}", r"\mathrm{#read}", r"\color{#x}y", r"\begin{array}{c#x}a\end{array}", "a /* b",
        r"\href{#x}{y}", r"\label{#x}y", r"\kern{#x}y", r"\mathtt{`#x`}", r"\not#x", r"\$ #x \$", "#x",
    ],
)  # fmt: skip
def test_nothing_else_of_a_formula_becomes_code_of_typst(latex: str) -> None:
    # Where the library knows an argument that is no mathematics, it writes it down as it stands.
    try:
        markup = write_formula(latex, FormulaFormat.TYPST)
    except FormatError:
        return
    assert typst.compile(markup.encode(), format="pdf")  # code would name things that there are not


def test_panic_of_the_library_is_a_refusal() -> None:
    # What Rust raises is no Exception: it went past whoever catches those, and a batch of files was lost with it.
    with pytest.raises(FormatError, match="Typst"):
        write_formula(r"\operatorname{{\lparen @}}", FormulaFormat.TYPST)


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}", r"\style{background:url(//x)}{x}", r"\class{a}{x}", r"\cssId{a}{x}",
        r'\color{red" onclick="alert(1)}x', r"\verb|<b onclick=alert(1)>|", r'\begin{array}{c" onclick="x}a\end{array}',
        r'\hspace{1em" onclick="x}y', r"\href{a}{\href{b}{c}}",
    ],
)  # fmt: skip
def test_no_attribute_but_mathematics(latex: str) -> None:
    try:
        written = write_formula(latex, FormulaFormat.MATHML)
    except FormatError:
        return
    for forbidden in ("javascript", "onclick", "href", "style=", "class=", "id=", "url("):
        assert forbidden not in written


def test_a_formula_inside_of_text_is_one() -> None:
    latex = r"\text{if $a<b$ or \$5}_2"
    assert write_formula(latex, FormulaFormat.UNICODE) == "(if a < b or $5)₂"
    assert "<mi>a</mi>" in write_formula(latex, FormulaFormat.MATHML)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\text{J\"org, \'{e}t\'e}", "Jörg, été"),
        (r"\text{a~b\ c\quad d}", "a b c d"),
        (r"\text{x \textbf{y} {z}}", "x y z"),
        (r"\text{50\% of \ldots}", "50% of …"),
        (r"x\\\text{y}", "x y"),
        (r"\tag{3}x", "(3)x"),
    ],
)
def test_text_as_tex_sets_it(latex: str, text: str) -> None:
    assert packed(write_formula(latex, FormulaFormat.UNICODE)) == packed(text)
