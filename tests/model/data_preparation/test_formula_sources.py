"""Every layout users keep formulas in, and every way such files are broken: a bad entry costs itself, not the run."""

import json
from pathlib import Path

import pytest

from model.data_preparation.formula import Formula, Losses, SourceError
from model.data_preparation.formula_sources import read_formulas
from model.data_preparation.image_label_pairs import unwrap
from model.latex import normalise

SAMPLES = Path(__file__).parent / "samples"


def read(path: Path) -> tuple[list[str], dict[str, int]]:
    losses = Losses()
    return [formula.latex for formula in read_formulas(path, losses)], dict(losses)


@pytest.mark.parametrize(
    ("content", "formulas", "losses"),
    [
        (b"", [], {}),
        (b"x\ny\n", ["x", "y"], {}),
        (b"x\r\ny", ["x", "y"], {}),
        (b"\xef\xbb\xbfx\n", ["x"], {}),
        (b"x\n\ny\n", ["x", "", "y"], {}),
        (b"x\n\xff\xfe\ny\n", ["x", "y"], {"not UTF-8": 1}),
        (b"a\x0cb\n\xe2\x80\xa8c\n", ["a\x0cb", "\u2028c"], {}),
    ],
)
def test_one_formula_a_line(tmp_path: Path, content: bytes, formulas: list[str], losses: dict[str, int]) -> None:
    # Windows line ends, byte order marks, bad bytes; form feeds and Unicode line ends are part of a line.
    path = tmp_path / "school.txt"
    path.write_bytes(content)
    assert read(path) == (formulas, losses)


def test_a_source_is_named_after_its_file(tmp_path: Path) -> None:
    # The splits and every table of scores go by this name.
    (tmp_path / "school.txt").write_text("x")
    assert list(read_formulas(tmp_path / "school.txt", Losses())) == [Formula("x", "school")]


def test_json_lines_keep_source_and_image(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    lines = [{"latex": "x", "source": "s", "image": "a.png"}, {"latex": "y"}]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    assert list(read_formulas(path, Losses())) == [Formula("x", "s", "a.png"), Formula("y", "all")]


@pytest.mark.parametrize("line", ["{", "[]", '{"latex": 3}', '{"text": "x"}', "x^2"])
def test_malformed_json_names_its_place(tmp_path: Path, line: str) -> None:
    # A file that only looks like ours must not yield half of itself without a word.
    path = tmp_path / "all.jsonl"
    path.write_text('{"latex": "x"}\n' + line)
    with pytest.raises(SourceError, match=r"all\.jsonl, line 2"):
        read(path)


@pytest.mark.parametrize("name", ["missing.txt", "missing"])
def test_a_missing_source_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match=f"{name} does not exist"):
        read(tmp_path / name)


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    with pytest.raises(SourceError, match="is not a text file"):
        read(tmp_path / "image.txt")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no formula lists"):
        read(tmp_path)


def test_im2latex_lists(tmp_path: Path) -> None:
    # Latin-1 text, a form feed inside a formula, an index out of range, a line that is none, images where they exist.
    (tmp_path / "im2latex_formulas.lst").write_bytes(b"x\ny\x0c\\'{\xe9}\nz\n")
    (tmp_path / "im2latex_train.lst").write_text("2 abc basic\n99 def basic\n\nnonsense\n-1 x y\n")
    (tmp_path / "im2latex_test.lst").write_text("1 0123 basic\n0\n")
    (tmp_path / "formula_images").mkdir()
    image = tmp_path / "formula_images" / "abc.png"
    image.write_bytes(b"")
    losses = Losses()
    assert list(read_formulas(tmp_path, losses)) == [
        Formula("y\x0c\\'{\xe9}", "im2latex_test"),
        Formula("x", "im2latex_test"),
        Formula("z", "im2latex_train", str(image)),
    ]
    assert losses == {"formula index out of range": 1, "malformed line in a list": 2}


def test_im2latex_formulas_without_lists(tmp_path: Path) -> None:
    (tmp_path / "im2latex_formulas.lst").write_text("x\ny\n")
    assert read(tmp_path / "im2latex_formulas.lst") == (["x", "y"], {})


def test_images_with_labels(tmp_path: Path) -> None:
    # Pairs go by stem within a folder; what has no partner is counted, not guessed.
    for name in ("a.png", "b.JPG", "alone.png", "sub/a.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    for name, label in {"a.txt": "$$x$$\n", "b.tex": "y\n+ z", "sub/a.txt": "w", "lonely.txt": "v"}.items():
        (tmp_path / name).write_text(label)
    losses = Losses()
    assert list(read_formulas(tmp_path, losses)) == [
        Formula("x", tmp_path.name, str(tmp_path / "a.png")),
        Formula("y + z", tmp_path.name, str(tmp_path / "b.JPG")),
        Formula("w", tmp_path.name, str(tmp_path / "sub/a.png")),
    ]
    assert losses == {"image without a label": 1, "label without an image": 1}


def test_labels_that_are_no_text(tmp_path: Path) -> None:
    for stem, label in {"a": b"\x00\x01", "b": b"\xff", "c": b"x"}.items():
        (tmp_path / f"{stem}.png").write_bytes(b"")
        (tmp_path / f"{stem}.txt").write_bytes(label)
    assert read(tmp_path) == (["x"], {"label that is not text": 1, "not UTF-8": 1})


@pytest.mark.parametrize(
    ("label", "latex"),
    [
        ("$x$", "x"),
        ("$$ x $$", "x"),
        (r"\[x\]", "x"),
        (r"\(x\)", "x"),
        ("$", "$"),
        ("$$", ""),
        ("$a$ and $b$", "$a$ and $b$"),
        (r"$\$5$", r"\$5"),
        ("x", "x"),
    ],
)
def test_dollars_around_a_label(label: str, latex: str) -> None:
    assert unwrap(label) == latex


def test_a_document() -> None:
    # One of each: macros that open formulas, optional and delimited arguments, an input file, text that is no formula.
    formulas, losses = read(SAMPLES / "paper")
    expected = [
        "x",
        r"\frac{\partial f}{\partial x} = \left\|x\right\|_{2} + \left\|y\right\|_{p},",
        r"\langle\psi| \varepsilon",
        "a_1",
        r"\operatorname*{arg\,min}_{x} \operatorname{Tr}A \quad\text{if $x > 0$}",
        r"\begin{aligned} a&=b+c\\ d&=e\end{aligned}",
        r"\begin{aligned} \mathrm{Tr}B&=0\end{aligned}",
        r"\ensuremath{z}^2",
        r"\alpha",
    ]
    assert [normalise(latex) for latex in formulas] == [normalise(latex) for latex in expected]
    # What has rows is written so that it can stand inside another formula.
    assert formulas[5].startswith(r"\begin{aligned}")
    assert "eqnarray" not in formulas[6]
    assert losses == {"formula never closed": 1}


def test_documents_of_a_folder_do_not_share_macros(tmp_path: Path) -> None:
    # Two papers in one folder define \x differently.
    for number in "12":
        text = rf"\documentclass{{article}}\def\x{{{number}}}\begin{{document}}$\x$\end{{document}}"
        (tmp_path / f"paper{number}.tex").write_text(text)
    assert read(tmp_path)[0] == ["1", "2"]


def test_a_document_inputs_nothing_from_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("$s$")
    (tmp_path / "paper").mkdir()
    text = r"\documentclass{article}\input{../secret}\input{paper}\include{missing}\input{ $x$"
    (tmp_path / "paper" / "paper.tex").write_text(text + "}$y$")
    formulas, losses = read(tmp_path / "paper")
    assert formulas == ["y"]
    assert losses == {"input file not found": 4}


def test_an_old_document_in_latin1(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_bytes(b"\\documentclass{article} caf\xe9 $x$")
    assert read(tmp_path) == (["x"], {})


def test_a_document_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_bytes(b"\\documentclass{article} $x$")
    (tmp_path / "b.tex").write_bytes(b"\x00\x01")
    assert read(tmp_path) == (["x"], {"document that is not text": 1})


@pytest.mark.parametrize(
    "text", ["", "$", "$$", r"\[", r"\begin{align}", r"\begin{align", "$x", r"\ensuremath{x", "{$}$"]
)
def test_formulas_never_closed(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.tex").write_text(text)
    assert read(tmp_path / "a.tex")[0] == []


def test_lines_and_documents_of_any_bytes(tmp_path: Path) -> None:
    # Nothing that can be in a file stops a run.
    path = tmp_path / "a.tex"
    for value in range(1, 256):
        path.write_bytes(bytes([value]) * 3 + b"\n$x$ \\documentclass")
        formulas, _ = read(path)
        assert formulas == ["x"] or value in rb"$\%{}"
