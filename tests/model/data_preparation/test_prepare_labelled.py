"""Images and labels of one's own become a data set: paired, cleaned, split, in im2latex's layout and in ours."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from model.data_preparation.formula import Formula
from model.data_preparation.formula_sources import read_im2latex
from model.data_preparation.packed_images import PackedImages
from model.data_preparation.prepare_labelled import align_folders, longest_match, main
from model.decoding.decoded_formula import DecodedFormula, StopReason
from model.decoding.grammar import grammar_of
from model.decoding.grammar_state import GrammarState
from model.recognition.result import recognition_of
from model.vocabulary import EOS, Vocabulary


def draw(path: Path, text: str) -> None:
    image = Image.new("L", (40 + 18 * len(text), 50), 255)
    ImageDraw.Draw(image).text((12, 8), text, fill=0, font=ImageFont.load_default(size=26))
    image.save(path)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Twenty good pairs, one formula shown twice, and what goes wrong in such folders."""
    images, labels = tmp_path / "images", tmp_path / "labels"
    images.mkdir()
    labels.mkdir()
    for number in range(20):
        draw(images / f"n{number}.png", f"x+{number}")
        (labels / f"n{number}.txt").write_text(f"$x + {number}$", encoding="utf-8")
    draw(images / "again.png", "x+3")
    (labels / "again.txt").write_text("x+3", encoding="utf-8")
    draw(images / "alone.png", "a")
    (labels / "lonely.txt").write_text("a", encoding="utf-8")
    for stem, label in (("service", "error"), ("broken", r"\frac{1"), ("blank", "x+5")):
        draw(images / f"{stem}.png", "z")
        (labels / f"{stem}.txt").write_text(label, encoding="utf-8")
    Image.new("L", (60, 40), 255).save(images / "blank.png")
    return images, labels


def test_folders_become_a_data_set(folders: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "own"
    assert main([*map(str, folders), "--out", str(out), "--validation", "0.2", "--test", "0.2"]) == 0
    packs = {split: PackedImages(out / "images" / split) for split in ("train", "validation", "test")}
    formulas = {split: [" ".join(pack.tokens(row)) for row in range(len(pack))] for split, pack in packs.items()}
    assert sum(map(len, formulas.values())) == 21
    assert [len(set(formulas[split])) for split in ("validation", "test")] == [4, 4]
    # A formula that is trained on is no test, however many images show it.
    assert not set(formulas["train"]) & {*formulas["validation"], *formulas["test"]}
    vocabulary = Vocabulary.load(out / "dataset" / "vocabulary.json")
    head = (out / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    assert head[:4] == ["<pad>", "<start>", "<end>", "<unk>"]
    assert head[4 : len(vocabulary)] == list(vocabulary.tokens[4:])
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["left out"] == {
        "image without a label": 1,
        "label without an image": 1,
        "error label of a labelling service": 1,
        "unbalanced": 1,
        "image that cannot be read": 1,
    }


def test_the_lists_are_those_of_im2latex(folders: tuple[Path, Path], tmp_path: Path) -> None:
    # Our own reader of that layout finds every formula with its image; the names say nothing of what they were.
    out = tmp_path / "own"
    main([*map(str, folders), "--out", str(out)])
    read = list(read_im2latex(out / "own_formulas.lst", Counter()))
    assert {formula.source for formula in read} == {"own_train", "own_validate", "own_test"}
    assert all(formula.image is not None and Path(formula.image).is_file() for formula in read)
    names = sorted(path.name for path in (out / "formula_images").iterdir())
    assert names == [f"{number:05}.png" for number in range(21)]
    assert Formula("x + 3", read[0].source).latex in {formula.latex for formula in read}


def test_the_order_is_the_seeds(folders: tuple[Path, Path], tmp_path: Path) -> None:
    lists = []
    for out, seed in (("one", "1"), ("same", "1"), ("other", "2")):
        main([*map(str, folders), "--out", str(tmp_path / out), "--seed", seed])
        lists.append((tmp_path / out / "own_formulas.lst").read_text(encoding="latin-1"))
    assert lists[0] == lists[1] != lists[2]


def test_text_without_spaces_is_cut_by_the_longest_token() -> None:
    # 平方根 is a token of its own, though 平方 is one, too; what no list knows is one character each.
    tokens = ["平方", "平方根", "的", "x", "加"]
    assert longest_match("x的平方根 加平方?", tokens) == ["x", "的", "平方根", "加", "平方", "?"]
    assert longest_match("", tokens) == []


def test_labels_in_chinese_are_learned_as_they_are_cut(tmp_path: Path) -> None:
    (tmp_path / "tokens.txt").write_text("平方根\n平方\n的\n", encoding="utf-8")
    for number in range(6):
        draw(tmp_path / f"{number}.png", f"{number}x")
        (tmp_path / f"{number}.txt").write_text(f"{number}的平方根", encoding="utf-8")
    (tmp_path / "6.txt").write_text("error", encoding="utf-8")
    draw(tmp_path / "6.png", "e")
    out = tmp_path / "own"
    arguments = [str(tmp_path), str(tmp_path), "--out", str(out), "--longest-match", str(tmp_path / "tokens.txt")]
    assert main(arguments) == 0
    assert {"平方根", "的"} < set(Vocabulary.load(out / "dataset" / "vocabulary.json").tokens)
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["left out"]["error label of a labelling service"] == 1


def test_a_label_in_chinese_can_be_written_and_is_copied_as_it_is() -> None:
    # The grammar of formulas forbade what the network had learned, and a reading that is no LaTeX was an error.
    tokens = ["9", "的", "平方根", "，"]
    vocabulary = Vocabulary.build([tokens])
    grammar = grammar_of(vocabulary.tokens)
    state = GrammarState.start(grammar)
    token_ids = vocabulary.ids(tokens)
    for token_id in token_ids:
        assert grammar.allows(state.row(), token_id)
        state.advance(token_id)
    assert grammar.allows(state.row(), EOS)
    read = DecodedFormula(token_ids, tokens, [-0.1] * len(tokens), -0.1, StopReason.COMPLETE)
    reading = recognition_of(read, seconds=0.0)
    assert (reading.latex, reading.tokens) == ("9的平方根，", tuple(tokens))


def test_folders_that_do_not_belong_together_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw(tmp_path / "a.png", "a")
    assert main([str(tmp_path), str(tmp_path / "missing"), "--out", str(tmp_path / "own")]) == 1
    assert main([str(tmp_path), str(tmp_path), "--out", str(tmp_path / "own")]) == 1
    missing, nothing = capsys.readouterr().err.splitlines()
    assert missing.endswith("missing is no folder")
    assert "has a label of the same name" in nothing
    assert not (tmp_path / "own").exists()
    losses: Counter[str] = Counter()
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    assert align_folders(tmp_path, tmp_path, losses) == [(tmp_path / "a.png", tmp_path / "a.txt")]
