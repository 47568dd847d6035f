"""Command: reads test images with exported weights, one by one, and writes down how well, how fast and in what memory.

    python -m model.comparison.measure EXPORTED IMAGES --out result.json

A process of its own without PyTorch, as users run it, so that its memory is that of reading.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model import metrics
from model.data_preparation.packed_images import PackedImages
from model.decoding.decode import decode
from model.decoding.decoded_formula import DecodingOptions
from model.engines.onnx_runner import onnx_engine
from model.vocabulary import Vocabulary


def measure(exported: Path, images: Path, most: int) -> dict[str, object]:
    """Return exact match, edit similarity, BLEU, seconds a formula, peak memory, and all readings."""
    vocabulary = Vocabulary.load(exported / "vocabulary.json")
    engine = onnx_engine(exported / "weights.safetensors")
    pack = PackedImages(images)
    chosen = np.random.default_rng(0).permutation(len(pack))[:most]
    references, predictions, seconds = [], [], []
    for index in chosen.tolist():
        image = pack.image(index).astype(np.float32) / np.float32(255)
        started = time.process_time()  # on a computer that does other things as well, the clock tells of these
        formula = decode(engine, [image], vocabulary, options=DecodingOptions())[0]
        seconds.append(time.process_time() - started)
        predictions.append(formula.tokens)
        references.append(pack.tokens(index))
    return {
        "images": len(chosen),
        "exact_match": metrics.exact_match(references, predictions),
        "edit_similarity": metrics.edit_similarity(references, predictions),
        "bleu": metrics.bleu(references, predictions),
        "seconds": float(np.median(seconds)),
        "peak_mebibytes": _peak_mebibytes(),
        "numbers": chosen.tolist(),
        "truths": references,
        "readings": predictions,
    }


def _peak_mebibytes() -> float | None:
    """Return the most memory that this process has held; None where the system does not say."""
    if sys.platform == "win32":
        return None
    if sys.platform == "linux":
        # What getrusage says there is at least what the process held that this one was started by.
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) / 2**10
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, measure, and write."""
    parser = argparse.ArgumentParser(prog="python -m model.comparison.measure", description=__doc__.splitlines()[0])
    parser.add_argument("exported", type=Path, help="folder that export_weights wrote")
    parser.add_argument("images", type=Path, help="folder of packed images")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, default=500, help="images read (%(default)s)")
    options = parser.parse_args(arguments)
    result = measure(options.exported, options.images, options.most)
    partial = options.out.with_suffix(".partial")
    partial.write_text(json.dumps(result, indent=1), encoding="utf-8")
    partial.replace(options.out)


if __name__ == "__main__":
    main()
