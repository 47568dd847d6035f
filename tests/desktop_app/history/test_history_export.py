"""The history as files that other programs read."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from desktop_app.history.history import History
from desktop_app.history.history_export import HistoryExportError, all_entries, export_document, export_pairs
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from model.data_preparation.formula import Losses
from model.data_preparation.image_label_pairs import find_pairs, read_pairs
from tests.desktop_app.conftest import numbered_image, pixel_numbers

FORMULAS = [
    r"\frac{a}{b}",
    "\\begin{align*}\nx &= 1 \\\\\n\ny &= 2\n\\end{align*}",
    r"\begin{pmatrix} a & b \end{pmatrix}",
]


@pytest.fixture
def history(qtbot: QtBot, tmp_path: Path) -> History:
    history = History(tmp_path / "history.sqlite")
    for latex in [*FORMULAS, "  "]:
        history.add(Snip(numbered_image(20, 10), latex=latex), CopyFormat.LATEX)
    return history


def test_every_entry_is_found(history: History) -> None:
    assert [entry.latex for entry in all_entries(history)] == ["  ", *reversed(FORMULAS)]


def test_document_holds_every_formula(history: History, tmp_path: Path) -> None:
    path = tmp_path / "formulas.tex"
    assert export_document(all_entries(history), path) == 3  # the one without a formula is left out
    text = path.read_text(encoding="utf-8")
    assert "\\[\n\\frac{a}{b}\n\\]" in text
    assert "\\[\n\\begin{align*}" not in text  # a display inside a display is an error
    assert "\n\ny" not in text  # and so is a blank line inside one


@pytest.mark.tex
def test_document_is_typeset_by_tex(history: History, tmp_path: Path) -> None:
    export_document(all_entries(history), tmp_path / "formulas.tex")
    command = [shutil.which("pdflatex") or "pdflatex", "-halt-on-error", "-interaction=nonstopmode", "formulas.tex"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=100, check=False).returncode == 0


def test_pairs_are_read_back_by_data_preparation(history: History, tmp_path: Path) -> None:
    # A user's corrections are data to train with.
    folder = tmp_path / "pairs"
    assert export_pairs(history, folder) == 3
    files = sorted(folder.iterdir())
    losses = Losses()
    formulas = list(read_pairs(find_pairs(files), files, "history", losses))
    assert [formula.latex for formula in formulas] == [" ".join(latex.split()) for latex in FORMULAS]
    assert sum(losses.values()) == 0
    assert formulas[0].image is not None
    pixels = np.asarray(Image.open(formulas[0].image).convert("RGB")).astype(np.int64)
    numbers = (pixels[..., 0] << 16) | (pixels[..., 1] << 8) | pixels[..., 2]
    assert (numbers == pixel_numbers(numbered_image(20, 10))).all()


def test_folder_that_cannot_be_written_is_one_sentence(history: History, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HistoryExportError, match="can't be a folder"):
        export_pairs(history, tmp_path / "file" / "pairs")
    with pytest.raises(HistoryExportError, match="can't be written"):
        export_document(all_entries(history), tmp_path / "file" / "formulas.tex")
