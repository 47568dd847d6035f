"""What is hardly read is not copied unasked: the clipboard is worth more to the user."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QImage

from desktop_app.recognition.recognition_result import with_recognition
from desktop_app.snips.snip import Snip
from tests.desktop_app.conftest import reading_of

_SNIP = Snip(QImage(), latex="x")


@pytest.mark.parametrize(
    ("snip", "is_held_back"),
    [
        (replace(_SNIP, confidence=0.09), True),
        (replace(_SNIP, confidence=0.11), False),
        (replace(_SNIP, confidence=0.3, symbols=2), True),  # a blot that looks like letters
        (replace(_SNIP, confidence=0.63, symbols=2), True),  # two bars of music, as rows
        (replace(_SNIP, confidence=0.66, symbols=2), False),
        (replace(_SNIP, confidence=0.83, symbols=1), True),  # a bar chart, as an i
        (replace(_SNIP, confidence=0.86, symbols=1), False),
        (replace(_SNIP, confidence=0.3, symbols=5), False),
        (_SNIP, False),  # the recogniser said no confidence
        (replace(_SNIP, confidence=0.01, is_words=True, symbols=30), False),  # it says that every letter is right
        (replace(_SNIP, confidence=0.1, is_words=True, symbols=1), True),  # and here that one is
        (replace(_SNIP, confidence=0.4, legibility=0.7), True),  # a photograph that looks like a letter
        (replace(_SNIP, confidence=0.4, is_words=True, legibility=0.7), True),  # letters of a script it never saw
    ],
)
def test_what_is_hardly_read_is_held_back(snip: Snip, is_held_back: bool) -> None:
    assert snip.is_held_back is is_held_back


def test_legibility_is_that_of_the_reading() -> None:
    assert with_recognition(_SNIP, replace(reading_of("x"), legibility=0.6)).is_held_back
    assert not with_recognition(_SNIP, reading_of("x")).is_held_back


def test_symbols_are_what_is_seen_of_the_reading() -> None:
    # A scribble was eight tokens, of which two are seen.
    assert with_recognition(_SNIP, reading_of(r"\beta _ { \mathrm { h } }")).symbols == 2
    assert with_recognition(_SNIP, reading_of(r"\words ~ $ x ^ { 2 } $")).symbols == 2
