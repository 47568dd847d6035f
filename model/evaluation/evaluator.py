"""The evaluator: images of known formulas are read by the recogniser that ships, and what was read is kept beside them.

Images of evaluation sets are read as a snip is, from the transform on; packed images, as training has them, from behind
the transform.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np
from PIL.Image import Image
from tqdm import tqdm

from model.data_preparation.formula import LabelledFormula
from model.data_preparation.packed_images import ImageRecord, PackedImages
from model.decoding.decoded_formula import DEFAULT_DECODING, DecodingOptions
from model.evaluation.image_set import ImageSet, open_image
from model.image_transform import ImageError
from model.latex.as_seen import as_seen
from model.latex.prose import TAG
from model.metrics import bleu, edit_similarity, exact_match
from model.recognition.recogniser import Recogniser
from model.recognition.result import Recognition

Item = TypeVar("Item")
Result = TypeVar("Result")

_IMAGES_AT_A_TIME = 64
_PACKED_IMAGES_AT_A_TIME = 512


@dataclass(frozen=True)
class EvaluatedFormula:
    """An image's formula beside what was read.

    Attributes:
        identity: Of the formula; the same in every set.
        source: The corpus it is from.
        image: Path of the image, from the folder of all sets; empty for a packed one.
        reference, prediction: Canonical tokens; no prediction where the image could not be read at all.
        confidence: The recogniser's own.
        is_cut_short: Decoding was cut short: by a loop, a stretch of guesses or the length limit.
        font, dpi: How a packed image came to be.
    """

    identity: str
    source: str
    image: str
    reference: list[str]
    prediction: list[str]
    confidence: float
    is_cut_short: bool
    font: str = ""
    dpi: int = 0

    @property
    def is_right(self) -> bool:
        """Whether every token is right."""
        return self.reference == self.prediction


@dataclass(frozen=True)
class EvaluatedSet:
    """All formulas of one set.

    Attributes:
        name: Of the set.
        formulas: In the order of the set.
        dropped: How many formulas the set lacks, by reason.
        seconds: That reading took, preparing the images included.
    """

    name: str
    formulas: list[EvaluatedFormula]
    dropped: dict[str, int]
    seconds: float

    def right(self) -> dict[str, bool]:
        """Say of each formula whether it was read right."""
        return {formula.identity: formula.is_right for formula in self.formulas}


@dataclass(frozen=True)
class Metrics:
    """The metrics of some formulas, over canonical tokens and in [0, 1].

    Attributes:
        images: How many there are.
        edit_similarity, exact_match, bleu: As `model.metrics` defines them.
        cut_short: Formulas whose decoding was cut short.
    """

    images: int
    edit_similarity: float
    exact_match: float
    bleu: float
    cut_short: int = 0

    @classmethod
    def of(cls, references: Sequence[Sequence[str]], predictions: Sequence[Sequence[str]]) -> Metrics:
        """Score tokens that were read against those that were set."""
        return cls(
            len(references),
            edit_similarity(references, predictions),
            exact_match(references, predictions),
            bleu(references, predictions),
        )


def metrics_of(formulas: Sequence[EvaluatedFormula], *, is_as_seen: bool = False) -> Metrics:
    """Score formulas; as seen, spacing, `&` and the other things that `as_seen` leaves aside are no faults."""
    look = as_seen if is_as_seen else list[str]
    metrics = Metrics.of(
        [look(formula.reference) for formula in formulas], [look(formula.prediction) for formula in formulas]
    )
    return replace(metrics, cut_short=sum(formula.is_cut_short for formula in formulas))


def evaluate_sets(
    recogniser: Recogniser, sets: Iterable[ImageSet], *, options: DecodingOptions = DEFAULT_DECODING
) -> dict[str, EvaluatedSet]:
    """Read every image of every set; returns the sets by their names."""
    read = {}
    for one in sets:
        formulas: list[EvaluatedFormula] = []
        seconds = 0.0

        def recognise(part: Sequence[LabelledFormula]) -> list[Recognition | None]:
            return _recognise(recogniser, [open_image(formula) for formula in part], options)

        for part, found, taken in _timed(one.formulas, recognise, at_a_time=_IMAGES_AT_A_TIME):
            formulas += map(_evaluated, part, found)
            seconds += taken
        read[one.name] = EvaluatedSet(one.name, formulas, one.dropped, round(seconds, 3))
        right = sum(formula.is_right for formula in formulas)
        tqdm.write(f"{one.name}: {right} of {len(formulas)} right, {seconds:.0f} s", file=sys.stderr)
    return read


def time_one_by_one(recogniser: Recogniser, sets: Sequence[ImageSet], *, count: int = 200) -> list[float]:
    """Read images one at a time, as snips come, from the image to the LaTeX.

    Args:
        recogniser: Reads as shipped.
        sets: Images are taken from all of them in equal steps.
        count: Most images to read.

    Returns:
        Milliseconds of each, by the clock.
    """
    labelled = [formula for one in sets for formula in one.formulas]
    images = [open_image(formula) for formula in labelled[:: max(1, -(-len(labelled) // count))]]
    one_by_one = _timed(images, lambda part: _recognise(recogniser, part, DEFAULT_DECODING), at_a_time=1)
    return [1000 * seconds for _, _, seconds in one_by_one]


def evaluate_packed_images(
    recogniser: Recogniser,
    folders: Sequence[Path],
    *,
    limit: int | None = None,
    options: DecodingOptions = DEFAULT_DECODING,
) -> tuple[list[EvaluatedFormula], float]:
    """Read the images of packed folders.

    Args:
        recogniser: What is scored.
        folders: Packed images.
        limit: Most images to read; they are drawn at random, always the same ones. None reads all.
        options: How formulas are decoded.

    Returns:
        Every image's formula beside what was read, and the seconds that reading took.

    Raises:
        PackedImagesError: A folder holds no packed images, or damaged ones.
    """
    packs = [PackedImages(folder) for folder in folders]
    places = [(pack, index) for pack in packs for index in range(len(pack))]
    if limit is not None and limit < len(places):
        chosen = np.random.default_rng(0).choice(len(places), size=limit, replace=False)
        places = [places[index] for index in sorted(chosen)]
    formulas: list[EvaluatedFormula] = []
    seconds = 0.0

    def recognise(part: Sequence[tuple[PackedImages, int]]) -> list[Recognition]:
        inputs = [pack.image(index).astype(np.float32) / 255.0 for pack, index in part]
        return recogniser.recognise_inputs(inputs, options=options)

    for part, recognitions, taken in _timed(places, recognise, at_a_time=_PACKED_IMAGES_AT_A_TIME):
        formulas += [
            _evaluated_packed(pack.record(index), one) for (pack, index), one in zip(part, recognitions, strict=True)
        ]
        seconds += taken
    return formulas, seconds


def save_sets(sets: Mapping[str, EvaluatedSet], path: Path) -> None:
    """Write every formula of every set as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(one) for one in sets.values()], indent=1) + "\n", encoding="utf-8")


def _timed(
    items: Sequence[Item], read: Callable[[Sequence[Item]], Sequence[Result]], *, at_a_time: int
) -> Iterator[tuple[Sequence[Item], Sequence[Result], float]]:
    """Read items, a few at a time; yields these, what was read of each, and the seconds that it took."""
    with tqdm(total=len(items), unit="image", leave=False, disable=not sys.stderr.isatty()) as progress:
        for start in range(0, len(items), at_a_time):
            part = items[start : start + at_a_time]
            started = perf_counter()
            results = read(part)
            yield part, results, perf_counter() - started
            progress.update(len(part))


def _recognise(recogniser: Recogniser, images: Sequence[Image], options: DecodingOptions) -> list[Recognition | None]:
    """Read images; one that the transform refuses must not cost its neighbours."""
    try:
        return list(recogniser.recognise_batch(images, options=options))
    except ImageError:
        if len(images) == 1:
            return [None]
        return [one for image in images for one in _recognise(recogniser, [image], options)]


def _evaluated(labelled: LabelledFormula, recognition: Recognition | None) -> EvaluatedFormula:
    return EvaluatedFormula(
        identity=labelled.identity,
        source=labelled.source,
        image=f"{labelled.image.parent.name}/{labelled.image.name}",
        reference=labelled.tokens.split(),
        prediction=[] if recognition is None else _tokens_with_number(recognition),
        confidence=0.0 if recognition is None else recognition.confidence,
        is_cut_short=recognition is None or recognition.confidence == 0.0,
    )


def _tokens_with_number(recognition: Recognition) -> list[str]:
    """Return the tokens, with the equation number behind them, as the label of a numbered line has it."""
    if recognition.number is None or TAG in recognition.tokens:  # a line read with its number has it already
        return list(recognition.tokens)
    return [*recognition.tokens, TAG, "{", *recognition.number, "}"]


def _evaluated_packed(record: ImageRecord, recognition: Recognition) -> EvaluatedFormula:
    return EvaluatedFormula(
        identity=record.hash,
        source=record.source,
        image="",
        reference=record.tokens.split(" "),
        prediction=list(recognition.tokens),
        confidence=recognition.confidence,
        is_cut_short=recognition.confidence == 0.0,
        font=record.font,
        dpi=record.dpi,
    )
