"""What ships carries checksums: a flipped bit in it is told to the user, instead of being read as another network."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from model.checksums import CHECKSUMS_NAME, ChecksumError, check_files, record_checksums, renew_checksum
from model.layout.layout_finder import LAYOUT_NAME
from model.recognition.calibration import CALIBRATION_NAME
from model.recognition.recogniser import Recogniser, RecogniserError
from tests.model.conftest import RecogniserFiles

RESOURCES = Path(__file__).parents[2] / "resources"
SHIPPED = ("weights.safetensors", "vocabulary.json", "graphs.zip", CALIBRATION_NAME, LAYOUT_NAME)


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1
    path.write_bytes(content)


def test_all_that_the_recogniser_loads_has_a_checksum() -> None:
    # Whoever changes one of the files writes its checksum too; all tools that write them do.
    check_files(RESOURCES)
    named = {line.split("  ")[1] for line in (RESOURCES / CHECKSUMS_NAME).read_text(encoding="ascii").splitlines()}
    assert named == set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("place", [0, 1000, -1])
def test_one_flipped_bit_in_what_ships_is_told(name: str, place: int, tmp_path: Path) -> None:
    # In the weights it would be another number somewhere, and formulas would come out a little worse for ever.
    for shipped in (*SHIPPED, CHECKSUMS_NAME):
        shutil.copyfile(RESOURCES / shipped, tmp_path / shipped)
    flip(tmp_path / name, place)
    with pytest.raises(RecogniserError, match=rf"{name} is damaged: it is not the file that was installed\.$"):
        Recogniser.load(tmp_path / SHIPPED[0], tmp_path / SHIPPED[1], device="cpu")


def test_what_is_missing_or_changed_is_named(recogniser_files: RecogniserFiles) -> None:
    folder = recogniser_files.weights.parent
    record_checksums(recogniser_files.weights, recogniser_files.vocabulary)
    check_files(folder)
    # Its own weights somebody exports anew: the checksum follows, and the others' stay.
    flip(recogniser_files.weights, 5000)
    renew_checksum(recogniser_files.weights)
    check_files(folder)
    recogniser_files.weights.unlink()
    with pytest.raises(ChecksumError, match="cannot be read; install Snaptex again"):
        check_files(folder)


@pytest.mark.parametrize("content", [b"", b"\xff", b"no checksum\n", b"0" * 64 + b"  ../elsewhere\n"])
def test_damaged_checksums_are_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / CHECKSUMS_NAME).write_bytes(content)
    with pytest.raises(ChecksumError, match="SHA256SUMS"):
        check_files(tmp_path)


def test_weights_of_ones_own_need_no_checksums(recogniser_files: RecogniserFiles) -> None:
    renew_checksum(recogniser_files.weights)
    assert not recogniser_files.weights.with_name(CHECKSUMS_NAME).exists()
    Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")
