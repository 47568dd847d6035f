"""`snaptex recognise`: one line a file in their order, one sentence for a bad file, and the exit status."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from model.command_line import main, new_files
from model.latex import normalise
from model.recognition.image_file import read_image
from model.recognition.recogniser import Recogniser, prepare
from model.recognition.result import Recognition
from tests.model.layout.one_line import image_of

Command = Callable[..., int]


@pytest.fixture
def recognise(recogniser_files: SimpleNamespace) -> Command:
    def run(*arguments: object) -> int:
        return main(
            [str(argument) for argument in arguments],
            weights=recogniser_files.weights,
            vocabulary=recogniser_files.vocabulary,
        )

    return run


def save_image(path: Path, text: str) -> Path:
    image = Image.new("L", (30 * len(text), 50), 255)
    ImageDraw.Draw(image).text((10, 8), text, fill=0, font=ImageFont.load_default(size=26))
    image.save(path)
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two good files, each followed by bad ones."""
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("x", encoding="utf-8")
    Image.new("L", (200, 50), 255).save(tmp_path / "blank.png")
    Image.new("L", (1, 1)).save(tmp_path / "dot.png")
    return [
        save_image(tmp_path / "first.png", "a+b"),
        tmp_path / "missing.png",
        tmp_path / "empty.png",
        tmp_path / "text.png",
        tmp_path,
        save_image(tmp_path / "second.png", "f(x)=12"),
        tmp_path / "blank.png",
        tmp_path / "dot.png",
    ]


def test_an_image_at_which_the_recogniser_fails_costs_only_itself(
    recognise: Command, files: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # One such image lost the batch of 64 that it was in, and all files after it.
    recognise_inputs = Recogniser.recognise_inputs
    wider = max(prepare(read_image(path)).shape[1] for path in (files[0], files[5]))

    def fail_at_the_wider(recogniser: Recogniser, inputs: list[np.ndarray], **options: Any) -> list[Recognition]:
        if any(one.shape[1] == wider for one in inputs):
            raise IndexError("an unforeseen fault")
        return recognise_inputs(recogniser, inputs, **options)

    monkeypatch.setattr(Recogniser, "recognise_inputs", fail_at_the_wider)
    assert recognise(*files, "--json", "--device", "cpu") == 1
    first, *_, second, _, _ = map(json.loads, capsys.readouterr().out.splitlines())
    assert sorted(["latex" in first, "latex" in second]) == [False, True]
    assert "The image cannot be read." in (first.get("error"), second.get("error"))


def test_json_has_one_object_a_file_in_their_order(
    recognise: Command, files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    # Scripts read this: every file has its line, and a failed one says why.
    assert recognise(*files, "--json", "--device", "cpu") == 1
    captured = capsys.readouterr()
    lines = [json.loads(line) for line in captured.out.splitlines()]
    assert [line["path"] for line in lines] == [str(path) for path in files]
    for line in lines:
        if line["path"] in {str(files[0]), str(files[5])}:
            assert set(line) == {
                "path",
                "latex",
                "kind",
                "number",
                "tokens",
                "confidence",
                "seconds",
                "lines",
                "left_out",
            }
            for part in line["lines"]:
                assert set(part) == {"kind", "box", "latex", "number", "confidence"}
            assert normalise(line["latex"]) == line["tokens"].split(" ")
            assert 0.0 <= line["confidence"] <= 1.0
            assert line["seconds"] > 0.0
        else:
            assert set(line) == {"path", "error"}
            assert line["error"].endswith(".")


def test_bad_files_get_a_sentence_and_the_others_go_on(
    recognise: Command, files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert recognise(*files) == 1
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 2
    complaints = captured.err.splitlines()
    assert len(complaints) == 6
    for path, complaint in zip([*files[1:5], *files[6:]], complaints, strict=True):
        assert complaint.startswith(f"snaptex recognise: {path}: ")
        assert complaint.endswith(".")


def test_good_files_end_with_status_zero(
    recognise: Command, files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert recognise(files[0], files[5], "--beam", "2") == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 2
    assert captured.err == ""  # the progress bar is for terminals


def test_standard_input_and_other_forms(
    recognise: Command, files: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recognise(files[0]) == 0
    latex = capsys.readouterr().out.strip()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(files[0].read_bytes())))
    assert recognise("-", "--format", "inline") == 0
    assert capsys.readouterr().out.split() == f"${latex}$".split()


def test_image_of_the_clipboard_is_read_and_its_formula_copied(
    recognise: Command, files: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr("PIL.ImageGrab.grabclipboard", lambda: Image.open(files[0]))
    monkeypatch.setattr("pyperclip.copy", copied.append)
    assert recognise("--clipboard") == 0
    assert copied[0].split() == capsys.readouterr().out.split()
    monkeypatch.setattr("PIL.ImageGrab.grabclipboard", lambda: None)
    assert recognise("--clipboard") == 1
    assert "no picture on the clipboard" in capsys.readouterr().err


def test_new_files_of_a_folder_are_found_once_they_are_whole(tmp_path: Path) -> None:
    (tmp_path / "before.png").write_bytes(b"x")
    looks = iter(range(8))

    def goes_on() -> bool:
        look = next(looks, None)
        if look == 1:
            (tmp_path / "new.png").write_bytes(b"half")
        if look == 2:
            (tmp_path / "new.png").write_bytes(b"half and half")
        return look is not None

    assert [path.name for path in new_files(tmp_path, goes_on=goes_on)] == ["new.png"]


def test_many_files_keep_their_order(recognise: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # They are read in groups of like size, and more than one load of them here.
    files = [save_image(tmp_path / f"{index}.png", "x" * (1 + index * 7 % 5)) for index in range(70)]
    assert recognise(*files, "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["path"] for line in lines] == [str(path) for path in files]
    of_length: dict[int, set[str]] = {}
    for index, line in enumerate(lines):
        of_length.setdefault(index * 7 % 5, set()).add(line["tokens"])
    assert all(len(tokens) == 1 for tokens in of_length.values())  # equal images are read alike


def test_multi_line_formulas_stay_on_one_line(
    recognise: Command, images_by_heart: list[np.ndarray], formulas: list[list[str]], tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    # One line a file is a promise to scripts; what people type has line breaks.
    (row,) = [index for index, tokens in enumerate(formulas) if tokens[0] == r"\begin{aligned}"]
    monkeypatch.setattr(Recogniser, "prepare", lambda *_: image_of(images_by_heart[row]))
    assert recognise(save_image(tmp_path / "any.png", "x")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert normalise(lines[0]) == formulas[row]


def test_missing_weights_are_one_sentence(
    recogniser_files: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["a.png"], weights=tmp_path / "gone", vocabulary=recogniser_files.vocabulary)
    captured = capsys.readouterr()
    assert status == 1
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [[], ["--beam", "0", "a.png"], ["--beam", "x", "a.png"], ["--device", "tpu", "a.png"]]
)
def test_wrong_options_are_refused(recognise: Command, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        recognise(*arguments)
    assert caught.value.code == 2
