"""What is cut out of a screenshot must be the formula, whole, at the scale asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from model.data_preparation.web_typesetter import ProgramMissingError, crop_box, photograph

needs_chromium = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")), reason="needs chromium and chromedriver"
)

# Stands in for the library: a formula is a black box as wide as its first number says; "bad" is refused.
LIBRARY = """
window.katex = { render(latex, element) {
  if (latex === "bad") throw new Error("bad");
  const [width, height] = latex.split(" ");
  element.innerHTML = `<span class="katex-html" style="display:inline-block;background:black;`
    + `width:${width}px;height:${height}px"></span>`;
} };
"""


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A folder of packages with that library in it."""
    package = tmp_path / "node_modules" / "katex"
    (package / "dist").mkdir(parents=True)
    (package / "package.json").write_text("{}", encoding="utf-8")
    (package / "dist" / "katex.min.js").write_text(LIBRARY, encoding="utf-8")
    (package / "dist" / "katex.min.css").write_text("", encoding="utf-8")
    return tmp_path / "node_modules"


@pytest.mark.parametrize(
    ("scale", "size", "box"),
    [(1.0, (500, 500), (5, 15, 115, 65)), (2.0, (500, 500), (10, 30, 230, 130)), (1.0, (100, 40), (5, 15, 100, 40))],
)
def test_crop_follows_the_scale_and_stays_inside(scale: float, size: tuple[int, int], box: tuple[int, ...]) -> None:
    assert crop_box((10.0, 20.0, 110.0, 60.0), scale, size, margin=5) == box
    assert crop_box((1.0, 2.0, 8.0, 9.0), 1.0, (50, 50), margin=5)[:2] == (0, 0)


@needs_chromium
def test_every_formula_is_photographed_whole(modules: Path) -> None:
    # The last ones lie far down, on a second page, and one is wider than any window.
    formulas = ["40 12", "bad", "3000 20", *["30 60"] * 19, "50 14"]
    images, refused = photograph(formulas, "katex", modules, (1.0, 1.5))
    assert refused == [1]
    for scale, found in images.items():
        assert sorted(found) == [number for number in range(len(formulas)) if number != 1]
        for number, image in found.items():
            ink = np.asarray(image.convert("L")) < 128
            width, height = (float(side) * scale for side in formulas[number].split())
            assert abs(ink.any(axis=0).sum() - width) <= 1
            assert abs(ink.any(axis=1).sum() - height) <= 1
            assert not any(edge.any() for edge in (ink[0], ink[-1], ink[:, 0], ink[:, -1]))


def test_missing_package_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissingError, match=r"There is no katex in .*"):
        photograph(["x"], "katex", tmp_path, (1.0,))
