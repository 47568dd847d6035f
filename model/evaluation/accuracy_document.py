"""The one section of a document that `evaluate` writes; what people wrote round it stays."""

from __future__ import annotations

from pathlib import Path
from typing import Final

BEGIN: Final = "<!-- Written by `make evaluate`; what stands between these marks is replaced. -->"
END: Final = "<!-- End of what `make evaluate` writes. -->"


class DocumentError(ValueError):
    """The document can't take the section; the message is one plain sentence."""


def write_section(path: Path, text: str) -> None:
    """Replace the section between the marks of a document.

    Raises:
        DocumentError: The document is missing, or lacks the marks.
    """
    try:
        document = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DocumentError(f"{path} can't be read: {error}.") from error
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise DocumentError(f"{path} lacks the marks between which the report goes: {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
