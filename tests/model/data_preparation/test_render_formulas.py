"""The rendering command, with mathtext so that it needs no TeX: whole runs, restarts, bad input."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.data_preparation import batch_rendering, render_formulas
from model.data_preparation.batch_rendering import BatchOptions, render_batch
from model.data_preparation.formula import LabelledFormula
from model.data_preparation.packed_images import PackedImages
from model.data_preparation.render_formulas import RenderingError, RenderingOptions, main

DRAWN = ["x+1", r"\frac{a}{b}", r"\alpha^{2}_{i}", r"\sqrt{y}", r"\sum_{i=1}^{n} i"]
REFUSED = [r"\begin{matrix}a\end{matrix}"]
OPTIONS = RenderingOptions("train.jsonl", typesetter="mathtext", formulas_per_shard=2)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    path = tmp_path / "train.jsonl"
    lines = [json.dumps({"latex": latex, "tokens": f"label {latex}", "source": "k12"}) for latex in DRAWN + REFUSED]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_run_leaves_images_labels_counts_and_a_contact_sheet(dataset: Path, tmp_path: Path) -> None:
    """Protects the command as it is used: worker processes, images, counts by reason, a sheet to look at."""
    folder = tmp_path / "out"

    status = main([str(dataset), str(folder), "--typesetter", "mathtext", "--workers", "2"])

    assert status == 0
    packed = PackedImages(folder)
    assert sorted(packed.record(i).tokens for i in range(len(packed))) == sorted(f"label {latex}" for latex in DRAWN)
    for index in range(len(packed)):
        assert packed.image(index).max() > 150
        assert packed.record(index).split == "train"
    summary = json.loads((folder / "rendering.json").read_text())
    assert summary["images"] == len(DRAWN)
    assert summary["dropped"] == {"mathtext can't draw it": 1}
    assert (folder / "contact-sheet.png").stat().st_size > 1000


def test_renders_each_formula_anew_as_often_as_asked(dataset: Path, tmp_path: Path) -> None:
    """Protects --renders-per-formula: more looks, not copies of one."""
    options = replace(OPTIONS, renders_per_formula=4)
    summary = render_formulas.render_formulas(dataset, tmp_path / "out", options, workers=1)
    packed = PackedImages(tmp_path / "out")
    assert summary["formulas"] == 4 * len(DRAWN + REFUSED)
    same = [packed.image(i) for i in range(len(packed)) if packed.tokens(i)[1:] == ["x+1"]]
    assert len(same) == 4
    assert len({image.tobytes() for image in same}) > 1


def test_a_restart_makes_only_what_is_missing(dataset: Path, tmp_path: Path) -> None:
    """Protects hours of rendering: finished shards stay, a lost one comes back as it was."""
    folder = tmp_path / "out"
    render_formulas.render_formulas(dataset, folder, OPTIONS, workers=1)
    before = {path.name: path.read_bytes() for path in folder.glob("*-0*")}
    times = {path.name: path.stat().st_mtime_ns for path in folder.glob("*-0*")}
    (folder / "manifest-00001.jsonl").unlink()
    (folder / "images-00001.bin").rename(folder / "images-00001.bin.123.partial")

    render_formulas.render_formulas(dataset, folder, OPTIONS, workers=1)

    after = {path.name: path.read_bytes() for path in folder.glob("*-0*")}
    assert {name: data for name, data in after.items() if not name.startswith("shard")} == {
        name: data for name, data in before.items() if not name.startswith("shard")
    }
    assert not list(folder.glob("*.partial"))
    remade = {path.name for path in folder.glob("*-0*") if path.stat().st_mtime_ns != times.get(path.name)}
    assert remade == {"images-00001.bin", "shard-00001.json", "manifest-00001.jsonl"}


def test_other_options_in_the_same_folder_are_refused(dataset: Path, tmp_path: Path) -> None:
    """Two renderings in one folder would overlap in silence."""
    render_formulas.render_formulas(dataset, tmp_path / "out", OPTIONS, workers=1)
    other = replace(OPTIONS, seed=1)
    with pytest.raises(RenderingError, match="other options"):
        render_formulas.render_formulas(dataset, tmp_path / "out", other, workers=1)


def test_limits_choose_formulas(dataset: Path, tmp_path: Path) -> None:
    """--limit and the token limits decide what is rendered."""
    options = replace(OPTIONS, limit=3, minimum_tokens=2, maximum_tokens=2)
    assert render_formulas.render_formulas(dataset, tmp_path / "out", options, workers=1)["formulas"] == 3


def test_formulas_are_chosen_by_what_they_contain(dataset: Path, tmp_path: Path) -> None:
    """How the formulas with rows are drawn more often than the others."""
    folder = tmp_path / "out"
    assert main([str(dataset), str(folder), "--typesetter", "mathtext", "--containing", r"\frac"]) == 0
    packed = PackedImages(folder)
    assert [packed.record(index).tokens for index in range(len(packed))] == [r"label \frac{a}{b}"]


def test_some_images_are_blurred_before_they_are_scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects what is read from scans: sharpening and the estimate of text height meet blurred ink in training too."""
    formula = LabelledFormula("x+1", "x + 1", "k12", "train")

    def rendered() -> np.ndarray:
        options = BatchOptions("mathtext", ())
        return next(render_batch([formula], options, seed="one", dropped=Counter())).image

    monkeypatch.setattr(batch_rendering, "_BLURRED_SHARE", 0.0)
    sharp = rendered()
    monkeypatch.setattr(batch_rendering, "_BLURRED_SHARE", 1.0)
    blurred = rendered()
    assert not np.array_equal(sharp, blurred)
    # The strokes' edges take more pixels.
    assert np.count_nonzero((blurred > 40) & (blurred < 215)) > np.count_nonzero((sharp > 40) & (sharp < 215))


@pytest.mark.parametrize("line", ["no json", "[]", '{"latex": "x"}', '{"latex": "x", "tokens": 3, "source": "k12"}'])
def test_a_bad_line_is_named(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    """Protects from a wrong file: one sentence, no traceback."""
    dataset.write_text(dataset.read_text() + line)
    assert main([str(dataset), str(tmp_path / "out"), "--typesetter", "mathtext"]) == 1
    assert f"Line {len(DRAWN + REFUSED) + 1} of" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00"])
def test_a_missing_empty_or_binary_file_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    """As above."""
    path = tmp_path / "train.jsonl"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path), str(tmp_path / "out"), "--typesetter", "mathtext"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_what_is_too_large_or_blank_is_dropped_and_counted(tmp_path: Path) -> None:
    """The network has a largest input: a formula shrunk to fit it would teach unreadable text."""
    dropped: Counter[str] = Counter()
    wide = "+".join(["x"] * 150)
    formulas = [LabelledFormula(latex, "x", "k12", "train") for latex in (wide, r"\quad", "x")]
    options = BatchOptions("mathtext", ())
    packed = list(render_batch(formulas, options, seed="a", dropped=dropped))
    assert len(packed) == 1
    assert packed[0].image.dtype == np.uint8
    assert dropped["too large"] == 1
    assert dropped.total() == 2


def test_resolution_and_looks_can_be_set(dataset: Path, tmp_path: Path) -> None:
    """Protects measuring at one resolution, and a fair sample of looks: one formula a look gives many."""
    folder = tmp_path / "out"
    options = replace(OPTIONS, renders_per_formula=4, formulas_per_look=1, dpi=173)
    render_formulas.render_formulas(dataset, folder, options, workers=1)
    packed = PackedImages(folder)
    records = [packed.record(index) for index in range(len(packed))]
    assert {record.dpi for record in records} == {173}
    assert len({(record.font, record.size_pt, record.style) for record in records}) > 5


@pytest.mark.tex
def test_fonts_can_be_chosen(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Protects measuring in one font, and holding fonts out of training."""
    folder = tmp_path / "out"
    assert main([str(dataset), str(folder), "--typesetter", "tex", "--fonts", "cm", "--workers", "1"]) == 0
    packed = PackedImages(folder)
    assert len(packed) == len(DRAWN + REFUSED)
    assert {packed.record(index).font for index in range(len(packed))} == {"cm"}
    assert main([str(dataset), str(tmp_path / "other"), "--fonts", "cm,comic", "--workers", "1"]) == 1
    assert "no font set-up comic" in capsys.readouterr().err
