r"""Macros stand in nearly every document: one expanded wrongly gives a label that is not what the page shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data_preparation.tex_lexer import lex, unlex
from model.data_preparation.tex_macros import MacroExpander


def expand(source: str) -> str:
    return unlex(MacroExpander().expand(lex(source)))


@pytest.mark.parametrize(
    ("source", "expanded"),
    [
        (r"\newcommand{\R}{\mathbb{R}} x\in\R", r"x\in\mathbb{R}"),
        (r"\newcommand\R{\mathbb R}\R^n", r"\mathbb R^n"),
        (r"\newcommand*{\f}[2]{\frac{#1}{#2}}\f{a}b", r"\frac{a}{b}"),
        (r"\newcommand{\n}[2][p]{|#2|_#1}\n{x}\n[q]{y}", "|x|_p|y|_q"),
        (r"\newcommand{\n}[1][p]{N_#1}\n x\n[{]}]", r"N_p x N_{]}".replace(" x N", "xN")),
        (r"\newcommand{\x}{1}\renewcommand{\x}{2}\x", "2"),
        (r"\newcommand{\x}{1}\providecommand{\x}{2}\x", "1"),
        (r"\providecommand{\x}{2}\x", "2"),
        (r"\def\x{1}\x\def\x{2}\x", "12"),
        (r"\def\pd#1#2{#1/#2}\pd ab\pd{cd}{e}", "a/bcd/e"),
        (r"\def\bra<#1|{(#1)}\bra<\psi|x", r"(\psi)x"),
        (r"\def\beq#1\eeq{[#1]}\beq a{\eeq}b\eeq c", r"[a{\eeq}b]c"),
        (r"\def\sq#1.{[#1]}\sq{a.b}.", "[a.b]"),
        (r"\let\eps=\varepsilon\eps x", r"\varepsilon x"),
        (r"\def\x{1}\let\y\x\def\x{2}\y\x", "12"),
        (r"\DeclareMathOperator{\Tr}{Tr}\Tr A", r"\operatorname{Tr}A"),
        (r"\DeclareMathOperator*{\argmin}{arg\,min}\argmin_x", r"\operatorname*{arg\,min}_x"),
        (r"\def\a{\b}\def\b{c}\a", "c"),
        (r"\newenvironment{s}[1]{(#1:}{)}\begin{s}{x}y\end{s}", "(x:y)"),
        (
            r"\newcommand{\be}{\begin{equation}}\newcommand{\ee}{\end{equation}}\be x\ee",
            r"\begin{equation}x\end{equation}",
        ),
        (r"a\iffalse b\iftrue c\fi d\fi e", "ae"),
        (r"a\iffalse b\else c\fi", r"ac\fi"),
        (r"\newcommand{\x} [1] {#1#1} \x {a}", "aa"),
        (r"\unknown{x}", r"\unknown{x}"),
    ],
)
def test_expansion(source: str, expanded: str) -> None:
    assert expand(source) == expanded


@pytest.mark.parametrize(
    "source",
    [
        r"\def\a{\a}\a",
        r"\def\a{x\a}\a",
        r"\def\a{\b}\def\b{\a}\a",
        r"\def\a#1{\a{#1#1}}\a x",
        r"\def\a{\a\a}\a",
        "".join(rf"\def\{chr(97 + n)}{{\{chr(98 + n)}\{chr(98 + n)}}}" for n in range(25)) + r"\a",
    ],
)
def test_no_macro_runs_for_ever(source: str) -> None:
    # A hostile or broken document costs seconds at most, and says so.
    expander = MacroExpander()
    expander.expand(lex(source))
    assert expander.is_exhausted


@pytest.mark.parametrize(
    "source",
    [
        r"\newcommand",
        r"\newcommand{\x}",
        r"\newcommand{\x}[1]{#1}\x",
        r"\def\x",
        r"\let\x",
        r"\begin",
        r"\begin{x",
        r"\newcommand{x}{y}",
    ],
)
def test_a_document_may_end_anywhere(source: str) -> None:
    # A cut-off file still yields what stands before the cut.
    assert expand("a " + source).startswith("a")


@pytest.mark.parametrize(
    ("source", "tokens"),
    [
        ("a  b", ["a", " ", "b"]),
        (r"\alpha  x\, y", [r"\alpha", "x", r"\,", " ", "y"]),
        ("a % comment\n  b", ["a", " ", "b"]),
        (r"50\% of", ["5", "0", r"\%", " ", "o", "f"]),
        ("a\\\\% comment\nb", ["a", r"\\", "b"]),
        ("a\n\nb", ["a", r"\par", "b"]),
        ("\\ee\n\nb", [r"\ee", r"\par", "b"]),
        ("\\ee\r\nb", [r"\ee", "b"]),
        (r"\verb|$x$|y", [" ", "y"]),
        ("\\begin{verbatim}\n$x$\n\\end{verbatim}y", [" ", "y"]),
        ("#1", ["#1"]),
        ("\\", ["\\"]),
    ],
)
def test_lexing(source: str, tokens: list[str]) -> None:
    assert lex(source) == tokens


def test_a_command_keeps_its_distance_to_a_letter() -> None:
    # \alpha and x must not become \alphax.
    assert unlex([r"\alpha", "x", r"\beta", "1", r"\,", "y"]) == r"\alpha x\beta1\,y"


PIECES = ["\\newcommand", "\\def", "\\let", "\\a", "\\b", "{", "}", "[", "]", "#1", "#2", "x", " ", "\n\n", "\\begin"]
PIECES += ["\\end", "\\begin{e}", "\\newenvironment", "\\DeclareMathOperator", "*", "%", "\\iffalse", "\\fi", "=", "\\"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_document_breaks_the_expander(source: str) -> None:
    # Real documents hold every kind of half-finished TeX: none may raise or hang.
    expand(source)
