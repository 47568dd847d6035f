"""Typesetting with TeX: neighbours survive a failing formula, images carry the right label, glyphs lie on ink."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from model.data_preparation import tex_typesetter
from model.data_preparation.batch_rendering import BatchOptions, render_batch
from model.data_preparation.dvi_glyphs import read_pages
from model.data_preparation.font_setups import TEX_FONTS, Look
from model.data_preparation.formula import LabelledFormula
from model.data_preparation.packed_images import PackedImages
from model.data_preparation.page_painting import PAINTERS
from model.data_preparation.render_formulas import main
from model.data_preparation.tex_typesetter import Typeset, TypesettingError, typeset, usable_fonts

pytestmark = pytest.mark.tex

DISPLAY = Look("tex", "cm", 10, 100, "display")


def names(result: Typeset | str) -> list[str]:
    assert isinstance(result, Typeset), result
    return [name for name, _, _ in result.glyphs]


def ink_size(result: Typeset | str) -> tuple[int, int]:
    """Width and height of the ink."""
    assert isinstance(result, Typeset), result
    rows, columns = np.nonzero(np.asarray(result.image) < 128)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


@pytest.mark.parametrize(
    "bad",
    [
        r"\nosuchcommand",
        r"\frac{a}",
        r"x}",
        r"{x",
        r"$",
        r"\left( x",
        r"\begin{matrix} a",
        r"a & b",
        r"x_1_2",
        r"50% of x",
        r"\mathcal{L}\end{document}",
        "\x07",
    ],
)
def test_a_failing_formula_costs_only_itself(bad: str) -> None:
    """Protects the 399 others of a batch: each keeps its own image."""
    good = ["a", "bb", "ccc", "dddd"]

    results = typeset([*good[:2], bad, *good[2:]], DISPLAY)

    assert isinstance(results.pop(2), str)
    assert [len(names(result)) for result in results] == [1, 2, 3, 4]


def test_a_formula_in_a_loop_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, for one that TeX never finishes."""
    monkeypatch.setattr(tex_typesetter, "_SECONDS_PER_RUN", 12)
    results = typeset(["a", r"\def\x{\x}\x", "bb"], DISPLAY)
    assert isinstance(results[1], str)
    assert [len(names(result)) for result in (results[0], results[2])] == [1, 2]


@pytest.mark.parametrize(
    ("formula", "same"),
    [
        (r"x+1 \label{eq:a} \tag{3}", "x+1"),
        (r"x \nonumber", "x"),
        (r"\color{red} x", "x"),
        (r"\begin{split} a &= b \\ &= c \end{split}", r"\begin{aligned} a &= b \\ &= c \end{aligned}"),
        (r"\boldsymbol{\boldsymbol{x}}", r"\bm{x}"),
        (r"\begin{array}{l} a \\ [b,c] \end{array}", r"\begin{array}{l} a \\ {}[b,c] \end{array}"),
        (r"\bold{x}", r"\mathbf{x}"),
    ],
)
def test_what_leaves_no_trace_and_what_is_lent_a_hand(formula: str, same: str) -> None:
    """Protects labels: numbers and colours are no part of them; and spellings that TeX would refuse or choke on."""
    first, second = typeset([formula, same], DISPLAY)
    assert names(first) == names(second)


def test_a_row_break_keeps_its_distance() -> None:
    """The bracket after a row break is its argument where it holds a length."""
    near, far = typeset([r"\begin{array}{l} a \\ b \end{array}", r"\begin{array}{l} a \\[20pt] b \end{array}"], DISPLAY)
    assert ink_size(far)[1] > ink_size(near)[1] + 20


@pytest.mark.parametrize("painter", PAINTERS)
@pytest.mark.parametrize("dpi", [72, 133])
def test_what_a_viewer_paints_is_the_same_formula_at_the_same_place(painter: str, dpi: int) -> None:
    """Protects labels and glyph positions of painted pages: they agree with dvipng's image within a pixel."""
    formulas = [
        "a",
        r"\nosuchcommand",
        r"\sum_{i=1}^n \frac{a}{b}",
        r"\left(\begin{array}{cc}a&b\\c&d\end{array}\right)",
    ]
    look = Look("tex", "cm", 10, dpi, "display")
    for printed, painted in zip(
        typeset(formulas, look), typeset(formulas, replace(look, painter=painter)), strict=True
    ):
        assert names(printed) == names(painted) if isinstance(printed, Typeset) else printed == painted
        if isinstance(printed, Typeset) and isinstance(painted, Typeset):
            assert np.abs(np.subtract(ink_size(printed), ink_size(painted))).max() <= 3
            distance = ndimage.distance_transform_edt(np.asarray(painted.image) > 200)
            assert np.mean([distance[round(y), round(x)] <= 2 for _, x, y in painted.glyphs]) > 0.8


def test_a_font_that_no_pdf_can_hold_is_painted_by_dvipng() -> None:
    """Protects the batch: the font's own trouble with PDF costs no formula."""
    look = Look("tex", "stickstoo", 10, 100, "display")
    printed, painted = (typeset(["x+1"], replace(look, painter=painter))[0] for painter in ("dvipng", "pdfium"))
    assert names(printed) == names(painted)


def test_a_long_formula_stays_on_one_line() -> None:
    """Protects labels: a line break that TeX chose is not in them."""
    (result,) = typeset(["+".join(["x"] * 80)], DISPLAY)
    width, height = ink_size(result)
    assert width > 1500
    assert height < 20


def test_size_resolution_and_style_change_the_image() -> None:
    """The look must reach TeX and dvipng."""
    formula = [r"\sum_{i=1}^n \frac{a}{b}"]
    widths = [
        ink_size(typeset(formula, look)[0])
        for look in (DISPLAY, Look("tex", "cm", 12, 100, "display"), Look("tex", "cm", 10, 200, "display"))
    ]
    assert widths[0][0] < widths[1][0] < widths[2][0]
    assert ink_size(typeset(formula, Look("tex", "cm", 10, 100, "text"))[0])[1] < 0.75 * widths[0][1]


@pytest.mark.parametrize("font", TEX_FONTS)
def test_each_font_draws_and_its_glyphs_lie_on_ink(font: str) -> None:
    """Protects the head that names glyphs: middles of boxes within 2 px of ink at 100 dpi; no set-up is broken."""
    formulas = [r"\frac{a+b}{\sqrt{x}}", r"A_{ij}^{2} \to \sum_{n=0}^{9} 3 x^n", r"(\alpha - \beta) \times \infty"]
    look = Look("tex", font, 10, 100, "display")
    distances: list[float] = []
    for result in typeset(formulas, look):
        assert isinstance(result, Typeset), result
        distance = ndimage.distance_transform_edt(np.asarray(result.image) > 160)
        assert len(result.glyphs) >= 6
        distances += [distance[round(y), round(x)] for _, x, y in result.glyphs]
    assert np.mean(np.array(distances) <= 2.0) > 0.9


def test_all_font_setups_are_usable() -> None:
    """At least ten set-ups are promised; the packages that `make test-data` installs bring all of them."""
    assert usable_fonts() == list(TEX_FONTS)


def test_glyph_names_and_places() -> None:
    """The reader of DVI files against what TeX is known to do with these fonts."""
    (result,) = typeset(
        [r"\frac{a}{2} + \left( \begin{smallmatrix} x \\ y \\ z \\ u \end{smallmatrix} \right)"], DISPLAY
    )
    assert isinstance(result, Typeset)
    found = {name: (x, y) for name, x, y in result.glyphs}
    assert {"cmmi:97", "cmr:50", "rule", "cmr:43", "cmmi:120"} <= set(found)
    assert sum(name.startswith("cmex:") for name, _, _ in result.glyphs) >= 2
    assert found["cmmi:97"][1] < found["rule"][1] < found["cmr:50"][1]
    assert abs(found["cmmi:97"][0] - found["rule"][0]) < 1.5
    assert abs(found["rule"][1] - found["cmr:43"][1]) < 1.5


def test_a_rare_symbol_is_set_in_another_font() -> None:
    """Protects rare symbols: what the drawn font lacks must not be missing from the data."""
    formulas = [LabelledFormula(r"\mathbb{1}_A", "x", "k12", "train"), LabelledFormula("y", "y", "k12", "train")]
    dropped: Counter[str] = Counter()
    packed = list(render_batch(formulas, BatchOptions("tex", ("cm", "charter")), seed="3", dropped=dropped))
    fonts = [formula.details["font"] for formula in packed]
    assert fonts[0] == "charter"
    assert not dropped


def test_a_truncated_dvi_file_is_refused(tmp_path: Path) -> None:
    """An interrupted TeX leaves one; it must not be read as if it were whole."""
    path = tmp_path / "broken.dvi"
    for data in (b"", b"\xf7\x02", bytes(200)):
        path.write_bytes(data)
        with pytest.raises(ValueError, match="not a whole DVI file"):
            read_pages(path)


def test_without_tex_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence instead of an empty data set."""
    dataset = tmp_path / "train.jsonl"
    dataset.write_text(json.dumps({"latex": "x", "tokens": "x", "source": "k12"}))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([str(dataset), str(tmp_path / "out")]) == 1
    assert "latex is not installed" in capsys.readouterr().err
    with pytest.raises(TypesettingError):
        typeset(["x"], DISPLAY)


def test_the_command_with_tex(tmp_path: Path) -> None:
    """The whole way from a split file to packed images with glyphs, in processes of its own."""
    dataset = tmp_path / "train.jsonl"
    formulas = {f"x_{{{i}}} + \\frac{{a}}{{{i}}}": f"x {i}" for i in range(30)} | {r"\nosuchcommand": "bad"}
    lines = (json.dumps({"latex": latex, "tokens": tokens, "source": "k12"}) for latex, tokens in formulas.items())
    dataset.write_text("\n".join(lines))

    assert main([str(dataset), str(tmp_path / "out"), "--typesetter", "tex", "--workers", "2"]) == 0

    packed = PackedImages(tmp_path / "out")
    assert len(packed) == 30
    for index in range(len(packed)):
        digits = packed.tokens(index)[1]
        codes = [packed.glyph_classes[c].partition(":") for c in packed.glyphs(index)[:, 0]]
        shown = [chr(int(code)) for font, _, code in codes if font != "rule" and chr(int(code)) in "0123456789"]
        assert sorted(shown) == sorted(digits * 2)
    assert json.loads((tmp_path / "out" / "rendering.json").read_text())["dropped"] == {"TeX reports an error": 1}
