"""Names of the evaluation sets, and what belongs together: the one place that maker and report share."""

from __future__ import annotations

from typing import Final

REFERENCE: Final = "reference-tex"
"""The formulas of the screens in TeX, a digit 12 pixels high: what screens are compared to."""

TEX_SET: Final = "tex-"
DEGRADED_SET: Final = "degraded-"
PAGE_SET: Final = "page-"
FONT_SET: Final = "font-"
"""What names of sets begin with; behind it comes the group, the degradation, the kind of crop, the font."""

WEB_SCALES: Final = (1.0, 1.5, 2.0)
"""Device scales of the browser."""

PDF_ZOOMS: Final = (0.75, 1.0, 1.5, 2.5)
"""Zooms of the PDF viewer."""

TEXT_SCALES: Final = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Scales of one document; at 1 a digit is 12 pixels high."""

STEADY_SCALES: Final = (0.75, 1.0, 1.5, 2.0)
"""Those between which what is read must hardly change."""


def screen_set(typesetter: str, scale: float) -> str:
    """Name the set of a typesetter's screens at a zoom or device scale."""
    return f"screen-{typesetter}-{scale:.0%}".rstrip("%")


def scale_set(scale: float) -> str:
    """Name the set of one text scale."""
    return f"scale-{scale:g}"
