"""The shapes of the service's answers; they make its OpenAPI description too."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import BaseModel, Field

from model.dimensions import CELL_HEIGHT, CELL_WIDTH
from model.formats import FormatError, FormulaFormat
from model.formats.helper_pool import HelperPool
from model.image_transform import MARGIN
from model.layout.line_inputs import ImageLines
from model.recognition.nothing_to_read import NOTHING_TO_READ
from model.recognition.result import Recognition
from model.serving.recognition_queue import QueuedResult


class Alternative(BaseModel):
    """Another reading of the same image."""

    latex: str
    text: str = Field(description="The formula in the format asked for.")
    tokens: list[str]
    confidence: float = Field(ge=0, le=1)


class Attention(BaseModel):
    """Where the network looked: a grid laid over the image, and for each token the share of each of its cells."""

    left: float = Field(description="The grid's corner and size, in pixels of the image.")
    top: float
    width: float
    height: float
    rows: int
    columns: int
    maps: list[list[list[float]]] = Field(description="For each token the rows of the grid; each map sums to 1.")


class PixelBox(BaseModel):
    """A rectangle in pixels of the image; right and bottom are the first beyond it."""

    left: int
    top: int
    right: int
    bottom: int


class Line(BaseModel):
    """A line of the image, or a block of rows that was read whole."""

    kind: Literal["formula", "words", "number"]
    box: PixelBox
    latex: str
    number: str | None = Field(
        default=None, description="Number of the equation beside the line, or that the line is, without parentheses."
    )
    tokens: list[str]
    confidence: float = Field(ge=0, le=1)


class LeftOut(BaseModel):
    """What of the image belongs to no line."""

    kind: Literal["neighbour", "frame"]
    box: PixelBox


class Formula(BaseModel):
    """What came of one image: a formula, or a sentence that says why there is none."""

    latex: str = ""
    text: str = Field(default="", description="The formula in the format asked for.")
    tokens: list[str] = []
    token_probabilities: list[float] = Field(default=[], description="The network's probability of each token.")
    confidence: float = Field(default=0.0, ge=0, le=1)
    alternatives: list[Alternative] = []
    kind: str = Field(default="formula", description="`formula`, or `words` for a line of words with its formulas.")
    number: str | None = Field(default=None, description="Number of the equation, without its parentheses.")
    seconds: float = Field(default=0.0, ge=0, description="Time that the recogniser spent on this image.")
    lines: list[Line] = Field(default=[], description="The lines of the image, in reading order.")
    left_out: list[LeftOut] = []
    attention: Attention | None = None
    error: str | None = None


class Formulas(BaseModel):
    """One entry for each image, in their order."""

    formulas: list[Formula]


class Failure(BaseModel):
    """Why there is no answer."""

    error: str = Field(description="One sentence.")


class Health(BaseModel):
    """That the service is there, and how busy it is."""

    status: str = "ok"
    waiting_images: int = Field(ge=0)


class Version(BaseModel):
    """Which program and which weights answer."""

    version: str
    device: str
    vocabulary: str = Field(description="Digest of the vocabulary, which names the weights' training run.")


class Drawing(BaseModel):
    """A formula as an image."""

    svg: str


class Texts(BaseModel):
    """A formula in every format; one that it cannot be written in is missing."""

    texts: dict[FormulaFormat, str]


def formula_of(
    image: ImageLines,
    result: QueuedResult,
    *,
    alternatives: int,
    formula_format: FormulaFormat,
    seconds: float,
    writers: HelperPool,
) -> Formula:
    """Return the entry of one image; its text is written by one of the pool's processes."""
    recognition = result.recognition
    if recognition.is_empty:
        return Formula(seconds=seconds, error=NOTHING_TO_READ)
    try:
        text = writers.write_formula(recognition.latex, formula_format)
    except FormatError as error:
        return Formula(latex=recognition.latex, tokens=list(recognition.tokens), seconds=seconds, error=str(error))
    return Formula(
        latex=recognition.latex,
        text=text,
        tokens=list(recognition.tokens),
        token_probabilities=[min(math.exp(value), 1.0) for value in recognition.token_log_probabilities],
        confidence=min(recognition.confidence, 1.0),
        kind="words" if recognition.is_words else "formula",
        number=recognition.number,
        alternatives=list(_alternatives_of(recognition, formula_format, writers))[:alternatives],
        seconds=seconds,
        lines=[
            Line(
                kind=line.kind.value,
                box=PixelBox(**line.box._asdict()),
                latex=line.latex,
                number=line.number,
                tokens=list(line.tokens),
                confidence=min(line.confidence, 1.0),
            )
            for line in recognition.lines
        ],
        left_out=[LeftOut(kind=one.kind.value, box=PixelBox(**one.box._asdict())) for one in recognition.left_out],
        attention=_attention_of(image, result),
    )


def _alternatives_of(recognition: Recognition, formula_format: FormulaFormat, writers: HelperPool) -> list[Alternative]:
    alternatives = []
    for other in recognition.alternatives:
        try:
            text = writers.write_formula(other.latex, formula_format)
        except FormatError:
            continue  # one that cannot be used is no choice
        alternatives.append(
            Alternative(latex=other.latex, text=text, tokens=list(other.tokens), confidence=min(other.confidence, 1.0))
        )
    return alternatives


def _attention_of(image: ImageLines, result: QueuedResult) -> Attention | None:
    if result.attention is None:
        return None
    _, rows, columns = result.attention.shape
    placement = image.whole_input[1]
    return Attention(
        left=placement.left - MARGIN / placement.scale,
        top=placement.top - MARGIN / placement.scale,
        width=columns * CELL_WIDTH / placement.scale,
        height=rows * CELL_HEIGHT / placement.scale,
        rows=rows,
        columns=columns,
        maps=[[[round(float(share), 4) for share in row] for row in one] for one in result.attention],
    )
