"""A mark under the wrong symbol is worse than none: what was changed by hand loses its token, the rest keeps it."""

import pytest

from desktop_app.result.token_spans import spans_in, with_rest, with_token

READ = r"\alpha+x^{2}"
SPANS = [(0, 6), (6, 7), (7, 8), (8, 9), (9, 10), (10, 11), (11, 12)]


def kept(text: str) -> list[str | None]:
    """The characters of each token in a changed text."""
    return [None if span is None else text[slice(*span)] for span in spans_in(text, READ, SPANS)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (READ, [r"\alpha", "+", "x", "^", "{", "2", "}"]),
        (r"y\alpha+x^{2}", [r"\alpha", "+", "x", "^", "{", "2", "}"]),
        (r"\alpha +  x^{ 2 }", [r"\alpha", "+", "x", "^", "{", "2", "}"]),
        (r"\alphax+x^{2}", [None, "+", "x", "^", "{", "2", "}"]),  # another command
        (r"\alpha+x^{23}", [r"\alpha", "+", "x", "^", "{", "2", "}"]),
        (r"\alpha-y^{2}", [r"\alpha", None, None, "^", "{", "2", "}"]),
        ("", [None] * 7),
    ],
)
def test_what_is_still_there_keeps_its_token(text: str, tokens: list[str | None]) -> None:
    assert kept(text) == tokens


def test_token_of_several_pieces_has_to_be_whole() -> None:
    read = r"\begin{matrix}a\end{matrix}"
    spans = [(0, 14), (14, 15), (15, 27)]
    assert spans_in(read + "b", read, spans) == spans
    changed = r"\begin{pmatrix}a\end{matrix}"
    assert spans_in(changed, read, spans) == [None, (15, 16), (16, 28)]


def test_many_changes_are_followed_in_a_long_text() -> None:
    # Every hundredth letter of a long sum is another one.
    letters = [chr(97 + index % 26) for index in range(2000)]
    spans: list[tuple[int, int] | None] = [(2 * index, 2 * index + 1) for index in range(2000)]
    changed = ["Z" if index % 100 == 50 else letter for index, letter in enumerate(letters)]
    found = spans_in("+".join(changed), "+".join(letters), spans)
    assert found == [None if index % 100 == 50 else span for index, span in enumerate(spans)]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (READ, r"\alpha+y_1"),
        (r"\beta-" + READ, r"\beta-\alpha+y_1"),  # corrected before: kept
        (r"\gamma+x^{2}", r"\gamma+y_1"),
        (READ + "z", None),  # corrected behind: what was read on would undo it
    ],
)
def test_corrections_before_a_choice_are_kept(text: str, result: str | None) -> None:
    assert with_rest(text, READ, r"\alpha+y_1", 7) == result


def test_changed_beginning_is_not_mixed_with_a_correction() -> None:
    # The rest may make a bracket at the beginning larger; half of that would not be LaTeX.
    assert with_rest("y" + READ, READ, r"\left(\alpha", 7) is None


def test_single_token_is_put_in_place_of_another() -> None:
    assert with_token(READ + "z", READ, (7, 8), "y") == r"\alpha+y^{2}z"
    assert with_token("ab", "ab", (0, 1), r"\beta") == r"\beta b"  # not \betab
    assert with_token("b", "ab", (0, 1), r"\beta") == "b"
