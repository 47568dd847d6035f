"""A session bus of a test's own, with a portal that does as it is told."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
_PATIENCE = 60.0  # seconds
_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


class PortalControl:
    """What a test tells the portal, and learns from it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address
        self._orders = dict.fromkeys(("silent", "dialog", "session", "shortcuts"), "granted")
        self.order()

    def order(self, **orders: str) -> None:
        """Change how the portal answers; see fake_portal.py."""
        self._orders |= orders
        part = self.folder / "orders.part"
        part.write_text(json.dumps(self._orders), encoding="utf-8")
        part.replace(self.folder / "orders.json")

    def release(self) -> None:
        """Let the late answers come."""
        (self.folder / "release").touch()

    def press(self, shortcut: str) -> None:
        """Press a shortcut."""
        part = self.folder / "press.part"
        part.write_text(shortcut, encoding="utf-8")
        part.replace(self.folder / "press")

    def calls(self, member: str) -> list[dict[str, Any]]:
        """The calls of one method so far."""
        path = self.folder / "calls.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [call for call in map(json.loads, lines) if call["member"] == member]

    def images_taken(self) -> int:
        """How many images the portal has written, deleted ones as well."""
        path = self.folder / "images taken"
        return int(path.read_text(encoding="utf-8") or 0) if path.exists() else 0

    def images(self) -> list[Path]:
        """The portal's files that nobody has deleted."""
        return sorted(self.folder.glob("Screenshot from the portal*.png"))


@contextmanager
def private_bus(folder: Path, *, display: str = "", has_portal: bool = True) -> Iterator[PortalControl]:
    """Run a bus, and on it the portal."""
    folder.mkdir(parents=True, exist_ok=True)
    # A configuration of its own: the usual one would start the desktop's real portal.
    (folder / "bus.conf").write_text(_CONFIGURATION, encoding="utf-8")
    command = ["dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--print-address=1"]
    bus = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    portal: subprocess.Popen[bytes] | None = None
    try:
        assert bus.stdout is not None
        control = PortalControl(folder, bus.stdout.readline().strip())
        assert control.address, "dbus-daemon has not started; `make test` installs it"
        if has_portal:
            environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": control.address, "PYTHONPATH": str(ROOT)}
            if display:
                environment["DISPLAY"] = display
            with (folder / "portal.log").open("wb") as log:
                arguments = [sys.executable, "-m", "tests.desktop_app.fake_portal", str(folder)]
                portal = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log)
            deadline = time.monotonic() + _PATIENCE
            while not (folder / "ready").exists():
                assert portal.poll() is None, (folder / "portal.log").read_text()
                assert time.monotonic() < deadline, "the portal has not started"
                time.sleep(0.02)
        yield control
    finally:
        for process in (portal, bus):
            if process is not None:
                process.terminate()
                process.wait()
        if bus.stdout is not None:
            bus.stdout.close()
