"""`evaluate` goes from images to the report that people read: its figures must be those of the images."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw, ImageFont

from model.data_preparation.formula import LabelledFormula
from model.evaluation.evaluate import BEGIN, END, find_sets, main
from model.evaluation.evaluator import EvaluatedFormula, EvaluatedSet, _tokens_with_number, evaluate_sets
from model.evaluation.example_sheet import choose_examples
from model.evaluation.image_set import write_set
from model.latex.prose import split_number
from model.recognition.recogniser import Recogniser
from model.recognition.result import Recognition
from tests.model.layout.page_composer import draw_line

RESOURCES = Path(__file__).parents[3] / "resources"
COUNT = 6


def drawn(number: int) -> Image.Image:
    image = Image.new("L", (60 + 4 * number, 40), 255)
    ImageDraw.Draw(image).text((8, 8), f"{number} + {number}", fill=0, font=ImageFont.load_default(size=16))
    return image


@pytest.fixture
def sets(recogniser_files: SimpleNamespace, tmp_path: Path) -> Path:
    """Two sets of the same images, labelled with what is read in them; but one label of `scale-1` is wrong.

    In `degraded-blur` two images are blank.
    """
    recogniser = Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")
    labels = [recognition.tokens for recognition in recogniser.recognise_batch([drawn(n) for n in range(COUNT)])]
    labels[0] = (*labels[0], "x")
    formulas = [LabelledFormula("", " ".join(labels[n]), "k12", identity=f"k12-{n}") for n in range(COUNT)]
    folder = tmp_path / "sets"
    write_set(folder / "scale-1", [(f, drawn(n)) for n, f in enumerate(formulas)], dropped={}, made_of="drawing")
    blank = Image.new("L", (50, 40), 255)
    write_set(
        folder / "degraded-blur",
        [(f, blank if n in (3, 4) else drawn(n)) for n, f in enumerate(formulas)],
        dropped={"lost": 2},
        made_of="drawing",
    )
    return folder


def test_report_says_what_was_read(
    sets: Path, recogniser_files: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, sheet, out = tmp_path / "accuracy.md", tmp_path / "sheet.png", tmp_path / "out"
    document.write_text(f"Before.\n{BEGIN}\n{END}\nAfter.\n", encoding="utf-8")
    arguments = [recogniser_files.weights, recogniser_files.vocabulary, sets, "--device", "cpu", "--out", out]
    arguments += ["--document", document, "--sheet", sheet, "--command", "make evaluate"]
    assert main([str(argument) for argument in arguments]) == 0
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    rows = {row["title"]: row for row in report["rows"]}
    assert rows["scale 1"]["metrics"]["exact_match"] == pytest.approx((COUNT - 1) / COUNT)
    assert rows["blur"]["metrics"]["exact_match"] == pytest.approx((COUNT - 3) / COUNT)
    assert rows["blur"]["points_lost"] == pytest.approx(100 * 2 / COUNT)
    assert report["images"] == 2 * COUNT
    name, milliseconds = report["timed"]
    assert name == "all sets"
    assert len(milliseconds) == 2 * COUNT
    assert min(milliseconds) > 0
    assert list(report["errors"]) == ["all other sets"]
    assert sum(error["formulas"] for error in report["errors"]["all other sets"]) == 4
    readings = json.loads((out / "readings.json").read_text(encoding="utf-8"))
    assert [len(one["formulas"]) for one in readings] == [COUNT, COUNT]
    written = document.read_text(encoding="utf-8")
    assert written.startswith("Before.")
    assert written.endswith("After.\n")
    for part in ("make evaluate", report["weights_hash"], "| blur | 6 |", "degraded-blur: 2 (lost)"):
        assert part in written
    assert written.partition(BEGIN)[2].partition(END)[0].strip() == capsys.readouterr().out.strip()
    with Image.open(sheet) as image:
        assert image.width > 1000


def test_a_blank_image_costs_its_neighbours_nothing(sets: Path, recogniser_files: SimpleNamespace) -> None:
    recogniser = Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")
    read = evaluate_sets(recogniser, find_sets(sets, ["degraded"]))
    assert [reading.is_right for reading in read["degraded-blur"].formulas] == [False, True, True, False, False, True]
    assert read["degraded-blur"].formulas[3].prediction == []


def test_equation_number_that_is_read_counts(tmp_path: Path) -> None:
    # It is a field of its own, no part of the formula's tokens; the label has it behind them.
    shown = drawn_line("$a^2 + b^2 = c^2$", width=420)
    shown.paste(drawn_line("(3.14)", width=100), (320, 0))
    label = r"a ^ 2 + b ^ 2 = c ^ 2 \tag { 3 . 1 4 }"
    write_set(tmp_path / "page-numbered", [(LabelledFormula("", label, "page", identity="line-0"), shown)], dropped={},
              made_of="drawing")  # fmt: skip
    recogniser = Recogniser.load(RESOURCES / "weights.safetensors", RESOURCES / "vocabulary.json", device="cpu")
    read = evaluate_sets(recogniser, find_sets(tmp_path))
    assert read["page-numbered"].formulas[0].prediction == label.split()


def drawn_line(source: str, *, width: int) -> Image.Image:
    """A line as mathtext writes it, on white of that width."""
    ink = draw_line(source, em=22.0).ink
    image = Image.new("L", (width, 60), 255)
    image.paste(Image.fromarray(255 - ink), (10, 30 - ink.shape[0] // 2))
    return image


def test_folder_without_sets_is_one_sentence(
    recogniser_files: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(recogniser_files.weights), str(recogniser_files.vocabulary), str(tmp_path / "none")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


def readings_of(name: str, *, wrong: int, right: int) -> EvaluatedSet:
    made = [
        EvaluatedFormula(f"{name}-{n}", "k12", f"{name}/{n}.png", ["x"], ["y"] if n < wrong else ["x"], 0.5, False)
        for n in range(wrong + right)
    ]
    return EvaluatedSet(name, made, {}, 1.0)


@pytest.mark.parametrize(
    ("wrong", "right", "shown"), [(30, 30, (5, 5)), (2, 30, (2, 8)), (30, 1, (9, 1)), (1, 2, (1, 2))]
)
def test_examples_are_half_wrong_and_half_right(wrong: int, right: int, shown: tuple[int, int]) -> None:
    examples = choose_examples([readings_of("a", wrong=wrong, right=right)], count=10)
    assert (sum(not one.is_right for one in examples), sum(one.is_right for one in examples)) == shown


def test_examples_come_from_every_set() -> None:
    read = [readings_of("a", wrong=50, right=50), readings_of("b", wrong=3, right=3)]
    assert {one.image.partition("/")[0] for one in choose_examples(read, count=8)} == {"a", "b"}


@pytest.mark.parametrize("tokens", [("x", "=", "1"), ("x", "=", "1", r"\tag", "{", "3", ".", "1", "}")])
def test_a_number_is_counted_once(tokens: tuple[str, ...]) -> None:
    # A line that was read with its number has it among its tokens, one whose number stood apart has not.
    read = Recognition("x=1", tokens, (0.0,) * len(tokens), 0.9, 0.1, number="3.1")
    assert split_number(_tokens_with_number(read)) == (["x", "=", "1"], "3.1")
