"""From what the network draws to lines; the maps are those of a network that makes no mistakes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

from model.image_transform import to_grey_ink
from model.layout.layout import Layout, LeftOutKind, LineKind, PixelBox, stands_at_bar
from model.layout.layout_input import INK_LEVEL
from model.layout.maps import Channel, InkClass
from model.layout.shards import LabelledCrop, LayoutShards
from tests.model.layout.ideal_network import find_ideally
from tests.model.layout.page_composer import PageComposer, draw_line, write_shard

FORMULA = draw_line(r"$x_1 = \frac{a+b}{2} - \sqrt{y}$")
SHORT = draw_line(r"$a = b + c$")
TALL = draw_line(r"$\sum_{k=0}^{n} k^2 = \frac{n}{6}$")
WORDS = draw_line("Let the ball be of radius one")
NUMBER = draw_line("(3.14)")


@pytest.fixture
def page() -> PageComposer:
    return PageComposer(500, 300)


def crop_of(page: PageComposer, box: tuple[int, int, int, int], folder: Path) -> LabelledCrop:
    write_shard(folder, 0, [page.crop(*box)])
    return LayoutShards([folder])[0]


def kinds(layout: Layout) -> list[LineKind]:
    return [line.kind for line in layout.lines]


def ink_of(layout: Layout, size: tuple[int, int]) -> np.ndarray:
    """All pixels of ink that are in some line; none is in two."""
    total = np.zeros(size, dtype=int)
    for line in layout.lines:
        box = line.box
        total[box.top : box.bottom, box.left : box.right] += line.ink > INK_LEVEL
    assert total.max() == 1
    return total > 0


@pytest.mark.parametrize("drawn", [FORMULA, SHORT, TALL, WORDS], ids=["fraction", "short", "sum", "words"])
@pytest.mark.parametrize("margin", [0, 12])
def test_image_of_one_line_is_that_line_with_all_its_ink(
    page: PageComposer, tmp_path: Path, drawn: object, margin: int
) -> None:
    # The commonest snip; cut tight or not, it loses nothing.
    page.place(drawn, 50, 100, "formula")  # type: ignore[arg-type]
    left, top, right, bottom = (int(side) for side in page.lines[0]["box"])
    crop = crop_of(page, (left - margin, top - margin, right + margin, bottom + margin), tmp_path)
    layout = find_ideally(crop)
    ink = to_grey_ink(crop.image)
    assert len(layout.lines) == 1
    assert not layout.left_out
    assert np.array_equal(ink_of(layout, ink.shape), ink > INK_LEVEL)


def test_limit_at_a_tight_edge_is_no_neighbour(page: PageComposer, tmp_path: Path) -> None:
    # A network takes it for a slice of the line above; it stands too near and is too narrow for one.
    def take_limit_for_neighbour(maps: np.ndarray) -> None:
        upper = slice(0, maps.shape[1] // 3)
        maps[Channel.CLASSES :, upper] = 0.0
        maps[Channel.CLASSES + InkClass.NEIGHBOUR, upper] = 1.0
        maps[Channel.OFFSET, upper] = -9.0  # to a core beyond the edge

    page.place(TALL, 50, 100, "formula")
    left, top, right, bottom = (int(side) for side in page.lines[0]["box"])
    crop = crop_of(page, (left, top, right, bottom), tmp_path)
    layout = find_ideally(crop, take_limit_for_neighbour)
    ink = to_grey_ink(crop.image)
    assert not layout.left_out
    assert np.array_equal(ink_of(layout, ink.shape), ink > INK_LEVEL)


def test_an_exponent_at_a_tight_corner_is_of_its_line(page: PageComposer, tmp_path: Path) -> None:
    # A network takes it for a slice of the line above; it lies at the height of its line, close by.
    def take_exponent_for_neighbour(maps: np.ndarray) -> None:
        corner = (slice(0, maps.shape[1] // 2), slice(2 * maps.shape[2] // 3, None))
        maps[Channel.CLASSES :, *corner] = 0.0
        maps[Channel.CLASSES + InkClass.NEIGHBOUR, *corner] = 1.0
        maps[Channel.OFFSET, *corner] = -9.0  # to a core beyond the edge

    page.place(draw_line(r"$\sum_n A = 3^{n-k-h}$"), 50, 100, "formula")
    left, top, right, bottom = (int(side) for side in page.lines[0]["box"])
    crop = crop_of(page, (left, top + 2, right, bottom), tmp_path)
    layout = find_ideally(crop, take_exponent_for_neighbour)
    ink = to_grey_ink(crop.image)
    assert (len(layout.lines), layout.left_out) == (1, ())
    assert np.array_equal(ink_of(layout, ink.shape), ink > INK_LEVEL)


def test_an_end_that_seems_cut_off_stays_in_its_line(page: PageComposer, tmp_path: Path) -> None:
    # "= 0", a little apart, was taken for a neighbour, and then read as a row of its own before the rest.
    def take_end_for_neighbour(maps: np.ndarray) -> None:
        end = slice(maps.shape[2] - 14, None)
        maps[Channel.CLASSES :, :, end] = 0.0
        maps[Channel.CLASSES + InkClass.NEIGHBOUR, :, end] = 1.0

    page.place(draw_line(r"$x_1 = a + b + c + d + e + f\ \ 0$"), 50, 100, "formula")
    left, top, right, bottom = (int(side) for side in page.lines[0]["box"])
    crop = crop_of(page, (left, top, right, bottom), tmp_path)
    layout = find_ideally(crop, take_end_for_neighbour)
    assert kinds(layout) == [LineKind.FORMULA]
    assert np.array_equal(ink_of(layout, (bottom - top, right - left)), to_grey_ink(crop.image) > INK_LEVEL)


def test_rows_have_their_own_ink_in_order(page: PageComposer, tmp_path: Path) -> None:
    # Limits of one row reach between the rows above and below; they stay with their own.
    for index, drawn in enumerate((FORMULA, TALL, SHORT)):
        page.place(drawn, 50, 80 + 48 * index, "formula", group=1)
    crop = crop_of(page, (30, 40, 450, 220), tmp_path)
    layout = find_ideally(crop)
    assert [line.ink.shape[1] for line in layout.lines] == pytest.approx(
        [drawn.ink.shape[1] for drawn in (FORMULA, TALL, SHORT)], abs=5
    )
    ink = to_grey_ink(crop.image)
    assert np.array_equal(ink_of(layout, ink.shape), ink > INK_LEVEL)


def test_number_is_a_line_of_its_own_after_its_formula(page: PageComposer, tmp_path: Path) -> None:
    page.place(FORMULA, 50, 80, "formula", group=1)
    page.place(NUMBER, 400, 80, "number", group=1)
    page.place(SHORT, 50, 130, "formula", group=2)
    layout = find_ideally(crop_of(page, (30, 40, 480, 160), tmp_path))
    assert kinds(layout) == [LineKind.FORMULA, LineKind.NUMBER, LineKind.FORMULA]


def test_a_formula_cut_tight_beside_its_number_is_no_neighbour(page: PageComposer, tmp_path: Path) -> None:
    # A network takes a short formula that touches three edges for a slice of another line; its number says it is none.
    def take_formula_for_neighbour(maps: np.ndarray) -> None:
        left = slice(0, maps.shape[2] // 2)
        maps[Channel.CLASSES :, :, left] = 0.0
        maps[Channel.CLASSES + InkClass.NEIGHBOUR, :, left] = 1.0

    page.place(SHORT, 50, 80, "formula", group=1)
    page.place(NUMBER, 400, 80, "number", group=1)
    left, top, _, bottom = (int(side) for side in page.lines[0]["box"])
    right = int(page.lines[1]["box"][2])
    crop = crop_of(page, (left, top, right, bottom), tmp_path)
    layout = find_ideally(crop, take_formula_for_neighbour)
    assert not layout.left_out
    assert kinds(layout) == [LineKind.FORMULA, LineKind.NUMBER]


@pytest.mark.parametrize(("below", "is_kept"), [(1, True), (-2, False)])
def test_a_row_of_full_height_that_ends_before_the_edge_is_no_neighbour(
    page: PageComposer, tmp_path: Path, below: int, is_kept: bool
) -> None:
    # A rectangle dragged to the ink ends a pixel beyond it; ink that was cut touches the edge.
    def take_last_row_for_neighbour(maps: np.ndarray) -> None:
        lower = slice(maps.shape[1] // 2, None)
        maps[Channel.CLASSES :, lower] = 0.0
        maps[Channel.CLASSES + InkClass.NEIGHBOUR, lower] = 1.0

    page.place(SHORT, 50, 60, "formula", group=1)
    page.place(SHORT, 50, 120, "formula", group=1)
    left, top, right, _ = (int(side) for side in page.lines[0]["box"])
    bottom = int(page.lines[1]["box"][3])
    crop = crop_of(page, (left - 9, top - 9, right + 9, bottom + below), tmp_path)
    layout = find_ideally(crop, take_last_row_for_neighbour)
    assert len(layout.lines) == (2 if is_kept else 1)
    assert len(layout.left_out) == (0 if is_kept else 1)


def test_half_lines_at_the_edges_are_named_and_left_out(page: PageComposer, tmp_path: Path) -> None:
    page.place(WORDS, 20, 60, "words")
    page.place(SHORT, 60, 100, "formula")
    page.place(WORDS, 20, 140, "words")
    layout = find_ideally(crop_of(page, (10, 56, 300, 130), tmp_path))
    assert kinds(layout) == [LineKind.FORMULA]
    assert {one.kind for one in layout.left_out} == {LeftOutKind.NEIGHBOUR}
    assert min(one.box.top for one in layout.left_out) == 0
    assert max(one.box.bottom for one in layout.left_out) == 74


@pytest.mark.parametrize(("left", "right", "kept"), [(30, 250, 1), (10, 250, 3), (30, 310, 3)])
def test_text_that_both_sides_cut_is_left_out_beside_a_display(
    page: PageComposer, tmp_path: Path, left: int, right: int, kept: int
) -> None:
    # A display, and the text above and below it, whole in height: words that end within the image are wanted.
    page.place(WORDS, 20, 60, "words")
    page.place(SHORT, 60, 100, "formula")
    page.place(WORDS, 20, 140, "words")
    layout = find_ideally(crop_of(page, (left, 30, right, 160), tmp_path))
    assert len(layout.lines) == kept
    assert len(layout.left_out) == 3 - kept
    assert LineKind.FORMULA in kinds(layout)


@pytest.mark.parametrize(("bottom", "kept"), [(160, 1), (110, 2)])
def test_text_that_the_network_half_takes_for_a_formula_is_left_out_too(
    page: PageComposer, tmp_path: Path, bottom: int, kept: int
) -> None:
    # Where the display ends at the edge as well, all of it was cut tight, and a row of words may be wanted.
    def doubt_words(maps: np.ndarray) -> None:
        words = maps[Channel.CLASSES + InkClass.WORDS]
        maps[Channel.CLASSES + InkClass.FORMULA] += 0.6 * words
        words *= 0.4

    page.place(WORDS, 20, 60, "words")
    page.place(SHORT, 60, 100, "formula")
    top, lowest = int(page.lines[0]["box"][1]), int(page.lines[1]["box"][3])
    crop = crop_of(page, (30, top, 250, bottom if bottom > 120 else lowest), tmp_path)
    assert len(find_ideally(crop, doubt_words).lines) == kept


def test_frame_is_left_out_and_what_it_holds_is_whole(page: PageComposer, tmp_path: Path) -> None:
    page.place(SHORT, 60, 100, "formula")
    left, top, right, bottom = (int(side) for side in page.lines[0]["box"])
    page.draw_frame(left - 12, top - 12, right + 12, bottom + 12)
    crop = crop_of(page, (left - 18, top - 18, right + 18, bottom + 18), tmp_path)
    layout = find_ideally(crop)
    assert [one.kind for one in layout.left_out] == [LeftOutKind.FRAME]
    (line,) = layout.lines
    inside = to_grey_ink(crop.image)[10:-10, 10:-10]
    assert np.count_nonzero(line.ink > INK_LEVEL) == np.count_nonzero(inside > INK_LEVEL)


def test_block_is_one_line_and_says_so(page: PageComposer, tmp_path: Path) -> None:
    # Two rows that a tall brace holds together are labelled as one line, and read whole.
    brace = draw_line(r"$\left\{\frac{\frac{a}{b}}{\frac{a}{b}}\right.$", em=26)
    page.place(brace, 50, 100, "formula", block=True)
    layout = find_ideally(crop_of(page, (30, 40, 250, 170), tmp_path))
    assert [line.is_block for line in layout.lines] == [True]


def test_brace_holds_rows_together_that_were_found_one_by_one(page: PageComposer, tmp_path: Path) -> None:
    # A network that draws a core for each row of a matrix does not tear it apart.
    for row in range(3):
        page.place(SHORT, 80, 80 + 30 * row, "formula")
        page.lines[row]["box"][0] = 60.0
    page.ink[60:145, 60:62] = 255
    assert len(find_ideally(crop_of(page, (30, 40, 250, 170), tmp_path)).lines) == 1


def test_columns_are_read_one_after_the_other(page: PageComposer, tmp_path: Path) -> None:
    for x in (20, 270):
        for row in range(3):
            page.place(draw_line("words in one column", em=16), x, 60 + 24 * row, "words")
    page.place(draw_line("a title that spans both of the columns of the page", em=16), 20, 30, "words")
    layout = find_ideally(crop_of(page, (5, 5, 480, 130), tmp_path))
    places = [(line.box.left, line.box.top) for line in layout.lines]
    left, right = places[1:4], places[4:]
    assert places[0][1] == min(top for _, top in places)
    assert max(x for x, _ in left) < min(x for x, _ in right)
    assert left == sorted(left, key=lambda place: place[1])
    assert right == sorted(right, key=lambda place: place[1])


def test_image_of_nothing_but_neighbours_is_read_all_the_same(page: PageComposer, tmp_path: Path) -> None:
    # Whatever was dragged over is the user's where there is nothing else.
    page.place(SHORT, 60, 100, "formula")
    left, top, right, _ = (int(side) for side in page.lines[0]["box"])
    image, record = page.crop(left, top, right, top + 9)
    assert record["lines"][0]["cut"]
    write_shard(tmp_path, 0, [(image, record)])
    layout = find_ideally(LayoutShards([tmp_path])[0])
    assert len(layout.lines) == 1


def test_slanted_rows_keep_their_ink(page: PageComposer, tmp_path: Path) -> None:
    # At one and a half degrees the end of a long row stands as high as the beginning of the next.
    from model.layout.cores import find_cores

    core = np.zeros((40, 150), dtype=np.float32)
    for column in range(150):
        for start in (8, 18):
            top = start + round(0.026 * column)
            core[top : top + 2, column] = 1.0
    cores = find_cores(core)
    assert len(cores) == 2
    assert cores.slope.tolist() == pytest.approx([0.026, 0.026], abs=0.005)
    _, above = cores.distances(np.array([140.0]), np.array([8 + 0.026 * 140 + 1]))
    assert above[0].argmin() == 0


def test_damaged_shard_is_named(tmp_path: Path) -> None:
    from model.layout.shards import ShardError

    with pytest.raises(ShardError, match="no layout shards"):
        LayoutShards([tmp_path])
    (tmp_path / "layout-00000.jsonl").write_text(json.dumps({"offset": 0, "length": 5, "lines": []}) + "\n")
    with pytest.raises(ShardError, match="missing"):
        LayoutShards([tmp_path])
    (tmp_path / "layout-00000.bin").write_bytes(io.BytesIO(b"12345").getvalue())
    with pytest.raises(ShardError, match="damaged"):
        LayoutShards([tmp_path])[0]


@pytest.mark.parametrize(
    ("part", "stands"),
    [
        (PixelBox(0, 29, 17, 42), True),  # a denominator, a letter's height below
        (PixelBox(2, 0, 14, 14), True),
        (PixelBox(0, 31, 60, 44), False),  # wider than the bar: a line of text
        (PixelBox(0, 36, 17, 49), False),  # further off than a denominator
    ],
)
def test_denominators_at_a_tight_edge_are_of_their_fraction(part: PixelBox, *, stands: bool) -> None:
    # `e_1/q_1 = e_2/q_2`, cut to its ink, lost its denominators as slices of a line below.
    letter, bar = PixelBox(0, 2, 9, 9), PixelBox(0, 17, 20, 19)
    assert stands_at_bar(part, [letter, bar], 11.5) is stands
