"""docs/training.md, from images of one's own to a recogniser of one's own: each command of that section, in small."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from model.command_line import main as recognise

ROOT = Path(__file__).parents[2]
SMALL = {
    "hybrid_vit": (
        '{"stage_widths": [8, 8, 8], "width": 16, "heads": 2, "encoder_layers": 1, "decoder_layers": 1,'
        ' "feed_forward_width": 16}'
    ),
    "im2markup": '{"convolutions": [8, 8, 8, 8, 8, 8], "row_width": 8, "width": 16, "attention_width": 8}',
    "resnet_plain_transformer": (
        '{"stage_widths": [8, 8, 8], "width": 16, "heads": 2, "decoder_layers": 1, "feed_forward_width": 16}'
    ),
}


def commands() -> list[list[str]]:
    """The commands of the section, in their order."""
    document = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
    section = document.split("## Your own images, any system, your own recogniser\n")[1]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def test_each_command_does_what_the_document_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("images", "labels"):
        (tmp_path / folder).mkdir()
    for number in range(0, 37 * 60, 37):  # a misread digit is hardly ever another label
        image = Image.new("L", (110, 50), 255)
        ImageDraw.Draw(image).text((12, 8), f"x+{number}", fill=0, font=ImageFont.load_default(size=26))
        image.save(tmp_path / "images" / f"{number}.png")
        (tmp_path / "labels" / f"{number}.txt").write_text(f"x+{number}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    seen = []
    for program, *arguments in commands():
        if program == "snaptex":
            assert arguments[0] == "recognise"
            capsys.readouterr()
            assert recognise(arguments[1:], weights=Path("none"), vocabulary=Path("vocabulary.json")) == 0
            assert len(capsys.readouterr().out.splitlines()) == 1
            continue
        assert (program, arguments[0]) == ("python", "-m")
        module, options = arguments[1], arguments[2:]
        seen.append(module.rpartition(".")[2])
        if module == "model.training.train":
            architecture = options[options.index("--architecture") + 1]
            few = ["--images", "8", "--processes", "1", "--curriculum=", "--validation-images", "1"]
            options += [*few, "--validate-every", "1000", "--batch-limit", "4", "--config", SMALL[architecture]]
        if module == "model.classification.classify_lists":
            options += ["--epochs", "1"]
        if module == "model.training.pretrain":
            options += ["--processor-seconds", "0.1", "--config", SMALL["resnet_plain_transformer"]]
        assert importlib.import_module(module).main(options) in {0, None}
    own = ["prepare_labelled", "train", "export_weights"]
    assert seen == [*own, "pretrain", "train", "learn_pieces", "train", "reading_errors", "classify_lists"]
    for run in ("pretrained", "pieces"):
        assert (tmp_path / "runs" / run / "best.safetensors").is_file()
    assert (tmp_path / "data" / "own" / "judges" / "judges.md").is_file()
