"""`python -m tests.benchmarks.recognition_speed`: how fast formulas are read, and what it costs.

Prints median and 95th percentile over folders of images, read one at a time as a snip is; a further token; images in
batches; one file read by a process of its own; load time and memory. `--against FOLDER` measures another checkout of
the repository beside this one, both in turn, so that other programs disturb both alike, and prints the ratios: what
`make bench-against COMMIT=...` does. Wall-clock time is what the user waits; processor time beside it tells how much of
that was other programs' doing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.samples import SAMPLES

ROOT = Path(__file__).parents[2]
_BATCH_IMAGES = 500

# Runs in a checkout of its own, of today or of earlier, and answers one request a line. Only what every version has is
# used: a recogniser is loaded from two files, and reads an image or many.
_READER = """
import json, sys
from pathlib import Path
from time import perf_counter, process_time
started = perf_counter()
try:
    from model.recognition.recogniser import Recogniser
    from model.recognition.image_file import read_image
except ImportError:  # where they stood before there were engines
    from model.inference.recogniser import Recogniser
    from model.inference.image_file import read_image
weights = Path("resources", "weights.safetensors")
recogniser = Recogniser.load(weights, weights.with_name("vocabulary.json"), device="cpu")
print(json.dumps({"load": perf_counter() - started}), flush=True)
for line in sys.stdin:
    images = [read_image(Path(path)) for path in json.loads(line)]
    started, started_processor = perf_counter(), process_time()
    read = recogniser.recognise_batch(images)
    seconds, processor = perf_counter() - started, process_time() - started_processor
    status = Path("/proc/self/status")
    peak = int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024 if status.exists() else 0.0
    tokens = [list(one.tokens) for one in read]
    print(json.dumps({"seconds": seconds, "processor": processor, "tokens": tokens, "peak": peak}), flush=True)
"""

_COMMAND = "from desktop_app.__main__ import main; import sys; sys.argv = ['snaptex', *sys.argv[1:]]; main()"


class Checkout:
    """One version of the program, reading in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-c", _READER], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.loading = float(self._answer()["load"])

    def read(self, paths: Sequence[Path]) -> dict[str, Any]:
        """Read images together; returns what they took and what was read."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(path) for path in paths]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def command(self, path: Path) -> tuple[float, float]:
        """Run `snaptex recognise` on a file; returns seconds and the most memory, in MiB."""
        program = (
            "import resource, subprocess, sys, time; started = time.perf_counter(); "
            "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
            "print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
        )
        command = [sys.executable, "-c", program, sys.executable, "-c", _COMMAND, "recognise", str(path)]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True)
        seconds, peak = (float(one) for one in done.stdout.split())
        return seconds, peak

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def measure(checkouts: Sequence[Checkout], paths: Sequence[Path], *, batch: int) -> list[dict[str, float]]:
    """Measure each checkout, in turn at every image; returns the figures of each, in milliseconds and MiB."""
    for path in paths[:5]:
        for checkout in checkouts:
            checkout.read([path])
    walls, processors = (np.zeros((len(checkouts), len(paths))) for _ in range(2))
    lengths = np.zeros(len(paths))
    for column, path in enumerate(paths):
        for row, checkout in enumerate(checkouts):
            answer = checkout.read([path])
            walls[row, column], processors[row, column] = 1000 * answer["seconds"], 1000 * answer["processor"]
            lengths[column] = len(answer["tokens"][0])
    figures: list[dict[str, float]] = []
    many = [paths[index % len(paths)] for index in range(batch)]
    for row, checkout in enumerate(checkouts):
        single_peak = checkout.read(paths[:1])["peak"]
        commands = sorted(checkout.command(paths[0]) for _ in range(3))
        figures.append(
            {
                "load": 1000 * checkout.loading,
                "median": float(np.median(walls[row])),
                "95th percentile": float(np.percentile(walls[row], 95)),
                "median, processor": float(np.median(processors[row])),
                "95th percentile, processor": float(np.percentile(processors[row], 95)),
                "a further token": float(np.polyfit(lengths, processors[row], 1)[0]),
                f"{batch} images in batches, each": 1000 * checkout.read(many)["seconds"] / batch if batch else 0.0,
                "`snaptex recognise` of one file": 1000 * commands[1][0],
                "its memory (MiB)": commands[1][1],
                "memory of reading one at a time (MiB)": single_peak,
            }
        )
    return figures


def describe_machine() -> str:
    """Name processor, cores, system and Python."""
    information = Path("/proc/cpuinfo")
    name = platform.processor() or platform.machine()
    if information.is_file():
        lines = information.read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.recognition_speed", description="Time reading.")
    parser.add_argument("folders", type=Path, nargs="*", help="images to read; the samples of the tests without")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="another checkout, to be measured beside")
    parser.add_argument("--limit", type=int, help="most images of each folder, evenly taken")
    parser.add_argument("--batch", type=int, default=_BATCH_IMAGES, help="images of the batch")
    options = parser.parse_args(arguments)
    paths: list[Path] = []
    for folder in options.folders or [SAMPLES]:
        images = sorted(folder.resolve().rglob("*.png"))
        step = max(1, -(-len(images) // options.limit)) if options.limit else 1
        paths += images[::step]
    checkouts = [Checkout(folder) for folder in (ROOT, *([options.against.resolve()] if options.against else []))]
    try:
        figures = measure(checkouts, paths, batch=options.batch)
    finally:
        for checkout in checkouts:
            checkout.close()
    print(f"Machine: {describe_machine()}. {len(paths)} images; milliseconds unless said.")
    for name, value in figures[0].items():
        if len(figures) == 1:
            print(f"  {name:40} {value:9.1f}")
        else:
            before = figures[1][name]
            print(f"  {name:40} {value:9.1f}   before {before:9.1f}   {before / max(value, 1e-9):6.2f} times as much")
    return 0


if __name__ == "__main__":
    sys.exit(main())
