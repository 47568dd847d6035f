"""The page in a real browser, headless Chromium: drop, crop, edit, copy, by keyboard and on a narrow screen."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from axe_core_python.base import AXE_FILE_PATH  # type: ignore[import-untyped]
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from model.decoding.decoded_formula import DecodingOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from selenium.webdriver.chrome.webdriver import WebDriver
    from selenium.webdriver.remote.webelement import WebElement

    from model.recognition.recogniser import Recogniser
    from model.serving.service import Service

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver")

DROP = """
const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));
const transfer = new DataTransfer();
transfer.items.add(new File([bytes], "formula.png", { type: "image/png" }));
const event = arguments[1] === "paste"
  ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
  : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
document.getElementById("drop").dispatchEvent(event);
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[WebDriver]:
    """One browser for all tests; each opens the page of its own service."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))
    yield browser
    browser.quit()


@pytest.fixture
def page(chromium: WebDriver, service: Service) -> Iterator[WebDriver]:
    """The page as its address in the terminal opens it."""
    chromium.set_window_size(1000, 900)
    chromium.get(service.entrance)
    origin = service.options.url.rstrip("/")
    for permission in ("clipboardReadWrite", "clipboardSanitizedWrite"):
        chromium.execute_cdp_cmd(
            "Browser.grantPermissions", {"origin": origin, "permissions": [permission, "clipboardReadWrite"]}
        )
    yield chromium
    faults = [entry["message"] for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]
    assert not [fault for fault in faults if "422" not in fault], faults


def find(page: WebDriver, name: str) -> WebElement:
    return page.find_element(By.ID, name)


def wait(page: WebDriver, condition: Callable[[], Any]) -> None:
    WebDriverWait(page, 30).until(lambda _: condition())


def drop(page: WebDriver, image: bytes, *, how: str = "drop") -> None:
    page.execute_script(DROP, base64.b64encode(image).decode(), how)
    wait(page, lambda: find(page, "status").text.startswith("Read"))
    wait(page, lambda: find(page, "status").text.startswith("Read:"))
    wait(page, lambda: page.find_elements(By.CSS_SELECTOR, "#drawing svg"))


def clipboard_begins(page: WebDriver, start: str) -> bool:
    return clipboard(page).startswith(start)


def clipboard(page: WebDriver) -> str:
    return str(page.execute_async_script("navigator.clipboard.readText().then(arguments[0])"))


def clipboard_image(page: WebDriver) -> str:
    """Return the clipboard's PNG in base64."""
    script = """
        const done = arguments[0];
        navigator.clipboard.read()
            .then(([item]) => item.getType("image/png"))
            .then((blob) => {
                const reader = new FileReader();
                reader.onload = () => done(reader.result.split(",")[1]);
                reader.readAsDataURL(blob);
            });
    """
    return str(page.execute_async_script(script))


def copy_as(page: WebDriver, name: str) -> None:
    """Choose a format in the list and press Copy."""
    page.find_element(By.CSS_SELECTOR, f"#format [value={name}]").click()
    button = find(page, "copy")
    wait(page, button.is_enabled)
    button.click()
    wait(page, lambda: find(page, "status").text.startswith("Copied"))


def test_nothing_is_offered_before_there_is_a_formula(page: WebDriver) -> None:
    assert not find(page, "copy").is_enabled()


def test_image_stays_beside_what_was_read(page: WebDriver, image: bytes) -> None:
    # To compare the two, the image must be seen however long the rest of the page is.
    drop(page, image)
    page.execute_script("document.getElementById('past').style.minHeight = '3000px'; scrollTo(0, 1500)")
    shown = find(page, "image")
    top = page.execute_script("return arguments[0].getBoundingClientRect().top", shown)
    assert 0 <= top < page.execute_script("return innerHeight") - shown.size["height"]
    assert shown.rect["x"] + shown.rect["width"] <= find(page, "result").rect["x"]


@pytest.fixture
def image(make_png: Callable[..., bytes]) -> bytes:
    """An image to be read."""
    return make_png(3, width=200)


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_image_becomes_latex_on_the_clipboard(page: WebDriver, recogniser: Recogniser, image: bytes, how: str) -> None:
    # The page's whole purpose; after the drop one key is enough.
    drop(page, image, how=how)
    # The page asks for alternatives, which takes beam search.
    expected = recogniser.recognise(Image.open(BytesIO(image)), options=DecodingOptions(beam_size=6)).latex
    assert find(page, "latex").get_attribute("value") == expected
    assert page.switch_to.active_element.get_attribute("id") == "copy"
    page.switch_to.active_element.send_keys(Keys.ENTER)
    wait(page, lambda: find(page, "status").text == "Copied as LaTeX.")
    assert clipboard(page) == expected


def test_chosen_file(page: WebDriver, image: bytes, tmp_path: Path) -> None:
    path = tmp_path / "formula.png"
    path.write_bytes(image)
    find(page, "file").send_keys(str(path))
    wait(page, lambda: find(page, "latex").get_attribute("value"))


def test_every_format_is_copied_as_edited(page: WebDriver, image: bytes) -> None:
    # What is copied must be what the person has typed last, in the form the list names.
    drop(page, image)
    field = find(page, "latex")
    field.clear()
    field.send_keys(r"\frac{a}{b}")
    starts = {
        "latex": r"\frac",
        "inline": r"$\frac",
        "display": "\\[",
        "equation": r"\begin{equation}",
        "svg": "<svg",
        "markdown": "$$",
        "mathml": "<math",
        "typst": "$ frac(a, b) $",
        "unicode": "a/b",
    }
    for name, start in starts.items():
        copy_as(page, name)
        wait(page, partial(clipboard_begins, page, start))
    copy_as(page, "mathml")
    wait(page, lambda: "mfrac" in clipboard(page))


def test_formula_is_copied_as_an_image(page: WebDriver, image: bytes) -> None:
    # For programs that take no LaTeX: black on white, large enough to print.
    drop(page, image)
    copy_as(page, "png")
    wait(page, lambda: find(page, "status").text == "Copied as PNG.")
    copied = Image.open(BytesIO(base64.b64decode(clipboard_image(page)))).convert("L")
    assert copied.height > 40
    assert copied.getpixel((0, 0)) == 255
    assert np.asarray(copied).min() < 60


def test_preview_follows_and_says_what_is_wrong(page: WebDriver) -> None:
    # Half-typed LaTeX is no reason for a blank page or a silent one.
    field = find(page, "latex")
    field.send_keys(r"\sqrt{x")
    wait(page, lambda: "closing brace is missing" in find(page, "drawing-error").text)
    field.send_keys("}")
    wait(page, lambda: find(page, "drawing-error").text == "" and page.find_elements(By.CSS_SELECTOR, "#drawing svg"))
    assert find(page, "drawing").size["height"] > 20


def test_crop_by_keyboard_and_by_pointer(page: WebDriver, image: bytes) -> None:
    # Only the chosen part is read; whoever has no pointer types it.
    drop(page, image)
    before = len(page.find_elements(By.CSS_SELECTOR, "#history li"))
    width = find(page, "crop-width")
    assert width.get_attribute("value") == "200"
    width.clear()
    width.send_keys("90")
    find(page, "read").send_keys(Keys.ENTER)
    wait(page, lambda: len(page.find_elements(By.CSS_SELECTOR, "#history li")) == before + 1)
    stage = find(page, "stage")
    actions = webdriver.ActionChains(page).move_to_element_with_offset(stage, -60, -10)
    actions.click_and_hold().move_by_offset(80, 20).release().perform()
    assert 70 <= int(find(page, "crop-width").get_attribute("value") or 0) <= 90
    assert find(page, "selection").is_displayed()


def test_history_brings_a_formula_back(page: WebDriver, image: bytes) -> None:
    drop(page, image)
    latex = find(page, "latex").get_attribute("value")
    find(page, "latex").clear()
    find(page, "history").find_element(By.TAG_NAME, "button").click()
    wait(page, lambda: find(page, "latex").get_attribute("value") == latex)


def test_bad_image_is_said(page: WebDriver) -> None:
    file = BytesIO()
    Image.new("L", (50, 30), 255).save(file, "PNG")
    page.execute_script(DROP, base64.b64encode(file.getvalue()).decode(), "drop")
    wait(page, lambda: "blank" in find(page, "status").text)


def test_keyboard_reaches_everything_and_shows_where_it_is(page: WebDriver, image: bytes) -> None:
    drop(page, image)
    find(page, "theme").send_keys("")
    page.execute_script("document.activeElement.blur()")
    reached = set()
    for _ in range(45):
        webdriver.ActionChains(page).send_keys(Keys.TAB).perform()
        focused = page.switch_to.active_element
        reached.add(focused.get_attribute("id") or focused.text)
        if focused.tag_name not in {"body", "html"}:
            assert focused.value_of_css_property("outline-style") != "none", focused.get_attribute("outerHTML")
    assert {"theme", "file", "crop-left", "read", "whole", "latex", "format", "copy"} <= reached


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(page: WebDriver, image: bytes, width: int, theme: str) -> None:
    # axe looks for contrast, names, roles; a narrow screen must not scroll sideways.
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    )
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
    page.execute_script("localStorage.clear()")
    try:
        page.refresh()
        drop(page, image)
        assert page.find_element(By.TAG_NAME, "html").get_attribute("data-theme") == theme
        assert too_wide(page) == []
        assert_accessible(page)
        page.find_element(By.LINK_TEXT, "Interface").click()
        wait(page, lambda: "POST /recognise" in page.page_source)
        assert too_wide(page) == []
        assert_accessible(page)
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def too_wide(page: WebDriver) -> list[str]:
    """The elements that reach beyond the window, unless something around them scrolls."""
    return page.execute_script(  # type: ignore[no-any-return]
        """return document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("*")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 80))"""
    )


def assert_accessible(page: WebDriver) -> None:
    page.execute_script(AXE_FILE_PATH.read_text(encoding="utf-8"))
    found = page.execute_async_script("axe.run().then(arguments[0])")
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]] == []


def test_no_address_outside_is_contacted(page: WebDriver, service: Service, image: bytes) -> None:
    # The page works without a network, and tells nobody what is read.
    page.get_log("performance")  # type: ignore[no-untyped-call]
    page.refresh()
    drop(page, image)
    asked = [
        entry["message"].split('"url":"', 1)[1].split('"', 1)[0]
        for entry in page.get_log("performance")  # type: ignore[no-untyped-call]
        if '"Network.requestWillBeSent"' in entry["message"] and '"url":"' in entry["message"]
    ]
    assert len(asked) > 5
    assert not [url for url in asked if not url.startswith((service.options.url, "blob:", "data:"))]
