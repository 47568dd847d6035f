"""A desktop's portal on a private bus: answers as its orders say, and notes what it was asked.

Run as: fake_portal.py FOLDER. The folder holds what test and portal tell each other:

- orders.json: for each kind of request ("silent" and "dialog" screenshots, "session" and "shortcuts"), one of
  "granted", "denied", "nothing" (no answer ever), "late" (granted once the file `release` is there) and "missing" (no
  such interface).
- image.png: what a screenshot shows; without it, what is on the display.
- calls.jsonl: one line for each call.
- press: the name of a shortcut that the user presses; taken away when it was told.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import mss
import mss.tools
from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_POLL_SECONDS = 0.02


class FakePortal:
    """Answers calls until the bus goes."""

    def __init__(self, folder: Path, connection: DBusConnection) -> None:
        self._folder = folder
        self._connection = connection
        self._late: list[Message] = []
        self._session = ""
        self._images = 0

    def serve(self) -> None:
        """Answer for ever."""
        while True:
            try:
                message = self._connection.receive(timeout=_POLL_SECONDS)
            except TimeoutError:
                self._look_around()
                continue
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _look_around(self) -> None:
        if (self._folder / "release").exists():
            for message in self._late:
                self._respond(message, "granted")
            self._late.clear()
        press = self._folder / "press"
        if press.exists() and (shortcut := press.read_text(encoding="utf-8")):
            press.unlink()
            emitter = DBusAddress(_PATH, interface="org.freedesktop.portal.GlobalShortcuts")
            self._connection.send(new_signal(emitter, "Activated", "osta{sv}", (self._session, shortcut, 77, {})))

    def _answer(self, message: Message) -> None:
        fields = message.header.fields
        interface, member = fields[HeaderFields.interface].rpartition(".")[2], fields[HeaderFields.member]
        options = message.body[-1] if message.body else {}
        plain = {name: value for name, (_, value) in options.items()}
        self._note(interface, member, plain, message)
        orders = json.loads((self._folder / "orders.json").read_text(encoding="utf-8"))
        if member in ("Close", "Register"):
            self._connection.send(new_method_return(message))
            return
        if member == "Screenshot":
            order = orders["dialog" if plain["interactive"] else "silent"]
        else:
            order = orders["session" if member == "CreateSession" else "shortcuts"]
        if order == "missing":
            self._connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", ("No such.",)))
            return
        if order in ("granted", "denied"):
            # Before the call returns, as a quick portal may: who listens only afterwards misses it.
            self._respond(message, order)
        elif order == "late":
            self._late.append(message)
        self._connection.send(new_method_return(message, "o", (self._request_path(message),)))

    def _respond(self, message: Message, order: str) -> None:
        member = message.header.fields[HeaderFields.member]
        results: dict[str, tuple[str, Any]] = {}
        if order == "granted" and member == "Screenshot":
            results = {"uri": ("s", self._take_image().as_uri())}
        elif order == "granted" and member == "CreateSession":
            self._session = f"{_PATH}/session/{message.body[0]['session_handle_token'][1]}"
            results = {"session_handle": ("s", self._session)}
        elif order == "granted":
            given = [(name, {"trigger_description": ("s", f"<{name}>")}) for name, _ in message.body[1]]
            results = {"shortcuts": ("a(sa{sv})", given)}
        emitter = DBusAddress(self._request_path(message), interface="org.freedesktop.portal.Request")
        self._connection.send(new_signal(emitter, "Response", "ua{sv}", (0 if order == "granted" else 1, results)))

    def _request_path(self, message: Message) -> str:
        sender = message.header.fields[HeaderFields.sender][1:].replace(".", "_")
        return f"{_PATH}/request/{sender}/{message.body[-1]['handle_token'][1]}"

    def _take_image(self) -> Path:
        self._images += 1
        path = self._folder / f"Screenshot from the portal {self._images}.png"
        if (self._folder / "image.png").exists():
            shutil.copy(self._folder / "image.png", path)
        else:
            with mss.MSS() as screen:
                shot = screen.grab(screen.monitors[0])
            mss.tools.to_png(shot.rgb, shot.size, output=str(path))
        (self._folder / "images taken").write_text(str(self._images), encoding="utf-8")
        return path

    def _note(self, interface: str, member: str, options: dict[str, Any], message: Message) -> None:
        shortcuts = {}
        if member == "BindShortcuts":
            shortcuts = {name: {key: value for key, (_, value) in facts.items()} for name, facts in message.body[1]}
        line = {
            "interface": interface,
            "member": member,
            "options": options,
            "window": message.body[0] if member == "Screenshot" else "",
            "shortcuts": shortcuts,
        }
        with (self._folder / "calls.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def main() -> None:
    """Take the portal's name on the session bus and serve."""
    folder = Path(sys.argv[1])
    connection = open_dbus_connection()
    Proxy(message_bus, connection).RequestName(_SERVICE)
    (folder / "ready").touch()
    FakePortal(folder, connection).serve()


if __name__ == "__main__":
    try:
        main()
    except ConnectionResetError:  # the bus has gone, and the test with it
        sys.exit(0)
