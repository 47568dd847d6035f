"""Take an image of each window, light and dark: `python -m tests.desktop_app.take_window_screenshots FOLDER`.

It needs no display. The formulas are examples, drawn by the program's own renderer.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.capture.consent_window import ConsentWindow
from desktop_app.capture.snip_countdown import SnipCountdown
from desktop_app.history.history import History
from desktop_app.history.history_window import HistoryWindow
from desktop_app.languages.translation import install_translation
from desktop_app.pdf.pdf_windows import PdfWindows
from desktop_app.recognition.recognition_result import with_rows_struck_out
from desktop_app.rendering.formula_renderer import render_formula
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.result_notice import ResultNotice
from desktop_app.result.result_window import ResultWindow
from desktop_app.settings.recogniser_options import DeviceReport, ServiceState
from desktop_app.settings.settings import Language, Settings, Theme
from desktop_app.settings_window.settings_dialog import SettingsDialog
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import ReadToken, Snip
from desktop_app.widgets.appearance import apply_appearance
from desktop_app.windows.about_dialog import AboutDialog
from desktop_app.windows.desktop_shortcut_dialog import DesktopShortcutDialog
from desktop_app.windows.main_window import MainWindow
from desktop_app.windows.welcome_window import WelcomeWindow
from model.layout.layout import LeftOut, LeftOutKind, LineKind, PixelBox
from model.recognition.calibration import ConfidenceLevel
from tests.desktop_app.snip_in_rows import Row, snip_in_rows
from tests.end_to_end.snip_session import FORMULAS

_SHOWN = (
    r"\oint_{C} f(z)\,dz = 2\pi i \sum_{k} \operatorname{Res}(f, a_k)",
    r"\hat{f}(\xi) = \int_{-\infty}^{\infty} f(x) e^{-2\pi i x \xi}\,dx",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1}",
    r"\zeta(s) = \sum_{n=1}^{\infty} \frac{1}{n^{s}}",
    r"x = \frac{-b \pm \sqrt{b^{2} - 4ac}}{2a}",
)
_PREVIEW_SECONDS = 20.0
_SCREEN = {"name": "screen", "x": 0, "y": 0, "width": 3200, "height": 2200}  # room for every window at twice its size


def _image(latex: str) -> QImage:
    formula = render_formula(latex, 22, QColor("black"))
    image = QImage(formula.width() + 40, formula.height() + 30, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        painter.drawImage(QPoint(20, 15), formula)
    return image


def _pdf_window() -> QWidget:
    documents = PdfWindows()
    documents.open([FORMULAS / "page.pdf"])
    while not (documents.windows and documents.windows[0].view.image):
        QApplication.processEvents()
    window = documents.windows[0]
    window.closed.connect(lambda: documents.close(60_000))
    return window


def windows_of_the_program(
    settings: Settings, history: History, previews: PreviewRenderer
) -> dict[str, Callable[[], QWidget]]:
    """What makes each window, with something to see in it, by its name."""

    def main_window() -> QWidget:
        window = MainWindow(settings)
        window.show_state("Ready")
        window.show_closing(ends_program=False)
        return window

    def result_window() -> QWidget:
        window = ResultWindow(settings, previews)
        formula = _SHOWN[3]
        tokens = tuple(
            ReadToken(match[0], match.span(), 0.4, match[0] in {r"\zeta", r"\infty"})
            for match in re.finditer(r"\\[A-Za-z]+|\S", formula)
        )
        snip = Snip(
            _image(formula),
            1.0,
            formula,
            0.87,
            0.31,
            confidence_level=ConfidenceLevel.CHECK,
            tokens=tokens,
            text_height=14.2,
        )
        window.show_snip(snip)
        window.show_copied()
        window.pages_bar.show_place(1, 3)
        return window

    def result_of_rows() -> QWidget:
        window = ResultWindow(settings, previews)
        formulas, confidences = ("a^2+b^2=c^2", r"\frac{1}{2}+\frac{1}{3}=x", r"y=\sqrt{2}"), (0.9, 0.85, 0.5)
        images = [_image(formula) for formula in formulas]
        height = 26 + sum(one.height() for one in images)
        image = QImage(420, height, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        rows: list[Row] = []
        with QPainter(image) as painter:
            top = 0
            for formula, confidence, one in zip(formulas, confidences, images, strict=True):
                painter.drawImage(QPoint(60, top), one)
                box = PixelBox(76, top + 12, 64 + one.width() - 20, top + one.height() - 12)
                rows.append((LineKind.FORMULA, formula, box, confidence))
                top += one.height()
            painter.drawText(380, 34, "(3.14)")
            painter.drawText(10, height + 3, "Half a line that was dragged over, too")
        rows.insert(1, (LineKind.NUMBER, "(3.14)", PixelBox(378, 22, 418, 38), 0.9))
        half_line = LeftOut(LeftOutKind.NEIGHBOUR, PixelBox(8, height - 12, 300, height))
        window.rows_controller.rows_struck_out.connect(
            lambda snip, struck_out: window.show_other_rows(with_rows_struck_out(snip, struck_out))
        )
        window.resize(QSize(760, 560).boundedTo(window.screen().availableSize() * 0.9))
        window.show_snip(snip_in_rows(image, rows, [half_line], height=14.0))
        window.rows.strike_out(3, is_out=True)
        return window

    def desktop_shortcut_dialog() -> QWidget:
        dialog = DesktopShortcutDialog()
        dialog.snip_command.setText("snaptex snip")  # wherever it is installed
        dialog.repeat_command.setText("snaptex repeat")
        return dialog

    def settings_page(number: int) -> QWidget:
        dialog = SettingsDialog(settings)
        dialog.recogniser_panel.show_device(DeviceReport("", is_gpu_used=False))
        dialog.service_panel.show_state(ServiceState("http://127.0.0.1:8502/", token="token"))
        dialog.page_list.setCurrentRow(number)
        return dialog

    def welcome_window() -> QWidget:
        window = WelcomeWindow()
        window.show_hotkey("Ctrl + Alt + M")
        return window

    def notice() -> QWidget:
        notice = ResultNotice(previews)
        notice.show_formula(_SHOWN[3], is_copied=True, trust=ConfidenceLevel.SURE)
        return notice

    return {
        "welcome": welcome_window,
        "main": main_window,
        "result": result_window,
        "result-rows": result_of_rows,
        "desktop-shortcut": desktop_shortcut_dialog,
        "permission": ConsentWindow,
        "countdown": SnipCountdown,
        "settings": lambda: settings_page(0),
        "settings-result": lambda: settings_page(1),
        "settings-history": lambda: settings_page(2),
        "settings-recogniser": lambda: settings_page(3),
        "settings-service": lambda: settings_page(4),
        "settings-program": lambda: settings_page(5),
        "notice": notice,
        "about": AboutDialog,
        "history": lambda: HistoryWindow(history, previews, settings),
        "pdf": _pdf_window,
    }


def main() -> int:
    """Write NAME-light.png and NAME-dark.png for each window, or NAME-light-200.png for a screen of that scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the images go")
    parser.add_argument("--scale", type=int, default=100, help="scale of the screen in percent (100)")
    parser.add_argument("--language", type=Language, choices=Language, default=Language.ENGLISH, help="en, zh_CN or ru")
    options = parser.parse_args()
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    ending = "" if options.scale == 100 else f"-{options.scale}"
    with tempfile.TemporaryDirectory() as scratch:
        screens = Path(scratch) / "screens.json"
        screens.write_text(json.dumps({"screens": [_SCREEN]}))
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens}"
        os.environ["QT_SCALE_FACTOR"] = str(options.scale / 100)
        application = QApplication(sys.argv)
        install_translation(application, options.language)
        settings = Settings(Path(scratch) / "settings.ini")
        history = History(Path(scratch) / "history.sqlite")
        for latex in reversed(_SHOWN):
            mark, confidence = list(zip(ConfidenceLevel, (0.97, 0.81, 0.42), strict=True))[len(latex) % 3]
            number = history.add(Snip(_image(latex), 1.0, latex, confidence, confidence_level=mark), CopyFormat.LATEX)
        history.set_favourite(number, True)
        previews = PreviewRenderer()
        for theme in (Theme.LIGHT, Theme.DARK):
            apply_appearance(application, theme)
            for name, build in windows_of_the_program(settings, history, previews).items():
                window = build()
                window.show()
                ends = time.monotonic() + _PREVIEW_SECONDS
                preview = getattr(window, "preview", None)
                while time.monotonic() < ends and not (application.processEvents() or preview is None or preview.image):
                    time.sleep(0.02)
                application.processEvents()
                window.grab().save(str(folder / f"{name}-{theme.value}{ending}.png"))
                window.close()
        previews.close()
        history.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
