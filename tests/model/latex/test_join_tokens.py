"""Joined tokens are source that TeX reads as meant."""

import pytest

from model.latex import join_tokens, tokenise


@pytest.mark.parametrize(
    ("tokens", "latex"),
    [
        (r"\alpha x \alpha \beta 2", r"\alpha x\alpha\beta2"),
        (r"\text { i f ~ x }", r"\text{if x}"),
        # Macros are no arguments of scripts without braces.
        (r"x _ \max ^ \dagger", r"x_{\max}^{\dagger}"),
        # A bracket or star after these would be taken for an option.
        (r"\begin{aligned} [ a ] \\ [ b ] \\ * \end{aligned}", r"\begin{aligned} {[}a]\\{[}b]\\{*}\end{aligned}"),
        (r"\begin{array} { l } [ a ] \end{array}", r"\begin{array}{l}{[}a]\end{array}"),
        # mathtools stumbles over a cell that begins right after \begin{aligned}.
        (r"\begin{aligned} & a \end{aligned}", r"\begin{aligned} &a\end{aligned}"),
    ],
)
def test_joined(tokens: str, latex: str) -> None:
    # Protects rendering: the images are made from this source.
    assert join_tokens(tokens.split()) == latex


def test_tokenise_keeps_environments_whole_and_drops_comments() -> None:
    # Protects the raw tokens other tools count and compare.
    source = r"\begin {array} {c} a\% % note" + "\n" + r"\\ \alpha' \end{array}"
    expected = [r"\begin{array}", "{", "c", "}", "a", r"\%", r"\\", r"\alpha", "'", r"\end{array}"]
    assert tokenise(source) == expected
