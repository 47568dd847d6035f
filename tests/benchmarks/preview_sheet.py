"""Draw formulas as the preview does, beside TeX's own drawing: `python -m tests.benchmarks.preview_sheet`.

It needs pdflatex. docs/preview-sheet.png is what it has drawn last; it is for looking at, side by side.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pypdfium2
from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from desktop_app.rendering.formula_renderer import render_formula
from model.formats import FormatError

_FORMULAS = Path(__file__).parent / "preview_formulas.txt"
_SIZE = 26.0  # of the font, in pixels
_CELL = (330, 92)
_COLUMNS = 3
_DOCUMENT = r"""\documentclass[10pt]{article}
\usepackage{amsmath,amssymb,bm}
\usepackage[active,tightpage]{preview}
\setlength\PreviewBorder{2pt}
\begin{document}
%s
\end{document}
"""


def _drawn_by_tex(formulas: list[str], folder: Path) -> list[QImage]:
    pages = "\n".join(rf"\begin{{preview}}$\displaystyle {latex}$\end{{preview}}" for latex in formulas)
    (folder / "sheet.tex").write_text(_DOCUMENT % pages, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    document = pypdfium2.PdfDocument(folder / "sheet.pdf")
    # TeX's ten points, of which 72.27 are an inch, in pixels.
    images = [page.render(scale=_SIZE / 10 * 72.27 / 72).to_pil() for page in document]
    return [_qt_image(image) for image in images]


def _qt_image(image: Image.Image) -> QImage:
    rgb = image.convert("RGB")
    return QImage(rgb.tobytes(), rgb.width, rgb.height, 3 * rgb.width, QImage.Format.Format_RGB888).copy()


def _drawn_by_preview(latex: str) -> QImage | None:
    try:
        return render_formula(latex, _SIZE, QColor("black"))
    except FormatError as error:
        print(f"{error}  {latex}")
        return None


def _paint(painter: QPainter, image: QImage | None, left: float, top: float) -> None:
    if image is None:
        return
    width, height = _CELL[0] - 16, _CELL[1] - 10
    shrunk = min(1.0, width / image.width(), height / image.height())
    painter.drawImage(
        QRectF(
            left + 8, top + (_CELL[1] - shrunk * image.height()) / 2, shrunk * image.width(), shrunk * image.height()
        ),
        image,
    )


def main() -> int:
    """Write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sheet", type=Path, nargs="?", default=Path("docs/preview-sheet.png"), help="the image")
    sheet: Path = parser.parse_args().sheet
    QGuiApplication.instance() or QGuiApplication(sys.argv)
    formulas = _FORMULAS.read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        by_tex = _drawn_by_tex(formulas, Path(folder))
    rows = -(-len(formulas) // _COLUMNS)
    image = QImage(2 * _CELL[0] * _COLUMNS, _CELL[1] * rows, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, (latex, tex) in enumerate(zip(formulas, by_tex, strict=True)):
            left, top = 2 * _CELL[0] * (number // rows), _CELL[1] * (number % rows)
            painter.fillRect(left, top, _CELL[0], _CELL[1], QColor("#f1f3f8"))
            _paint(painter, tex, left, top)
            _paint(painter, _drawn_by_preview(latex), left + _CELL[0], top)
    image.save(str(sheet))
    print(f"{len(formulas)} formulas, TeX's drawing left and the preview right: {sheet}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
