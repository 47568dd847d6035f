"""The table of figures beside their floors: what is measured, what it should reach, and whether it does.

Sets that hold the same formulas are compared formula by formula, over those that both sets hold: a typesetter that
refuses hard formulas gains nothing by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from model.data_preparation.font_setups import HELD_OUT_FONTS
from model.data_preparation.web_typesetter import WEB_TYPESETTERS
from model.evaluation.as_seen import as_seen
from model.evaluation.degradations import DEGRADATIONS
from model.evaluation.readings import Figures, SetReadings, figures_of
from model.evaluation.set_names import (
    PDF_ZOOMS,
    REFERENCE,
    STEADY_SCALES,
    TEXT_SCALES,
    WEB_SCALES,
    degraded_set,
    page_set,
    scale_set,
    screen_set,
    tex_set,
)
from model.latex.prose import split_number
from model.metrics import bleu, edit_similarity, exact_match


@dataclass(frozen=True)
class Floors:
    """What a row has to reach; None where nothing is asked.

    Attributes:
        edit_similarity, exact_match, bleu: Least figures.
        points_lost: Most points of exact match lost against the set that the row is compared to.
    """

    edit_similarity: float | None = None
    exact_match: float | None = None
    bleu: float | None = None
    points_lost: float | None = None


TEX_FLOORS: Final = {
    "im2latex_val": Floors(0.975, 0.78, 0.93),
    "k12": Floors(0.99, 0.95, 0.97),
    "inline": Floors(0.975, 0.88),
    "display": Floors(0.975, 0.70),
    "rows": Floors(0.95, 0.55),
}
SCREEN_FLOORS: Final = Floors(edit_similarity=0.97, points_lost=4.0)
STEADY_FLOORS: Final = Floors(points_lost=3.0)
DEGRADED_FLOORS: Final = Floors(points_lost=4.0)
PAGE_FLOORS: Final = {
    "line": Floors(0.985, 0.90),
    "rows-2-4": Floors(0.98, 0.80),
    "rows-5-10": Floors(0.97, 0.65),
    "blocks": Floors(0.975, 0.80),
    "words-en": Floors(0.985, 0.70),
    "words-fr-de": Floors(0.98, 0.60),
    "words-ru": Floors(0.97, 0.50),
    "paragraphs": Floors(0.975),
    "word-fonts": Floors(0.98, 0.85),
    "unseen-fonts": Floors(0.98, 0.85),
    "scans": Floors(0.96, 0.75),
    "photos": Floors(0.90, 0.55),
    "nothing": Floors(exact_match=0.95),
    "bordered": Floors(points_lost=0.5),
    "tight": Floors(points_lost=0.5),
    "numbered": Floors(points_lost=1.0),
    "neighbours": Floors(points_lost=1.0),
    "framed": Floors(points_lost=1.0),
}
"""Figures of pages are of what is seen; "nothing" counts pictures that were said to hold no formula."""

_PAGE_TITLES: Final = {
    "line": "page: one displayed line", "tight": "page: cut to the ink", "bordered": "page: the same with a border",
    "plain": "page: lines that have a number, without it", "numbered": "page: with the number",
    "neighbours": "page: with half lines at the edges", "framed": "page: in a frame", "rows-2-4": "page: 2-4 rows",
    "rows-5-10": "page: 5 rows and more", "blocks": "page: matrices, cases, systems, determinants",
    "words-en": "page: lines of words, English", "words-fr-de": "page: lines of words, French, German",
    "words-ru": "page: lines of words, Russian", "paragraphs": "page: paragraphs of 3-8 lines",
    "word-fonts": "page: Word's and MathType's looks", "unseen-fonts": "page: fonts never seen", "scans": "page: scans",
    "photos": "page: photographs", "nothing": "no formula in it: said so",
}  # fmt: skip
_NUMBER_FLOORS: Final = Floors(exact_match=0.97)
FONT_FLOORS: Final = Floors(edit_similarity=0.96)

_TITLES = {
    "im2latex_val": "im2latex_val, TeX, Computer Modern, 200 dpi",
    "k12": "school formulas (k12), TeX",
    "inline": "arXiv, inline, TeX",
    "display": "arXiv, display, TeX",
    "rows": "aligned lines, cases, matrices, TeX",
    "hepth": "arXiv hep-th, display, TeX",
}
_TYPESETTERS = {"katex": "KaTeX", "mathjax": "MathJax", "pdftex": "pdfTeX", "typst": "Typst"}


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes:
        title: What was read.
        figures: Of the set; None for a row that compares other rows.
        points_lost: Of exact match, against the set compared to; over the formulas that both hold.
        floors: What the row has to reach.
        dropped: Formulas the set lacks, because its typesetter can't set them.
    """

    title: str
    figures: Figures | None
    points_lost: float | None
    floors: Floors
    dropped: int = 0

    def misses(self) -> list[str]:
        """Name the figures that are short of their floors."""
        missed = []
        if self.figures is not None:
            for name in ("edit_similarity", "exact_match", "bleu"):
                floor = getattr(self.floors, name)
                if floor is not None and getattr(self.figures, name) < floor:
                    missed.append(name)
        allowed = self.floors.points_lost
        if allowed is not None and self.points_lost is not None and self.points_lost > allowed + 1e-9:
            missed.append("points_lost")
        return missed


def make_table(
    read: Mapping[str, SetReadings], *, fonts_left_out_of_training: Iterable[str] = tuple(HELD_OUT_FONTS)
) -> list[Row]:
    """Put every set that was read into its row; a set that is missing has none.

    Args:
        read: Readings by the names of the sets.
        fonts_left_out_of_training: Fonts that training has not met; a floor stands beside these only.
    """
    return [
        *_tex_rows(read),
        *_screen_rows(read),
        *_scale_rows(read),
        *_degraded_rows(read),
        *_font_rows(read, frozenset(fonts_left_out_of_training)),
        *_page_rows(read),
    ]


def points_lost(before: SetReadings, after: SetReadings) -> float | None:
    """Return the points of exact match lost from one set to another, over the formulas that both hold."""
    right, still_right = before.right(), after.right()
    both = right.keys() & still_right.keys()
    if not both:
        return None
    return 100.0 * (sum(right[name] for name in both) - sum(still_right[name] for name in both)) / len(both)


def spread(sets: Iterable[SetReadings]) -> float | None:
    """Return best less worst exact match of sets, in points, over the formulas that all of them hold."""
    right = [one.right() for one in sets]
    common = set.intersection(*(set(one) for one in right)) if right else set()
    if not common:
        return None
    shares = [sum(one[name] for name in common) / len(common) for one in right]
    return 100.0 * (max(shares) - min(shares))


def as_markdown(rows: Iterable[Row]) -> str:
    """Write the table in Markdown; a figure's floor stands behind it, a figure short of it is bold."""
    lines = [
        "| set | n | edit similarity | exact match | BLEU-4 | points lost | |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        missed = row.misses()
        cells = [_figure(row, name, missed) for name in ("edit_similarity", "exact_match", "bleu")]
        lost = _cell(row.points_lost, row.floors.points_lost, "{:.1f}", "≤ {:g}", is_missed="points_lost" in missed)
        asked = row.floors != Floors()
        verdict = "" if not asked else ("short" if missed else "reached")
        count = "" if row.figures is None else str(row.figures.pictures)
        lines.append(f"| {row.title} | {count} | {' | '.join(cells)} | {lost} | {verdict} |")
    return "\n".join(lines)


def _figure(row: Row, name: str, missed: list[str]) -> str:
    value = None if row.figures is None else getattr(row.figures, name)
    return _cell(value, getattr(row.floors, name), "{:.3f}", "≥ {:g}", is_missed=name in missed)


def _cell(value: float | None, floor: float | None, form: str, floor_form: str, *, is_missed: bool) -> str:
    if value is None:
        return ""
    text = form.format(value + 0.0)
    if floor is None:
        return text
    return f"{'**' if is_missed else ''}{text}{'**' if is_missed else ''} ({floor_form.format(floor)})"


def _tex_rows(read: Mapping[str, SetReadings]) -> list[Row]:
    groups = [name.removeprefix(tex_set("")) for name in read if name.startswith(tex_set(""))]
    order = [*TEX_FLOORS, *sorted(set(groups) - TEX_FLOORS.keys())]
    return [
        _row(read[tex_set(group)], _TITLES.get(group, f"{group}, TeX"), TEX_FLOORS.get(group, Floors()))
        for group in order
        if group in groups
    ]


def _screen_rows(read: Mapping[str, SetReadings]) -> list[Row]:
    reference = read.get(REFERENCE)
    rows = [] if reference is None else [_row(reference, "the formulas of the screens in TeX", Floors())]
    for typesetter, title in _TYPESETTERS.items():
        scales = WEB_SCALES if typesetter in WEB_TYPESETTERS else PDF_ZOOMS
        place = "in Chromium at" if typesetter in WEB_TYPESETTERS else "PDF at"
        rows += [
            _row(read[name], f"{title}, {place} {scale:.0%}", SCREEN_FLOORS, reference)
            for scale in scales
            if (name := screen_set(typesetter, scale)) in read
        ]
    return rows


def _scale_rows(read: Mapping[str, SetReadings]) -> list[Row]:
    clean = read.get(scale_set(1.0))
    rows = [
        _row(read[name], f"scale {scale:g}", Floors(), None if scale == 1.0 else clean)
        for scale in TEXT_SCALES
        if (name := scale_set(scale)) in read
    ]
    steady = [read[name] for scale in STEADY_SCALES if (name := scale_set(scale)) in read]
    if len(steady) == len(STEADY_SCALES):
        title = f"spread of exact match from scale {min(STEADY_SCALES):g} to {max(STEADY_SCALES):g}"
        rows.append(Row(title, None, spread(steady), STEADY_FLOORS))
    return rows


def _degraded_rows(read: Mapping[str, SetReadings]) -> list[Row]:
    titles = {
        "dark": "dark mode",
        "coloured": "coloured paper",
        "jpeg": "JPEG of quality 40",
        "blur": "blur",
        "neighbours": "neighbours cut at the edge",
    }
    clean = read.get(scale_set(1.0))
    return [
        _row(read[degraded_set(name)], titles[name], DEGRADED_FLOORS, clean)
        for name in DEGRADATIONS
        if degraded_set(name) in read
    ]


def _font_rows(read: Mapping[str, SetReadings], left_out: frozenset[str]) -> list[Row]:
    reference = read.get(REFERENCE)
    rows = []
    for name, one in read.items():
        if name.startswith("font-"):
            font = name.removeprefix("font-")
            is_new = font in left_out
            title = f"font {font}, {'never' if is_new else 'also'} seen in training"
            rows.append(_row(one, title, FONT_FLOORS if is_new else Floors(), reference))
    return rows


def _page_rows(read: Mapping[str, SetReadings]) -> list[Row]:
    """Compare numbered, cut and framed lines with the same lines alone, and tight cuts with wide ones."""
    pairs = {"tight": "bordered", "numbered": "plain", "neighbours": "plain", "framed": "plain"}
    rows = []
    for kind, title in _PAGE_TITLES.items():
        one, other = read.get(page_set(kind)), read.get(page_set(pairs.get(kind, "")))
        if one is None:
            continue
        lost = None if other is None else points_lost_as_seen(other, one)
        figures = figures_of(one.readings, is_as_seen=True)
        rows.append(Row(title, figures, lost, PAGE_FLOORS.get(kind, Floors()), sum(one.dropped.values())))
        if kind == "numbered":
            rows.append(Row("page: the number itself", _figures_of_numbers(one), None, _NUMBER_FLOORS))
    return rows


def _figures_of_numbers(one: SetReadings) -> Figures:
    references = [list(split_number(reading.reference)[1] or "") for reading in one.readings]
    predictions = [list(split_number(reading.prediction)[1] or "") for reading in one.readings]
    return Figures(
        len(references), edit_similarity(references, predictions), exact_match(references, predictions),
        bleu(references, predictions),
    )  # fmt: skip


def points_lost_as_seen(before: SetReadings, after: SetReadings) -> float | None:
    """Return the points of exact match lost from one set to another in place by place, by what is seen."""
    pairs = list(zip(before.readings, after.readings, strict=False))
    if not pairs:
        return None
    right = [[as_seen(one.reference) == as_seen(one.prediction) for one in pair] for pair in pairs]
    return 100.0 * sum(first - second for first, second in right) / len(right)


def _row(one: SetReadings, title: str, floors: Floors, compared_to: SetReadings | None = None) -> Row:
    lost = None if compared_to is None else points_lost(compared_to, one)
    return Row(title, figures_of(one.readings), lost, floors, sum(one.dropped.values()))
