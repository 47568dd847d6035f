"""`python -m model.inference.benchmark WEIGHTS VOCABULARY FOLDER`: how fast formulas are read, one at a time.

Prints median and 95th percentile over a folder of sample pictures, what the second reading of unsure ones costs, the
same network decoding with and without its cache, with and without guessing ahead, 500 pictures in batches, load time
and peak memory, and names the machine. Wall-clock time is what a person waits; processor time beside it tells how much
of that was other programs' doing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.inference.decoded_formula import DecodingOptions
    from model.inference.recogniser import Recogniser

_WARM_UP = 5
_AROUND_40 = range(36, 45)
_CACHE_TOKENS = 60
_CACHE_REPEATS = 5
_BATCH_PICTURES = 500


@dataclass(frozen=True)
class Sample:
    """One picture of the folder.

    Attributes:
        path: The picture.
        tokens: Canonical tokens of the formula in it.
        kind: Name of the set of samples it belongs to; those of "im2latex_val" lie at even steps of that set's lengths.
    """

    path: Path
    tokens: list[str]
    kind: str


@dataclass(frozen=True)
class Timing:
    """How long one thing took, in milliseconds: by the clock, and of the processor."""

    wall: float
    processor: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m model.inference.benchmark", description="Time the recogniser.")
    parser.add_argument("weights", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("folder", type=Path, help="pictures, and formulas.jsonl that names them and their LaTeX")
    parser.add_argument("--device", default="cpu", help="cpu (the default), cuda, mps or auto")
    options = parser.parse_args(arguments)

    importing = _time(_import_network)
    from model.checkpoint import CheckpointError
    from model.inference.decoded_formula import DecodingOptions
    from model.inference.recogniser import Recogniser, RecogniserError
    from model.vocabulary import VocabularyError

    started = perf_counter()
    try:
        recogniser = Recogniser.load(options.weights, options.vocabulary, device=options.device)
        samples = read_samples(options.folder)
    except (RecogniserError, CheckpointError, VocabularyError, OSError) as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    loading = 1000 * (perf_counter() - started)
    print(f"Machine: {describe_machine()}")
    print(f"Import of PyTorch: {importing.wall:.0f} ms; load of the recogniser after it: {loading:.0f} ms")
    timings, right = time_samples(recogniser, samples)
    print(f"One formula at a time on {recogniser.device}, milliseconds (wall clock / processor):")
    _print_timings(samples, timings)
    print(f"  {right} of {len(samples)} read without a mistake")
    greedy, right_greedily = time_samples(recogniser, samples, options=DecodingOptions())
    print(
        f"  greedy decoding alone: median {_at(greedy, 50)}, 95th percentile {_at(greedy, 95)}; "
        f"{right_greedily} without a mistake; as shipped takes {_sum(timings) / _sum(greedy):.2f} times as long in all"
    )
    cached, uncached = compare_cache(recogniser)
    print(
        f"Decoding {_CACHE_TOKENS} tokens: {cached:.0f} ms with the cache, {uncached:.0f} ms without, "
        f"{uncached / cached:.1f} times as long; {cached / _CACHE_TOKENS:.2f} ms a token "
        "(processor time, one thread)"
    )
    if recogniser.network.decoder.draft_heads is not None:
        plain, drafted, tokens_a_step = compare_drafts(recogniser, samples)
        print(
            f"Guessing ahead: {drafted:.2f} ms a token, {plain:.2f} ms token by token, {plain / drafted:.2f} times as "
            f"long; {tokens_a_step:.2f} tokens a step (processor time of decoding, one thread)"
        )
    together = time_batch(recogniser, samples)
    alone = sum(timing.wall for timing in timings) / len(timings)
    print(
        f"{_BATCH_PICTURES} pictures in batches: {1000 / together:.1f} a second, "
        f"{alone / together:.2f} times as many as one at a time"
    )
    print(f"Peak memory: {peak_memory()}; of reading one file in a process of its own: {peak_memory_alone(options)}")
    return 0


def _print_timings(samples: Sequence[Sample], timings: Sequence[Timing]) -> None:
    sets = {"all samples": list(timings)}
    for sample, timing in zip(samples, timings, strict=True):
        sets.setdefault(f"set: {sample.kind}", []).append(timing)
        if len(sample.tokens) in _AROUND_40:
            sets.setdefault("about 40 tokens", []).append(timing)
    for name, chosen in sets.items():
        print(
            f"  {name:20} {len(chosen):3} images   median {_at(chosen, 50):>9}   95th percentile {_at(chosen, 95):>9}"
        )


def read_samples(folder: Path) -> list[Sample]:
    """Read the list of sample pictures; their formulas are normalised here, as the canonical form is today's."""
    from model.latex import normalise

    lines = (folder / "formulas.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [Sample(folder / record["file"], normalise(record["latex"]), record["set"]) for record in records]


def time_samples(
    recogniser: Recogniser, samples: Sequence[Sample], *, options: DecodingOptions | None = None
) -> tuple[list[Timing], int]:
    """Read each picture, as shipped unless told; returns the times, and how many were read without a mistake."""
    from model.inference.decoded_formula import AS_SHIPPED
    from model.inference.image_file import read_image

    images = [read_image(sample.path) for sample in samples]
    for image in images[:_WARM_UP]:
        recogniser.recognise(image)
    timings: list[Timing] = []
    right = 0
    for sample, image in zip(samples, images, strict=True):
        started, started_processor = perf_counter(), process_time()
        recognition = recogniser.recognise(image, options=options or AS_SHIPPED)
        timings.append(Timing(1000 * (perf_counter() - started), 1000 * (process_time() - started_processor)))
        right += list(recognition.tokens) == sample.tokens
    return timings, right


def time_batch(recogniser: Recogniser, samples: Sequence[Sample]) -> float:
    """Read the samples over and over as one list; returns the milliseconds of one picture."""
    from model.inference.image_file import read_image

    images = [read_image(sample.path) for sample in samples]
    many = (images * (_BATCH_PICTURES // len(images) + 1))[:_BATCH_PICTURES]
    return _time(lambda: recogniser.recognise_batch(many)).wall / len(many)


def compare_cache(recogniser: Recogniser) -> tuple[float, float]:
    """Decode a fixed number of tokens with and without a cache; returns the milliseconds of each.

    The image is one line of noise of the size that so many tokens take; no token ends the formula.
    """
    import torch

    from model.inference.threads import at_most_threads
    from model.vocabulary import BOS

    network, device = recogniser.network, recogniser.device
    decoder = network.decoder
    height, width = 32, 360
    images = torch.rand(1, 1, height, width, generator=torch.Generator().manual_seed(0)).to(device)
    with torch.inference_mode(), at_most_threads(1):
        memory = network.encode(images, torch.tensor([[height, width]], device=device))

        def with_cache() -> list[int]:
            caches = decoder.start(memory, _CACHE_TOKENS)
            token_ids = [BOS]
            for position in range(_CACHE_TOKENS):
                last = torch.tensor(token_ids[-1:], device=device)
                token_ids.append(int(decoder.step(last, position, caches, memory.bias)[0].argmax()))
            return token_ids

        def without_cache() -> list[int]:
            token_ids = [BOS]
            for _ in range(_CACHE_TOKENS):
                logits = decoder.logits(decoder(torch.tensor([token_ids], device=device), memory))
                token_ids.append(int(logits[0, -1].argmax()))
            return token_ids

        with_cache()
        without_cache()
        cached = min(_time(with_cache).processor for _ in range(_CACHE_REPEATS))
        uncached = min(_time(without_cache).processor for _ in range(_CACHE_REPEATS))
    return cached, uncached


def compare_drafts(recogniser: Recogniser, samples: Sequence[Sample]) -> tuple[float, float, float]:
    """Decode every other sample greedily, token by token and guessing ahead; the encoder's work is left out.

    Returns:
        Milliseconds of processor time a token of each, and how many tokens a step guessing ahead makes.
    """
    import torch

    from model.inference.batching import pad_into_batch
    from model.inference.decoded_formula import DecodingOptions
    from model.inference.decoding import token_limit
    from model.inference.draft_decoding import decode_with_drafts
    from model.inference.greedy_decoding import decode_greedily
    from model.inference.image_file import read_image
    from model.inference.recogniser import prepare
    from model.inference.threads import at_most_threads

    decoder, device, vocabulary = recogniser.network.decoder, recogniser.device, recogniser.vocabulary
    steps: list[int] = []
    handle = decoder.norm.register_forward_pre_hook(lambda _, inputs: steps.append(inputs[0].shape[1]))
    with torch.inference_mode(), at_most_threads(1):
        inputs = [pad_into_batch([prepare(read_image(sample.path))]) for sample in samples[::2]]
        memories = [recogniser.network.encode(images.to(device), sizes.to(device)) for images, sizes in inputs]
        limits = [token_limit(*sizes[0].tolist()) for _, sizes in inputs]
        pairs, rest = list(zip(memories, limits, strict=True)), (vocabulary, DecodingOptions())
        plain = sum(
            _time(partial(decode_greedily, decoder, memory, [limit], *rest)).processor for memory, limit in pairs
        )
        tokens = len(steps)
        steps.clear()
        drafted = sum(
            _time(partial(decode_with_drafts, decoder, [memory], limit, *rest)).processor for memory, limit in pairs
        )
    handle.remove()
    return plain / tokens, drafted / tokens, tokens / len(steps)


def describe_machine() -> str:
    """Name processor, cores, system and PyTorch."""
    import torch

    return (
        f"{_processor_name()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, PyTorch {torch.__version__}"
    )


def peak_memory() -> str:
    """Say how much memory this process has held at most."""
    try:
        import resource
    except ImportError:  # Windows
        return "not measured on this system"
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20:.0f} MiB"


def peak_memory_alone(options: argparse.Namespace) -> str:
    """Say how much memory `snaptex recognise` holds at most for one picture."""
    if not Path("/proc/self/status").is_file():  # elsewhere a child's peak begins with its parent's
        return "not measured on this system"
    picture = next(iter(sorted(options.folder.glob("*.png"))))
    program = (
        "import sys; from pathlib import Path; from model.command_line import main; "
        "main(sys.argv[3:], weights=Path(sys.argv[1]), vocabulary=Path(sys.argv[2])); "
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    command = [sys.executable, "-c", program, str(options.weights), str(options.vocabulary), str(picture)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return f"{int(printed.splitlines()[-1]) / 1024:.0f} MiB"


def _processor_name() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _import_network() -> None:
    import torch  # noqa: F401


def _time(run: Callable[[], object]) -> Timing:
    started, started_processor = perf_counter(), process_time()
    run()
    return Timing(1000 * (perf_counter() - started), 1000 * (process_time() - started_processor))


def _sum(timings: Sequence[Timing]) -> float:
    return sum(timing.processor for timing in timings)


def _at(timings: Sequence[Timing], percentile: int) -> str:
    wall = np.percentile([timing.wall for timing in timings], percentile)
    processor = np.percentile([timing.processor for timing in timings], percentile)
    return f"{wall:.0f} / {processor:.0f}"


if __name__ == "__main__":
    sys.exit(main())
