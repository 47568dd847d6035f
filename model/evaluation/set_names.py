"""Names of the evaluation sets, and what belongs together: the one place that maker and report share."""

from __future__ import annotations

from typing import Final

REFERENCE: Final = "reference-tex"
"""The formulas of the screens in TeX, a digit 12 pixels high: what screens are compared to."""

WEB_SCALES: Final = (1.0, 1.5, 2.0)
"""Device scales of the browser."""

PDF_ZOOMS: Final = (0.75, 1.0, 1.5, 2.5)
"""Zooms of the PDF viewer."""

TEXT_SCALES: Final = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Scales of one document; at 1 a digit is 12 pixels high."""

STEADY_SCALES: Final = (0.75, 1.0, 1.5, 2.0)
"""Those between which what is read must hardly change."""


def tex_set(group: str) -> str:
    """Name the TeX set of a group of formulas."""
    return f"tex-{group}"


def screen_set(typesetter: str, scale: float) -> str:
    """Name the set of a typesetter's screens at a zoom or device scale."""
    return f"screen-{typesetter}-{scale:.0%}".rstrip("%")


def scale_set(scale: float) -> str:
    """Name the set of one text scale."""
    return f"scale-{scale:g}"


def degraded_set(degradation: str) -> str:
    """Name the set of one degradation."""
    return f"degraded-{degradation}"


def page_set(kind: str) -> str:
    """Name the set of one kind of crops of pages."""
    return f"page-{kind}"


def font_set(font: str) -> str:
    """Name the set of one font."""
    return f"font-{font}"
