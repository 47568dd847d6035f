"""Training dwells on what weights do not know yet: found out image by image, and drawn more often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.architectures.registry import build
from model.checkpoint import save_network
from model.training.dataset import EASY, LEAST_PROBABILITIES, FormulaImages
from model.training.hard_images import least_probabilities, main
from model.vocabulary import Vocabulary
from model.weights_file import RESNET_TRANSFORMER


@pytest.fixture(scope="module")
def vocabulary(digits_vocabulary: Path) -> Vocabulary:
    return Vocabulary.load(digits_vocabulary)


@pytest.fixture
def copied_folder(few_digits_folder: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    for path in few_digits_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_an_image_is_as_hard_as_its_hardest_token(
    few_digits_folder: Path, vocabulary: Vocabulary, tmp_path: Path, copied_folder: Path, digits_vocabulary: Path
) -> None:
    # In whichever batch it stands, and whatever is padded there, as computed here token by token.
    torch.manual_seed(3)
    network = build(RESNET_TRANSFORMER, {"vocabulary_size": len(vocabulary)}).eval()
    data = FormulaImages([few_digits_folder], vocabulary)
    least = least_probabilities(network, data)
    assert least.shape == (len(data),)
    for index in range(4):
        batch = data.batch([index], None)
        with torch.inference_mode():
            logits = network(batch.images, batch.sizes, batch.token_ids[:, :-1]).logits[0]
        wanted = batch.token_ids[0, 1:]
        expected = min(float(row.softmax(-1)[token]) for row, token in zip(logits, wanted, strict=True))
        assert least[index] == pytest.approx(expected, rel=0.05)
    weights = tmp_path / "weights.safetensors"
    save_network(weights, network, vocabulary_hash=vocabulary.hash, metadata={}, half=False)
    main([str(weights), str(digits_vocabulary), str(copied_folder)])
    assert np.load(copied_folder / LEAST_PROBABILITIES) == pytest.approx(least, rel=0.05)


def test_easy_images_are_drawn_more_rarely(copied_folder: Path, vocabulary: Vocabulary) -> None:
    everything = FormulaImages([copied_folder], vocabulary, easy_share=0.25).sizes.weights
    assert set(everything) == {1.0}, "nothing is known yet"
    least = np.linspace(0, 1, len(everything), dtype=np.float32)
    np.save(copied_folder / LEAST_PROBABILITIES, least)
    data = FormulaImages([copied_folder], vocabulary, source_weights={"digits": 2.0}, easy_share=0.25)
    assert list(data.sizes.weights) == [0.5 if probability >= EASY else 2.0 for probability in least]


def test_what_was_found_out_of_other_images_is_refused(copied_folder: Path, vocabulary: Vocabulary) -> None:
    np.save(copied_folder / LEAST_PROBABILITIES, np.zeros(3, dtype=np.float32))
    with pytest.raises(ValueError, match="is of 3 images, the folder has 12"):
        FormulaImages([copied_folder], vocabulary, easy_share=0.5)
