"""Formulas on web pages: set by KaTeX or MathJax in a headless Chromium, photographed, cropped to their elements.

The two libraries are npm's packages `katex` and `mathjax`, in a folder `node_modules`; nothing is fetched here.
The device scale is Chromium's own, so a page at 150% is laid out and painted as on a screen of that scale.
"""

from __future__ import annotations

import base64
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver

WEB_TYPESETTERS: Final = ("katex", "mathjax")

MARGIN: Final = 5
"""Pixels of the page, at 100%, that are cropped with a formula on each side."""


class ProgramMissingError(RuntimeError):
    """A program or library that draws formulas is missing; the message is one plain sentence."""


_FORMULAS_PER_PAGE = 20
_SECONDS_PER_PAGE = 180

_HEADS = {
    "katex": """<link rel="stylesheet" href="{modules}/katex/dist/katex.min.css">
<script src="{modules}/katex/dist/katex.min.js"></script>""",
    "mathjax": """<script>MathJax = {{startup: {{typeset: false}}}};</script>
<script src="{modules}/mathjax/es5/tex-chtml-full.js"></script>""",
}

# Sets every formula; answers with the numbers of those that the library reports an error for.
_SET = """
const [typesetter, formulas, done] = arguments;
const failed = [];
function fail(number, element) { failed.push(number); element.remove(); }
async function set() {
  if (typesetter === "mathjax") await MathJax.startup.promise;
  formulas.forEach((latex, number) => {
    const element = document.createElement("div");
    element.className = "formula";
    element.dataset.number = number;
    document.body.append(element);
    try {
      if (typesetter === "katex") {
        katex.render(latex, element, { displayMode: true, throwOnError: true, strict: "ignore" });
      } else {
        element.append(MathJax.tex2chtml(latex, { display: true }));
        if (element.querySelector("mjx-merror, [data-mjx-error]")) fail(number, element);
      }
    } catch { fail(number, element); }
  });
  if (typesetter === "mathjax") { MathJax.startup.document.clear(); MathJax.startup.document.updateDocument(); }
  await document.fonts.ready;
}
set().then(() => done(failed), (error) => done(String(error)));
"""

# Answers, once the page is painted, with each formula's number and rectangle in pixels of the page.
_MEASURE = """
const done = arguments[0];
requestAnimationFrame(() => requestAnimationFrame(() => done(
  [...document.querySelectorAll(".formula")].map((element) => {
    const box = (element.querySelector(".katex-html, mjx-math") || element).getBoundingClientRect();
    return [Number(element.dataset.number), box.left, box.top, box.right, box.bottom];
  }))));
"""

_PAGE = """<!doctype html><meta charset="utf-8"><title>Formulas</title>{head}
<style>
body {{ margin: 0; padding: 12px; background: white; color: black; font: 16px serif; }}
.formula {{ width: max-content; padding: 8px 12px; }}
</style><body></body>"""


def photograph(
    formulas: Sequence[str], typesetter: str, modules: Path, scales: Sequence[float]
) -> tuple[dict[float, dict[int, Image.Image]], list[int]]:
    """Set formulas on web pages and cut each out of screenshots at every scale.

    Args:
        formulas: LaTeX.
        typesetter: One of `WEB_TYPESETTERS`.
        modules: The folder `node_modules` that holds it.
        scales: Device pixels a pixel of the page.

    Returns:
        For each scale the image of each formula, by its number, and the numbers of those that the typesetter refused.

    Raises:
        ProgramMissingError: The typesetter, Chromium or its driver is missing.
    """
    if not (modules / typesetter / "package.json").exists():
        raise ProgramMissingError(f"There is no {typesetter} in {modules}; `npm install katex mathjax@3` brings it.")
    images: dict[float, dict[int, Image.Image]] = {scale: {} for scale in scales}
    refused: list[int] = []
    with _chromium() as browser, tempfile.TemporaryDirectory(prefix="page-") as folder:
        page = Path(folder) / "formulas.html"
        head = _HEADS[typesetter].format(modules=modules.resolve().as_uri())
        page.write_text(_PAGE.format(head=head), encoding="utf-8")
        for start in range(0, len(formulas), _FORMULAS_PER_PAGE):
            browser.get(page.as_uri())
            part = list(formulas[start : start + _FORMULAS_PER_PAGE])
            failed: list[int] | str = browser.execute_async_script(_SET, typesetter, part)
            if isinstance(failed, str):
                raise ProgramMissingError(f"{typesetter} does not work in this Chromium: {failed}")
            refused += [start + number for number in failed]
            for scale in scales:
                for number, image in _photograph_page(browser, scale):
                    images[scale][start + number] = image
    return images, refused


def crop_box(
    rectangle: Sequence[float], scale: float, size: tuple[int, int], *, margin: float = MARGIN
) -> tuple[int, int, int, int]:
    """Bring an element's rectangle, with a margin, into the pixels of a screenshot.

    Args:
        rectangle: left, top, right, bottom in pixels of the page.
        scale: Device pixels a pixel of the page.
        size: Of the screenshot.
        margin: In pixels of the page.
    """
    left, top, right, bottom = rectangle
    return (
        max(0, round((left - margin) * scale)),
        max(0, round((top - margin) * scale)),
        min(size[0], round((right + margin) * scale)),
        min(size[1], round((bottom + margin) * scale)),
    )


def _photograph_page(browser: WebDriver, scale: float) -> Iterator[tuple[int, Image.Image]]:
    """Show the whole page at a scale, take one screenshot, and cut the formulas out of it."""
    boxes = _show(browser, 800, 600, scale)
    if not boxes:
        return
    width, height = (round(max(box[side] for box in boxes)) + 40 for side in (3, 4))
    boxes = _show(browser, width, height, scale)
    answer = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    with Image.open(io.BytesIO(base64.b64decode(answer["data"]))) as screenshot:
        for number, *rectangle in boxes:
            yield int(number), screenshot.crop(crop_box(rectangle, scale, screenshot.size)).convert("RGB")


def _show(browser: WebDriver, width: int, height: int, scale: float) -> list[list[float]]:
    metrics: dict[str, Any] = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    boxes: list[list[float]] = browser.execute_async_script(_MEASURE)
    return boxes


@contextmanager
def _chromium() -> Iterator[WebDriver]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    try:
        from selenium import webdriver
    except ImportError as error:
        raise ProgramMissingError("Selenium is not installed; `pip install selenium` brings it.") from error
    if chromium is None or driver is None:
        raise ProgramMissingError("Chromium and its driver are not installed.")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
        "--allow-file-access-from-files", "--hide-scrollbars",
    ):  # fmt: skip
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))
    try:
        browser.set_script_timeout(_SECONDS_PER_PAGE)
        browser.set_page_load_timeout(_SECONDS_PER_PAGE)
        yield browser
    finally:
        browser.quit()
