"""The preview draws what TeX would, in the asked size and colour, or says in one sentence why not."""

import logging

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from desktop_app.rendering.formula_renderer import _rasterised, _tinted, render_formula
from model.formats import FormatError
from model.formats.drawing import FONT, draw_formula
from model.formats.helper_pool import Ink
from model.formats.mathtext import draw_coverage

BLACK = QColor("black")

BY_MATHTEXT = [
    r"\frac{1}{2}",
    r"\sum_{i=1}^{n}x_i",
    r"\alpha_i^2",
    r"\text{if }x>0",
    r"\mathcal{L}+\mathfrak{g}",
    r"\left(\frac{a}{b}\right)^2",
]
BY_ZIAMATH = [
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
    r"\begin{cases}1&x>0\\0&\text{else}\end{cases}",
    r"\begin{aligned}a&=b\\&=c\end{aligned}",
    r"\underbrace{a+b}_{n}",
    r"\operatorname*{argmax}_{x}f(x)",
    r"\boxed{x}",
    r"\begin{pmatrix}a\end{pmatrix}_j",
    r"\begin{matrix}a\\\\b\end{matrix}",
    r"\boldsymbol{\Gamma}",
    r"\begin{pmatrix}&b\\c&\end{pmatrix}",
    r"x\not\equiv y",
    r"\mathbb{R}",
    r"\iint f",
]


def ink_of(image: QImage) -> npt.NDArray[np.uint8]:
    """The alpha channel: how much ink each pixel has."""
    converted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(converted.constBits(), dtype=np.uint8).reshape(converted.height(), converted.bytesPerLine())
    return rows[:, : 4 * converted.width()].reshape(converted.height(), converted.width(), 4)[..., 3].copy()


@pytest.mark.parametrize("latex", BY_MATHTEXT + BY_ZIAMATH)
def test_formula_leaves_ink(latex: str) -> None:
    # An empty image would pass for a formula that was not recognised.
    ink = ink_of(render_formula(latex, 24, BLACK))
    assert (ink > 128).sum() > 20
    assert ink.shape[0] < 200


@pytest.mark.parametrize("latex", BY_ZIAMATH)
def test_mathtext_leaves_what_it_cannot_draw(latex: str) -> None:
    # Mathtext has to refuse these; were it to draw them, the image would be wrong.
    with pytest.raises(FormatError):
        draw_coverage(latex, 24)


@pytest.mark.parametrize("latex", [BY_MATHTEXT[0], BY_ZIAMATH[0]])
def test_colour_is_that_of_the_ink(latex: str) -> None:
    # On a dark window a black preview could not be seen.
    image = render_formula(latex, 48, QColor("#20c0f0"))
    ink = ink_of(image)
    row, column = np.unravel_index(int(ink.argmax()), ink.shape)
    pixel = image.pixelColor(int(column), int(row))
    assert (pixel.red(), pixel.green(), pixel.blue()) == pytest.approx((0x20, 0xC0, 0xF0), abs=3)
    assert ink.min() == 0


@pytest.mark.parametrize("latex", [BY_MATHTEXT[1], BY_ZIAMATH[0]])
def test_size_and_pixel_ratio_scale_the_image(latex: str) -> None:
    # A preview on a HiDPI screen has twice the pixels in the same place of the window.
    plain = render_formula(latex, 20, BLACK)
    larger = render_formula(latex, 40, BLACK)
    dense = render_formula(latex, 20, BLACK, device_pixel_ratio=2.0)
    assert larger.width() == pytest.approx(2 * plain.width(), rel=0.1, abs=4)
    assert dense.size() == larger.size()
    assert dense.devicePixelRatio() == 2.0
    assert dense.deviceIndependentSize().width() == pytest.approx(plain.width(), rel=0.1, abs=4)


def test_size_does_not_depend_on_what_was_drawn_first() -> None:
    # The library kept all formulas above a share of the first one's size, for as long as the program ran.
    from ziamath.zmath import loadedfonts

    loadedfonts.pop(str(FONT), None)
    draw_formula("1", size=100.0)
    small, large = (_rasterised(draw_formula(BY_ZIAMATH[0], size=size)).width() for size in (20.0, 40.0))
    assert large == pytest.approx(2 * small, rel=0.1)


def test_both_renderers_agree_on_text_height() -> None:
    # The text must not jump when an edit makes the preview change its renderer.
    heights = []
    coverage = draw_coverage("H", 100.0)
    by_mathtext = _tinted(Ink(coverage.shape[1], coverage.shape[0], coverage.tobytes()), BLACK)
    for image in (by_mathtext, _rasterised(draw_formula("H", size=100.0))):
        rows = np.flatnonzero((ink_of(image) > 128).any(axis=1))
        heights.append(rows[-1] - rows[0] + 1)
    assert heights[0] == pytest.approx(heights[1], rel=0.1)


@pytest.mark.parametrize(
    ("spaced", "compact"),
    [
        ("x _ 1 + y ^ { 2 }", "x_1+y^{2}"),
        (r"\Big ( x \Big )", r"\Big(x\Big)"),
        ("a\n+ b", "a+b"),
    ],
)
def test_spaces_change_nothing(spaced: str, compact: str) -> None:
    # Mathtext sets a spaced script on the line, which shows another formula.
    assert render_formula(spaced, 24, BLACK) == render_formula(compact, 24, BLACK)


@pytest.mark.parametrize(
    "latex",
    [
        "",
        "  \n ",
        r"\frac{1",
        "x}",
        r"\left(x",
        r"\begin{pmatrix}a",
        r"\thiscommandisunknown",
        r"a \thiscommandisunknown b \begin{matrix}c\end{matrix}",
        "a$b",
        "x" * 6001,
        "\\text{\u4e2d\u6587}",
        "{" * 3000 + "}" * 3000,
        "\\",
        "_",
        "&",
        "\x00",
    ],
)
def test_refusal_is_one_sentence(latex: str) -> None:
    # The window shows the sentence where the image would be, so it has to be one, and short.
    for _ in range(2):  # a cached refusal is one too
        with pytest.raises(FormatError) as refusal:
            render_formula(latex, 24, BLACK)
        sentence = str(refusal.value)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert len(sentence) < 200


def columns_of(latex: str, size: float = 60.0) -> list[tuple[int, int]]:
    """Where ink begins and ends, across: one pair for each stretch of columns with ink."""
    inked = np.flatnonzero((ink_of(render_formula(latex, size, BLACK)) > 100).any(axis=0))
    breaks = np.flatnonzero(np.diff(inked) > 1)
    return list(zip(inked[[0, *(breaks + 1)]], inked[[*breaks, -1]], strict=True))


@pytest.mark.parametrize("operator", [r"\sum", r"\prod"])
def test_bar_stands_clear_of_the_operator_before_it(operator: str) -> None:
    # A bar that touches the sum's looks like a part of it.
    operator_ink, bar_ink = columns_of(rf"{operator}\overline{{x}}")[:2]
    assert 0.1 * 60 < bar_ink[0] - operator_ink[1] < 0.35 * 60


def test_operators_in_scripts_have_no_space_around_them() -> None:
    n, plus, one = columns_of("x^{n+1}")[-3:]
    assert plus[0] - n[1] < 0.16 * 60
    assert one[0] - plus[1] < 0.16 * 60


def test_superscript_stands_at_its_letter() -> None:
    letter, script = columns_of("x^2")
    assert script[0] - letter[1] < 0.16 * 60


@pytest.mark.parametrize("rows", [2, 3])
def test_rows_of_a_matrix_are_as_far_apart_as_tex_sets_them(rows: int) -> None:
    cells = r"\\".join("1" * rows)
    ink = ink_of(render_formula(rf"\begin{{matrix}}{cells}\end{{matrix}}", 100, BLACK)) > 100
    inked = np.flatnonzero(ink.any(axis=1))
    feet = [*inked[np.flatnonzero(np.diff(inked) > 1)], inked[-1]]
    assert np.diff(feet) == pytest.approx([120] * (rows - 1), abs=4)  # LaTeX's \baselineskip


@pytest.mark.parametrize("letter", ["a", "R", "x", "2", r"\alpha", r"\Omega"])
def test_both_renderers_have_one_face(letter: str) -> None:
    # A matrix beside a fraction must not look like another document.
    images = []
    by_mathtext, by_ziamath = draw_coverage(letter, 80.0), ink_of(_rasterised(draw_formula(letter, size=80.0)))
    for ink in (by_mathtext > 128, by_ziamath > 128):
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        images.append(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    height, width = (min(one.shape[axis] for one in images) for axis in (0, 1))
    assert images[0].shape == pytest.approx(images[1].shape, abs=3)
    assert (images[0][:height, :width] == images[1][:height, :width]).mean() > 0.9


def test_formula_inside_text_is_set_as_formula() -> None:
    # Drawn as written it would show the dollar signs.
    inside = render_formula(r"\begin{matrix}\text{if $x$ is}\end{matrix}", 24, BLACK)
    outside = render_formula(r"\begin{matrix}\text{if }x\text{ is}\end{matrix}", 24, BLACK)
    assert inside == outside


PIECES = st.sampled_from(
    [
        *"ab12+=(){}_^&'$%#~ \\", r"\frac", r"\sqrt[", r"\left(", r"\right)", r"\begin{cases}", r"\end{cases}",
        r"\\", r"\text{", r"\mathbb{", r"\sum", r"\not", r"\big", r"\hat", r"\limits", "\n", "é", "中", "<", "&amp;",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=150)
def test_any_input_gives_an_image_or_a_sentence(latex: str) -> None:
    # People type into the LaTeX field, and half of what stands there while they do is malformed.
    logging.disable(logging.INFO)
    try:
        image = render_formula(latex, 24, BLACK)
    except FormatError as refusal:
        assert str(refusal)  # noqa: PT017  # both outcomes are right
    else:
        assert not image.isNull()
    finally:
        logging.disable(logging.NOTSET)


def test_text_with_marks_of_tex_is_drawn_as_text() -> None:
    # Mathtext would draw the backslashes, too.
    plain, marked = (render_formula(rf"\text{{{text}}}", 48, BLACK) for text in (r"AT\&T", r"AT\_T"))
    assert plain != marked
    widths = [np.flatnonzero((ink_of(image) > 128).any(axis=0)).size for image in (plain, marked)]
    assert max(widths) < 200
