"""What a person chooses between when copying."""

from desktop_app.snips.copy_format import CopyFormat
from model.formats import FormulaFormat


def test_every_format_has_a_title() -> None:
    # A format without one would be an empty line in the choice.
    assert len({copy_format.title for copy_format in CopyFormat}) == len(CopyFormat)


def test_every_text_form_can_be_copied() -> None:
    # A form that the service offers is offered by the windows too.
    assert {copy_format.value for copy_format in CopyFormat} == {one.value for one in FormulaFormat} | {"png"}
