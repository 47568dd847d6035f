"""Hotkeys on Wayland: the desktop keeps the keys, and its GlobalShortcuts portal tells when one was pressed.

All shortcuts are bound at once, for a session takes them once only; the keys are a wish, and the desktop may let the
person choose others. QtDBus can't write their list of structures (PYSIDE-1904), so the messages are jeepney's.
https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal

from desktop_app.hotkeys.global_hotkey import parse_hotkey
from desktop_app.hotkeys.keysym_names import keysym_name
from desktop_app.system.desktop_portal import (
    GRANTED,
    PORTAL_PATH,
    PORTAL_SERVICE,
    REQUEST_INTERFACE,
    new_token,
    request_path,
)

logger = logging.getLogger(__name__)

_INTERFACE = "org.freedesktop.portal.GlobalShortcuts"
_SESSION_INTERFACE = "org.freedesktop.portal.Session"
_REGISTRY_INTERFACE = "org.freedesktop.host.portal.Registry"
_APPLICATION = "snaptex"  # as the .desktop file is called

# The desktop may ask the user; an answer that comes later still counts.
TIMEOUT_MS = 30_000

_MODIFIERS = {
    Qt.KeyboardModifier.ControlModifier: "CTRL",
    Qt.KeyboardModifier.AltModifier: "ALT",
    Qt.KeyboardModifier.ShiftModifier: "SHIFT",
    Qt.KeyboardModifier.MetaModifier: "LOGO",
}


@dataclass(frozen=True)
class WaylandShortcut:
    """One shortcut to bind."""

    description: str  # for the desktop's dialog
    hotkey: str  # the key that we would like, as a portable key sequence


def trigger(hotkey: str) -> str:
    """A hotkey as the shortcuts specification of freedesktop.org writes it: "CTRL+ALT+m".

    Raises:
        HotkeyError: It is no hotkey.
    """
    modifiers, key = parse_hotkey(hotkey)
    return "+".join([*(name for modifier, name in _MODIFIERS.items() if modifiers & modifier), keysym_name(key)])


class WaylandShortcuts(QObject):
    """The shortcuts of one session.

    Signals:
        pressed(str): The name of a shortcut that the user pressed.
        bound(dict[str, str]): They work; for each its keys in the desktop's words, empty where it tells none.
        unavailable: This desktop gives none, or not now; a late yes is still told by `bound`.
    """

    pressed = Signal(str)
    bound = Signal(dict)
    unavailable = Signal()

    def __init__(self, *, bus_address: str = "SESSION", timeout_ms: int = TIMEOUT_MS) -> None:
        super().__init__()
        self._bus_address = bus_address
        self._connection: DBusConnection | None = None
        self._notifier: QSocketNotifier | None = None
        self._shortcuts: Mapping[str, WaylandShortcut] = {}
        self._session = ""
        self._awaited: dict[str, str] = {}  # the paths of requests, and what was called
        self._calls: set[int] = set()  # serial numbers of calls whose failure ends everything
        self._timer = QTimer(self, singleShot=True, interval=timeout_ms)
        self._timer.timeout.connect(self._give_up)

    def bind(self, shortcuts: Mapping[str, WaylandShortcut]) -> None:
        """Ask the desktop for these shortcuts, by name, in place of the ones before."""
        self.close()
        if not shortcuts:
            return
        self._shortcuts = shortcuts
        try:
            self._connection = open_dbus_connection(self._bus_address)
        except (OSError, KeyError, RuntimeError, ValueError) as error:
            logger.warning("The session bus can't be reached: %s", error)
            self._fail()
            return
        self._notifier = QSocketNotifier(self._connection.sock.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read_messages)
        self._subscribe(_INTERFACE, "Activated", PORTAL_PATH)
        # Tells a program outside a sandbox apart; older portals don't know it, and nothing depends on it.
        self._send(_REGISTRY_INTERFACE, "Register", "sa{sv}", (_APPLICATION, {}))
        self._timer.start()
        token = new_token()
        options = {"handle_token": ("s", token), "session_handle_token": ("s", new_token())}
        self._request("CreateSession", "a{sv}", (options,), token)

    def close(self) -> None:
        """Give the shortcuts back."""
        self._timer.stop()
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._connection is not None:
            self._connection.close()  # the portal ends a program's sessions with its connection
            self._connection = None
        self._session = ""
        self._awaited.clear()
        self._calls.clear()

    def _bind_in_session(self, session: str) -> None:
        self._session = session
        self._subscribe(_SESSION_INTERFACE, "Closed", session)
        token = new_token()
        wishes = [
            (name, {"description": ("s", one.description), "preferred_trigger": ("s", trigger(one.hotkey))})
            for name, one in self._shortcuts.items()
        ]
        body = (session, wishes, "", {"handle_token": ("s", token)})
        self._request("BindShortcuts", "oa(sa{sv})sa{sv}", body, token)

    def _request(self, member: str, signature: str, body: tuple[Any, ...], token: str) -> None:
        """Call a method that answers through a Request, whose answer is waited for first."""
        if self._connection is None:
            return
        path = request_path(self._connection.unique_name, token)
        self._awaited[path] = member
        self._subscribe(REQUEST_INTERFACE, "Response", path)
        self._calls.add(self._send(_INTERFACE, member, signature, body))

    def _subscribe(self, interface: str, member: str, path: str) -> None:
        if self._connection is not None:
            rule = MatchRule(type="signal", sender=PORTAL_SERVICE, interface=interface, member=member, path=path)
            self._connection.send(message_bus.AddMatch(rule))

    def _send(self, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> int:
        if self._connection is None:
            return 0
        address = DBusAddress(PORTAL_PATH, bus_name=PORTAL_SERVICE, interface=interface)
        serial: int = next(self._connection.outgoing_serial)
        self._connection.send(new_method_call(address, member, signature, body), serial)
        return serial

    def _read_messages(self) -> None:
        while self._connection is not None:
            try:
                message = self._connection.receive(timeout=0)
            except TimeoutError:
                return
            except OSError as error:
                logger.warning("The session bus has gone: %s", error)
                self._fail()
                return
            self._follow(message)

    def _follow(self, message: Message) -> None:
        fields = message.header.fields
        kind = message.header.message_type
        if kind is MessageType.error and fields.get(HeaderFields.reply_serial) in self._calls:
            logger.warning("The desktop gives no shortcuts: %s", message.body)
            self._fail()
        elif kind is MessageType.signal:
            member, path = fields.get(HeaderFields.member), fields.get(HeaderFields.path)
            if member == "Response" and path in self._awaited:
                self._follow_response(self._awaited.pop(path), *message.body)
            elif member == "Activated" and message.body[0] == self._session:
                self.pressed.emit(message.body[1])
            elif member == "Closed" and path == self._session:
                logger.warning("The desktop has taken the shortcuts back.")
                self._fail()

    def _follow_response(self, member: str, response: int, results: dict[str, tuple[str, Any]]) -> None:
        if response != GRANTED:
            logger.warning("The desktop refused the shortcuts: %s was answered with %d.", member, response)
            self._fail()
        elif member == "CreateSession":
            self._bind_in_session(str(results["session_handle"][1]))
        else:
            self._timer.stop()
            given = dict(results.get("shortcuts", ("", []))[1])
            keys = {name: str(given.get(name, {}).get("trigger_description", ("s", ""))[1]) for name in self._shortcuts}
            logger.info("The desktop's shortcuts are %s.", keys)
            self.bound.emit(keys)

    def _give_up(self) -> None:
        logger.warning("The desktop didn't answer when asked for shortcuts.")
        self.unavailable.emit()

    def _fail(self) -> None:
        self.close()
        self.unavailable.emit()
