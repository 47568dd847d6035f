"""What `make bench` prints must be measured, and the cache must be worth its code."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from model.inference.benchmark import compare_cache, main, read_samples
from model.inference.image_file import read_image
from model.inference.recogniser import Recogniser, prepare
from model.networks.network import NetworkDimensions, RecogniserNetwork
from model.vocabulary import Vocabulary

SAMPLES = Path(__file__).parent / "samples"


def test_cache_spares_the_tokens_read_before(vocabulary: Vocabulary) -> None:
    # Counted, not timed: what `make bench` compares must be one token a step with the cache, and all of them without.
    network = RecogniserNetwork(NetworkDimensions(vocabulary_size=len(vocabulary)))
    lengths: list[int] = []
    network.decoder.norm.register_forward_pre_hook(lambda _, inputs: lengths.append(inputs[0].shape[1]))
    compare_cache(Recogniser(network, vocabulary, device=torch.device("cpu")))
    with_cache, without = [1] * 60, list(range(1, 61))
    assert lengths == with_cache + without + 5 * with_cache + 5 * without


def test_samples_are_whole() -> None:
    # They stand for the formulas of the benchmark: about 40 tokens, and the lengths of im2latex's validation set.
    samples = read_samples(SAMPLES)
    assert sum(36 <= len(sample.tokens) <= 44 for sample in samples) >= 20
    assert sum(sample.kind == "im2latex_val" for sample in samples) == 40
    for sample in samples:
        height, width = prepare(read_image(sample.path)).shape
        assert 10 < height < 400
        assert 10 < width < 2048


def test_report_names_every_figure(recogniser_files: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(recogniser_files.weights), str(recogniser_files.vocabulary), str(SAMPLES)]) == 0
    printed = capsys.readouterr().out
    for figure in (
        "Machine: ",
        "load of the recogniser",
        "about 40 tokens",
        "set: im2latex_val",
        "greedy decoding alone",
        "with the cache",
        "ms a token",
        "tokens a step",
        "500 pictures in batches",
        "Peak memory",
        "in a process of its own",
    ):
        assert figure in printed


def test_missing_weights_are_one_sentence(
    recogniser_files: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "gone"), str(recogniser_files.vocabulary), str(SAMPLES)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
