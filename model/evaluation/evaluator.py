"""Read the pictures of evaluation sets as a snip is read, and keep what was read beside what was set."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from tqdm import tqdm

from model.evaluation.as_seen import as_seen
from model.evaluation.picture_set import LabelledPicture, PictureSet
from model.image_transform import ImageError
from model.inference.decoded_formula import AS_SHIPPED, DecodingOptions
from model.inference.recogniser import Recogniser
from model.inference.recognition import Recognition
from model.metrics import bleu, edit_similarity, exact_match

_PICTURES_AT_A_TIME = 64


@dataclass(frozen=True)
class Reading:
    """A picture's formula beside what was read.

    Attributes:
        identity: Of the formula; the same in every set.
        source: The corpus it is from.
        picture: Path of the picture, from the folder of all sets.
        reference, prediction: Canonical tokens; no prediction where the picture could not be read at all.
        confidence: The recogniser's own.
        is_cut_short: Decoding was cut short: by a loop, a stretch of guesses or the length limit.
    """

    identity: str
    source: str
    picture: str
    reference: list[str]
    prediction: list[str]
    confidence: float
    is_cut_short: bool

    @property
    def is_right(self) -> bool:
        """Whether every token is right."""
        return self.reference == self.prediction


@dataclass(frozen=True)
class SetReadings:
    """All readings of one set.

    Attributes:
        name: Of the set.
        readings: In the order of the set.
        dropped: How many formulas the set lacks, by reason.
        seconds: That reading took, preparing the pictures included.
    """

    name: str
    readings: list[Reading]
    dropped: dict[str, int]
    seconds: float

    def right(self) -> dict[str, bool]:
        """Say of each formula whether it was read right."""
        return {reading.identity: reading.is_right for reading in self.readings}


@dataclass(frozen=True)
class Figures:
    """The metrics of some readings, over canonical tokens and in [0, 1].

    Attributes:
        pictures: How many there are.
        edit_similarity, exact_match, bleu: As `model.metrics` defines them.
    """

    pictures: int
    edit_similarity: float
    exact_match: float
    bleu: float


def figures_of(readings: Sequence[Reading], *, is_as_seen: bool = False) -> Figures:
    """Score readings; as seen, spacing, `&` and the other things that `as_seen` leaves aside are no faults."""
    look = as_seen if is_as_seen else list[str]
    references = [look(reading.reference) for reading in readings]
    predictions = [look(reading.prediction) for reading in readings]
    return Figures(
        len(readings),
        edit_similarity(references, predictions),
        exact_match(references, predictions),
        bleu(references, predictions),
    )


def read_sets(
    recogniser: Recogniser, sets: Iterable[PictureSet], *, options: DecodingOptions = AS_SHIPPED
) -> dict[str, SetReadings]:
    """Read every picture of every set; returns the readings by the sets' names."""
    every_set = list(sets)
    read = {}
    total = sum(len(pictures.pictures) for pictures in every_set)
    with tqdm(total=total, unit="picture", disable=not sys.stderr.isatty()) as progress:
        for pictures in every_set:
            readings: list[Reading] = []
            started = perf_counter()
            for start in range(0, len(pictures.pictures), _PICTURES_AT_A_TIME):
                part = pictures.pictures[start : start + _PICTURES_AT_A_TIME]
                recognitions = _recognise(recogniser, part, options)
                readings += [_reading(picture, found) for picture, found in zip(part, recognitions, strict=True)]
                progress.update(len(part))
            seconds = round(perf_counter() - started, 3)
            read[pictures.name] = SetReadings(pictures.name, readings, pictures.dropped, seconds)
            right = sum(reading.is_right for reading in readings)
            tqdm.write(f"{pictures.name}: {right} of {len(readings)} right, {seconds:.0f} s", file=sys.stderr)
    return read


def time_one_by_one(recogniser: Recogniser, sets: Sequence[PictureSet], *, count: int = 200) -> list[float]:
    """Read pictures one at a time, as snips come, from the picture to the LaTeX.

    Args:
        recogniser: Reads as shipped.
        sets: Pictures are taken from all of them in equal steps.
        count: Most pictures to read.

    Returns:
        Milliseconds of each, by the clock.
    """
    pictures = [picture for one in sets for picture in one.pictures]
    milliseconds = []
    for picture in pictures[:: max(1, -(-len(pictures) // count))]:
        image = picture.image()
        started = perf_counter()
        with contextlib.suppress(ImageError):
            recogniser.recognise(image)
        milliseconds.append(1000 * (perf_counter() - started))
    return milliseconds


def save_readings(readings: Mapping[str, SetReadings], path: Path) -> None:
    """Write all readings as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(one) for one in readings.values()], indent=1) + "\n", encoding="utf-8")


def _recognise(
    recogniser: Recogniser, pictures: Sequence[LabelledPicture], options: DecodingOptions
) -> list[Recognition | None]:
    """Read pictures; one that the transform refuses must not cost its neighbours."""
    images = [picture.image() for picture in pictures]
    try:
        return list(recogniser.recognise_batch(images, options=options))
    except ImageError:
        found: list[Recognition | None] = []
        for image in images:
            try:
                found.append(recogniser.recognise(image, options=options))
            except ImageError:
                found.append(None)
        return found


def _reading(picture: LabelledPicture, recognition: Recognition | None) -> Reading:
    return Reading(
        identity=picture.identity,
        source=picture.source,
        picture=f"{picture.path.parent.name}/{picture.path.name}",
        reference=picture.tokens.split(),
        prediction=[] if recognition is None else list(recognition.tokens),
        confidence=0.0 if recognition is None else recognition.confidence,
        is_cut_short=recognition is None or recognition.confidence == 0.0,
    )
