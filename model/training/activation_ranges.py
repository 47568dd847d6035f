"""Measures which numbers come out of an encoder's convolutions, so that they can be stored as integers of 8 bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import onnx

from model.architectures.interface import Architecture
from model.data_preparation.packed_images import PackedImages
from model.offline_onnxruntime import onnxruntime
from model.training.integer_convolutions import tensors_with_a_range
from model.training.traced_graphs import traced

_IMAGES = 160
_LARGEST = 200_000  # pixels
_SHARE = 99.99
"""Of an image's numbers that the range is to hold: a few very large ones would make all steps coarser."""


def measure_ranges(network: Architecture, images: Iterable[np.ndarray]) -> dict[str, tuple[float, float]]:
    """Return the least and the largest number of what has to have a range, over all images.

    Args:
        network: Whose encoder is to have integers.
        images: Each (height, width), ink in [0, 1].
    """
    model = traced(network.graphs().encoder)
    tensors = tensors_with_a_range(model, set(network.state_dict()))
    for tensor in tensors.values():
        model.graph.output.append(onnx.helper.make_tensor_value_info(tensor, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    edges = [
        [
            np.percentile(numbers, (100 - _SHARE, _SHARE))
            for numbers in session.run([*tensors.values()], {"image": image})
        ]
        for image in (one[None, None].astype(np.float32) for one in images)
    ]
    if not edges:
        raise ValueError("There are no images to measure with.")
    return {
        name: (min(0.0, *(float(low) for low, _ in of_one)), max(0.0, *(float(high) for _, high in of_one)))
        for name, of_one in zip(tensors, zip(*edges, strict=True), strict=True)
    }


def images_of(folders: Sequence[Path]) -> Iterable[np.ndarray]:
    """Return some of the packed images of each folder, evenly taken, as ink in [0, 1]."""
    for folder in folders:
        packed = PackedImages(folder)
        for index in range(0, len(packed), max(1, len(folders) * len(packed) // _IMAGES)):
            image = packed.image(index)
            if image.size <= _LARGEST:
                yield image.astype(np.float32) / 255
