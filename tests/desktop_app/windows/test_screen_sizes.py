"""Every window fits the screen that it is on, at any scale."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Prints, one a line, what is larger than the screen: the window as it is, and after it has got a long sentence.
SCRIPT = """
import gc
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from desktop_app.history.history import History
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.settings.settings import Settings, Theme
from desktop_app.widgets.appearance import apply_appearance
from desktop_app.windows.main_window import MainWindow
from desktop_app.windows.welcome_window import WelcomeWindow
from tests.desktop_app.take_window_screenshots import windows_of_the_program

TITLE_BAR = 30
gc.disable()  # as in the program
scratch = Path(sys.argv[1])
application = QApplication([])
apply_appearance(application, Theme.LIGHT)
settings, history, previews = Settings(scratch / "s.ini"), History(scratch / "h.sqlite"), PreviewRenderer()
screen = application.primaryScreen().availableGeometry()
print(screen.width(), screen.height())

def check(name, window):
    application.processEvents()
    size = window.size()
    bar = 0 if window.windowFlags() & window.windowFlags().FramelessWindowHint else TITLE_BAR
    if size.width() > screen.width() or size.height() + bar > screen.height():
        print(f"{name} has {size.width()} x {size.height()}")

for name, build in windows_of_the_program(settings, history, previews).items():
    window = build()
    window.show()
    check(name, window)
    if isinstance(window, MainWindow):
        window.show_notice("The recogniser could not be loaded; the log says why. " * 8)
        check(name + " with a notice", window)
    if isinstance(window, WelcomeWindow):
        window.show_result("x^2+" * 80)
        check(name + " with a result", window)
    window.close()
previews.close()
history.close()
"""


@pytest.mark.parametrize(("pixels", "percent"), [((1280, 720), 175), ((1920, 1080), 100), ((1920, 1080), 250)])
def test_every_window_fits_its_screen(pixels: tuple[int, int], percent: int, tmp_path: Path) -> None:
    # A button below the screen's edge can't be pressed, and many windows can't be made smaller.
    width, height = (round(side * 100 / percent) for side in pixels)
    place = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height, "dpr": percent / 100}
    (tmp_path / "screens.json").write_text(json.dumps({"screens": [place]}))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path / 'screens.json'}", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    size, *too_large = done.stdout.splitlines() or [done.stderr]
    assert size == f"{width} {height}", done.stderr
    assert too_large == [], done.stderr
    assert done.returncode == 0, done.stderr
