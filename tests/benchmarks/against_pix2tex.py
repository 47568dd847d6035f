"""`python -m tests.benchmarks.against_pix2tex FOLDER`: how many times as long pix2tex's network takes for a formula.

FOLDER is an environment of its own, since pix2tex asks for other versions than Snaptex does:

    pip install --no-deps --target FOLDER pix2tex==0.1.4 timm==0.5.4 x-transformers==0.15.0 einops entmax munch \
        torchvision

Its network is built as the configuration in that package says and has random weights, which take the same time as
trained ones; it reads 64 x 320 pixels and writes 40 tokens. Beside it, in turn, the bundled recogniser reads samples
whose formulas have 35 to 45 tokens, from the image to the LaTeX.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from types import SimpleNamespace
from typing import Any

import torch

from model.recognition.image_file import read_image
from model.recognition.recogniser import Recogniser
from model.training.imagenet import torchvision_resnets
from tests.benchmarks.recognition_speed import ROOT, describe_machine
from tests.benchmarks.samples import read_samples

_IMAGE = (1, 1, 64, 320)
_TOKENS = 40
_TIMES = 9
_CONFIGURATION = SimpleNamespace(  # what pix2tex/model/settings/config.yaml says of the network
    encoder_structure="hybrid", backbone_layers=[2, 3, 7], patch_size=16, channels=1, max_height=192, max_width=672,
    encoder_depth=4, dim=256, heads=8, num_layers=4, num_tokens=8000, max_seq_len=512, pad_token=0, device="cpu",
    decoder_args={"attn_on_attn": True, "cross_attend": True, "ff_glu": True, "rel_pos_bias": False,
                  "use_scalenorm": False}, wandb=False,
)  # fmt: skip
_WEIGHTS = ROOT / "resources" / "weights.safetensors"


def main() -> int:
    """Print the figures; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.against_pix2tex", description=__doc__)
    parser.add_argument("folder", type=Path, help="where pix2tex was installed")
    folder = parser.parse_args().folder
    if not (folder / "pix2tex").is_dir():
        print(f"There is no pix2tex in {folder}.", file=sys.stderr)
        return 1
    network = _pix2tex(folder)
    recogniser = Recogniser.load(_WEIGHTS, _WEIGHTS.with_name("vocabulary.json"), device="cpu")
    paths = [sample.path for sample in read_samples() if abs(len(sample.tokens) - _TOKENS) <= 5]
    images = [read_image(path) for path in paths[:: max(1, len(paths) // _TIMES)][:_TIMES]]
    start, image = torch.tensor([[1]]), torch.rand(_IMAGE)

    def theirs() -> None:
        with torch.no_grad():
            network.decoder.generate(start, _TOKENS, context=network.encoder(image))

    recogniser.recognise(images[0])
    theirs()
    times = [(_timed(theirs), _timed(partial(recogniser.recognise, image))) for image in images]
    parameters = sum(parameter.numel() for parameter in network.parameters())
    print(f"Machine: {describe_machine()}, {torch.get_num_threads()} threads. pix2tex: {parameters / 1e6:.1f} M.")
    for place, kind in enumerate(("wall clock", "processor")):
        other, own = (median(1000 * one[side][place] for one in times) for side in (0, 1))
        print(
            f"  {kind}: {other:.0f} ms and {own:.0f} ms in the middle of {len(times)}: {other / own:.1f} times as long"
        )
    return 0


def _pix2tex(folder: Path) -> Any:
    """Return pix2tex's network with random weights."""
    sys.path.append(str(folder))
    torchvision_resnets()  # declares what torchvision's builds for graphics cards lack beside a PyTorch for processors
    return import_module("pix2tex.models").get_model(_CONFIGURATION).eval()


def _timed(read: Callable[[], object]) -> tuple[float, float]:
    started, used = perf_counter(), process_time()
    read()
    return perf_counter() - started, process_time() - used


if __name__ == "__main__":
    sys.exit(main())
