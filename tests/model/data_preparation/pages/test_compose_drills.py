"""Rare symbols are met often enough only because their formulas are composed."""

from __future__ import annotations

import json
from pathlib import Path

from model.data_preparation.pages.compose_drills import main
from model.data_preparation.pages.compositions import RARE_SYMBOLS
from model.latex import normalise
from tests.model.data_preparation.pages.test_pages import corpus_folder as corpus_folder  # noqa: PLC0414


def test_every_rare_symbol_is_composed_and_labelled(corpus_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "drills.jsonl"
    assert main([str(corpus_folder), str(out), "--each", "4"]) == 0
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {symbol for symbol in RARE_SYMBOLS for one in records if symbol in one["tokens"].split()} == {*RARE_SYMBOLS}
    assert all(normalise(one["latex"]) == one["tokens"].split() for one in records)


def test_fragments_are_short_and_stand_alone(corpus_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "drills.jsonl"
    assert main([str(corpus_folder), str(out), "--each", "0", "--fragments", "50"]) == 0
    fragments = [json.loads(line)["tokens"].split() for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(fragments) == 50
    assert all(1 <= len(tokens) <= 4 and normalise(" ".join(tokens)) == tokens for tokens in fragments)
    assert len({tuple(tokens) for tokens in fragments}) > 10


def test_missing_corpus_is_one_sentence(tmp_path: Path) -> None:
    assert main([str(tmp_path / "none"), str(tmp_path / "drills.jsonl")]) == 1
    assert not (tmp_path / "drills.jsonl").exists()
