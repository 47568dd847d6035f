"""Drawing looks: reproducible, varied, and kept away from what a font draws wrongly."""

import random
from collections import Counter

import pytest

from model.data_preparation.font_setups import TEX_FONTS, draw_look

FONTS = tuple(TEX_FONTS)


def test_the_same_seed_draws_the_same_look() -> None:
    """Protects the restart: a shard made again must be the same shard."""
    draws = [[draw_look(random.Random(seed), "mixed", FONTS) for seed in range(50)] for _ in range(2)]
    assert draws[0] == draws[1]


def test_looks_are_as_varied_as_promised() -> None:
    """At least ten font set-ups, 10-12 pt, screen resolutions, both styles, Computer Modern in front."""
    looks = [draw_look(random.Random(seed), "mixed", FONTS) for seed in range(3000)]
    fonts = Counter(look.font for look in looks if look.typesetter == "tex")
    assert len(fonts) == len(TEX_FONTS) >= 10
    assert fonts.most_common(1)[0][0] == "cm"
    assert 0.25 < fonts["cm"] / len(looks) < 0.4
    assert {look.size_pt for look in looks} == {10, 11, 12}
    assert {look.style for look in looks} == {"display", "text"}
    assert 52 <= min(look.dpi for look in looks) < 60
    assert 0.2 < sum(look.dpi < 80 for look in looks) / len(looks) < 0.35  # what viewers show small
    assert 200 < max(look.dpi for look in looks) <= 220
    assert sum(80 <= look.dpi <= 150 for look in looks) > 0.4 * len(looks)
    assert 0.03 < sum(look.typesetter == "mathtext" for look in looks) / len(looks) < 0.07


@pytest.mark.parametrize(
    ("font", "latex", "is_drawn"),
    [
        ("cm", r"\mathbb{1}_A", False),
        ("cm", r"\mathbb{R}^1", True),
        ("charter", r"\mathbb{1}_A", True),
        ("charter", r"\mathbb{k}", True),
        ("cm", r"\mathbb{k}", False),
        ("cm", r"\mathcal{L}_k", True),
        ("cm", r"\mathcal{k}", False),
        ("cm", r"\mathcal{O(1)}", False),
        ("fourier", r"\mathbb{k}", True),
        ("baskerville", r"\varkappa", False),
        ("stix", r"x^\star", False),
        ("eulervm", r"a \leq b", False),
        ("eulervm", r"a \leqslant b", True),
        ("eulervm", r"\left( a \right)", True),
        ("stickstoo", r"\varphi", False),
        ("fourier", r"{\cal L}", False),
        ("fourier", r"\mathscr{L}", True),
        ("libertinus", r"\widehat{x}", False),
        ("mathptmx", r"\boldsymbol{\alpha}", False),
        ("lato", r"\mathsf{E}", True),
        ("roboto", r"\mathsf{E}", False),
    ],
)
def test_known_faults_of_fonts_are_avoided(font: str, latex: str, is_drawn: bool) -> None:
    """Protects labels: these fonts draw the command as another symbol."""
    assert TEX_FONTS[font].draws(latex) is is_drawn
