"""Screenshots through a portal that grants, denies, says nothing, or answers too late."""

import shutil
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from desktop_app.capture.capture_request import CaptureRequest
from desktop_app.capture.region_overlay import RegionOverlay
from desktop_app.capture.region_selector import RegionSelector
from desktop_app.capture.wayland_screenshot import WaylandScreenshot
from desktop_app.settings.settings import Settings
from desktop_app.system.desktop_portal import is_wayland_session, request_path
from tests.desktop_app.conftest import numbered_image
from tests.desktop_app.private_bus import PortalControl, private_bus

pytestmark = [
    pytest.mark.gui,
    pytest.mark.skipif(sys.platform != "linux", reason="there is a session bus on Linux alone"),
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon"),
]

PATIENCE_MS = 60_000
MakeScreenshot = Callable[..., WaylandScreenshot]


@pytest.fixture
def portal(tmp_path: Path, qtbot: QtBot) -> Iterator[PortalControl]:
    with private_bus(tmp_path / "portal") as control:
        size = QGuiApplication.primaryScreen().geometry().size() * 2
        numbered_image(size.width(), size.height()).save(str(control.folder / "image.png"))
        yield control


@pytest.fixture
def make(portal: PortalControl, settings: Settings) -> Iterator[MakeScreenshot]:
    names: list[str] = []

    def make_screenshot(*, timeout_ms: int = PATIENCE_MS) -> WaylandScreenshot:
        names.append(f"snaptex-test-{uuid.uuid4().hex}")
        connection = QDBusConnection.connectToBus(portal.address, names[-1])
        return WaylandScreenshot(
            settings, connection=connection, silent_timeout_ms=timeout_ms, dialog_timeout_ms=timeout_ms
        )

    yield make_screenshot
    for name in names:
        QDBusConnection.disconnectFromBus(name)


def interactive(portal: PortalControl) -> list[bool]:
    """Whether each screenshot so far was asked for with the portal's dialog."""
    return [call["options"]["interactive"] for call in portal.calls("Screenshot")]


def test_path_of_a_request_is_known_beforehand() -> None:
    assert request_path(":1.42", "t") == "/org/freedesktop/portal/desktop/request/1_42/t"


@pytest.mark.parametrize(
    ("platform", "session", "is_wayland"),
    [
        ("wayland", "wayland", True),
        ("wayland-egl", "", True),
        ("xcb", "wayland", True),  # a capture there would be black
        ("xcb", "x11", False),
        ("xcb", "", False),
        ("windows", "wayland", False),
        ("offscreen", "wayland", False),
    ],
)
def test_wayland_is_known(monkeypatch: pytest.MonkeyPatch, platform: str, session: str, is_wayland: bool) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    monkeypatch.setenv("XDG_SESSION_TYPE", session)
    assert is_wayland_session() == is_wayland


def test_first_request_has_the_dialog_and_the_next_ones_are_silent(
    qtbot: QtBot, portal: PortalControl, make: MakeScreenshot, settings: Settings
) -> None:
    # The portal answers before its call returns, so this also shows that the answer is waited for beforehand.
    screenshot = make()
    shown: list[bool] = []
    screenshot._consent.focused.connect(lambda: shown.append(screenshot._consent.isVisible()))
    with qtbot.waitSignal(screenshot.taken, timeout=PATIENCE_MS) as taken:
        screenshot.take()
    assert shown == [True]
    assert interactive(portal) == [True, False]  # the second without our window and without the dialog
    assert not screenshot._consent.isVisible()
    capture = taken.args[0][0]
    screen = QGuiApplication.primaryScreen()
    assert (capture.name, capture.geometry) == (screen.name(), screen.geometry())
    assert capture.image.width() == 2 * screen.geometry().width()
    assert capture.scale == (2, 2)
    assert portal.images() == []  # nothing is left in the user's folder
    assert settings.portal_allows_screenshots
    with qtbot.waitSignal(screenshot.taken, timeout=PATIENCE_MS):
        screenshot.take()
    again = make()  # after a restart
    with qtbot.waitSignal(again.taken, timeout=PATIENCE_MS):
        again.take()
    assert interactive(portal) == [True, False, False, False]


def test_denied_request_is_said_and_asked_again_next_time(
    qtbot: QtBot, portal: PortalControl, make: MakeScreenshot, settings: Settings
) -> None:
    portal.order(dialog="denied")
    screenshot = make()
    with qtbot.waitSignal(screenshot.failed, timeout=PATIENCE_MS) as failed:
        screenshot.take()
    assert failed.args == ["The desktop gave no picture of the screen: that was refused or cancelled."]
    assert not screenshot._consent.isVisible()
    assert not settings.portal_allows_screenshots
    portal.order(dialog="granted")
    with qtbot.waitSignal(screenshot.taken, timeout=PATIENCE_MS):
        screenshot.take()
    assert interactive(portal) == [True, True, False]


@pytest.mark.parametrize("silent", ["denied", "nothing"])
def test_desktop_that_allows_no_silence_is_asked_with_its_dialog(
    qtbot: QtBot, portal: PortalControl, make: MakeScreenshot, settings: Settings, silent: str
) -> None:
    # The permission was taken back, or the desktop asks every time; the user gets the snip all the same.
    settings.portal_allows_screenshots = True
    portal.order(silent=silent)
    screenshot = make(timeout_ms=1500 if silent == "nothing" else PATIENCE_MS)
    with qtbot.waitSignal(screenshot.taken, timeout=PATIENCE_MS):
        screenshot.take()
    assert interactive(portal) == [False, True, False]
    assert not settings.portal_allows_screenshots
    assert portal.images() == []


def test_no_answer_is_said_and_the_dialog_taken_away(qtbot: QtBot, portal: PortalControl, make: MakeScreenshot) -> None:
    portal.order(dialog="nothing")
    screenshot = make(timeout_ms=1500)
    with qtbot.waitSignal(screenshot.failed, timeout=PATIENCE_MS) as failed:
        screenshot.take()
    assert failed.args == ["The desktop didn't answer when asked for a picture of the screen."]
    assert not screenshot._consent.isVisible()
    qtbot.waitUntil(lambda: len(portal.calls("Close")) == 1, timeout=PATIENCE_MS)


def test_late_answer_is_no_surprise_and_leaves_no_file(
    qtbot: QtBot, portal: PortalControl, make: MakeScreenshot
) -> None:
    # The overlay must not appear when the user has gone on to something else.
    portal.order(dialog="late")
    screenshot = make(timeout_ms=1500)
    with qtbot.waitSignal(screenshot.failed, timeout=PATIENCE_MS):
        screenshot.take()
    with qtbot.assertNotEmitted(screenshot.taken), qtbot.assertNotEmitted(screenshot.failed):
        portal.release()
        qtbot.waitUntil(lambda: portal.images_taken() == 1, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: portal.images() == [], timeout=PATIENCE_MS)


def test_missing_portal_is_said(qtbot: QtBot, portal: PortalControl, make: MakeScreenshot) -> None:
    portal.order(dialog="missing")
    screenshot = make()
    with qtbot.waitSignal(screenshot.failed, timeout=PATIENCE_MS) as failed:
        screenshot.take()
    assert "its portal for that is missing" in failed.args[0]


def test_missing_bus_is_said(qtbot: QtBot, settings: Settings) -> None:
    screenshot = WaylandScreenshot(settings, connection=QDBusConnection("no such connection"))
    with qtbot.waitSignal(screenshot.failed) as failed:
        screenshot.take()
    assert "no session bus" in failed.args[0]


def test_person_who_cancels_our_window_is_not_asked(qtbot: QtBot, portal: PortalControl, make: MakeScreenshot) -> None:
    portal.order(dialog="nothing")
    screenshot = make()
    screenshot.take()
    qtbot.waitUntil(lambda: interactive(portal) == [True], timeout=PATIENCE_MS)
    with qtbot.waitSignal(screenshot.failed):
        screenshot._consent.cancel_button.click()
    qtbot.waitUntil(lambda: len(portal.calls("Close")) == 1, timeout=PATIENCE_MS)


def test_area_chosen_in_the_desktops_dialog_is_the_region(
    qtbot: QtBot, portal: PortalControl, make: MakeScreenshot
) -> None:
    # Its own dialog lets the user cut out an area; a second overlay over that would be stretched nonsense.
    numbered_image(123, 45).save(str(portal.folder / "image.png"))
    selector = RegionSelector(make())
    with qtbot.waitSignal(selector.region_selected, timeout=PATIENCE_MS) as selected:
        selector.start(CaptureRequest())
    image: QImage = selected.args[0].image
    assert (image.width(), image.height()) == (123, 45)
    assert image.convertToFormat(QImage.Format.Format_RGB32) == numbered_image(123, 45)
    assert interactive(portal) == [True]


def test_selection_is_made_on_the_portals_image(qtbot: QtBot, portal: PortalControl, make: MakeScreenshot) -> None:
    selector = RegionSelector(make())
    selector.start(CaptureRequest())

    def overlays() -> list[RegionOverlay]:
        return [one for one in selector._overlays if one.isVisible()]

    qtbot.waitUntil(lambda: len(overlays()) == 1, timeout=PATIENCE_MS)
    with qtbot.waitSignal(selector.region_selected) as selected:
        qtbot.mousePress(overlays()[0], Qt.MouseButton.LeftButton, pos=QPoint(10, 20))
        qtbot.mouseRelease(overlays()[0], Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    image = QImage(str(portal.folder / "image.png")).convertToFormat(QImage.Format.Format_RGB32)
    assert selected.args[0].image.convertToFormat(QImage.Format.Format_RGB32) == image.copy(20, 40, 101, 41)
    with qtbot.waitSignal(selector.region_selected, timeout=PATIENCE_MS) as repeated:
        selector.start(CaptureRequest(repeat=True))
    assert repeated.args[0].image == selected.args[0].image


def test_asking_again_cancels_what_the_desktop_was_asked(
    qtbot: QtBot, portal: PortalControl, make: MakeScreenshot
) -> None:
    # Whoever waits for nothing can begin anew.
    portal.order(dialog="nothing")
    selector = RegionSelector(make())
    selector.start(CaptureRequest())
    qtbot.waitUntil(lambda: interactive(portal) == [True], timeout=PATIENCE_MS)
    with qtbot.waitSignal(selector.cancelled):
        selector.start(CaptureRequest())
    portal.order(dialog="denied")
    with qtbot.waitSignal(selector.failed, timeout=PATIENCE_MS):
        selector.start(CaptureRequest())
