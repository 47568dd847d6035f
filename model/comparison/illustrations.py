"""The illustrations of the document: curves of all systems, images that were read, and where the decoders looked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from model.comparison.results import Result
from model.comparison.systems import SYSTEMS
from model.data_preparation.packed_images import PackedImages
from model.decoding.analysis import analyse
from model.dimensions import CELL_HEIGHT, CELL_WIDTH
from model.engines.onnx_runner import onnx_engine
from model.vocabulary import Vocabulary

SHOWN = 12
"""Test images of which the document shows what each system reads."""

_MOST_TOKENS = 12
_FEWEST_TOKENS = 5
_COLOURS = 10
"""After these the colours of lines come again, dashed."""


def draw_curves(path: Path, results: Mapping[str, Result]) -> None:
    """Draw the edit similarity of the validation images over processor time."""
    figure = Figure(figsize=(9, 7), layout="constrained")
    axes = figure.subplots()
    for number, system in enumerate(SYSTEMS):
        if system.name in results:
            minutes, similarities = zip(*results[system.name].curve, strict=True)
            colour, line = f"C{number % _COLOURS}", "-" if number < _COLOURS else "--"
            axes.plot(minutes, similarities, marker=".", label=system.title, color=colour, linestyle=line)
    axes.set_xlabel("minutes of processor time")
    axes.set_ylabel("edit similarity of the validation images")
    axes.grid(alpha=0.3)
    figure.legend(fontsize=8, loc="outside lower center", ncols=2)
    _save(figure, path)


def draw_images(path: Path, images: Path, numbers: list[int]) -> None:
    """Draw the images that the document shows readings of."""
    pack = PackedImages(images)
    rows = -(-len(numbers) // 3)
    figure = Figure(figsize=(9, 1.1 * rows), layout="constrained")
    for place, number in enumerate(numbers, start=1):
        axes = figure.add_subplot(rows, 3, place)
        axes.imshow(255 - pack.image(number), cmap="gray", vmin=0, vmax=255)
        axes.set_title(str(place), fontsize=8, loc="left")
        axes.axis("off")
    _save(figure, path)


def draw_attention(path: Path, images: Path, results: Mapping[str, Result]) -> list[str]:
    """Draw token by token, in the same image, where each system that attends looks; returns the tokens."""
    attending = [system for system in SYSTEMS if system.attends and system.name in results]
    if not attending:
        return []
    first = results[attending[0].name]
    lengths = [len(tokens) for tokens in first.truths[:SHOWN]]
    fitting = [row for row, length in enumerate(lengths) if _FEWEST_TOKENS <= length <= _MOST_TOKENS]
    row = fitting[0] if fitting else 0
    tokens = first.truths[row][:_MOST_TOKENS]
    image = PackedImages(images).image(first.numbers[row]).astype(np.float32) / np.float32(255)
    height, width = image.shape
    figure = Figure(figsize=(1.5 * len(tokens) + 1.5, 0.9 * len(attending) + 0.5), layout="constrained")
    grid = figure.subplots(len(attending), len(tokens), squeeze=False)
    for line, system in zip(grid, attending, strict=True):
        exported = results[system.name].exported
        engine = onnx_engine(exported / "weights.safetensors")
        vocabulary = Vocabulary.load(exported / "vocabulary.json")
        maps = analyse(engine, image, vocabulary.ids(tokens), vocabulary)[1]
        for axes, token, seen in zip(line, tokens, maps, strict=True):
            axes.imshow(1.0 - image, cmap="gray", vmin=0, vmax=1)
            bright = np.kron(seen / max(seen.max(), 1e-9), np.ones((CELL_HEIGHT, CELL_WIDTH)))[:height, :width]
            axes.imshow(bright, cmap="Reds", alpha=0.6 * bright, vmin=0, vmax=1)
            # A dollar sign would begin a formula of matplotlib's.
            axes.set_title(token.replace("$", r"\$"), fontsize=8)
            axes.set_xticks([])
            axes.set_yticks([])
        line[0].set_ylabel(system.name.replace("_", "\n"), fontsize=7, rotation=0, ha="right", va="center")
    _save(figure, path)
    return tokens


def _save(figure: Figure, path: Path) -> None:
    FigureCanvasAgg(figure).print_figure(path, dpi=100)
