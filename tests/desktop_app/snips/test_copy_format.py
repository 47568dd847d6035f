"""What a user chooses between when copying."""

import re
from pathlib import Path

from desktop_app.snips.copy_format import CopyFormat
from model.formats import FormulaFormat

_ROOT = Path(__file__).parents[3]
_PAGE = _ROOT / "model" / "serving" / "page" / "formula_editor.js"
_DOCUMENT = _ROOT / "docs" / "service.md"


def test_every_format_has_a_title() -> None:
    # A format without one would be an empty line in the choice.
    assert len({copy_format.title for copy_format in CopyFormat}) == len(CopyFormat)


def test_every_text_form_can_be_copied() -> None:
    # A form that the service offers is offered by the windows too.
    assert {copy_format.value for copy_format in CopyFormat} == {one.value for one in FormulaFormat} | {"png"}


def test_page_and_document_have_the_same_formats() -> None:
    # A format that one of them lacks would be found by nobody.
    titles = dict(re.findall(r'^  (\w+): "(.*)",$', _PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(titles) == {one.value for one in FormulaFormat}
    sentence = re.search(r"`format`: (.*?)\. ", _DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert sentence is not None
    assert re.findall(r"`(\w+)`", sentence[1]) == [one.value for one in FormulaFormat]
