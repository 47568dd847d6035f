"""The coverage command counts images, refusals and malformed lines apart."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks import preview_coverage


def test_share_is_of_the_formulas_that_parse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], qapp: object
) -> None:
    # A share that counted malformed lines would say more about the file than about the preview.
    formulas = tmp_path / "formulas.txt"
    too_long = "x+" * 4000 + "x"
    formulas.write_text(
        f"\\frac {{ 1 }} {{ 2 }}\nx _ i\n\\frac {{ 1\n{too_long}\n\\binom{{n}}{{k}}\n", encoding="utf-8"
    )
    monkeypatch.setattr(sys, "argv", ["preview_coverage", str(formulas)])

    assert preview_coverage.main() == 0

    printed = capsys.readouterr().out
    assert "3 of 4 formulas have a preview: 75.00% (1 malformed left out)" in printed
    assert "1  The formula is too long" in printed
