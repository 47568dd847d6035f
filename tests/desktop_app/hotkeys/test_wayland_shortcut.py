"""Shortcuts through a portal that grants, denies, says nothing, answers too late, or is not there."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.hotkeys.hotkey_error import HotkeyError
from desktop_app.hotkeys.hotkeys import HotkeyAction, Hotkeys
from tests.desktop_app.private_bus import PortalControl, private_bus

if sys.platform != "linux":
    pytest.skip("there is a session bus on Linux alone", allow_module_level=True)

from desktop_app.hotkeys.wayland_shortcut import WaylandShortcuts, trigger

pytestmark = [
    pytest.mark.gui,
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon"),
]

PATIENCE_MS = 60_000
CHOSEN = {HotkeyAction.SNIP: "Ctrl+Alt+M", HotkeyAction.REPEAT: "Meta+Shift+F9"}


@pytest.fixture
def portal(tmp_path: Path, qtbot: QtBot) -> Iterator[PortalControl]:
    with private_bus(tmp_path / "portal") as control:
        yield control


@pytest.fixture
def hotkeys(portal: PortalControl) -> Iterator[Hotkeys]:
    """Hotkeys that ask the portal, and wait for its answer as long as it takes."""
    hotkeys = Hotkeys(WaylandShortcuts(bus_address=portal.address, timeout_ms=PATIENCE_MS))
    yield hotkeys
    hotkeys.unregister()


@pytest.fixture
def impatient(portal: PortalControl) -> Iterator[Hotkeys]:
    """The same, but it gives up soon."""
    hotkeys = Hotkeys(WaylandShortcuts(bus_address=portal.address, timeout_ms=1000))
    yield hotkeys
    hotkeys.unregister()


@pytest.mark.parametrize(
    ("hotkey", "expected"),
    [
        ("Ctrl+Alt+M", "CTRL+ALT+m"),
        ("Meta+Shift+F9", "SHIFT+LOGO+F9"),
        ("Print", "Print"),
        ("Ctrl+Space", "CTRL+space"),
    ],
)
def test_hotkey_is_written_as_desktops_expect(qtbot: QtBot, hotkey: str, expected: str) -> None:
    assert trigger(hotkey) == expected


def test_key_without_a_name_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(HotkeyError, match="ends in a letter"):
        trigger("Ctrl+Ä")


def test_granted_shortcuts_are_heard(qtbot: QtBot, portal: PortalControl, hotkeys: Hotkeys) -> None:
    # The portal answers before its calls return, so this also shows that the answers are waited for beforehand.
    taken: list[tuple[HotkeyAction, str]] = []
    hotkeys.taken.connect(lambda action, written: taken.append((action, written)))
    hotkeys.register(CHOSEN)
    qtbot.waitUntil(lambda: len(taken) == 2, timeout=PATIENCE_MS)
    assert taken == [(HotkeyAction.SNIP, "<snip>"), (HotkeyAction.REPEAT, "<repeat>")]  # in the desktop's words
    (bound,) = portal.calls("BindShortcuts")
    assert bound["shortcuts"]["snip"] == {"description": "Snip a formula", "preferred_trigger": "CTRL+ALT+m"}
    assert bound["shortcuts"]["repeat"]["preferred_trigger"] == "SHIFT+LOGO+F9"
    for action in HotkeyAction:
        with qtbot.waitSignal(hotkeys.pressed, timeout=PATIENCE_MS) as pressed:
            portal.press(action.value)
        assert pressed.args == [action]


def test_changed_shortcuts_are_bound_in_a_session_of_their_own(
    qtbot: QtBot, portal: PortalControl, hotkeys: Hotkeys
) -> None:
    # A session takes shortcuts only once.
    for repeat in ("Meta+Shift+F9", ""):
        with qtbot.waitSignal(hotkeys.taken, timeout=PATIENCE_MS):
            hotkeys.register({**CHOSEN, HotkeyAction.REPEAT: repeat})
    assert len(portal.calls("CreateSession")) == 2
    assert [set(call["shortcuts"]) for call in portal.calls("BindShortcuts")] == [{"snip", "repeat"}, {"snip"}]


@pytest.mark.parametrize(
    "orders",
    [{"shortcuts": "denied"}, {"session": "denied"}, {"session": "missing"}, {"shortcuts": "missing"}],
    ids=lambda orders: "-".join(*orders.items()),
)
def test_refused_shortcuts_lead_to_the_desktops_own(
    qtbot: QtBot, portal: PortalControl, hotkeys: Hotkeys, orders: dict[str, str]
) -> None:
    portal.order(**orders)
    refused: list[str] = []
    hotkeys.refused.connect(lambda _action, sentence: refused.append(sentence))
    with qtbot.waitSignal(hotkeys.desktop_shortcut_needed, timeout=PATIENCE_MS):
        hotkeys.register(CHOSEN)
    assert len(refused) == 2
    assert "keyboard settings" in refused[0]


def test_no_answer_leads_to_the_desktops_own(qtbot: QtBot, portal: PortalControl, impatient: Hotkeys) -> None:
    portal.order(session="nothing")
    with qtbot.waitSignal(impatient.desktop_shortcut_needed, timeout=PATIENCE_MS):
        impatient.register(CHOSEN)


def test_late_answer_still_counts(qtbot: QtBot, portal: PortalControl, impatient: Hotkeys) -> None:
    # The desktop's dialog waits for the user, who may be at lunch.
    portal.order(shortcuts="late")
    with qtbot.waitSignal(impatient.desktop_shortcut_needed, timeout=PATIENCE_MS):
        impatient.register(CHOSEN)
    with qtbot.waitSignal(impatient.taken, timeout=PATIENCE_MS):
        portal.release()
    with qtbot.waitSignal(impatient.pressed, timeout=PATIENCE_MS):
        portal.press("snip")


def test_missing_bus_leads_to_the_desktops_own(qtbot: QtBot, tmp_path: Path) -> None:
    hotkeys = Hotkeys(WaylandShortcuts(bus_address=f"unix:path={tmp_path / 'none'}"))
    with qtbot.waitSignal(hotkeys.desktop_shortcut_needed):
        hotkeys.register(CHOSEN)


def test_bus_that_goes_takes_the_shortcuts_along(qtbot: QtBot, tmp_path: Path) -> None:
    # At the end of a desktop's session the program must not spin on a dead connection.
    with private_bus(tmp_path / "portal") as control:
        shortcuts = WaylandShortcuts(bus_address=control.address)
        hotkeys = Hotkeys(shortcuts)
        with qtbot.waitSignal(hotkeys.taken, timeout=PATIENCE_MS):
            hotkeys.register(CHOSEN)
    qtbot.waitUntil(lambda: shortcuts._connection is None, timeout=PATIENCE_MS)


def test_hotkeys_that_are_off_ask_for_nothing(qtbot: QtBot, portal: PortalControl, hotkeys: Hotkeys) -> None:
    hotkeys.register(dict.fromkeys(HotkeyAction, ""))
    assert hotkeys._shortcuts is not None
    assert hotkeys._shortcuts._connection is None
    assert portal.calls("CreateSession") == []
