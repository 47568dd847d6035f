"""The history as files: a LaTeX document of all formulas, or a folder of images, each with its formula beside it.

Such a folder is what data preparation reads: a user's corrections can train the next recogniser.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop_app.history.history import History, HistoryEntry
from desktop_app.history.history_store import png_of

_PAGE = 500
_HEAD = "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\begin{document}\n"
_END = "\\end{document}\n"
# They bring a display of their own, or stand on paragraphs; nothing may be put round them.
_WHOLE_DISPLAYS = ("align", "gather", "multline", "equation", "eqnarray", "flalign", "alignat")


class HistoryExportError(Exception):
    """The files were not written; the text says why in one sentence."""


def all_entries(history: History) -> Iterator[HistoryEntry]:
    """Every entry, the newest first, a page at a time."""
    before = None
    while page := history.search(limit=_PAGE, before=before):
        yield from page
        before = page[-1].entry_id


def export_document(entries: Iterable[HistoryEntry], path: Path) -> int:
    """Write a LaTeX document with every formula on a line of its own; returns how many.

    Raises:
        HistoryExportError: The file can't be written.
    """
    formulas = [_displayed(entry) for entry in entries if entry.latex.strip()]
    _write(path, (_HEAD + "\n".join(formulas) + _END).encode())
    return len(formulas)


def export_pairs(history: History, folder: Path) -> int:
    """Write each image with its formula as NUMBER.png and NUMBER.txt; returns how many.

    Raises:
        HistoryExportError: The files can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HistoryExportError(
            QCoreApplication.translate("HistoryExport", "There can't be a folder {folder}: {reason}.").format(
                folder=folder, reason=error.strerror or error
            )
        ) from error
    count = 0
    for entry in all_entries(history):
        image = history.image(entry.entry_id)
        if image.isNull() or not entry.latex.strip():
            continue
        _write(folder / f"{entry.entry_id:06}.png", png_of(image))
        _write(folder / f"{entry.entry_id:06}.txt", (entry.latex.strip() + "\n").encode())
        count += 1
    return count


def _displayed(entry: HistoryEntry) -> str:
    # A blank line ends a formula for TeX, and an error begins.
    latex = "\n".join(line for line in entry.latex.strip().splitlines() if line.strip())
    when = datetime.fromtimestamp(entry.time).astimezone().strftime("%Y-%m-%d %H:%M")
    is_whole = any(latex.startswith(f"\\begin{{{name}") for name in _WHOLE_DISPLAYS)
    return f"% {when}\n{latex}\n" if is_whole else f"% {when}\n\\[\n{latex}\n\\]\n"


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise HistoryExportError(
            QCoreApplication.translate("HistoryExport", "The file {path} can't be written: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from error


def joined_formulas(formulas: Sequence[str], *, as_align: bool) -> str:
    """Several formulas as one text: a line each, or the rows of an align environment without numbers."""
    lines = [" ".join(latex.split()) for latex in formulas]
    if not as_align:
        return "\n".join(lines)
    rows = " \\\\\n".join(lines)
    return f"\\begin{{align*}}\n{rows}\n\\end{{align*}}"
