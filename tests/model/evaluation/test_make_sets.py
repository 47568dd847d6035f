"""Every set must be of the sample it is asked for, and a program that is missing must not cost the other sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from model.data_preparation.font_setups import HELD_OUT_FONTS, TEX_FONTS, Look
from model.data_preparation.formula import LabelledFormula
from model.data_preparation.tex_typesetter import Typeset
from model.evaluation import make_sets as making
from model.evaluation.image_set import ImageSetError, open_image, read_set
from model.evaluation.make_sets import SetMaker, SetOptions, main, make_sets


def sample(count: int = 4) -> tuple[LabelledFormula, ...]:
    return tuple(
        LabelledFormula(rf"{number}\,x", f"{number} x", group, identity=f"{group}-{number:04}", group=group)
        for group in ("im2latex_val", "k12")
        for number in range(count)
    )


def options(folder: Path, **changes: object) -> SetOptions:
    fields: dict[str, object] = {"sample": sample(), "folder": folder, "modules": folder / "node_modules"}
    return SetOptions(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture
def spellings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Look]]:
    """Pillow in TeX's place: it refuses every formula that begins with 2; the list tells what it was given."""
    given: list[tuple[str, Look]] = []

    def typeset(formulas: Sequence[str], look: Look) -> list[Typeset | str]:
        given.extend((formula, look) for formula in formulas)
        results: list[Typeset | str] = []
        for formula in formulas:
            image = Image.new("L", (60, 30), 255)
            ImageDraw.Draw(image).text((10, 8), formula, fill=0)
            results.append("TeX reports an error" if formula.startswith("2") else Typeset(image, []))
        return results

    monkeypatch.setattr(making, "typeset", typeset)
    return given


def test_sets_of_tex_hold_the_authors_spelling_and_their_resolution(
    spellings: list[tuple[str, Look]], tmp_path: Path
) -> None:
    make_sets(options(tmp_path, formulas_per_group=3), only=["tex-"])
    assert [formula for formula, _ in spellings] == [r"0\,x", r"1\,x", r"2\,x"] * 2
    assert {look.dpi for _, look in spellings[:3]} == {200}  # as im2latex-100k
    assert {look.font for _, look in spellings} == {"cm"}
    written = read_set(tmp_path / "tex-k12")
    assert [image.identity for image in written.formulas] == ["k12-0000", "k12-0001"]
    assert [image.tokens for image in written.formulas] == ["0 x", "1 x"]
    assert written.dropped == {"TeX reports an error": 1}
    assert open_image(written.formulas[0]).size == (60, 30)


def test_what_is_there_is_left_and_what_is_of_other_formulas_is_made_anew(
    spellings: list[tuple[str, Look]], tmp_path: Path
) -> None:
    assert make_sets(options(tmp_path), only=["font-"]) != {"font-arev": "is there", "font-cochineal": "is there"}
    assert make_sets(options(tmp_path), only=["font-"]) == {"font-arev": "is there", "font-cochineal": "is there"}
    make_sets(options(tmp_path, sample=sample(1)), only=["font-"])
    assert len(read_set(tmp_path / "font-arev").formulas) == 2
    assert len(list((tmp_path / "font-arev").glob("*.png"))) == 2


def test_missing_programs_are_named_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    outcomes = make_sets(options(tmp_path / "sets"))
    assert all(outcome.startswith("not made: ") for outcome in outcomes.values())
    assert not list(tmp_path.rglob("set.json"))
    assert len(capsys.readouterr().out.splitlines()) == len(outcomes) == len(SetMaker(options(tmp_path)).recipes())


def test_one_missing_program_costs_only_its_own_sets(
    spellings: list[tuple[str, Look]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    outcomes = make_sets(options(tmp_path), only=["reference", "screen-katex"])
    assert outcomes["reference-tex"] == "6 images; 2 dropped: TeX reports an error"
    assert outcomes["screen-katex-100"].startswith("not made: There is no katex in ")


def test_a_set_cut_off_while_it_was_written_is_not_there(spellings: list[tuple[str, Look]], tmp_path: Path) -> None:
    make_sets(options(tmp_path), only=["tex-k12"])
    (tmp_path / "tex-k12" / "set.json").unlink()
    with pytest.raises(ImageSetError, match="holds no evaluation set"):
        read_set(tmp_path / "tex-k12")
    assert make_sets(options(tmp_path), only=["tex-k12"])["tex-k12"].startswith("3 images")


def test_held_out_fonts_are_no_fonts_of_training() -> None:
    assert not HELD_OUT_FONTS.keys() & TEX_FONTS.keys()
    assert len(HELD_OUT_FONTS) >= 2


def test_file_that_is_no_sample_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl"), str(tmp_path / "sets")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.tex
def test_real_tex_makes_scales_and_degradations_of_one_document(tmp_path: Path) -> None:
    outcomes = make_sets(options(tmp_path), only=["scale-1", "scale-2", "degraded-", "font-", "screen-pdftex-100"])
    assert set(outcomes.values()) == {"8 images"}
    once, twice = (open_image(read_set(tmp_path / f"scale-{scale}").formulas[1]).width for scale in (1, 2))
    assert twice == pytest.approx(2 * once, abs=2)
    assert open_image(read_set(tmp_path / "degraded-dark").formulas[1]).width == once
