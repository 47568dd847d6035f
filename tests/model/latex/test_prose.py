"""A line of words keeps its letters, spaces and formulas on the way from text to tokens and back."""

from __future__ import annotations

import pytest

from model.latex import LatexError
from model.latex.prose import (
    GAP,
    PROSE_CHARACTERS,
    WORDS,
    canonical,
    format_prose,
    format_reading,
    is_prose,
    prose_tokens,
    split_number,
)


@pytest.mark.parametrize(
    "text",
    [
        r"Take a ball of radius $r$ about $x_0$ and let $r\rightarrow0$.",
        "Hence, we have (see [12]) that 50\\% of them --- the ``odd'' ones --- fail; why?",
        "Значение $y_k$ равно нулю.",
        "D'après ce qui précède, la fonction est impaire.",
        "Die Größe «à» heißt naïve Mannigfaltigkeit.",
        r"$K$-theory of $\mathbb{Z}$-graded algebras",
        "",
    ],
)
def test_text_comes_back_as_it_was(text: str) -> None:
    tokens = prose_tokens(text)
    assert is_prose(tokens)
    assert format_prose(tokens) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"Poincar\'e, Erd\H{o}s, \v{C}ech, na\"{\i}ve, Schr\"odinger", "Poincaré, Erdős, Čech, naïve, Schrödinger"),
        (r"caf\'e 50", "café 50"),
        (r"Stra\ss e, \O re, \L{}ojasiewicz", "Straße, Øre, Łojasiewicz"),
        ("a\u2013b\u2014c\u2026 \u201cx\u201d", "a--b---c... ``x''"),
        ("two  spaces~and a tie ", "two spaces and a tie"),
        ("for $n=1$, $2$ and $3$", "for $n=1$, 2 and 3"),
    ],
)
def test_spellings_of_one_look_become_one(text: str, plain: str) -> None:
    assert format_prose(prose_tokens(text)) == plain


def test_every_character_of_words_is_one_token() -> None:
    # Letters are tokens, so that every name can be written.
    for character in PROSE_CHARACTERS - {GAP}:
        tokens = [WORDS, "a", character, "b"]
        assert prose_tokens(format_prose(tokens)) == tokens


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("设函数，满足条件$x>0$。", "[…] $x>0$."),  # punctuation between words of the script is part of the gap
        ("选择3种，$a$，$b$ 和 z", "[…] 3 […], $a$, $b$ […] z"),
        ("키의 길이를 $n$ 지정합니다. 키의 길이가", "[…] $n$ […]"),
        ("Let $x$ be שלום in (नमस्ते)", "Let $x$ be […] in ([…])"),
        ("[…] […] and […]", "[…] and […]"),
    ],
)
def test_words_in_a_script_without_tokens_are_a_gap(text: str, gaps: str) -> None:
    # What is not read is marked as a gap, and never invented; a gap stands apart, and comes back as it was.
    tokens = prose_tokens(text)
    assert format_prose(tokens) == gaps
    assert prose_tokens(gaps) == tokens


@pytest.mark.parametrize("text", ["† x", r"see \cite{x}", "price $", r"$\frac{1$"])
def test_what_has_no_token_is_an_error(text: str) -> None:
    with pytest.raises(LatexError):
        prose_tokens(text)


def test_a_line_cut_short_ends_with_no_blank() -> None:
    assert format_prose([WORDS, "a", "~", "b", "~"]) == "a b"


def test_a_formula_cut_short_is_still_closed() -> None:
    # A reading may end within a formula; its text must still be pasted without harm.
    assert format_prose([WORDS, "a", "~", "$", "x", "_", "1"]) == "a $x_1$"


@pytest.mark.parametrize(
    ("written", "expected", "typed"),
    [
        (r"\words a ~ $ { x } _ { 1 } $ ~ b", r"\words a ~ $ x _ 1 $ ~ b", "a $x_1$ b"),
        (r"\words a ~ $ x", r"\words a ~ $ x $", "a $x$"),
        (r"\words a ~ $ 2 $", r"\words a ~ 2", "a 2"),
        (r"x _ { 1 } = 2 \tag { 3 . 1 }", r"x _ 1 = 2 \tag { 3 . 1 }", "x_1=2"),
        (r"x _ { 1 }", "x _ 1", "x_1"),
        # A number in brackets at an end, a wide gap between, is the equation's; a condition there is not.
        (r"x = 1 , \quad ( A . 1 2 )", r"x = 1 , \tag { A . 1 2 }", "x=1,"),
        (r"[ \mathrm { B } . 1 ] \quad x = 1", r"x = 1 \tag { B . 1 }", "x=1"),
        (r"x = 1 \quad ( n )", r"x = 1 \quad ( n )", r"x=1 \quad (n)"),
        (r"\quad ( 3 )", r"( 3 )", "(3)"),
    ],
)
def test_what_a_network_writes_becomes_canonical(written: str, expected: str, typed: str) -> None:
    tokens = canonical(written.split())
    assert tokens == expected.split()
    assert format_reading(tokens) == typed


@pytest.mark.parametrize(("written", "number"), [(r"x \tag { 3 . 1 4 }", "3.14"), (r"x \tag { * }", "*"), ("x", None)])
def test_the_equation_number_is_taken_apart(written: str, number: str | None) -> None:
    assert split_number(written.split()) == (["x"], number)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Paccмотрим $P$ и $a$", "Рассмотрим $P$ и $a$"),
        ("Taк как", "Так как"),
        ("Let Рим be", "Let Рим be"),
        ("PC в Wi-Fi", "PC в Wi-Fi"),  # words of Latin letters alone
        ("Wин", "Wин"),
    ],
)
def test_words_of_both_scripts_are_cyrillic(written: str, meant: str) -> None:
    # What a line begins with looks the same in both.
    assert format_prose(canonical([WORDS, *written.replace(" ", "~")])) == meant
