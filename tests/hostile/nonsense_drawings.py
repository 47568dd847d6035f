"""Images of nothing that are drawn or written: charts, figures, codes, other scripts, parts of programs' windows.

What stands for scripts without letters in the fonts at hand has their strokes.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from tests.hostile.nonsense_paper import Maker, Numbers, draw_colour, draw_paper, draw_point, draw_size, of_shades

_Points = list[tuple[float, float]]

_SCRIPTS = {
    "armenian": (0x0561, 0x0586),
    "georgian": (0x10D0, 0x10F0),
    "hebrew": (0x05D0, 0x05EA),
    "arabic": (0x0627, 0x064A),
    "nko": (0x07CA, 0x07E7),
    "lao": (0x0E81, 0x0E9F),
    "syllabics": (0x1401, 0x1450),
    "tifinagh": (0x2D30, 0x2D5F),
    "braille": (0x2801, 0x283F),
    "ogham": (0x1681, 0x169A),
}  # of the scripts that DejaVu Sans has, which comes with matplotlib


# Drawings


def _axes(draw: ImageDraw.ImageDraw, image: Image.Image, numbers: Numbers) -> None:
    draw.line([(20, 8), (20, image.height - 16), (image.width - 8, image.height - 16)], fill="black")
    if numbers.random() < 0.5:
        for x in range(40, image.width - 8, 25):
            draw.line([(x, image.height - 16), (x, image.height - 12)], fill="black")


def _line_chart(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    _axes(draw, image, numbers)
    for _ in range(int(numbers.integers(1, 4))):
        xs = np.linspace(22, image.width - 10, int(numbers.integers(4, 60)))
        ys = np.clip(image.height / 2 + np.cumsum(numbers.normal(0, 9, len(xs))), 8, image.height - 18)
        points: _Points = list(zip(xs.tolist(), ys.tolist(), strict=True))
        draw.line(points, fill=draw_colour(numbers), width=int(numbers.integers(1, 4)))
    return image


def _bar_chart(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    _axes(draw, image, numbers)
    width = max((image.width - 40) // int(numbers.integers(3, 14)), 4)
    for left in range(26, image.width - 10 - width, width):
        top = float(numbers.uniform(8, image.height - 17))
        draw.rectangle((left, top, left + width * 0.7, image.height - 16), fill=draw_colour(numbers))
    return image


def _pie_chart(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    radius = min(image.size) * 0.45
    box = (image.width / 2 - radius, image.height / 2 - radius, image.width / 2 + radius, image.height / 2 + radius)
    ends = np.sort(numbers.uniform(0, 360, size=int(numbers.integers(3, 8))))
    for start, end in zip(ends, [*ends[1:], ends[0] + 360], strict=True):
        draw.pieslice(box, float(start), float(end), fill=draw_colour(numbers), outline="white")
    return image


def _scatter(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    _axes(draw, image, numbers)
    colour, radius = draw_colour(numbers), float(numbers.uniform(1, 5))
    for _ in range(int(numbers.integers(8, 150))):
        x, y = draw_point(image, numbers)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return image


def _heat_map(numbers: Numbers) -> Image.Image:
    cells = numbers.integers(0, 256, size=(*numbers.integers(3, 20, size=2), 3), dtype=np.uint8)
    return Image.fromarray(cells).resize(draw_size(numbers), Image.Resampling.NEAREST)


def _scribble(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    for _ in range(int(numbers.integers(3, 7))):  # one or two strokes may well be a letter
        start = np.array([image.width / 4, image.height / 2])
        path = start + np.cumsum(np.cumsum(numbers.normal(0, 1.2, size=(int(numbers.integers(90, 250)), 2)), 0), 0)
        draw.line([(float(x), float(y)) for x, y in path], fill=draw_colour(numbers), width=int(numbers.integers(1, 5)))
    return image


def _network(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    places = [draw_point(image, numbers) for _ in range(int(numbers.integers(4, 16)))]
    for _ in range(2 * len(places)):
        draw.line([places[int(numbers.integers(len(places)))] for _ in range(2)], fill="black")
    for x, y in places:
        radius = float(numbers.uniform(3, 14))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="white", outline="black", width=2)
    return image


def _map(numbers: Numbers) -> Image.Image:
    width, height = draw_size(numbers)
    sites = numbers.uniform(0, 1, size=(int(numbers.integers(5, 40)), 2)) * (height, width)
    y, x = np.mgrid[:height, :width]
    owner = np.argmin((y[..., None] - sites[:, 0]) ** 2 + (x[..., None] - sites[:, 1]) ** 2, axis=2)
    tints = numbers.integers(150, 256, size=(len(sites), 3)).astype(np.float64)
    shades = tints[owner] if numbers.random() < 0.6 else np.full((height, width, 3), 255.0)
    shades[:-1][owner[1:] != owner[:-1]] = 60
    shades[:, :-1][owner[:, 1:] != owner[:, :-1]] = 60
    return of_shades(shades)


def _figure(numbers: Numbers) -> Image.Image:
    """A figure of geometry, of circles and lines."""
    image, draw = draw_paper(numbers)
    for _ in range(int(numbers.integers(1, 5))):
        x, y = draw_point(image, numbers)
        radius = float(numbers.uniform(15, 120))
        if numbers.random() < 0.5:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline="black", width=2)
        else:
            draw.polygon([draw_point(image, numbers) for _ in range(3)], outline="black", width=2)
    draw.line([draw_point(image, numbers), draw_point(image, numbers)], fill="black", width=2)
    return image


# Codes and scripts


def _square_code(numbers: Numbers) -> Image.Image:
    cells, scale = int(numbers.choice([21, 25, 29, 33])), int(numbers.integers(2, 9))
    is_dark = numbers.random((cells, cells)) < 0.5
    for top, left in ((0, 0), (0, cells - 7), (cells - 7, 0)):
        is_dark[top : top + 7, left : left + 7] = True
        is_dark[top + 1 : top + 6, left + 1 : left + 6] = False
        is_dark[top + 2 : top + 5, left + 2 : left + 5] = True
    shades = np.kron(np.where(is_dark, 0, 255), np.ones((scale, scale)))
    return of_shades(np.pad(shades, 4 * scale, constant_values=255))


def _bar_code(numbers: Numbers) -> Image.Image:
    bars = np.repeat(np.arange(60) % 2 * 255, numbers.integers(1, 5, size=60) * int(numbers.integers(1, 4)))
    return of_shades(np.pad(np.tile(bars, (int(numbers.integers(30, 120)), 1)), 12, constant_values=255))


def _music(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    step = int(numbers.integers(5, 12))
    for top in range(step, image.height - 5 * step, 9 * step):
        for line in range(5):
            draw.line([(0, top + line * step), (image.width, top + line * step)], fill="black")
        for x in range(30, image.width - 10, int(numbers.integers(20, 50))):
            y = top + step * int(numbers.integers(0, 9)) / 2
            draw.ellipse((x, y - step / 2, x + 1.3 * step, y + step / 2), fill="black")
            draw.line([(x + 1.3 * step, y), (x + 1.3 * step, y - 3 * step)], fill="black")
    return image


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_manager.findfont("DejaVu Sans"), size)


def _script(name: str) -> Maker:
    """Lines of words of a script, letters at random."""

    def write(numbers: Numbers) -> Image.Image:
        first, last = _SCRIPTS[name]
        font = _font(int(numbers.integers(11, 40)))
        lines = [
            " ".join(
                "".join(map(chr, numbers.integers(first, last + 1, size=int(numbers.integers(2, 9))).tolist()))
                for _ in range(int(numbers.integers(1, 7)))
            )
            for _ in range(int(numbers.choice([1, 1, 1, 2, 4])))
        ]
        text = "\n".join(lines)
        left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), text, font=font)
        margin = int(numbers.integers(2, 16))
        image = Image.new("L", (math.ceil(right - left) + 2 * margin, math.ceil(bottom - top) + 2 * margin), 255)
        ImageDraw.Draw(image).multiline_text((margin - left, margin - top), text, font=font, fill=0)
        return image

    write.__name__ = name
    return write


def _characters_of_strokes(numbers: Numbers) -> Image.Image:
    """Squares filled with strokes, as characters of Chinese are."""
    side, columns, rows = int(numbers.integers(14, 48)), int(numbers.integers(2, 16)), int(numbers.choice([1, 1, 2, 4]))
    image = Image.new("L", (columns * side + 20, int(rows * side * 1.4) + 16), 255)
    draw = ImageDraw.Draw(image)
    width = max(side // 12, 1)
    for cell in range(columns * rows):
        left, top = 10 + cell % columns * side, 8 + int(cell // columns * side * 1.4)
        for _ in range(int(numbers.integers(3, 10))):
            a, b, c = (numbers.uniform(0.08, 0.92, size=3) * side).tolist()
            kind = numbers.integers(4)
            ends = [(a, b), (c, b)] if kind == 0 else [(a, b), (a, c)] if kind == 1 else [(a, b), (c, a)]
            draw.line([(left + x, top + y) for x, y in ends], fill=0, width=width)
            if kind == 3:
                draw.rectangle(
                    (left + a / 2, top + b / 2, left + side * 0.9, top + side * 0.85), outline=0, width=width
                )
    return image


def _letters_under_a_line(numbers: Numbers) -> Image.Image:
    """Words hung from a line, as in Hindi."""
    size, words = int(numbers.integers(14, 40)), int(numbers.integers(1, 6))
    image = Image.new("L", (words * size * 5 + 20, size * 2), 255)
    draw = ImageDraw.Draw(image)
    width, left = max(size // 10, 1), 10.0
    for _ in range(words):
        letters = int(numbers.integers(2, 6))
        right = left + letters * size * 0.7
        draw.line([(left, size * 0.5), (right, size * 0.5)], fill=0, width=width)
        for letter in range(letters):
            x = left + (letter + 0.8) * size * 0.7
            draw.line([(x, size * 0.5), (x, size * 1.4)], fill=0, width=width)
            a, b = numbers.uniform(0.1, 0.6, size=2) * size
            start, sweep = numbers.uniform(0, 360), numbers.uniform(120, 330)
            draw.arc((x - size * 0.5, size * 0.6, x, size * 0.7 + a + b / 2), start, start + sweep, fill=0, width=width)
        left = right + size * 0.5
    return image


# Windows


def _icons(numbers: Numbers) -> Image.Image:
    """A row of a tool bar's buttons."""
    side, count = int(numbers.integers(14, 40)), int(numbers.integers(1, 12))
    paper = int(numbers.choice([255, 240, 225, 45]))
    image = Image.new("RGB", (count * (side + 10) + 12, side + 16), (paper,) * 3)
    draw = ImageDraw.Draw(image)
    ink = "white" if paper < 128 else "dimgray"
    for number in range(count):
        left, top = 8 + number * (side + 10), 8
        for _ in range(int(numbers.integers(1, 4))):
            a, b = sorted(numbers.uniform(0, side, size=2).tolist())
            c, d = sorted(numbers.uniform(0, side, size=2).tolist())
            box = (left + a, top + c, left + b + 2, top + d + 2)
            kind = int(numbers.integers(5))
            if kind == 0:
                draw.rectangle(box, outline=ink, width=2)
            elif kind == 1:
                draw.ellipse(box, outline=ink, width=2)
            elif kind == 2:
                draw.line(box, fill=ink, width=2)
            elif kind == 3:
                draw.polygon([(box[0], box[1]), (box[2], box[1]), ((box[0] + box[2]) / 2, box[3])], fill=ink)
            else:
                draw.rounded_rectangle(box, radius=3, fill=draw_colour(numbers))
    return image


def _form(numbers: Numbers) -> Image.Image:
    """Boxes to tick, fields, sliders and bars of a window without its words."""
    width, height = draw_size(numbers)
    image = Image.new("RGB", (width, max(height, 120)), "whitesmoke")  # a box alone is a symbol
    draw = ImageDraw.Draw(image)
    for top in range(10, image.height - 24, 30):
        kind, right = int(numbers.integers(5)), float(numbers.uniform(0.4, 0.95)) * image.width
        if kind == 0:
            draw.rectangle((12, top, 26, top + 14), outline="gray", fill="white")
            if numbers.random() < 0.5:
                draw.line([(15, top + 7), (18, top + 11), (24, top + 3)], fill="royalblue", width=2)
        elif kind == 1:
            draw.rectangle((12, top, max(right, 30), top + 20), outline="gray", fill="white")
        elif kind == 2:
            draw.line([(12, top + 8), (max(right, 30), top + 8)], fill="silver", width=4)
            draw.ellipse((12 + right / 3, top, 28 + right / 3, top + 16), fill="royalblue")
        elif kind == 3:
            draw.rounded_rectangle((12, top, max(right, 30), top + 14), radius=7, fill="lightgray")
            draw.rounded_rectangle((12, top, max(right / 2, 27), top + 14), radius=7, fill="seagreen")
        else:
            draw.rounded_rectangle((12, top, 90, top + 22), radius=5, outline="gray", fill="gainsboro")
    return image


def _window(numbers: Numbers) -> Image.Image:
    """A window whose words are bars, as a page is shown while it is loaded."""
    image = Image.new("RGB", draw_size(numbers), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, image.width, 20), fill=draw_colour(numbers))
    for number in range(3):
        draw.ellipse((image.width - 18 * (number + 1), 5, image.width - 18 * number - 8, 15), fill="white")
    draw.rectangle((0, 20, image.width // 4, image.height), fill="gainsboro")
    for top in range(32, image.height - 10, 16):
        draw.rectangle((8, top, max(image.width // 4 - 8 - int(numbers.integers(0, 9)), 10), top + 6), fill="darkgray")
        draw.rectangle(
            (image.width // 4 + 10, top, float(numbers.uniform(0.4, 0.97)) * image.width + 12, top + 6), fill="silver"
        )
    return image


DRAWINGS: tuple[Maker, ...] = (
    _line_chart,
    _bar_chart,
    _pie_chart,
    _scatter,
    _heat_map,
    _scribble,
    _network,
    _map,
    _figure,
    _square_code,
    _bar_code,
    _music,
    *map(_script, _SCRIPTS),
    _characters_of_strokes,
    _letters_under_a_line,
    _icons,
    _form,
    _window,
)
