"""Screens join the training as packed images: each image with its own label, and nothing lost in silence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from model.data_preparation.packed_images import PackedImages
from model.data_preparation.render_screen_formulas import main

needs_chromium = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")), reason="needs chromium and chromedriver"
)

# Stands in for both libraries: a formula is black boxes as high as a digit, one for each `x`; a `z` is refused.
DRAW = """
function draw(latex) {
  if (latex.includes("z")) throw new Error("z");
  const box = '<span style="display:inline-block;margin:2px;background:black;width:8px;height:12px"></span>';
  const element = document.createElement("span");
  element.style = "display:inline-block;line-height:0";
  element.innerHTML = box.repeat(latex.split("x").length - 1);
  return element;
}
"""
LIBRARIES = {
    "katex/dist/katex.min.js": DRAW + "window.katex = { render(latex, element) { element.append(draw(latex)); } };",
    "mathjax/es5/tex-chtml-full.js": DRAW
    + "window.MathJax = { startup: { document: { clear() {}, updateDocument() {} } }, tex2chtml: draw };",
}


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A folder of packages with those libraries in it."""
    for name, source in LIBRARIES.items():
        path = tmp_path / "node_modules" / name
        path.parent.mkdir(parents=True)
        path.write_text(source, encoding="utf-8")
        (tmp_path / "node_modules" / name.split("/")[0] / "package.json").write_text("{}", encoding="utf-8")
    return tmp_path / "node_modules"


@needs_chromium
def test_each_image_is_packed_with_its_own_label(
    tmp_path: Path, modules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = ["x", "x x x", "z", "x x"]
    lines = [json.dumps({"latex": text, "tokens": text, "source": "k12"}) for text in tokens]
    (tmp_path / "train.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    folder = tmp_path / "images"
    command = [str(tmp_path / "train.jsonl"), str(folder), "--modules", str(modules)]
    assert main(command) == 0
    assert "3 images" in capsys.readouterr().out
    packed = PackedImages(folder)
    widths = {packed.record(row).tokens: packed.image(row).shape[1] for row in range(len(packed))}
    assert sorted(widths) == ["x", "x x", "x x x"]
    assert widths["x"] < widths["x x"] < widths["x x x"]
    assert {packed.record(row).split for row in range(len(packed))} == {"train"}
    summary = json.loads((folder / "shard-00000.json").read_text(encoding="utf-8"))
    assert summary["dropped"]["the typesetter reports an error"] == 1

    assert main(command) == 0  # what is there is left alone
    assert "0 images" in capsys.readouterr().out


@needs_chromium
def test_missing_libraries_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.jsonl").write_text('{"latex": "x", "tokens": "x", "source": "k12"}\n', encoding="utf-8")
    assert main([str(tmp_path / "train.jsonl"), str(tmp_path / "images"), "--modules", str(tmp_path)]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("render_screen_formulas: There is no ")


@pytest.mark.skipif(not shutil.which("mutool"), reason="needs mutool")
@pytest.mark.parametrize("seed", range(4))
def test_pages_of_typst_are_packed_with_their_own_labels(tmp_path: Path, seed: int) -> None:
    """Protects labels: a formula that Typst can't hold must not hand its image to the next, whoever paints."""
    tokens = ["x", "x x x", r"\mathscr { x }", "x x"]
    lines = [json.dumps({"latex": text, "tokens": text, "source": "k12"}) for text in tokens]
    (tmp_path / "train.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    folder = tmp_path / "images"
    assert main([str(tmp_path / "train.jsonl"), str(folder), "--typesetters", "typst", "--seed", str(seed)]) == 0
    packed = PackedImages(folder)
    widths = {packed.record(row).tokens: packed.image(row).shape[1] for row in range(len(packed))}
    assert sorted(widths) == ["x", "x x", "x x x"]
    assert widths["x"] < widths["x x"] < widths["x x x"]


@pytest.mark.skipif(not shutil.which("mutool"), reason="needs mutool")
@pytest.mark.parametrize("scale", [0.75, 2.5])
def test_pages_are_painted_at_the_scale_asked_for(tmp_path: Path, scale: float) -> None:
    """Protects a stage of training that asks for more small print."""
    (tmp_path / "train.jsonl").write_text('{"latex": "x", "tokens": "x", "source": "k12"}\n', encoding="utf-8")
    folder = tmp_path / "images"
    command = [str(tmp_path / "train.jsonl"), str(folder), "--typesetters", "typst", "--scales", str(scale)]
    assert main(command) == 0
    assert json.loads((folder / "shard-00000.json").read_text(encoding="utf-8"))["scale"] == scale
    assert PackedImages(folder).record(0).dpi == 96 * scale


@pytest.mark.parametrize("scale", ["0", "-1", "nan", "100"])
def test_a_scale_that_is_none_is_refused(tmp_path: Path, scale: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "train.jsonl"), str(tmp_path / "images"), "--scales", scale])
    assert "--scales are numbers from 0.25 to 8" in capsys.readouterr().err
