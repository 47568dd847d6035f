r"""LaTeX source of whole pages, each piece of which tells where it lands.

Every word, formula, cell of an alignment and equation number is a piece: a box whose place and size TeX writes into a
file when the page is shipped out (`\pdfsavepos`). Lines are then put together from the pieces that share a baseline,
so the labels follow TeX's own line breaks. A long word may be broken at a hyphen and a long formula after a relation:
both are several pieces then.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from model.data_preparation.pages import compositions
from model.data_preparation.pages.corpus import PageCorpus
from model.data_preparation.pages.displays import Display, split_display
from model.data_preparation.pages.styles import PART_SHARES, WITHOUT_BLANKS, PageStyle, font_draws
from model.latex import LatexError, normalise
from model.latex.prose import prose_tokens

_LONGEST_FORMULA_IN_LINE: Final = 26
_BOXED_SHARE: Final = 0.04
_CHUNK: Final = re.compile(r"(?:(?<!\\)\$(?:[^$\\]|\\.)+\$|[^\s$]|\\\$)+")
_DISPLAY: Final = re.compile(r"\\\[(.+?)\\\]", re.DOTALL)
_HYPHENABLE: Final = re.compile(r"[^\W\d_]{7,}")
_VOWELS: Final = frozenset("aeiouyäöüéèêàâôîûаеёиоуыэюя")
_RELATION: Final = re.compile(
    r"\s*(=|<|>|\\(?:leq?|geq?|in|subset(?:eq)?|equiv|sim|approx|to|rightarrow|mapsto)(?![a-zA-Z]))"
)
_STYLED: Final = re.compile(r"\\(?:emph|textit|textbf|textrm|text|textsc|textsf|mbox)\s*\{([^{}$\\]*)\}")
_GLUES: Final = {
    "space": " ", "": "", "hyphen": r"\H{}", "script": r"\hskip 0pt plus 1pt\relax{}",
    "formula": r"\penalty100\hskip 2.8pt plus 1.5pt\relax{}",
}  # fmt: skip
_MAY_BREAK: Final = "\u200b"
_PART_OF_SCRIPT: Final = re.compile(r"[\x21-\x7e]+|[\u3000-\ud7ff\uff01-\uffef]{1,3}")
_HEADINGS: Final = ("Introduction", "Results", "Proof of the main theorem", "Preliminaries", "Notation", "Discussion")
_THEOREMS: Final = ("theorem", "lemma", "remark", "proof", "definition", "quote", "itemize", "enumerate")


@dataclass
class Piece:
    """A box on the page.

    Attributes:
        number: Its number in the document.
        text: What it holds: words with formulas, as `prose_tokens` takes them; or a formula.
        glue: What stands before it: "space", "" for nothing, "hyphen" where its word may be broken before it,
            "formula" where its formula may, "script" between characters of a script that is written without blanks.
    """

    number: int
    text: str
    glue: str = "space"


@dataclass
class PagePart:
    """A paragraph, or a display with its rows.

    Attributes:
        words: Of a paragraph, in order.
        display: Of a display.
        pieces: Of a display: the pieces of each row's cells.
        numbers: Of a display: for each row the piece of its number and what it says, or None.
        source: Where it is from.
    """

    words: list[Piece] = field(default_factory=list)
    display: Display | None = None
    pieces: list[list[Piece]] = field(default_factory=list)
    numbers: list[tuple[Piece, str] | None] = field(default_factory=list)
    source: str = ""


@dataclass
class Document:
    """A document's source and what its pieces are.

    Attributes:
        source: LaTeX.
        parts: Paragraphs and displays in order.
        lines_of_pieces: For each line of the source (from 1) the numbers of the pieces that stand on it.
    """

    source: str
    parts: list[PagePart]
    lines_of_pieces: dict[int, list[int]]


_MACROS: Final = r"""
\usepackage{amsmath,mathtools}
\makeatletter
\@ifundefined{bigstar}{\usepackage{amssymb}}{}
\newwrite\positions \immediate\openout\positions=positions.txt
\newcount\sheet \AddToHook{shipout/before}{\global\advance\sheet1 }
\def\mark@place#1{\pdfsavepos\edef\@place{\noexpand\write\positions{#1 \noexpand\the\sheet\space
  \noexpand\the\pdflastxpos\space\noexpand\the\pdflastypos\space
  \number\wd\piecebox\space\number\ht\piecebox\space\number\dp\piecebox}}\@place}
\newbox\piecebox
\def\W#1#2{\leavevmode\setbox\piecebox\hbox{#2}\mark@place{#1}\box\piecebox}
\def\D#1#2{\setbox\piecebox\hbox{$\m@th\displaystyle#2$}\mark@place{#1}\box\piecebox}
\def\N#1#2{\setbox\piecebox\hbox{\normalfont#2}\mark@place{#1}\box\piecebox}
\def\H{\discretionary{-}{}{}}
\renewcommand\label[1]{}
\let\nonumber\relax \let\notag\relax
\providecommand\bold{\mathbf} \providecommand\Bbb{\mathbb} \providecommand\frak{\mathfrak}
\providecommand\bm{} \renewcommand\bm{\boldsymbol} \DeclareRobustCommand\cal{\@fontswitch\relax\mathcal}
\providecommand\color[2][]{} \providecommand\textcolor[3][]{#3}
\makeatother
"""
_LUATEX: Final = r"""\protected\def\pdfsavepos{\savepos}\protected\def\pdflastxpos{\lastxpos}
\def\pdflastxpos{\lastxpos}\def\pdflastypos{\lastypos}
"""


class DocumentMaker:
    """Writes one document of a style, of parts in these shares."""

    def __init__(
        self,
        corpus: PageCorpus,
        style: PageStyle,
        generator: random.Random,
        part_shares: Mapping[str, float] = PART_SHARES,
    ) -> None:
        self._corpus, self._style, self._generator = corpus, style, generator
        self._part_shares = part_shares
        self._pieces = 0
        self._parts: list[PagePart] = []
        self._body: list[str] = []
        self._pieces_of: list[list[int]] = []
        is_narrow = style.columns == 2
        self._most_tokens = 38 if is_narrow else 90
        self._number_style = generator.choice(["plain", "section", "appendix", "none", "odd"])

    def make(self, parts: int) -> Document:
        """Write a document of about `parts` paragraphs and displays."""
        opening = self._preamble()
        is_beamer = self._style.document_class == "beamer"
        while len(self._parts) < parts:
            if is_beamer:
                self._line(r"\begin{frame}" + self._generator.choice(["", r"\frametitle{Results}", ""]))
                for _ in range(self._generator.randint(1, 2)):
                    self._add_part(short=True)
                self._line(r"\end{frame}")
            else:
                self._add_part(short=False)
        source = opening + "\n".join(self._body) + "\n\\end{document}\n"
        first = opening.count("\n") + 1
        return Document(
            source, self._parts, {first + index: pieces for index, pieces in enumerate(self._pieces_of) if pieces}
        )

    def _preamble(self) -> str:
        style = self._style
        theorems = "".join(
            rf"\newtheorem{{{name}}}{{{name.title()}}}" for name in ("theorem", "lemma", "remark", "definition")
        )
        if style.document_class == "beamer":
            theorems = r"\setbeamertemplate{navigation symbols}{}" + self._generator.choice(
                ["", r"\usecolortheme{seahorse}", r"\usetheme{Madrid}"]
            )
        elif style.document_class != "amsart":
            theorems = r"\newenvironment{proof}{\par\textit{Proof.} }{\par}" + theorems
        fonts = style.preamble
        late = ""
        if style.engine == "lualatex":
            late, fonts = fonts, _LUATEX
        if style.document_class == "beamer" and style.engine == "lualatex":
            late = r"\usefonttheme{professionalfonts}" + late
        return (
            rf"\documentclass[{style.options}]{{{style.document_class}}}" + "\n" + fonts + _MACROS + late + theorems
            # A letter that the font lacks is an error, which names its line.
            + "\n\\tracinglostchars=3\n\\hbadness=10000 \\vbadness=10000 \\hfuzz=\\maxdimen \\vfuzz=\\maxdimen\n"
            + "\\emergencystretch=3em \\pretolerance=-1 \\tolerance=3000 \\allowdisplaybreaks\n"
            + "\\begin{document}\n"
        )  # fmt: skip

    def _line(self, text: str, pieces: list[int] | None = None) -> None:
        self._body.append(text)
        self._pieces_of.append(pieces or [])

    def _add_part(self, *, short: bool) -> None:
        kind = self._generator.choices(tuple(self._part_shares), tuple(self._part_shares.values()))[0]
        if kind == "words" and self._corpus.passages is not None:
            self._add_passage(short=short)
        elif kind == "rows":
            self._add_display(self._display_of_rows())
        elif compose := compositions.COMPOSITIONS.get(kind):
            self._add_display(split_display(compose(self._generator, self._corpus)), kind)
        else:
            self._add_display(self._plain_display())

    def _font_draws(self, latex: str) -> bool:
        """Say whether the font draws all of this as what it is."""
        return font_draws(self._style.font, latex)

    def _plain_display(self) -> Display | None:
        formula = self._corpus.formula(
            self._generator, least=self._generator.choice((2, 6, 6, 15)), most=self._most_tokens
        )
        is_boxed = self._generator.random() < _BOXED_SHARE
        return split_display(rf"\boxed{{{formula.latex}}}" if is_boxed else formula.latex)

    def _display_of_rows(self) -> Display | None:
        generator = self._generator
        if generator.random() < 0.3 or (found := self._corpus.display_of_rows(generator)) is None:
            rows = compositions.gathered_rows(generator, self._corpus)
            environment = generator.choice(["gather*", "align*", "align*"])
            joined = r" \\ ".join(f"& {row}" if environment == "align*" and len(rows) > 1 else row for row in rows)
            return split_display(rf"\begin{{{environment}}} {joined} \end{{{environment}}}")
        return split_display(found)

    def _add_passage(self, *, short: bool) -> None:
        """Add a paragraph and the displays within it."""
        generator = self._generator
        language = self._style.language
        if language == "en":
            text = self._corpus.passage(generator)
        else:
            words = self._corpus.words(language, generator)
            text = self._with_formulas_in_script(words) if language in WITHOUT_BLANKS else self._with_formulas(words)
        if short:
            text = text[: generator.randint(80, 260)].rpartition(" ")[0]
            if text.count("$") % 2:
                text = text.rpartition("$")[0]
        environment = generator.choice(_THEOREMS) if generator.random() < 0.2 and not short else ""
        opening = rf"\begin{{{environment}}}" + (r"\item " if environment in {"itemize", "enumerate"} else "")
        if generator.random() < 0.05 and not short:
            self._line(rf"\section*{{{generator.choice(_HEADINGS)}}}")
        if environment:
            self._line(opening)
        end = 0
        for match in _DISPLAY.finditer(text):
            self._add_words(text[end : match.start()])
            self._add_display(split_display(match[1]), "passage")
            end = match.end()
        self._add_words(text[end:])
        if environment:
            self._line(rf"\end{{{environment}}}")
        else:
            self._line("")

    def _with_formulas(self, text: str) -> str:
        """Put formulas in place of some words, since texts of other languages at hand have none."""
        words = text.split()
        for index in range(2, len(words) - 1):
            if self._generator.random() < 0.1:
                formula = self._corpus.formula(self._generator, least=1, most=16)
                words[index] = f"${formula.latex}${words[index][-1] if words[index][-1] in ',.;:' else ''}"
        return " ".join(words)

    def _with_formulas_in_script(self, text: str) -> str:
        """Put formulas among the characters of a script without blanks; a mark tells where a line may end."""
        parts: list[str] = []
        for part in _PART_OF_SCRIPT.findall(text):
            parts.append(part)
            if self._generator.random() < 0.07:
                parts.append(f"${self._corpus.formula(self._generator, least=1, most=16).latex}$")
        return _MAY_BREAK.join(parts)

    def _add_words(self, text: str) -> None:
        text = _STYLED.sub(r"\1", text)
        part = PagePart(source="passage")
        for chunk in filter(self._font_draws, _CHUNK.findall(text)):
            try:
                prose_tokens(chunk.replace(_MAY_BREAK, ""))
            except LatexError:
                # What cannot be labelled is not set; the words beside it then stand side by side, which nothing minds.
                continue
            part.words += self._pieces_of_chunk(chunk)
        if not part.words:
            return
        self._parts.append(part)
        for start in range(0, len(part.words), 8):
            pieces = part.words[start : start + 8]
            # TeX skips blanks at the start of a line, so a space ends the line before.
            after = part.words[start + 8].glue if start + 8 < len(part.words) else "space"
            self._line(
                "".join(self._set(piece, is_first=index == 0) for index, piece in enumerate(pieces))
                + ("" if after == "space" else _GLUES[after].rstrip(" ") + "%"),
                [piece.number for piece in pieces],
            )

    def _set(self, piece: Piece, *, is_first: bool) -> str:
        return ("" if is_first else _GLUES[piece.glue]) + rf"\W{{{piece.number}}}{{{piece.text}}}"

    def _pieces_of_chunk(self, chunk: str) -> list[Piece]:
        """Cut what stands between two spaces into pieces at which a line may end."""
        first, *others = (self._pieces_of_part(part) for part in chunk.split(_MAY_BREAK))
        for pieces in others:
            pieces[0].glue = "script"
            first += pieces
        return first

    def _pieces_of_part(self, chunk: str) -> list[Piece]:
        match = re.fullmatch(r"(\W*)\$((?:[^$\\]|\\.)+)\$(\W*)", chunk)
        if match:
            parts = _cut_at_relations(match[2])
            texts = [f"${part}$" for part in parts]
            texts[0], texts[-1] = match[1] + texts[0], texts[-1] + match[3]
            return [self._piece(text, "formula" if index else "space") for index, text in enumerate(texts)]
        word = _HYPHENABLE.search(chunk) if "$" not in chunk and "\\" not in chunk else None
        if word and (places := _hyphens(word[0])):
            at = word.start() + self._generator.choice(places)
            return [self._piece(chunk[:at], "space"), self._piece(chunk[at:], "hyphen")]
        return [self._piece(chunk, "space")]

    def _piece(self, text: str, glue: str) -> Piece:
        self._pieces += 1
        return Piece(self._pieces, text, glue)

    def _add_display(self, display: Display | None, source: str = "formula") -> None:
        if display is None or any(len(row.tokens) > 2.2 * self._most_tokens for row in display.rows):
            return
        if not all(self._font_draws(cell) for row in display.rows for cell in row.cells):
            return
        part = PagePart(display=display, source=source)
        rows = []
        for row in display.rows:
            pieces = [self._piece(cell, "") for cell in row.cells]
            part.pieces.append(pieces)
            cells = " & ".join(rf"\D{{{piece.number}}}{{{{}}{piece.text}}}" if piece.text else "" for piece in pieces)
            number = (
                self._draw_number()
                if self._style.document_class != "beamer" or self._generator.random() < 0.2
                else None
            )
            part.numbers.append((self._piece(number, ""), number) if number else None)
            tag = rf"\tag*{{\N{{{self._pieces}}}{{{number}}}}}" if number else ""
            rows.append(cells + tag)
        self._parts.append(part)
        environment = display.environment or "equation*"
        numbers = [piece.number for row in part.pieces for piece in row]
        numbers += [entry[0].number for entry in part.numbers if entry]
        separator = r"\\ " if len(rows) > 1 else ""
        self._line(rf"\begin{{{environment}}}{separator.join(rows)}\end{{{environment}}}", numbers)

    def _draw_number(self) -> str | None:
        generator = self._generator
        style = self._number_style
        if style == "none" or generator.random() < 0.45:
            return None
        count = generator.randint(1, 9) if generator.random() < 0.3 else generator.randint(1, 140)
        odd = [
            "*", "**", "1'", "A", f"{count}a", f"{count}b", f"S{count}", f"{count}-{count % 9}",
            f"{generator.randint(1, 9)}.{count % 9}.{count % 7}",
        ]  # fmt: skip
        number = {
            "plain": f"{count}",
            "section": f"{generator.randint(1, 12)}.{count}",
            "appendix": f"{generator.choice('ABCDES')}.{count % 30}",
            "odd": generator.choice(odd),
        }[style]
        if generator.random() < 0.08:
            number += generator.choice("abc")
        opening, closing = ("[", "]") if generator.random() < 0.08 else ("(", ")")
        return f"{opening}{number}{closing}"


def _hyphens(word: str) -> list[int]:
    """Return where a word may be broken: before a consonant that a vowel follows, three letters from either end."""
    lower = word.lower()
    return [
        index
        for index in range(3, len(word) - 3)
        if lower[index] not in _VOWELS and lower[index + 1] in _VOWELS and _VOWELS.intersection(lower[:index])
    ]


def _cut_at_relations(formula: str) -> list[str]:
    """Cut a formula of a paragraph after its relations, where TeX may break it; a short one stays whole."""
    try:
        if len(normalise(formula)) <= _LONGEST_FORMULA_IN_LINE:
            return [formula]
    except LatexError:
        return [formula]
    parts, depth, start = [], 0, 0
    for match in re.finditer(
        r"\\(?:left|right|begin|end)(?![a-zA-Z])|\\[a-zA-Z]+|\\.|[{}]|[^\\{}]", formula, re.DOTALL
    ):
        token = match[0]
        depth += {"{": 1, r"\left": 1, r"\begin": 1, "}": -1, r"\right": -1, r"\end": -1}.get(token, 0)
        if depth == 0 and _RELATION.fullmatch(token) and match.start() - start > 8 and len(formula) - match.end() > 3:
            parts.append(formula[start : match.end()])
            start = match.end()
    parts.append(formula[start:])
    try:
        for part in parts:
            normalise(part)
    except LatexError:
        return [formula]
    return parts
