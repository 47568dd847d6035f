"""The packed format: what training reads must be what rendering wrote, and a damaged shard must be named."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from model.data_preparation.packed_images import (
    PackedFormula,
    PackedImages,
    PackedImagesError,
    is_written,
    write_shard,
)


def formula(tokens: str, *, seed: int = 0, glyphs: list[tuple[str, float, float]] | None = None) -> PackedFormula:
    pixels = np.random.default_rng(seed).integers(0, 256, (20 + seed, 31), dtype=np.uint8)
    details = {
        "tokens": tokens,
        "source": "k12",
        "font": "cm",
        "size_pt": 10,
        "dpi": 100,
        "style": "text",
        "hash": "0123456789abcdef",
        "split": "train",
    }
    return PackedFormula(pixels, glyphs or [], details)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Protects training from pairing an image with another image's label or glyphs."""
    first = [formula("x ^ 2", seed=1, glyphs=[("cmmi:120", 5.4, 9.6), ("cmr:50", 11, 4)]), formula("y", seed=2)]
    second = [formula("\\text { ü ~ \u2028 }", seed=3, glyphs=[("cmr:50", 2, 3), ("aaa:1", 300, 40)])]
    assert write_shard(tmp_path, 0, first, summary={"dropped": {"blank": 1}}) == 2
    assert write_shard(tmp_path, 1, second, summary={"dropped": {}}) == 1

    packed = PackedImages(tmp_path)

    assert len(packed) == 3
    for index, written in enumerate([*first, *second]):
        np.testing.assert_array_equal(packed.image(index), written.image)
        assert packed.tokens(index) == written.details["tokens"].split(" ")
        names = [(packed.glyph_classes[c], x, y) for c, x, y in packed.glyphs(index).tolist()]
        assert names == [(name, round(x), round(y)) for name, x, y in written.glyphs]
    assert packed.widths.tolist() == [31, 31, 31]
    assert packed.heights.tolist() == [21, 22, 23]
    assert packed.token_counts.tolist() == [3, 1, 6]
    assert packed.record(1).split == "train"


def test_a_reader_travels_to_another_process(tmp_path: Path) -> None:
    """Protects data loaders: open memory maps can't be pickled."""
    write_shard(tmp_path, 0, [formula("x")], summary={})
    packed = PackedImages(tmp_path)
    expected = packed.image(0)

    copy = pickle.loads(pickle.dumps(packed))  # noqa: S301 - our own bytes

    np.testing.assert_array_equal(copy.image(0), expected)


def test_a_truncated_shard_is_named(tmp_path: Path) -> None:
    """Protects a long training run from failing in the middle on a half-copied file."""
    write_shard(tmp_path, 0, [formula("x"), formula("y")], summary={})
    binary = tmp_path / "images-00000.bin"
    binary.write_bytes(binary.read_bytes()[:-10])

    with pytest.raises(PackedImagesError, match=r"images-00000\.bin is damaged"):
        PackedImages(tmp_path)


def test_a_missing_binary_is_named(tmp_path: Path) -> None:
    """As above, for a file that was not copied at all."""
    write_shard(tmp_path, 0, [formula("x")], summary={})
    (tmp_path / "images-00000.bin").unlink()

    with pytest.raises(PackedImagesError, match=r"images-00000\.bin"):
        PackedImages(tmp_path)


@pytest.mark.parametrize("damage", ['{"offset": 0, "leng', '{"offset": 0}', "[]", "\x00\x00"])
def test_a_broken_manifest_line_is_named(tmp_path: Path, damage: str) -> None:
    """As above, for the manifest."""
    write_shard(tmp_path, 0, [formula("x")], summary={})
    manifest = tmp_path / "manifest-00000.jsonl"
    manifest.write_text(manifest.read_text() + damage)

    with pytest.raises(PackedImagesError, match="line 2"):
        PackedImages(tmp_path)


def test_missing_class_names_are_named(tmp_path: Path) -> None:
    """Without them glyph classes of different shards would be mixed up."""
    write_shard(tmp_path, 0, [formula("x")], summary={})
    (tmp_path / "shard-00000.json").write_text("{}")

    with pytest.raises(PackedImagesError, match=r"shard-00000\.json"):
        PackedImages(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """A wrong path must not look like an empty data set."""
    with pytest.raises(PackedImagesError, match="no packed images"):
        PackedImages(tmp_path)


def test_a_shard_that_was_interrupted_is_not_there(tmp_path: Path) -> None:
    """Protects the restart: a killed process leaves nothing that passes for a finished shard."""

    def interrupted() -> list[PackedFormula]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_shard(tmp_path, 0, (f for _ in range(2) for f in [formula("x"), *interrupted()]), summary={})
    assert not is_written(tmp_path, 0)

    write_shard(tmp_path, 0, [formula("y")], summary={})

    assert is_written(tmp_path, 0)
    assert PackedImages(tmp_path).tokens(0) == ["y"]
    assert not list(tmp_path.glob("*.partial"))


def test_an_empty_shard_is_fine(tmp_path: Path) -> None:
    """All formulas of a shard may be dropped."""
    write_shard(tmp_path, 0, [], summary={})
    write_shard(tmp_path, 1, [formula("x")], summary={})

    packed = PackedImages(tmp_path)

    assert len(packed) == 1
    assert packed.tokens(0) == ["x"]


def test_summary_may_grow_while_formulas_are_consumed(tmp_path: Path) -> None:
    """The counts of dropped formulas are known only when the last one has been rendered."""
    summary: dict[str, int] = {}

    def formulas() -> list[PackedFormula]:
        summary["dropped"] = 7
        return [formula("x")]

    write_shard(tmp_path, 0, (f for part in [formulas] for f in part()), summary=summary)

    assert json.loads((tmp_path / "shard-00000.json").read_text())["dropped"] == 7
