"""The table of figures beside their targets: what is measured, what it should reach, and whether it does.

Sets that hold the same formulas are compared formula by formula, over those that both sets hold: a typesetter that
refuses hard formulas gains nothing by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from model.data_preparation.font_setups import HELD_OUT_FONTS
from model.data_preparation.web_typesetter import WEB_TYPESETTERS
from model.evaluation.degradations import DEGRADATIONS
from model.evaluation.evaluator import EvaluatedSet, Metrics, metrics_of
from model.evaluation.set_names import (
    DEGRADED_SET,
    FONT_SET,
    PAGE_SET,
    PDF_ZOOMS,
    REFERENCE,
    STEADY_SCALES,
    TEX_SET,
    TEXT_SCALES,
    WEB_SCALES,
    scale_set,
    screen_set,
)
from model.latex.as_seen import as_seen
from model.latex.prose import split_number


@dataclass(frozen=True)
class Targets:
    """What a row has to reach; None where nothing is asked.

    Attributes:
        edit_similarity, exact_match, bleu: Least figures.
        points_lost: Most points of exact match lost against the set that the row is compared to.
    """

    edit_similarity: float | None = None
    exact_match: float | None = None
    bleu: float | None = None
    points_lost: float | None = None


TEX_TARGETS: Final = {
    "im2latex_val": Targets(0.975, 0.78, 0.93),
    "k12": Targets(0.99, 0.95, 0.97),
    "inline": Targets(0.975, 0.88),
    "display": Targets(0.975, 0.70),
    "rows": Targets(0.95, 0.55),
}
SCREEN_TARGETS: Final = Targets(edit_similarity=0.97, points_lost=4.0)
STEADY_TARGETS: Final = Targets(points_lost=3.0)
DEGRADED_TARGETS: Final = Targets(points_lost=4.0)
PAGE_TARGETS: Final = {
    "line": Targets(0.985, 0.90),
    "rows-2-4": Targets(0.98, 0.80),
    "rows-5-10": Targets(0.97, 0.65),
    "blocks": Targets(0.975, 0.80),
    "words-en": Targets(0.985, 0.70),
    "words-fr-de": Targets(0.98, 0.60),
    "words-ru": Targets(0.97, 0.50),
    "paragraphs": Targets(0.975),
    "word-fonts": Targets(0.98, 0.85),
    "unseen-fonts": Targets(0.98, 0.85),
    "scans": Targets(0.96, 0.75),
    "photos": Targets(0.90, 0.55),
    "nothing": Targets(exact_match=0.95),
    "bordered": Targets(points_lost=0.5),
    "tight": Targets(points_lost=0.5),
    "numbered": Targets(points_lost=1.0),
    "neighbours": Targets(points_lost=1.0),
    "framed": Targets(points_lost=1.0),
}
"""Metrics of pages are of what is seen; "nothing" counts images that were said to hold no formula."""

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
_NUMBER_TARGETS: Final = Targets(exact_match=0.97)
FONT_TARGETS: Final = Targets(edit_similarity=0.96)

_TITLES = {
    "im2latex_val": "im2latex_val, TeX, Computer Modern, 200 dpi",
    "k12": "school formulas (k12), TeX",
    "inline": "arXiv, inline, TeX",
    "display": "arXiv, display, TeX",
    "rows": "aligned lines, cases, matrices, TeX",
    "hepth": "arXiv hep-th, display, TeX",
}
_DEGRADED_TITLES = {
    "dark": "dark mode",
    "coloured": "coloured paper",
    "jpeg": "JPEG of quality 40",
    "blur": "blur",
    "neighbours": "neighbours cut at the edge",
}
_TYPESETTERS = {"katex": "KaTeX", "mathjax": "MathJax", "pdftex": "pdfTeX", "typst": "Typst"}


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes:
        title: What was read.
        metrics: Of the set; None for a row that compares other rows.
        points_lost: Of exact match, against the set compared to; over the formulas that both hold.
        targets: What the row has to reach.
        dropped: Formulas the set lacks, because its typesetter can't set them.
    """

    title: str
    metrics: Metrics | None
    points_lost: float | None
    targets: Targets
    dropped: int = 0

    def misses(self) -> list[str]:
        """Name the figures that are short of their targets."""
        missed = []
        if self.metrics is not None:
            for name in ("edit_similarity", "exact_match", "bleu"):
                target = getattr(self.targets, name)
                if target is not None and getattr(self.metrics, name) < target:
                    missed.append(name)
        allowed = self.targets.points_lost
        if allowed is not None and self.points_lost is not None and self.points_lost > allowed + 1e-9:
            missed.append("points_lost")
        return missed


class _Entry(NamedTuple):
    """A set that may have been read, and its row."""

    name: str
    title: str
    targets: Targets = Targets()
    compared_to: str = ""


def make_table(
    read: Mapping[str, EvaluatedSet], *, fonts_left_out_of_training: Iterable[str] = tuple(HELD_OUT_FONTS)
) -> list[Row]:
    """Put every set that was read into its row; a set that is missing has none.

    Args:
        read: Readings by the names of the sets.
        fonts_left_out_of_training: Fonts that training has not met; a target stands beside these only.
    """
    return [
        *_rows(read, _entries_before_spread(read)),
        *_spread_rows(read),
        *_rows(read, _entries_after_spread(read, frozenset(fonts_left_out_of_training))),
        *_page_rows(read),
    ]


def points_lost(before: EvaluatedSet, after: EvaluatedSet) -> float | None:
    """Return the points of exact match lost from one set to another, over the formulas that both hold."""
    right, still_right = before.right(), after.right()
    both = right.keys() & still_right.keys()
    if not both:
        return None
    return 100.0 * (sum(right[name] for name in both) - sum(still_right[name] for name in both)) / len(both)


def spread(sets: Iterable[EvaluatedSet]) -> float | None:
    """Return best less worst exact match of sets, in points, over the formulas that all of them hold."""
    right = [one.right() for one in sets]
    common = set.intersection(*(set(one) for one in right)) if right else set()
    if not common:
        return None
    shares = [sum(one[name] for name in common) / len(common) for one in right]
    return 100.0 * (max(shares) - min(shares))


def as_markdown(rows: Iterable[Row]) -> str:
    """Write the table in Markdown; a figure's target stands behind it, a figure short of it is bold."""
    lines = [
        "| set | n | edit similarity | exact match | BLEU-4 | points lost | |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        missed = row.misses()
        cells = [_figure(row, name, missed) for name in ("edit_similarity", "exact_match", "bleu")]
        lost = _cell(row.points_lost, row.targets.points_lost, "{:.1f}", "≤ {:g}", is_missed="points_lost" in missed)
        asked = row.targets != Targets()
        verdict = "" if not asked else ("short" if missed else "reached")
        count = "" if row.metrics is None else str(row.metrics.images)
        lines.append(f"| {row.title} | {count} | {' | '.join(cells)} | {lost} | {verdict} |")
    return "\n".join(lines)


def _figure(row: Row, name: str, missed: list[str]) -> str:
    value = None if row.metrics is None else getattr(row.metrics, name)
    return _cell(value, getattr(row.targets, name), "{:.3f}", "≥ {:g}", is_missed=name in missed)


def _cell(value: float | None, target: float | None, form: str, target_form: str, *, is_missed: bool) -> str:
    if value is None:
        return ""
    text = form.format(value + 0.0)
    if target is None:
        return text
    return f"{'**' if is_missed else ''}{text}{'**' if is_missed else ''} ({target_form.format(target)})"


def _rows(read: Mapping[str, EvaluatedSet], entries: Iterable[_Entry]) -> list[Row]:
    """Return the rows of the sets that were read."""
    return [
        _row(read[entry.name], entry.title, entry.targets, read.get(entry.compared_to))
        for entry in entries
        if entry.name in read
    ]


def _entries_before_spread(read: Mapping[str, EvaluatedSet]) -> Iterator[_Entry]:
    """Yield TeX, screens and scales."""
    groups = {name.removeprefix(TEX_SET) for name in read if name.startswith(TEX_SET)}
    for group in [*TEX_TARGETS, *sorted(groups - TEX_TARGETS.keys())]:
        yield _Entry(f"{TEX_SET}{group}", _TITLES.get(group, f"{group}, TeX"), TEX_TARGETS.get(group, Targets()))
    yield _Entry(REFERENCE, "the formulas of the screens in TeX")
    for typesetter, title in _TYPESETTERS.items():
        is_web = typesetter in WEB_TYPESETTERS
        for scale in WEB_SCALES if is_web else PDF_ZOOMS:
            place = f"{title}, {'in Chromium' if is_web else 'PDF'} at {scale:.0%}"
            yield _Entry(screen_set(typesetter, scale), place, SCREEN_TARGETS, REFERENCE)
    for scale in TEXT_SCALES:
        yield _Entry(scale_set(scale), f"scale {scale:g}", compared_to="" if scale == 1.0 else scale_set(1.0))


def _spread_rows(read: Mapping[str, EvaluatedSet]) -> list[Row]:
    names = [scale_set(scale) for scale in STEADY_SCALES]
    if not read.keys() >= set(names):
        return []
    title = f"spread of exact match from scale {min(STEADY_SCALES):g} to {max(STEADY_SCALES):g}"
    return [Row(title, None, spread([read[name] for name in names]), STEADY_TARGETS)]


def _entries_after_spread(read: Mapping[str, EvaluatedSet], left_out: frozenset[str]) -> Iterator[_Entry]:
    """Yield degradations and fonts."""
    for name in DEGRADATIONS:
        yield _Entry(f"{DEGRADED_SET}{name}", _DEGRADED_TITLES[name], DEGRADED_TARGETS, scale_set(1.0))
    for name in read:
        if name.startswith(FONT_SET):
            font = name.removeprefix(FONT_SET)
            title = f"font {font}, {'never' if font in left_out else 'also'} seen in training"
            yield _Entry(name, title, FONT_TARGETS if font in left_out else Targets(), REFERENCE)


def _page_rows(read: Mapping[str, EvaluatedSet]) -> list[Row]:
    """Compare numbered, cut and framed lines with the same lines alone, and tight cuts with wide ones."""
    pairs = {"tight": "bordered", "numbered": "plain", "neighbours": "plain", "framed": "plain"}
    rows = []
    for kind, title in _PAGE_TITLES.items():
        one, other = read.get(f"{PAGE_SET}{kind}"), read.get(f"{PAGE_SET}{pairs.get(kind, '')}")
        if one is None:
            continue
        lost = None if other is None else points_lost_as_seen(other, one)
        metrics = metrics_of(one.formulas, is_as_seen=True)
        rows.append(Row(title, metrics, lost, PAGE_TARGETS.get(kind, Targets()), sum(one.dropped.values())))
        if kind == "numbered":
            rows.append(Row("page: the number itself", _metrics_of_numbers(one), None, _NUMBER_TARGETS))
    return rows


def _metrics_of_numbers(one: EvaluatedSet) -> Metrics:
    references = [list(split_number(reading.reference)[1] or "") for reading in one.formulas]
    predictions = [list(split_number(reading.prediction)[1] or "") for reading in one.formulas]
    return Metrics.of(references, predictions)


def points_lost_as_seen(before: EvaluatedSet, after: EvaluatedSet) -> float | None:
    """Return the points of exact match lost from one set to another in place by place, by what is seen."""
    pairs = list(zip(before.formulas, after.formulas, strict=False))
    if not pairs:
        return None
    right = [[as_seen(one.reference) == as_seen(one.prediction) for one in pair] for pair in pairs]
    return 100.0 * sum(first - second for first, second in right) / len(right)


def _row(one: EvaluatedSet, title: str, targets: Targets, compared_to: EvaluatedSet | None = None) -> Row:
    lost = None if compared_to is None else points_lost(compared_to, one)
    return Row(title, metrics_of(one.formulas), lost, targets, sum(one.dropped.values()))
