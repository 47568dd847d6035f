"""The recogniser: an engine, a vocabulary and a calibration, from an image to a Recognition.

The one hard fact: weights and vocabulary must be of the same training run; the vocabulary's hash, stored with the
weights, is checked when they are loaded.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np

from model.checksums import ChecksumError, check_files
from model.decoding.analysis import analyse
from model.decoding.cancellation import stop_if_cancelled
from model.decoding.decode import decode
from model.decoding.decoded_formula import DEFAULT_DECODING, LONGEST_FORMULA, DecodingOptions
from model.decoding.grammar import grammar_of
from model.decoding.grammar_state import GrammarState
from model.decoding.token_alternatives import token_alternatives
from model.engines.graph_engine import GraphEngine
from model.engines.interface import EngineError
from model.engines.selection import load_engine
from model.image_transform import NETWORK_TEXT_HEIGHT, to_network_input
from model.layout.layout import LeftOut
from model.layout.layout_finder import LAYOUT_NAME, LayoutError, LayoutFinder
from model.layout.line_inputs import ImageLines, PlacedInput, prepare_lines
from model.recognition.batching import group_by_size
from model.recognition.calibration import (
    CALIBRATION_NAME,
    UNCALIBRATED,
    Calibration,
    CalibrationError,
    load_calibration,
)
from model.recognition.image_file import ImageInput, upright
from model.recognition.joined_lines import holds_as_much, input_as_one, join_recognitions, read_as_one
from model.recognition.nothing_to_read import (
    holds_something,
    holds_specks,
    is_hopeless,
    judged,
    nothing_read,
    sample_of_lines,
)
from model.recognition.result import Recognition, recognition_of
from model.recognition.token_analysis import TokenAnalysis
from model.vocabulary import Vocabulary
from model.weights_file import read_header

logger = logging.getLogger(__name__)

Reading = Callable[[Sequence[PlacedInput]], Iterator[Recognition]]
"""Reads what was prepared, each input alone."""

_ALTERNATIVES = 5  # for each token; the next ones are hardly ever right


class RecogniserError(ValueError):
    """There is no recogniser: weights and vocabulary do not fit, or the device is missing. One plain sentence."""


class Recogniser:
    """Reads formulas; several threads may share one, which reads for as many at a time as its engine has use for.

    Attributes:
        engine: Runs the network.
        vocabulary: Of the network.
        calibration: What the network's probabilities are worth.
        layout_finder: Finds the lines of an image; None where each image is read as one line.
    """

    def __init__(
        self,
        engine: GraphEngine,
        vocabulary: Vocabulary,
        *,
        calibration: Calibration = UNCALIBRATED,
        layout_finder: LayoutFinder | None = None,
    ) -> None:
        self.engine = engine
        self.vocabulary = vocabulary
        self.calibration = calibration
        self.layout_finder = layout_finder
        # A snip that comes while a batch is read waits for one group of it at most.
        self._reading = threading.BoundedSemaphore(engine.reads_side_by_side)

    @property
    def device(self) -> str:
        """The processor that runs the network: "cpu", "cuda" or "mps"."""
        return self.engine.device

    @classmethod
    def load(cls, weights: Path | str, vocabulary: Path | str, *, device: str = "auto") -> Recogniser:
        """Load a recogniser from its files, with the calibration and the layout that lie beside the weights, if any.

        Args:
            weights: What `model.training.export_weights` wrote; the graphs lie beside it.
            vocabulary: The table that the weights were trained with.
            device: "cpu", "cuda", "mps", or "auto" for the best there is.

        Raises:
            RecogniserError: A file that ships was changed, weights and vocabulary are not of one run, or the device is
                missing.
            CheckpointError: The weights are missing or damaged.
            VocabularyError: The vocabulary is damaged.
        """
        started = perf_counter()
        try:
            check_files(Path(weights).parent)
        except ChecksumError as error:
            raise RecogniserError(str(error)) from error
        vocabulary_path = Path(vocabulary)
        if not vocabulary_path.is_file():
            raise RecogniserError(f"There is no vocabulary at {vocabulary_path}.")
        table = Vocabulary.load(vocabulary_path)
        header = read_header(Path(weights))
        height = header.get("transform", {}).get("text_height", NETWORK_TEXT_HEIGHT)  # earlier weights do not say
        if height != NETWORK_TEXT_HEIGHT:
            raise RecogniserError(
                f"The weights {weights} were trained on text {height} pixels high, not {NETWORK_TEXT_HEIGHT}."
            )
        if header.get("vocabulary_hash") != table.hash:
            raise RecogniserError(
                f"The weights {weights} were trained with another vocabulary than {vocabulary_path}; use the two of "
                "one training run."
            )
        if header["config"].get("vocabulary_size") != len(table):
            raise RecogniserError(f"The weights {weights} are damaged: they are not of {len(table)} tokens.")
        try:
            engine = load_engine(Path(weights), device=device)
        except EngineError as error:
            raise RecogniserError(str(error)) from error
        calibration = UNCALIBRATED
        try:
            calibration = load_calibration(Path(weights).with_name(CALIBRATION_NAME))
        except CalibrationError:
            logger.warning("The marks of confidence are those of an uncalibrated recogniser.", exc_info=True)
        layout_finder, layout_path = None, Path(weights).with_name(LAYOUT_NAME)
        try:
            layout_finder = LayoutFinder.load(layout_path) if layout_path.is_file() else None
        except LayoutError:
            logger.warning("Each image is read as one line.", exc_info=True)
        logger.info("Recogniser loaded, %s, in %.0f ms.", engine.name, 1000 * (perf_counter() - started))
        return cls(engine, table, calibration=calibration, layout_finder=layout_finder)

    def recognise(
        self,
        image: ImageInput,
        *,
        options: DecodingOptions = DEFAULT_DECODING,
        cancellation: threading.Event | None = None,
        taken_in: Collection[LeftOut] = (),
    ) -> Recognition:
        """Read the formula, or the lines of formulas and words, in an image of any size, mode and polarity.

        Args:
            image: The image.
            options: How formulas are decoded.
            cancellation: Once it is set, from any thread, the reading ends before the network's next step.
            taken_in: Of what an earlier reading left out, what is to be read all the same.

        Returns:
            What was read; an empty recognition where there is nothing to read.

        Raises:
            ImageError: The image is blank, too small, too large, or no image.
            RecognitionCancelledError: The cancellation was set.
        """
        started = perf_counter()
        stop_if_cancelled(cancellation)
        prepared = self.prepare(image, taken_in=taken_in)
        preparing = perf_counter() - started
        recognition = self.recognise_prepared([prepared], options=options, cancellation=cancellation)[0]
        return replace(recognition, seconds=recognition.seconds + preparing)

    def recognise_batch(
        self, images: Sequence[ImageInput], *, options: DecodingOptions = DEFAULT_DECODING
    ) -> list[Recognition]:
        """Read many images, lines of like size together; the results come in the order of the images.

        Raises:
            ImageError: One of the images cannot be read.
        """
        prepared: list[ImageLines] = []
        seconds: list[float] = []
        for image in images:
            started = perf_counter()
            prepared.append(self.prepare(image))
            seconds.append(perf_counter() - started)
        recognitions = self.recognise_prepared(prepared, options=options)
        return [
            replace(recognition, seconds=recognition.seconds + preparing)
            for recognition, preparing in zip(recognitions, seconds, strict=True)
        ]

    def prepare(self, image: ImageInput, *, taken_in: Collection[LeftOut] = ()) -> ImageLines:
        """Find the lines of an image and prepare them for the network.

        Args:
            image: The image.
            taken_in: Of what was left out before, what is to be read all the same.

        Raises:
            ImageError: The image is blank, too small or too large, or no image.
        """
        return prepare_lines(upright(image), self.layout_finder, taken_in=taken_in)

    def recognise_prepared(
        self,
        images: Sequence[ImageLines],
        *,
        options: DecodingOptions = DEFAULT_DECODING,
        cancellation: threading.Event | None = None,
    ) -> list[Recognition]:
        """Read images that were prepared; the seconds are those of the network alone.

        A formula that the layout split into rows is read as one too where a row may be a limit, or is doubtful, and the
        surer of the two is taken, the whole only where it holds as much as the rows.

        Raises:
            RecognitionCancelledError: The cancellation was set.
        """
        read = partial(self._read, options=options, cancellation=cancellation)
        if self.layout_finder is None or options.prefix:
            # What tells nothing is measured on what the layout finds, and on the network's own beginnings.
            return self._read_whole(images, read)
        nothing = {index for index, image in enumerate(images) if holds_specks(image)}
        samples = {
            index: sample
            for index, image in enumerate(images)
            if index not in nothing and (sample := sample_of_lines(image)) is not None
        }
        first = self._read_lines(list(samples.values()), read)
        nothing |= {
            index for (index, sample), one in zip(samples.items(), first, strict=True) if is_hopeless(sample, one)
        }
        kept = [index for index in range(len(images)) if index not in nothing]
        recognitions = [nothing_read() for _ in images]
        for index, whole in zip(kept, self._read_whole([images[index] for index in kept], read), strict=True):
            one = judged(images[index], whole)
            recognitions[index] = one if holds_something(one) else nothing_read(one.seconds)
        return recognitions

    def _read(
        self, inputs: Sequence[PlacedInput], *, options: DecodingOptions, cancellation: threading.Event | None
    ) -> Iterator[Recognition]:
        networks = [ink for ink, _ in inputs]
        return iter(self.recognise_inputs(networks, options=options, cancellation=cancellation))

    def _read_lines(self, images: Sequence[ImageLines], read: Reading) -> list[Recognition]:
        """Read the lines of images, and join those of each."""
        readings = read([(line.network_input, line.placement) for image in images for line in image.inputs])
        return [
            join_recognitions(image, list(islice(readings, len(image.inputs))), self.calibration) for image in images
        ]

    def _read_whole(self, images: Sequence[ImageLines], read: Reading) -> list[Recognition]:
        """Read images line by line, and as one those that may be one formula."""
        recognitions = self._read_lines(images, read)
        again = {
            index: as_one
            for index, image in enumerate(images)
            if (as_one := input_as_one(image, recognitions[index])) is not None
            and not (self.layout_finder is not None and is_hopeless(image, recognitions[index]))
        }
        for index, whole in zip(again, read(list(again.values())) if again else (), strict=True):
            joined = recognitions[index]
            is_surer = whole.confidence > joined.confidence and holds_as_much(whole, joined)
            is_better = is_surer or not images[index].is_formula_in_rows
            taken = read_as_one(whole, joined, again[index][1]) if is_better else joined
            recognitions[index] = replace(taken, seconds=joined.seconds + whole.seconds)
        return recognitions

    def analyse_tokens(self, image: ImageInput | PlacedInput, tokens: Sequence[str]) -> TokenAnalysis:
        """Look at an image again with the formula that was read in it: what else could it be, and where was it read.

        It takes about as long as encoding the image, and is meant for after the formula was handed over.

        Args:
            image: The image, or one of the lines that `prepare` found.
            tokens: Its formula in canonical form.

        Raises:
            ImageError: The image cannot be read.
            RecogniserError: The tokens are no beginning of a formula.
        """
        token_ids = self._ids_of_beginning(tokens)
        network_input, placement = image if isinstance(image, tuple) else self.prepare(image).whole_input
        with self._reading:
            logits, maps = analyse(self.engine, network_input, token_ids, self.vocabulary)
        others = token_alternatives(logits, token_ids[: len(maps)], self.vocabulary, count=_ALTERNATIVES)
        return TokenAnalysis(
            # The network's own: the calibration is of tokens that were chosen, and gives all others its lowest value.
            alternatives=tuple(
                tuple((other.token, math.exp(other.log_probability)) for other in alternatives)
                for alternatives in others
            ),
            attention=maps,
            placement=placement,
        )

    def decode_with_prefix(self, image: ImageInput | PlacedInput, tokens: Sequence[str]) -> Recognition:
        """Read an image whose formula begins with the tokens given; the last of them was chosen, so it is certain.

        Args:
            image: The image, or one of the lines that `prepare` found.
            tokens: Canonical tokens of the beginning, such as those before an alternative and the alternative.

        Raises:
            ImageError: The image cannot be read.
            RecogniserError: The tokens are no beginning of a formula.
        """
        started = perf_counter()
        prefix = self._ids_of_beginning(tokens)
        network_input, placement = image if isinstance(image, tuple) else self.prepare(image).whole_input
        options = DecodingOptions(prefix=tuple(prefix))
        with self._reading:
            formula = decode(self.engine, [network_input], self.vocabulary, options=options)[0]
        if prefix:
            formula.token_log_probabilities[len(prefix) - 1] = 0.0
        recognition = recognition_of(formula, seconds=perf_counter() - started, calibration=self.calibration)
        return replace(recognition, placement=placement)

    def _ids_of_beginning(self, tokens: Sequence[str]) -> list[int]:
        """Return the ids of tokens with which a formula can begin.

        Raises:
            RecogniserError: None can, or the vocabulary lacks a token.
        """
        token_ids = self.vocabulary.ids(tokens)
        grammar = grammar_of(self.vocabulary.tokens)
        state = GrammarState.start(grammar)
        for token, token_id in zip(tokens, token_ids, strict=True):
            if token_id not in grammar.allowed(state.situation()):
                raise RecogniserError(f"No formula goes on with {token} there.")
            state.advance(token_id)
        if len(token_ids) > LONGEST_FORMULA:
            raise RecogniserError("The formula is too long to be read on.")
        return token_ids

    def recognise_inputs(
        self,
        inputs: Sequence[np.ndarray],
        *,
        options: DecodingOptions = DEFAULT_DECODING,
        cancellation: threading.Event | None = None,
    ) -> list[Recognition]:
        """Read network inputs, as `prepare` makes them; the seconds are those of the network alone.

        Raises:
            RecognitionCancelledError: The cancellation was set.
        """
        engine = self.engine if cancellation is None else self.engine.checked(partial(stop_if_cancelled, cancellation))
        groups = group_by_size(inputs)
        results: dict[int, Recognition] = {}

        def read(group: Sequence[int]) -> None:
            with self._reading:
                started = perf_counter()
                formulas = decode(engine, [inputs[index] for index in group], self.vocabulary, options=options)
            seconds = (perf_counter() - started) / len(group)
            for index, formula in zip(group, formulas, strict=True):
                results[index] = recognition_of(formula, seconds=seconds, calibration=self.calibration)

        if len(groups) == 1:
            read(groups[0])
        else:
            with ThreadPoolExecutor(self.engine.reads_side_by_side) as threads:
                # The largest first, so that none of them is what everything waits for in the end.
                list(threads.map(read, reversed(groups)))
        return [results[index] for index in range(len(inputs))]

    def attention_maps(self, network_input: np.ndarray, tokens: Sequence[str]) -> np.ndarray:
        """Return where the network looks for each token of a formula: float32 (tokens, rows, columns), each sums to 1.

        A cell covers 8 x 8 pixels of the network's input.
        """
        with self._reading:
            return analyse(self.engine, network_input, self.vocabulary.ids(tokens), self.vocabulary)[1]


def prepare(image: ImageInput) -> np.ndarray:
    """Turn an image of one line into the network's input: float32 (height, width), ink in [0, 1].

    Raises:
        ImageError: The image is blank, too small or too large, or no image.
    """
    return to_network_input(upright(image))
