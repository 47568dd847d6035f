"""Metrics by slice: which sources, fonts, lengths and resolutions are read well, and which are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from model.evaluation.evaluator import EvaluatedFormula, Metrics, metrics_of

_LENGTHS = (10, 20, 40, 80)


@dataclass(frozen=True)
class SliceReport:
    """What `score_packed_images` found.

    Attributes:
        weights, vocabulary_hash: What was scored.
        folders: The packed images it read.
        decoding, device: How it read them.
        seconds: What reading took in all.
        whole: Metrics of all images.
        slices: For each kind of slice the metrics of each slice.
    """

    weights: str
    vocabulary_hash: str
    folders: list[str]
    decoding: str
    device: str
    seconds: float
    whole: Metrics
    slices: dict[str, dict[str, Metrics]]


def make_report(
    formulas: Sequence[EvaluatedFormula],
    *,
    weights: str,
    vocabulary_hash: str,
    folders: list[str],
    decoding: str,
    device: str,
    seconds: float,
) -> SliceReport:
    """Score all formulas, as a whole and by slice."""
    kinds: Mapping[str, Callable[[EvaluatedFormula], str]] = {
        "source": lambda formula: formula.source,
        "font": lambda formula: formula.font,
        "length": lambda formula: length_class(len(formula.reference)),
        "resolution": lambda formula: f"{formula.dpi} dpi",
    }
    return SliceReport(
        weights=weights,
        vocabulary_hash=vocabulary_hash,
        folders=folders,
        decoding=decoding,
        device=device,
        seconds=round(seconds, 3),
        whole=_rounded(formulas),
        slices={kind: _score_slices(formulas, key) for kind, key in kinds.items()},
    )


def length_class(tokens: int) -> str:
    """Return the name of the class of lengths that a number of tokens belongs to."""
    first = 1
    for last in _LENGTHS:
        if tokens <= last:
            return f"{first}-{last} tokens"
        first = last + 1
    return f"{first}+ tokens"


def as_markdown(report: SliceReport) -> str:
    """Return the report as a Markdown table."""
    images = report.whole.images
    lines = [
        (
            f"{report.weights} (vocabulary {report.vocabulary_hash}) on {', '.join(report.folders)}: {images} images, "
            f"{report.decoding}, {report.device}, {report.seconds:.1f} s "
            f"({1000 * report.seconds / max(images, 1):.1f} ms an image in batches)."
        ),
        "",
        "| slice | images | exact match | edit similarity | BLEU-4 | cut short |",
        "|---|---:|---:|---:|---:|---:|",
        _line("all", report.whole),
    ]
    for kind, slices in report.slices.items():
        lines += [_line(f"{kind}: {name}", metrics) for name, metrics in slices.items()]
    return "\n".join(lines)


def _line(name: str, metrics: Metrics) -> str:
    return (
        f"| {name} | {metrics.images} | {metrics.exact_match:.4f} | {metrics.edit_similarity:.4f} | {metrics.bleu:.4f} "
        f"| {metrics.cut_short} |"
    )


def _score_slices(formulas: Sequence[EvaluatedFormula], key: Callable[[EvaluatedFormula], str]) -> dict[str, Metrics]:
    slices: defaultdict[str, list[EvaluatedFormula]] = defaultdict(list)
    for formula in formulas:
        slices[key(formula)].append(formula)
    return {name: _rounded(slices[name]) for name in sorted(slices, key=_natural_order)}


def _natural_order(name: str) -> tuple[int, str]:
    """Sort names that begin with a number by that number."""
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    return int(digits) if digits else 0, name


def _rounded(formulas: Sequence[EvaluatedFormula]) -> Metrics:
    metrics = metrics_of(formulas)
    return replace(
        metrics,
        edit_similarity=round(metrics.edit_similarity, 6),
        exact_match=round(metrics.exact_match, 6),
        bleu=round(metrics.bleu, 6),
    )
