"""Pages carry the labels of what stands on them, and what is held out is never set for training."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from model.data_preparation.packed_images import PackedImages
from model.data_preparation.pages import compositions, make_pages
from model.data_preparation.pages.corpus import PageCorpus, split_of
from model.data_preparation.pages.crops import recogniser_crops
from model.data_preparation.pages.degradations import KINDS, degrade
from model.data_preparation.pages.displays import split_display
from model.data_preparation.pages.documents import Document, DocumentMaker
from model.data_preparation.pages.lines import PageLine, _trimmed, page_lines
from model.data_preparation.pages.make_pages import main, page_vocabulary
from model.data_preparation.pages.styles import PART_SHARES, draw_style, font_draws, unicode_style
from model.data_preparation.pages.typesetting import TypesetPages, typeset_document
from model.latex import normalise
from model.latex.prose import GAP, format_prose, is_prose, prose_tokens
from model.vocabulary import Vocabulary

FORMULAS = (
    r"a^2 + b^2 = c^2", r"\sum_{k=1}^n k = \frac{n(n+1)}{2}", r"f(x) = \int_0^x g(t) \, dt", r"x \in \mathbb{R}", "n",
    r"\alpha \leq \beta", r"A = U \Sigma V^T", r"\lim_{n \to \infty} a_n = 0", r"e^{i\pi} + 1 = 0", r"p \mid q",
)  # fmt: skip
PASSAGES = (
    (
        r"A continuous function $f$ on the interval $[0,1]$ is bounded, and it takes its greatest value $f(x_0)$ at "
        r"some point. We write \[ f(x_0) = \max_{x} f(x) \] for that value. The same holds on any closed interval."
    ),
    (
        r"Every prime number $p > 2$ is odd; hence the sum of two of them is even. Whether every even number "
        r"$n \geq 4$ is such a sum is not known, although it was conjectured long ago."
    ),
)
ROWS = (
    r"\begin{align*} (a+b)^2 &= (a+b)(a+b) \\ &= a^2 + 2ab + b^2 \end{align*}",
    r"\begin{gather*} x + y = 3 \\ x - y = 1 \end{gather*}",
)
RESOURCES = Path(__file__).parents[4] / "resources"


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """A data set as `build_dataset` writes it, and texts beside it, each repeated until every split has some."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    lines = [json.dumps({"latex": latex, "source": "test", "tokens": " ".join(normalise(latex))}) for latex in FORMULAS]
    for split in ("train", "validation", "test"):
        (folder / f"{split}.jsonl").write_text("\n".join(lines[: 8 if split == "train" else None]) + "\n")
    for name, texts in (("passages", PASSAGES), ("rows", ROWS)):
        in_training = [text for text in _varied(texts) if split_of(text) == "train"]
        (folder / f"{name}.txt").write_text("\n".join(in_training) + "\n")
    return folder


def _varied(texts: tuple[str, ...]) -> list[str]:
    return [text.replace("x", letter) for text in texts for letter in "xyzuvw"]


def a_corpus(folder: Path) -> PageCorpus:
    # Not "train", since these few formulas stand in every split.
    return PageCorpus.load(folder, "train", passages=folder / "passages.txt", rows=folder / "rows.txt")


def test_what_is_held_out_is_never_drawn_for_training(tmp_path: Path) -> None:
    # A paragraph of training with a formula of the test split would make the test's figures worthless.
    held_out = r"\sum_{k=1}^n k^3 = \left(\frac{n(n+1)}{2}\right)^2"
    for split in ("train", "test"):
        formula = {"latex": held_out, "source": "test", "tokens": " ".join(normalise(held_out))}
        (tmp_path / f"{split}.jsonl").write_text(json.dumps(formula) + "\n")
    telling = [f"Number {number}: we have ${held_out}$." for number in range(100)]
    harmless = [f"Number {number}: nothing is held out here, $x=1$." for number in range(100)]
    (tmp_path / "passages.txt").write_text("\n".join(telling + harmless) + "\n")
    corpus = PageCorpus.load(tmp_path, "train", passages=tmp_path / "passages.txt")
    drawn = {corpus.passage(random.Random(seed)) for seed in range(60)}
    assert drawn <= set(harmless)
    assert {split_of(text) for text in drawn} == {"train"}


def test_displays_are_cut_into_rows_and_cells() -> None:
    display = split_display(
        r"\begin{align*} a &= \frac{b \\ c}{d} & e \\[2pt] &= f \nonumber \\ \end{align*}".replace(r"b \\ c", "b")
    )
    assert display is not None
    assert display.environment == "align*"
    assert [row.cells for row in display.rows] == [("a", r"= \frac{b}{d}", "e"), ("", "= f")]
    assert " ".join(display.rows[1].tokens) == "= f"
    assert display.tokens[0] == r"\begin{aligned}"
    matrix = split_display(r"A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}")
    assert matrix is not None
    assert matrix.environment == ""
    assert matrix.rows[0].is_block


@pytest.mark.parametrize("latex", [r"\begin{align*} a &= \unknown \end{align*}", r"a % b", "{", ""])
def test_what_is_not_understood_is_no_display(latex: str) -> None:
    assert split_display(latex) is None


@pytest.mark.parametrize("compose", [compositions.matrix, compositions.cases, compositions.system, compositions.drill])
def test_composed_displays_have_labels(corpus_folder: Path, compose: object) -> None:
    # The supply of rare structures is made here; nearly each must be fit to train on, and none may be the same again.
    corpus = a_corpus(corpus_folder)
    made = [compose(random.Random(seed), corpus) for seed in range(60)]  # type: ignore[operator]
    understood = [display for latex in made if (display := split_display(latex))]
    assert len(understood) >= 57
    assert len({display.tokens for display in understood}) > 40


@pytest.mark.parametrize("kind", list(KINDS))
def test_degradations_keep_size_and_ink(kind: str) -> None:
    page = np.full((60, 200), 255, dtype=np.uint8)
    page[20:40, 30:170:8] = 0
    page[20:24, 30:170] = 0
    for seed in range(5):
        result = degrade(page, kind, random.Random(seed))
        assert result.shape == page.shape
        assert result.dtype == np.uint8
        assert int(result.max()) - int(result.min()) > 50


@pytest.mark.parametrize("digit_height", [11.0, 14.0, 26.0])
def test_scans_can_be_read(digit_height: float) -> None:
    # What nobody can read teaches to guess: thin strokes as near to one another as in an m do not run together.
    height = round(digit_height)
    page = np.full((3 * height, 12 * height), 255, dtype=np.uint8)
    page[height : 2 * height, height : 11 * height : round(0.27 * height)] = 0
    is_stroke = page[height + 3 : 2 * height - 3, height : 11 * height] == 0
    parted = []
    for seed in range(40):
        seen = degrade(page, "scan", random.Random(seed), digit_height=digit_height).astype(np.float32)
        rows = seen[height + 3 : 2 * height - 3, height : 11 * height]
        parted.append(np.percentile(rows[~is_stroke], 75) - np.percentile(rows, 5) > 60)
    assert np.mean(parted) > 0.95


def test_page_tokens_stand_behind_the_bundled_ones() -> None:
    # Weights of before keep their meaning: no token changes its id.
    bundled = Vocabulary.load(RESOURCES / "vocabulary.json")
    grown = page_vocabulary(bundled)
    assert grown.tokens[: len(bundled)] == bundled.tokens
    assert {r"\words", "$", r"\tag", "é", "ж", r"\lrcorner", r"\subsetneqq"} <= set(grown.tokens)
    assert page_vocabulary(grown).tokens == grown.tokens


@pytest.mark.tex
@pytest.mark.parametrize("seed", [1, 2, 5])
def test_lines_stand_where_their_ink_is(corpus_folder: Path, seed: int) -> None:
    # The labels follow TeX's own line breaks: words in reading order, each line's box round ink, none over another.
    corpus = a_corpus(corpus_folder)
    generator = random.Random(seed)
    style = draw_style(generator, ("en",))
    document = DocumentMaker(corpus, style, generator).make(14)
    pages = typeset_document(document, style)
    lines = [line for page in page_lines(document, pages) for line in page]
    words = [line for line in lines if line.kind == "words"]
    assert len(lines) > 10
    assert {line.kind for line in lines} >= {"formula"}
    for line in words:
        assert is_prose(line.tokens)
        assert prose_tokens(format_prose(line.tokens)) == list(line.tokens)
    for page, on_page in enumerate(page_lines(document, pages)):
        for line in on_page:
            left, top, right, bottom = (round(value) for value in line.box)
            assert (pages.images[page][top:bottom, left:right] < 190).any()


@pytest.mark.tex
def test_command_packs_crops_and_goes_on_where_it_was_stopped(corpus_folder: Path, tmp_path: Path) -> None:
    out, layout = tmp_path / "crops", tmp_path / "layout"
    arguments = [
        str(corpus_folder), str(out), "--layout", str(layout), "--passages", str(corpus_folder / "passages.txt"),
        "--rows", str(corpus_folder / "rows.txt"), "--workers", "1", "--seed", "3",
        "--vocabulary", str(RESOURCES / "vocabulary.json"),
    ]  # fmt: skip
    assert main([*arguments, "--documents", "1"]) == 0
    first = (out / "images-00000.bin").read_bytes()
    assert main([*arguments, "--documents", "2"]) == 0
    assert (out / "images-00000.bin").read_bytes() == first
    images = PackedImages(out)
    vocabulary = Vocabulary.load(out / "vocabulary.json")
    assert len(images) > 20
    for index in range(len(images)):
        assert "<unk>" not in vocabulary.decode(vocabulary.encode(images.tokens(index)))
    entries = [json.loads(line) for path in layout.glob("*.jsonl") for line in path.read_text().splitlines()]
    assert entries
    assert {line["kind"] for entry in entries for line in entry["lines"]} <= {"formula", "words", "number"}


def test_equation_numbers_are_cut_alone_as_the_layout_hands_them_over() -> None:
    # The layout takes a number away from its formula and has it read by itself: the recogniser has to have seen such.
    page = np.full((60, 200), 255, np.uint8)
    page[20:40, 20:60] = page[20:40, 150:180] = 0
    formula = PageLine("formula", (20, 20, 60, 40), 40, ("x",), group=0)
    number = PageLine("number", (150, 20, 180, 40), 40, tuple("( 3.1 )"), group=0)
    pages = TypesetPages([page], {}, 1.3)
    crops = [
        crop
        for seed in range(40)
        for crop in recogniser_crops(Document("", [], {}), pages, [[formula, number]], random.Random(seed))
        if crop.kind == "number"
    ]
    assert crops
    assert {crop.tokens for crop in crops} == {("(", "3", ".", "1", ")")}
    assert all(crop.image.shape[1] < 80 for crop in crops)


def test_shares_of_languages_are_followed_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shares = {"en": 0.0, "ru": 1.0}
    assert {draw_style(random.Random(seed), ("en", "ru"), shares=shares).language for seed in range(9)} == {"ru"}
    for wrong, what in (("ru=many", "a number"), ("it=3", "knows no it")):
        with pytest.raises(SystemExit):
            make_pages.main([str(tmp_path), str(tmp_path / "out"), "--language-share", wrong])
        assert what in capsys.readouterr().err


def test_shares_of_parts_are_followed_and_checked(
    corpus_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A stage of training that needs more of a kind gets it without a change of the code.
    corpus, generator = a_corpus(corpus_folder), random.Random(4)
    shares = dict.fromkeys(PART_SHARES, 0.0) | {"drill": 1.0}
    document = DocumentMaker(corpus, draw_style(generator, ("en",)), generator, shares).make(6)
    assert {part.source for part in document.parts} == {"drill"}
    for wrong, what in (("drill=many", "a number"), ("poems=3", "knows no poems")):
        with pytest.raises(SystemExit):
            make_pages.main([str(tmp_path), str(tmp_path / "out"), "--part-share", wrong])
        assert what in capsys.readouterr().err


def test_vectors_and_sparse_matrices_are_whole_rectangles_that_can_be_labelled() -> None:
    for seed in range(60):
        for compose in (compositions._vectors, compositions._sparse):
            rows = compose(random.Random(seed))
            assert len({len(row) for row in rows}) == 1
            tokens = normalise(
                rf"\begin{{matrix}}{compositions._rows([' & '.join(row) for row in rows])}\end{{matrix}}"
            )
            assert tokens.count(r"\\") == len(rows) - 1


OTHER_SCRIPTS = {
    "zh": "设函数在闭区间上连续，则它在这个区间上有界。",
    "ja": "関数はこの区間で連続なので、そこで最大値をとる。",
}


def maker_of_script(folder: Path, language: str) -> DocumentMaker:
    # A paragraph of each split.
    texts = [OTHER_SCRIPTS[language] * count for count in range(5, 60)]
    path = folder / f"{language}.txt"
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    corpus = PageCorpus.load(folder, "train", passages=folder / "passages.txt", prose={language: path})
    generator = random.Random(5)
    return DocumentMaker(corpus, draw_style(generator, (language,)), generator)


def test_words_of_other_scripts_are_cut_so_that_lines_can_end_and_labelled_as_gaps(corpus_folder: Path) -> None:
    # A script without blanks is cut into pieces between which a line may end; only LuaTeX has its letters.
    maker = maker_of_script(corpus_folder, "zh")
    assert maker._style.engine == "lualatex"
    assert "fallback=script" in maker._style.preamble
    maker._add_passage(short=False)
    pieces = [piece for part in maker._parts for piece in part.words]
    assert len(pieces) > 30
    assert "script" in {piece.glue for piece in pieces}
    tokens = prose_tokens("".join(piece.text for piece in pieces))
    assert {GAP, "$"} <= set(tokens)
    assert not any("\u4e00" <= token <= "\u9fff" for token in tokens)


def test_a_faint_last_point_is_ink_of_its_line() -> None:
    """Protects labels: small print's points are light grey, and what is outside of a line's box is painted over."""
    page = np.full((30, 60), 255, np.uint8)
    page[8:20, 5:30] = 0
    page[18:20, 34] = 205
    assert _trimmed((5.0, 8.0, 36.0, 20.0), page) == (5.0, 8.0, 35.0, 20.0)


@pytest.mark.tex
def test_words_of_other_scripts_stand_on_the_page(corpus_folder: Path) -> None:
    maker = maker_of_script(corpus_folder, "ja")
    document = maker.make(8)
    pages = typeset_document(document, maker._style)
    lines = [line for page in page_lines(document, pages) for line in page]
    assert any(line.kind == "words" and GAP in line.tokens for line in lines)


def test_missing_corpus_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_pages.main([str(tmp_path / "none"), str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "cannot be read" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("font", "latex", "is_drawn"),
    [
        ("u-word-stix", r"\mathbf{d} + \mathcal{M} + \boldsymbol{\alpha}", True),
        ("u-word-stix", r"{\cal M}", False),
        ("u-word-stix", r"\widetilde{x}", False),
        ("u-word-stix", r"\tilde{x}", True),
        ("u-fira", r"\mathcal{M}", False),
        ("u-xcharter", r"\mathbb{1}", False),
        ("u-xcharter", r"\mathbb{R}", True),
        ("fourier", r"{\cal L}", False),
        ("cm-t2a", r"{\cal L}", True),
        ("cm-t2a", r"\mathbb{k}", False),
        ("u-termes", r"A \setminus B", False),
        ("u-fira", r"\bigcup_i A_i", False),
        ("u-fira", r"\cup \vdots", False),
        ("u-fira", r"A \cup B", True),
        ("u-stixtwo", r"\mathcal{x}", False),
    ],
)
def test_what_a_font_draws_as_something_else_is_not_set_in_it(font: str, latex: str, is_drawn: bool) -> None:
    """Protects labels: a calligraphic letter that is drawn as a plain one teaches to guess."""
    assert font_draws(font, latex) is is_drawn


@pytest.mark.parametrize("font", ["word-stix", "arial", "garamond"])
def test_bold_letters_are_drawn_bold(corpus_folder: Path, font: str) -> None:
    """Protects labels: text fonts loaded by their names have no bold letters, and plain ones stood for them."""
    style = unicode_style(random.Random(1), font)
    opening = DocumentMaker(a_corpus(corpus_folder), style, random.Random(1))._preamble()
    pairs = (r"\mathrm{H}", r"\mathbf{H}", r"\alpha", r"\boldsymbol{\alpha}")
    pieces = r"\quad ".join(rf"\W{{{number}}}{{${latex}$}}" for number, latex in enumerate(pairs))
    pages = typeset_document(Document(f"{opening}{pieces}\n\\end{{document}}\n", [], {}), style)
    ink = []
    for number in range(len(pairs)):
        left, top, right, bottom = (round(side) for side in pages.places[number].box)
        ink.append(255 - pages.images[0][top - 1 : bottom + 1, left - 1 : right + 1].astype(np.int64))
    assert ink[1].sum() > 1.1 * ink[0].sum()
    assert ink[3].sum() > 1.1 * ink[2].sum()


def test_words_of_other_languages_have_capitals_now_and_then(corpus_folder: Path) -> None:
    """Capitals such as those of `Über` and `Цель` stand at the beginning of sentences alone, where they are few."""
    text = "über die lösung der gleichung und ihre ecken öfter als sonst " * 4
    prose = corpus_folder / "german.txt"
    prose.write_text("".join(f"{text}{number}\n" for number in range(400)))
    corpus = PageCorpus.load(corpus_folder, "train", prose={"de": prose})
    drawn = " ".join(corpus.words("de", random.Random(seed)) for seed in range(20))
    assert set(drawn.lower().split()) == set(text.split()) | {word for word in drawn.split() if word.isdigit()}
    assert 0.04 < sum(word[0].isupper() for word in drawn.split()) / len(drawn.split()) < 0.2
    assert "Öfter" in drawn
