"""The program's icon as the PNG file that PyInstaller makes the icons of Windows and macOS from."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer


def draw_icon(svg: Path, png: Path, *, side: int = 1024) -> Path:
    """Draw an SVG file, a square of so many pixels."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        QSvgRenderer(str(svg)).render(painter)
    png.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(png)):
        raise OSError(f"The icon can't be written to {png}.")
    return png
