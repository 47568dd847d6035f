"""Counts what became of every formula: how many were read, kept, dropped and for which reason, by source."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from model.data_preparation.dataset_split import VocabularyChoice
from model.data_preparation.formula import Formula, Losses
from model.data_preparation.formula_filter import DropReason, Rejection
from model.data_preparation.formula_sources import write_json_lines

_READ = "read"
_QUANTILES = (50, 90, 99, 100)


class DatasetReport:
    """What `build_dataset` counted.

    Attributes:
        counts: For each source, how many formulas were read, dropped for each reason, and put in each split.
        losses: What could not even be read, by reason.
        dropped: The formulas left out, with their reasons; duplicates are counted only.
        summary: Vocabulary, lengths of each split, and tokens that held-out formulas have beyond the vocabulary.
    """

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.losses = Losses()
        self.dropped: list[dict[str, str]] = []
        self.summary: dict[str, object] = {}
        self._splits: Sequence[str] = ()

    def count_read(self, formula: Formula) -> None:
        """Counts a formula of its source."""
        self.counts.setdefault(formula.source, Counter())[_READ] += 1

    def drop(self, formula: Formula, rejection: Rejection) -> None:
        """Counts a formula that is left out, and keeps it for `dropped.jsonl`."""
        self.counts[formula.source][rejection.reason] += 1
        if rejection.reason not in {DropReason.DUPLICATE, DropReason.HELD_OUT}:
            self.dropped.append(
                {
                    "latex": formula.latex,
                    "source": formula.source,
                    "reason": rejection.reason,
                    "cause": rejection.cause,
                }
            )

    def finish(
        self,
        formulas: Mapping[str, Formula],
        splits: Mapping[str, str],
        names: Sequence[str],
        choice: VocabularyChoice,
    ) -> None:
        """Adds what is known at the end: sizes and lengths of the splits, and the vocabulary."""
        self._splits = names
        known = frozenset(choice.vocabulary.tokens)
        lengths: dict[str, list[int]] = {name: [] for name in names}
        unspelt = dict.fromkeys(names, 0)
        for canonical, split in splits.items():
            self.counts[formulas[canonical].source][split] += 1
            tokens = canonical.split()
            lengths[split].append(len(tokens))
            unspelt[split] += not known.issuperset(tokens)
        self.summary = {
            "vocabulary_size": len(choice.vocabulary),
            "vocabulary_hash": choice.vocabulary.hash,
            "minimum_count": choice.minimum_count,
            "rare_tokens": choice.rare_tokens,
            "formulas": {name: len(lengths[name]) for name in names},
            "formulas_beyond_vocabulary": unspelt,
            "token_count_quantiles": {name: _quantiles(lengths[name]) for name in names},
        }

    def save(self, folder: Path) -> None:
        """Writes `dropped.jsonl` and `report.json`."""
        write_json_lines(folder / "dropped.jsonl", self.dropped)
        text = json.dumps({**self.summary, "unread": self.losses, "sources": self.counts}, indent=1, ensure_ascii=False)
        (folder / "report.json").write_text(text + "\n", encoding="utf-8")

    def table(self) -> str:
        """Returns the counts as a table: one column a source, one row a fate."""
        total: Counter[str] = sum(self.counts.values(), Counter())
        columns = {**self.counts, "all": total}
        rows = [row for row in (_READ, *DropReason, *self._splits) if total[row]]
        title_width = max(map(len, rows), default=0)
        lines = [" " * title_width + "".join(f"{name:>{_width(name)}}" for name in columns)]
        for row in rows:
            cells = (f"{counts[row]:>{_width(name)},}" for name, counts in columns.items())
            lines.append(f"{row:<{title_width}}" + "".join(cells))
        lines += [f"not read: {count:,} ({reason})" for reason, count in self.losses.items()]
        lines.append(
            f"vocabulary: {self.summary['vocabulary_size']} tokens seen at least "
            f"{self.summary['minimum_count']} times in train"
        )
        return "\n".join(lines)


def _width(name: str) -> int:
    return max(len(name), 9) + 2


def _quantiles(lengths: list[int]) -> dict[str, int]:
    ordered = sorted(lengths)
    return {f"p{part}": ordered[(len(ordered) - 1) * part // 100] for part in _QUANTILES} if ordered else {}
