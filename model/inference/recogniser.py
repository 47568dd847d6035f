"""The recogniser: a network, its vocabulary and a device, from a picture to a Recognition.

The one hard fact: weights and vocabulary must be of the same training run; the vocabulary's hash, stored with the
weights, is checked when they are loaded.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from PIL import Image, ImageOps

from model.checkpoint import load_network
from model.image_transform import MAXIMUM_PIXELS, ImageError, Placement, to_placed_input
from model.inference.attention_maps import attention_maps, pass_over_formula
from model.inference.batching import group_by_size, pad_into_batch
from model.inference.decoded_formula import AS_SHIPPED, LONGEST_FORMULA, DecodingOptions
from model.inference.decoding import decode
from model.inference.examination import Examination
from model.inference.folding import fold_batch_norms
from model.inference.grammar import grammar_of
from model.inference.grammar_state import GrammarState
from model.inference.packed_linear import pack_linear_layers
from model.inference.recognition import Recognition, recognition_of
from model.inference.threads import at_most_threads, run_side_by_side
from model.inference.token_alternatives import token_alternatives
from model.inference.trust import CALIBRATION_NAME, UNCALIBRATED, Calibration, CalibrationError, load_calibration
from model.networks.network import RecogniserNetwork
from model.vocabulary import Vocabulary

logger = logging.getLogger(__name__)

Picture = Image.Image | np.ndarray
"""A Pillow image, or an array (height, width), (height, width, 3) RGB or (height, width, 4) RGBA."""

_GROUPS_SIDE_BY_SIDE = 4  # each takes some 200 MB while it is read
_ALTERNATIVES = 5  # for each token; the next ones are hardly ever right


class RecogniserError(ValueError):
    """There is no recogniser: weights and vocabulary do not fit, or the device is missing. One plain sentence."""


class Recogniser:
    """Reads formulas; several threads may share one, which reads for one of them at a time.

    Attributes:
        network: In evaluation mode on the device, batch normalisation folded.
        vocabulary: Of the network.
        device: Where the network runs.
        calibration: What the network's probabilities are worth.
    """

    def __init__(
        self,
        network: RecogniserNetwork,
        vocabulary: Vocabulary,
        *,
        device: torch.device,
        calibration: Calibration = UNCALIBRATED,
    ) -> None:
        fold_batch_norms(network.eval())
        self.device = device
        self.network = network.to(device)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if device.type == "cpu":
            pack_linear_layers(self.network.decoder)
        self.vocabulary = vocabulary
        self.calibration = calibration
        # Masking the padding and setting the number of threads change state that all threads share.
        self._reading = threading.Lock()

    @classmethod
    def load(cls, weights: Path | str, vocabulary: Path | str, *, device: str = "auto") -> Recogniser:
        """Load a recogniser from its two files, and the calibration that lies beside the weights, if there is one.

        Args:
            weights: What `model.checkpoint` wrote.
            vocabulary: The table that the weights were trained with.
            device: "cpu", "cuda", "mps", or "auto" for the best there is.

        Raises:
            RecogniserError: Weights and vocabulary are not of one run, or the device is missing.
            CheckpointError: The weights are missing or damaged.
            VocabularyError: The vocabulary is damaged.
        """
        started = perf_counter()
        place = _device(device)
        vocabulary_path = Path(vocabulary)
        if not vocabulary_path.is_file():
            raise RecogniserError(f"There is no vocabulary at {vocabulary_path}.")
        table = Vocabulary.load(vocabulary_path)
        # Its many small operations gain nothing from threads, and on a busy computer lose seconds waiting for them.
        with at_most_threads(1):
            network, header = load_network(Path(weights))
        if header.get("vocabulary_hash") != table.hash:
            raise RecogniserError(
                f"The weights {weights} were trained with another vocabulary than {vocabulary_path}; use the two of "
                "one training run."
            )
        calibration = UNCALIBRATED
        try:
            calibration = load_calibration(Path(weights).with_name(CALIBRATION_NAME))
        except CalibrationError:
            logger.warning("The marks of trust are those of an uncalibrated recogniser.", exc_info=True)
        with at_most_threads(1):
            recogniser = cls(network, table, device=place, calibration=calibration)
        logger.info("Recogniser loaded on %s in %.0f ms.", place, 1000 * (perf_counter() - started))
        return recogniser

    def recognise(self, image: Picture, *, options: DecodingOptions = AS_SHIPPED) -> Recognition:
        """Read the formula in a picture of any size, mode and polarity.

        Raises:
            ImageError: The picture is blank, too small, too large, or no picture.
        """
        return self.recognise_batch([image], options=options)[0]

    def recognise_batch(self, images: Sequence[Picture], *, options: DecodingOptions = AS_SHIPPED) -> list[Recognition]:
        """Read many pictures, those of like size together; the results come in the order of the pictures.

        Raises:
            ImageError: One of the pictures cannot be read.
        """
        inputs: list[np.ndarray] = []
        placements: list[Placement] = []
        seconds: list[float] = []
        for image in images:
            started = perf_counter()
            network_input, placement = _prepare_placed(image)
            inputs.append(network_input)
            placements.append(placement)
            seconds.append(perf_counter() - started)
        recognitions = self.recognise_inputs(inputs, options=options)
        return [
            replace(recognition, seconds=recognition.seconds + preparing, placement=placement)
            for recognition, preparing, placement in zip(recognitions, seconds, placements, strict=True)
        ]

    def examine(self, image: Picture, tokens: Sequence[str]) -> Examination:
        """Look at a picture again with the formula that was read in it: what else could it be, and where was it read.

        It takes about as long as encoding the picture, and is meant for after the formula was handed over.

        Args:
            image: The picture.
            tokens: Its formula in canonical form.

        Raises:
            ImageError: The picture cannot be read.
            RecogniserError: The tokens are no beginning of a formula.
        """
        token_ids = self._ids_of_beginning(tokens)
        network_input, placement = _prepare_placed(image)
        batch, sizes = pad_into_batch([network_input])
        with self._reading, at_most_threads(1):  # nobody waits for it
            logits, maps = pass_over_formula(self.network, batch.to(self.device), sizes.to(self.device), token_ids)
        others = token_alternatives(logits, token_ids[: len(maps)], self.vocabulary, count=_ALTERNATIVES)
        confidence = self.calibration.token_confidence
        return Examination(
            alternatives=tuple(
                tuple((other.token, confidence(other.log_probability)) for other in alternatives)
                for alternatives in others
            ),
            attention=maps,
            placement=placement,
        )

    def continue_from(self, image: Picture, tokens: Sequence[str]) -> Recognition:
        """Read a picture whose formula begins with the tokens given; the last of them was chosen, so it is certain.

        Args:
            image: The picture.
            tokens: Canonical tokens of the beginning, such as those before an alternative and the alternative.

        Raises:
            ImageError: The picture cannot be read.
            RecogniserError: The tokens are no beginning of a formula.
        """
        started = perf_counter()
        prefix = self._ids_of_beginning(tokens)
        network_input, placement = _prepare_placed(image)
        batch, sizes = pad_into_batch([network_input])
        options = DecodingOptions(prefix=tuple(prefix))
        with self._reading:
            formula = decode(
                self.network, batch.to(self.device), sizes.to(self.device), self.vocabulary, options=options
            )[0]
        if prefix:
            formula.token_log_probabilities[len(prefix) - 1] = 0.0
        recognition = recognition_of(formula, seconds=perf_counter() - started, calibration=self.calibration)
        return replace(recognition, placement=placement)

    def _ids_of_beginning(self, tokens: Sequence[str]) -> list[int]:
        """Return the ids of tokens with which a formula can begin.

        Raises:
            RecogniserError: None can, or the vocabulary lacks a token.
        """
        token_ids = self.vocabulary.encode(tokens)
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
        self, inputs: Sequence[np.ndarray], *, options: DecodingOptions = AS_SHIPPED
    ) -> list[Recognition]:
        """Read network inputs, as `prepare` makes them; the seconds are those of the network alone."""
        groups = group_by_size(inputs)
        results: dict[int, Recognition] = {}

        def read(group: Sequence[int]) -> None:
            started = perf_counter()
            batch, sizes = pad_into_batch([inputs[index] for index in group])
            formulas = decode(
                self.network, batch.to(self.device), sizes.to(self.device), self.vocabulary, options=options
            )
            seconds = (perf_counter() - started) / len(group)
            for index, formula in zip(group, formulas, strict=True):
                results[index] = recognition_of(formula, seconds=seconds, calibration=self.calibration)

        # Decoding gains nothing from threads inside an operation, so on a CPU each core reads a group of its own.
        side_by_side = 1 if self.device.type != "cpu" else min(torch.get_num_threads(), _GROUPS_SIDE_BY_SIDE)
        for start in range(0, len(groups), side_by_side):
            # Groups of like size take about equally long; between them other threads get their turn.
            with self._reading:
                run_side_by_side(read, groups[start : start + side_by_side])
        return [results[index] for index in range(len(inputs))]

    def attention_maps(self, network_input: np.ndarray, tokens: Sequence[str]) -> np.ndarray:
        """Return where the network looks for each token of a formula: float32 (tokens, rows, columns), each sums to 1.

        A cell covers 8 x 8 pixels of the network's input.
        """
        batch, sizes = pad_into_batch([network_input])
        with self._reading:
            return attention_maps(
                self.network, batch.to(self.device), sizes.to(self.device), self.vocabulary.encode(tokens)
            )


def prepare(image: Picture) -> np.ndarray:
    """Turn a picture into the network's input: float32 (height, width), ink in [0, 1].

    Raises:
        ImageError: The picture is blank, too small or too large, or no picture.
    """
    return _prepare_placed(image)[0]


def _prepare_placed(image: Picture) -> tuple[np.ndarray, Placement]:
    picture = image if isinstance(image, Image.Image) else _from_array(image)
    width, height = picture.size
    if width * height > MAXIMUM_PIXELS:
        raise ImageError(f"The image is too large to read: {width} x {height} pixels.")
    return to_placed_input(ImageOps.exif_transpose(picture))


def _from_array(array: np.ndarray) -> Image.Image:
    """Make a Pillow image of an array.

    Raises:
        ImageError: The array has not the shape or type of a picture.
    """
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255
    is_grey = array.ndim == 2 and array.dtype in (np.uint8, np.uint16, np.float32)
    is_colour = array.ndim == 3 and array.shape[2] in {3, 4} and array.dtype == np.uint8
    if not is_grey and not is_colour:
        raise ImageError(f"An array of shape {array.shape} and type {array.dtype} is no picture.")
    if 0 in array.shape:
        raise ImageError("The image is empty.")
    return Image.fromarray(array)


def _device(name: str) -> torch.device:
    """Return the device of that name, or the best there is.

    Raises:
        RecogniserError: The computer has no such device.
    """
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(device for device, is_there in available.items() if is_there))
    if name not in available:
        raise RecogniserError(f"'{name}' is no device; choose auto, {', '.join(available)}.")
    if not available[name]:
        raise RecogniserError(f"This computer has no {name} device; use auto or cpu.")
    return torch.device(name)
