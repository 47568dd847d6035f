"""`python -m tests.model.golden.record`: write down what the bundled weights read in the sample images.

Run it after new weights were exported, and look at the difference: a change of the code must leave the record as it is.
It is written by the engine of PyTorch, in float32; every engine is then held to it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from model.checkpoint import load_network
from model.decoding.decoded_formula import DEFAULT_DECODING, DecodingOptions
from model.engines.torch_runner import torch_engine
from model.recognition.image_file import read_image
from model.recognition.recogniser import Recogniser
from model.recognition.result import Recognition
from model.vocabulary import Vocabulary

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources" / "weights.safetensors"
VOCABULARY = ROOT / "resources" / "vocabulary.json"
SAMPLES = ROOT / "tests" / "model" / "recognition" / "samples"
RECORD = Path(__file__).with_name("record.json")

Readings = dict[str, list[list[Any]]]


def weights_digest() -> str:
    """Return what names the weights that a record belongs to."""
    return hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:16]


def reference_recogniser() -> Recogniser:
    """Return the recogniser that the record is written by."""
    return Recogniser(torch_engine(load_network(WEIGHTS)[0]), Vocabulary.load(VOCABULARY))


def read_samples(recogniser: Recogniser) -> Readings:
    """Read the samples in every way there is; each formula as its tokens and their log-probabilities."""
    images = [read_image(path) for path in sorted(SAMPLES.glob("*.png"))]
    again = DecodingOptions(views=DEFAULT_DECODING.views)
    single = [recogniser.recognise(image) for image in images]
    beginnings = [one.tokens[: len(one.tokens) // 3] for one in single[::4]]
    readings = {
        "as shipped": single,
        "greedy, one at a time": [recogniser.recognise(image, options=DecodingOptions()) for image in images],
        "greedy, in batches": recogniser.recognise_batch(images, options=DecodingOptions()),
        "as shipped, in batches": recogniser.recognise_batch(images),
        "beam of 3": recogniser.recognise_batch(images[::2], options=DecodingOptions(beam_size=3)),
        "read again": [recogniser.recognise(image, options=again) for image in images[::4]],
        "prefix": [
            recogniser.decode_with_prefix(image, tokens) for image, tokens in zip(images[::4], beginnings, strict=True)
        ],
    }
    return {name: [_written(one) for one in recognitions] for name, recognitions in readings.items()}


def _written(recognition: Recognition) -> list[Any]:
    return [" ".join(recognition.tokens), [round(one, 4) for one in recognition.token_log_probabilities]]


def main() -> None:
    """Write the record."""
    record = {"weights": weights_digest(), **read_samples(reference_recogniser())}
    RECORD.write_text(json.dumps(record, separators=(",", ":")).replace('],["', '],\n["') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
