"""Runs an architecture's graphs with ONNX Runtime, on a processor.

The graphs hold no weights: they are made once for an architecture and its dimensions (`model.training.export_graphs`),
and take the weights out of the safetensors file when they are loaded, those of the decoder as integers. So are those of
the encoder's convolutions where the header of the weights says which numbers come out of them, and the processor has
an instruction for sums of such products.
"""

from __future__ import annotations

import json
import math
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from model.engines.gpu_providers import Session, encoder_session, may_have_a_card
from model.engines.graph_engine import Axes, GraphEngine
from model.engines.interface import EngineError
from model.offline_onnxruntime import onnxruntime
from model.weights_file import read_arrays

GRAPHS_NAME = "graphs.zip"
"""Name of the file with the graphs, beside the weights."""

INDEX_NAME = "index.json"

GRAPHS_VERSION = 2
"""Raised when graphs take other inputs than before."""

INTEGER_ENCODER = "encoder_integers"
"""Name of the graph of an encoder whose convolutions multiply integers."""

_MOST_SIDE_BY_SIDE = 4  # each holds some 50 MB while it reads
_MOST_THREADS = 2

_MANY_TOKENS = 40
"""Of all rows of a step together, from which on its operations are large enough to be shared out."""

_HUGE_PIXELS = 300_000
"""Of an image after whose encoding memory is given back."""

_NEEDED = {"encoder", "step"}
_LARGEST_GRAPHS = 64_000_000  # bytes; they hold no weights

_LARGEST_INTEGER = 127
_LARGEST_WHERE_SUMS_OVERFLOW = 63
"""Largest weight as an integer. Processors without an instruction for it add two products in 16 bits, which overflow
unless a weight has 7 bits at most."""

PROBE_NAME = "probe.onnx"

_PROCESSOR = "CPUExecutionProvider"


class OnnxRunner:
    """Runs the graphs; several threads may share one.

    Attributes:
        sessions: Of each graph.
    """

    device = "cpu"

    def __init__(self, graphs: Path, weights: Path, *, integer_convolutions: bool = True) -> None:
        """Load the graphs.

        Args:
            graphs: Made by `model.training.export_graphs`.
            weights: Of the same network.
            integer_convolutions: Whether the encoder may multiply integers where weights and processor are made for it.

        Raises:
            EngineError: The graphs are missing or damaged, or do not fit the weights.
            CheckpointError: The weights are missing or damaged.
        """
        arrays, header = read_arrays(weights)
        try:
            index, models, probe = _read_graphs(graphs)
        except Exception as error:  # damaged archives raise whatever comes
            raise EngineError(f"The graphs {graphs} are missing or damaged: {error}.") from error
        made_for = index.get("version"), index["architecture"], index["config"]
        if made_for != (GRAPHS_VERSION, header["architecture"], header["config"]):
            raise EngineError(
                f"The graphs {graphs} were made for another network than {weights}, or another version of Snaptex;"
                " export them anew."
            )
        cores = os.cpu_count() or 1
        self.reads_side_by_side = min(cores, _MOST_SIDE_BY_SIDE)
        self.name = f"ONNX Runtime {onnxruntime.__version__}"
        self.sessions: dict[str, Session] = {}
        self._step_of_many: Session | None = None
        self._inputs: dict[str, dict[str, Axes]] = {}
        self._outputs: dict[str, list[str]] = {}
        try:
            sums_overflow = _sums_overflow(probe)
            largest = _LARGEST_WHERE_SUMS_OVERFLOW if sums_overflow else _LARGEST_INTEGER
            ranges = header.get("ranges") if integer_convolutions and not sums_overflow else None
            available = onnxruntime.get_available_providers()
            makers: dict[str, Callable[..., onnxruntime.InferenceSession]] = {}
            for name, model in models.items():
                # The operations of a step of few tokens are too small to be shared out.
                threads = min(cores, _MOST_THREADS) if name in {"encoder", INTEGER_ENCODER} else 1
                values = partial(_initialisers, index["graphs"][name], arrays, largest, ranges or {})
                makers[name] = partial(_session, model, values, threads=threads)
            on_integers = makers.pop(INTEGER_ENCODER, None)
            if not ranges:
                on_integers = None
            elif on_integers and not may_have_a_card(available):
                makers["encoder"] = on_integers
            for name, make in makers.items():
                session = make()
                self._inputs[name] = {one.name: tuple(one.shape) for one in session.get_inputs()}
                self._outputs[name] = [one.name for one in session.get_outputs()]
                self.sessions[name] = session
                if name == "encoder":
                    self.sessions[name], card = encoder_session(session, make, available)
                    self.name += f", encoder on {card}" if card else ""
                    if on_integers and not card and make is not on_integers:
                        self.sessions[name] = on_integers()
            if cores > 1:
                self._step_of_many = makers["step"](threads=min(cores, _MOST_THREADS))
        except Exception as error:  # so does ONNX Runtime on graphs and arrays that do not fit
            raise EngineError(f"The weights {weights} and the graphs {graphs} do not fit; one is damaged.") from error

    def inputs(self, graph: str) -> Mapping[str, Axes]:
        """Return name and shape of each input; nothing where there is no such graph."""
        return self._inputs.get(graph, {})

    def run(self, graph: str, inputs: dict[str, Any], outputs: Sequence[str]) -> dict[str, Any]:
        """Run a graph and return the outputs that begin with one of these names."""
        names = [name for name in self._outputs[graph] if name.startswith(tuple(outputs))]
        options = None
        if graph == "encoder" and inputs["image"].size > _HUGE_PIXELS:
            options = onnxruntime.RunOptions()
            options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        session = self.sessions[graph]
        if graph == "step" and inputs["tokens"].size >= _MANY_TOKENS and self._step_of_many is not None:
            session = self._step_of_many
        return dict(zip(names, session.run(names, inputs, options), strict=True))

    def zeros(self, shape: Sequence[int]) -> np.ndarray:
        """Return an array of zeros, float32."""
        return np.zeros(shape, np.float32)

    def array(self, values: np.ndarray) -> np.ndarray:
        """Return the values."""
        return values

    def to_numpy(self, array: np.ndarray) -> np.ndarray:
        """Return the values."""
        return array


def onnx_engine(weights: Path, *, integer_convolutions: bool = True) -> GraphEngine:
    """Return an engine of weights, with the graphs that lie beside them; the encoder on integers where that can be.

    Raises:
        EngineError: There are no graphs, or they belong to another network.
        CheckpointError: The weights are missing or damaged.
    """
    graphs = weights.with_name(GRAPHS_NAME)
    return GraphEngine(OnnxRunner(graphs, weights, integer_convolutions=integer_convolutions))


def _read_graphs(path: Path) -> tuple[dict[str, Any], dict[str, bytes], bytes]:
    """Return the index, the graphs and the probe of an archive."""
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_GRAPHS:
            raise ValueError("they are too large")
        index = json.loads(archive.read(INDEX_NAME))
        models = {name: archive.read(f"{name}.onnx") for name in index["graphs"]}
        if not models.keys() >= _NEEDED or not {"architecture", "config"} <= index.keys():
            raise ValueError("some are missing")
        return index, models, archive.read(PROBE_NAME)


def _session(
    model: bytes, initialisers: Callable[[], Mapping[str, np.ndarray]], provider: str = _PROCESSOR, *, threads: int
) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # Shapes hardly ever come twice.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    arrays = initialisers()
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in arrays.values()]
    options.add_external_initializers(list(arrays), values)
    return onnxruntime.InferenceSession(model, options, providers=list({provider: None, _PROCESSOR: None}))


def _sums_overflow(probe: bytes) -> bool:
    """Say whether this processor adds the products of integers in 16 bits."""
    ones = np.ones((1, 4), np.float32)
    return bool(_session(probe, dict, threads=1).run(None, {"ones": ones})[0][0, 0] < 4 * 126)


def _initialisers(
    parts: Mapping[str, Any],
    arrays: Mapping[str, np.ndarray],
    largest: int,
    ranges: Mapping[str, Sequence[float]],
) -> dict[str, np.ndarray]:
    """Return the weights of a graph, by the names that the graph has for them."""
    values = {name: arrays[name].astype(np.float32) for name in parts["plain"]}
    for name in parts["quantised"]:
        values[f"{name}.integers"], values[f"{name}.scales"] = quantise(arrays[name], largest)
    convolutions: Sequence[Mapping[str, Any]] = parts.get("convolutions", ())
    scales: dict[str, np.float32] = {}
    for name, (low, high) in ranges.items() if convolutions else ():
        scales[name] = _scale_of(low, high)
        values[f"{name}.scale"] = np.array(scales[name])
        values[f"{name}.zero"] = np.array(round(-low / float(scales[name])), np.uint8)
    for one in convolutions:
        weight = one["weight"]
        integers = _quantised_convolution(arrays, weight, one["norm"], one["epsilon"], largest, scales[one["before"]])
        values |= {f"{weight}.{part}": array for part, array in integers.items()}
    return values


def _scale_of(low: float, high: float) -> np.float32:
    """Return what integers of 8 bits are to be multiplied by, so that they reach from `low`, at most 0, to `high`."""
    if not (math.isfinite(low) and math.isfinite(high) and low <= 0.0 <= high):
        raise ValueError("a range is none")
    return np.float32(max(high - low, 1e-6) / 255)


def _quantised_convolution(
    arrays: Mapping[str, np.ndarray], weight: str, norm: str, epsilon: float, largest: int, scale_before: np.float32
) -> dict[str, np.ndarray]:
    """Quantise a convolution with the batch normalisation behind it, a scale for each channel that comes out.

    Returns:
        `integers` (outputs, inputs, height, width) and the `scales` (outputs,) they are to be multiplied by, and the
        `bias` (outputs,) in units of both scales.
    """
    gain, shift, mean, variance = (
        arrays[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    factor = gain / np.sqrt(variance + epsilon)
    rows = arrays[weight].astype(np.float64) * factor[:, None, None, None]
    bias = shift - mean * factor
    if not (np.isfinite(rows).all() and np.isfinite(bias).all()):
        raise ValueError("a weight is no number")
    # A channel that learned nothing has a bias alone, which has to fit into 32 bits as well.
    least = np.abs(bias) / (float(scale_before) * 2**30)
    scales = np.maximum(np.abs(rows).max(axis=(1, 2, 3)) / largest, np.maximum(least, 1e-12))
    return {
        "integers": np.rint(rows / scales[:, None, None, None]).astype(np.int8),
        "scales": scales.astype(np.float32),
        "bias": np.rint(bias / (scales * float(scale_before))).astype(np.int32),
    }


def quantise(matrix: np.ndarray, largest: int) -> tuple[np.ndarray, np.ndarray]:
    """Quantise a linear layer's weights, (outputs, inputs).

    Returns:
        Integers of at most `largest`, (inputs, outputs), and what each output's are to be multiplied by, (outputs,).
    """
    columns = np.ascontiguousarray(matrix.T, np.float32)
    if not np.isfinite(columns).all():
        raise ValueError("a weight is no number")
    scales = np.maximum(np.abs(columns).max(axis=0), np.float32(1e-12)) / np.float32(largest)
    return np.rint(columns / scales).astype(np.int8), scales
