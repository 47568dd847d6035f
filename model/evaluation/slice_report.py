"""Scores by slice: which sources, fonts, lengths and resolutions are read well, and which are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from model.data_preparation.packed_images import ImageRecord
from model.inference.recognition import Recognition
from model.metrics import bleu, edit_similarity, exact_match

_LENGTHS = (10, 20, 40, 80)


@dataclass(frozen=True)
class EvaluatedFormula:
    """One image's formula beside what was read.

    Attributes:
        reference: The canonical tokens that were rendered.
        prediction: Those that were read.
        confidence: The recogniser's own.
        source, font, dpi: How the image came to be.
    """

    reference: list[str]
    prediction: list[str]
    confidence: float
    source: str
    font: str
    dpi: int

    @classmethod
    def of(cls, record: ImageRecord, recognition: Recognition) -> EvaluatedFormula:
        """Put a manifest's record and a recognition together."""
        return cls(
            reference=record.tokens.split(" "),
            prediction=list(recognition.tokens),
            confidence=recognition.confidence,
            source=record.source,
            font=record.font,
            dpi=record.dpi,
        )


@dataclass(frozen=True)
class Scores:
    """The metrics of a set of images, all over canonical tokens and in [0, 1].

    Attributes:
        images: How many there are.
        bleu: Corpus BLEU-4.
        edit_similarity: 1 - sum of edit distances / sum of the longer lengths.
        exact_match: Share of formulas read without a mistake.
        cut_short: Formulas whose decoding was cut short: by a loop, a stretch of guesses or the length limit.
    """

    images: int
    bleu: float
    edit_similarity: float
    exact_match: float
    cut_short: int


@dataclass(frozen=True)
class EvaluationReport:
    """What `score_packed_images` found.

    Attributes:
        weights, vocabulary_hash: What was scored.
        folders: The packed images it read.
        decoding, device: How it read them.
        seconds: What reading took in all.
        whole: Scores of all images.
        slices: For each kind of slice the scores of each slice.
    """

    weights: str
    vocabulary_hash: str
    folders: list[str]
    decoding: str
    device: str
    seconds: float
    whole: Scores
    slices: dict[str, dict[str, Scores]]


def make_report(
    formulas: Sequence[EvaluatedFormula],
    *,
    weights: str,
    vocabulary_hash: str,
    folders: list[str],
    decoding: str,
    device: str,
    seconds: float,
) -> EvaluationReport:
    """Score all formulas, as a whole and by slice."""
    kinds: Mapping[str, Callable[[EvaluatedFormula], str]] = {
        "source": lambda formula: formula.source,
        "font": lambda formula: formula.font,
        "length": lambda formula: length_class(len(formula.reference)),
        "resolution": lambda formula: f"{formula.dpi} dpi",
    }
    return EvaluationReport(
        weights=weights,
        vocabulary_hash=vocabulary_hash,
        folders=folders,
        decoding=decoding,
        device=device,
        seconds=round(seconds, 3),
        whole=_score(formulas),
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


def as_markdown(report: EvaluationReport) -> str:
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
        lines += [_line(f"{kind}: {name}", scores) for name, scores in slices.items()]
    return "\n".join(lines)


def _line(name: str, scores: Scores) -> str:
    return (
        f"| {name} | {scores.images} | {scores.exact_match:.4f} | {scores.edit_similarity:.4f} | {scores.bleu:.4f} "
        f"| {scores.cut_short} |"
    )


def _score_slices(formulas: Sequence[EvaluatedFormula], key: Callable[[EvaluatedFormula], str]) -> dict[str, Scores]:
    slices: defaultdict[str, list[EvaluatedFormula]] = defaultdict(list)
    for formula in formulas:
        slices[key(formula)].append(formula)
    return {name: _score(slices[name]) for name in sorted(slices, key=_natural_order)}


def _natural_order(name: str) -> tuple[int, str]:
    """Sort names that begin with a number by that number."""
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    return int(digits) if digits else 0, name


def _score(formulas: Sequence[EvaluatedFormula]) -> Scores:
    references = [formula.reference for formula in formulas]
    predictions = [formula.prediction for formula in formulas]
    return Scores(
        images=len(formulas),
        bleu=round(bleu(references, predictions), 6),
        edit_similarity=round(edit_similarity(references, predictions), 6),
        exact_match=round(exact_match(references, predictions), 6),
        cut_short=sum(formula.confidence == 0.0 for formula in formulas),
    )
