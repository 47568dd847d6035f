"""Image files that are opened or dropped on a window.

They are decoded as everywhere else, within limits; Qt's own readers have none of time, and would hold up the windows.
"""

import logging
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage

from desktop_app.system.background_work import while_windows_live

logger = logging.getLogger(__name__)

_FORMATS = {
    "L": (QImage.Format.Format_Grayscale8, 1),
    "RGB": (QImage.Format.Format_RGB888, 3),
    "RGBA": (QImage.Format.Format_RGBA8888, 4),
}
"""Of Pillow's modes what Qt calls them, and the bytes of a pixel."""


def open_image(path: Path) -> QImage:
    """The image in a file, upright; a null image where there is none that can be read. The windows live meanwhile."""
    return while_windows_live(partial(_read, path))


def file_endings() -> list[str]:
    """What the names of such files end in."""
    from model.recognition.image_file import FILE_ENDINGS

    return FILE_ENDINGS


def _read(path: Path) -> QImage:
    from model.image_transform import ImageError
    from model.recognition.image_file import read_image

    try:
        image = read_image(path)
    except ImageError as error:
        logger.warning("%s was not read: %s", path, error)
        return QImage()
    qt_format, bytes_per_pixel = _FORMATS[image.mode]
    # The copy owns its memory; the first image only borrows that of the bytes.
    return QImage(image.tobytes(), image.width, image.height, bytes_per_pixel * image.width, qt_format).copy()
