"""The data set every figure rests on: nothing in two splits, nothing lost without a reason."""

import json
from collections import Counter
from pathlib import Path

import pytest

from model.data_preparation import build_dataset, collect_formulas
from model.latex import normalise
from model.vocabulary import Vocabulary

SAMPLES = Path(__file__).parent / "samples"
SCHOOL, PHYSICS = SAMPLES / "school.txt", SAMPLES / "physics.txt"


def build(out: Path, *arguments: object) -> dict[str, list[dict[str, str]]]:
    """Runs the command and returns the lines of each split."""
    assert build_dataset.main([*map(str, arguments), "--out", str(out), "--minimum-count", "1"]) == 0
    return {
        path.stem: [json.loads(line) for line in path.read_text().splitlines()]
        for path in out.glob("*.jsonl")
        if path.stem != "dropped"
    }


def write(path: Path, *formulas: str) -> Path:
    path.write_text("\n".join(formulas) + "\n")
    return path


def test_files_and_fields(tmp_path: Path) -> None:
    # What rendering and training read.
    splits = build(tmp_path, SCHOOL, "--validation-only", PHYSICS, "--validation-share", 0.1, "--test-share", 0.2)
    assert set(splits) == {"train", "validation", "test", "physics"}
    assert len(splits["physics"]) == 12
    for lines in splits.values():
        for line in lines:
            assert set(line) == {"latex", "tokens", "source"}
            assert line["tokens"].split(" ") == normalise(line["latex"])
    assert {line["source"] for line in splits["train"]} == {"school"}


def test_no_formula_is_in_two_splits(tmp_path: Path) -> None:
    # Other spellings of held-out formulas are the leak that looks like skill.
    source = write(tmp_path / "a.txt", *(rf"x_{{{n}}}^2" for n in range(200)), *(rf"x^{{2}}_{n}" for n in range(10)))
    held_out = write(tmp_path / "held.txt", *(rf"{{x}}_{{{n}}}^{{2}}" for n in range(50)), "y")
    splits = build(tmp_path / "out", source, SCHOOL, "--validation-only", held_out)
    counts = Counter(line["tokens"] for lines in splits.values() for line in lines)
    assert set(counts.values()) == {1}
    assert len(splits["held"]) == 51
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["sources"]["a"]["in a validation-only file"] == 60


def test_every_formula_is_accounted_for(tmp_path: Path) -> None:
    # Read = kept + dropped, for each source, and each dropped one can be looked up.
    bad = write(
        tmp_path / "bad.txt", "", "x^{2", r"\nosuchcommand", "x^2^3", "error", "Ж", "x" * 300, "x", "{x}", "x+y"
    )
    splits = build(tmp_path / "out", SCHOOL, bad)
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["sources"]["bad"] == {
        "read": 10,
        "empty": 1,
        "unbalanced": 1,
        "unknown command": 1,
        "unparsable": 1,
        "error label of a labelling service": 1,
        "text in another script": 1,
        "over-long": 1,
        "duplicate": 1,
        "train": 2,
    }
    for counts in report["sources"].values():
        assert counts.pop("read") == sum(counts.values())
    assert sum(map(len, splits.values())) == sum(report["formulas"].values())
    dropped = [json.loads(line) for line in (tmp_path / "out" / "dropped.jsonl").read_text().splitlines()]
    assert {line["latex"] for line in dropped} >= {"x^2^3", r"\nosuchcommand", "Ж"}
    assert all(line["reason"] for line in dropped)


def test_vocabulary_knows_train_alone(tmp_path: Path) -> None:
    # \aleph is in the held-out file only: it must stay unknown, and its formula must stay in the split.
    held_out = write(tmp_path / "held.txt", r"\aleph+1")
    splits = build(tmp_path / "out", SCHOOL, "--validation-only", held_out)
    vocabulary = Vocabulary.load(tmp_path / "out" / "vocabulary.json")
    train_tokens = {token for line in splits["train"] for token in line["tokens"].split()}
    assert set(vocabulary.tokens[4:]) == train_tokens
    assert r"\aleph" not in train_tokens
    assert [line["latex"] for line in splits["held"]] == [r"\aleph+1"]
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["formulas_beyond_vocabulary"]["held"] == 1
    assert report["vocabulary_hash"] == vocabulary.hash


def test_formulas_with_rare_tokens_leave_train(tmp_path: Path) -> None:
    source = write(tmp_path / "a.txt", *(f"x+{n}" for n in range(100)), r"\aleph")
    arguments = [str(source), "--out", str(tmp_path / "out"), "--minimum-count", "2", "--validation-share", "0"]
    assert build_dataset.main([*arguments, "--test-share", "0"]) == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["rare_tokens"] == {r"\aleph": 1}
    assert report["sources"]["a"] == {"read": 101, "rare token": 1, "train": 100}


def test_the_same_command_writes_the_same_bytes(tmp_path: Path) -> None:
    # With one process or two, today or tomorrow: otherwise no figure can be repeated.
    build(tmp_path / "one", SCHOOL, PHYSICS)
    build(tmp_path / "two", SCHOOL, PHYSICS, "--workers", 2)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_limit_draws_from_all_sources(tmp_path: Path) -> None:
    splits = build(tmp_path, SCHOOL, PHYSICS, "--limit", 40)
    report = json.loads((tmp_path / "report.json").read_text())
    assert sum(counts["read"] for counts in report["sources"].values()) == 40
    assert set(report["sources"]) == {"school", "physics"}
    assert 30 < sum(map(len, splits.values())) <= 40


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.txt"], "missing.txt does not exist"),
        (["empty.txt"], "no formula is left to train on"),
        ([], "no formula is left to train on"),
        (["x.txt", "--validation-only", "train.txt"], "cannot be called 'train'"),
        (["broken.jsonl"], "broken.jsonl, line 1: not JSON"),
    ],
)
def test_bad_input_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("empty.txt", "x.txt", "train.txt", "broken.jsonl"):
        Path(name).write_text("" if name == "empty.txt" else "x")
    assert build_dataset.main([*arguments, "--out", "out"]) == 1
    error = capsys.readouterr().err.strip()
    assert error.startswith("build_dataset: ")
    assert message in error
    assert "\n" not in error
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "arguments", [["--validation-share", "1"], ["--test-share", "-0.1"], ["--workers", "0"], ["--limit", "0"]]
)
def test_options_out_of_range(tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_status:
        build_dataset.main([str(SCHOOL), "--out", str(tmp_path), *arguments])
    assert exit_status.value.code == 2


def test_the_table_shows_every_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = write(tmp_path / "bad.txt", "x^{2", "y")
    build(tmp_path / "out", bad, SCHOOL)
    table = capsys.readouterr().out
    assert "unbalanced" in table
    assert "school" in table
    assert "vocabulary:" in table


def test_collected_formulas_are_a_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # The two commands meet in the middle: documents in, data set out, names of the sources kept.
    collected = tmp_path / "collected.jsonl"
    assert collect_formulas.main([str(SAMPLES / "paper"), str(SCHOOL), "--out", str(collected)]) == 0
    output = capsys.readouterr().out
    assert "99 formulas" in output
    assert "1 lost: formula never closed" in output
    splits = build(tmp_path / "out", collected)
    assert {line["source"] for lines in splits.values() for line in lines} == {"paper", "school"}


def test_collecting_leaves_out_what_is_no_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "a.txt", "x", "", "error", "y", "z")
    out = tmp_path / "folder" / "out.jsonl"
    assert collect_formulas.main([str(source), "--out", str(out), "--limit", "2", "--source", "mine"]) == 0
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert lines == [{"latex": "x", "source": "mine"}, {"latex": "y", "source": "mine"}]
    output = capsys.readouterr().out
    assert "1 lost: empty" in output
    assert "1 lost: error label of a labelling service" in output


def test_collecting_from_nothing_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # And leaves no half-written file behind that a later step would take for whole.
    out = tmp_path / "out.jsonl"
    assert collect_formulas.main([str(SCHOOL), str(tmp_path / "missing"), "--out", str(out)]) == 1
    assert capsys.readouterr().err.strip() == f"collect_formulas: {tmp_path / 'missing'} does not exist"
    assert list(tmp_path.iterdir()) == []
