"""A second launch makes the first one snip."""

import subprocess
import sys
import uuid

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from desktop_app.system.single_instance import SingleInstance, ask_running_to_snip, instance_name

pytestmark = pytest.mark.gui

ASK = (
    "import sys; from desktop_app.system.single_instance import ask_running_to_snip as ask; "
    "sys.exit(not ask(sys.argv[1]))"
)


@pytest.fixture
def name() -> str:
    return f"snaptex-test-{uuid.uuid4().hex}"


def test_another_process_is_answered(qtbot: QtBot, name: str) -> None:
    running = SingleInstance(name)
    with qtbot.waitSignal(running.snip_requested, timeout=10_000):
        second = subprocess.Popen([sys.executable, "-c", ASK, name])
    assert second.wait(timeout=10) == 0
    running.close()


def test_nobody_answers_when_none_runs(qtbot: QtBot, name: str) -> None:
    # Then this launch is the program.
    assert not ask_running_to_snip(name)


def test_socket_of_a_killed_program_is_taken_over(qtbot: QtBot, name: str) -> None:
    # A crash must not leave Snaptex deaf until the next reboot.
    crash = "import os, sys; from desktop_app.system.single_instance import SingleInstance\n"
    crash += "one = SingleInstance(sys.argv[1]); os._exit(9)"
    subprocess.run([sys.executable, "-c", crash, name], check=False)
    assert not ask_running_to_snip(name)
    running = SingleInstance(name)
    with qtbot.waitSignal(running.snip_requested, timeout=10_000):
        second = subprocess.Popen([sys.executable, "-c", ASK, name])
    assert second.wait(timeout=10) == 0
    running.close()


def test_nonsense_starts_nothing(qtbot: QtBot, name: str, caplog: pytest.LogCaptureFixture) -> None:
    # Any program of the user may write to the socket.
    running = SingleInstance(name)
    socket = QLocalSocket()
    socket.connectToServer(name)
    with qtbot.assertNotEmitted(running.snip_requested, wait=200):
        socket.write(b"rm -rf /\n")
        socket.flush()
    assert "means nothing" in caplog.text
    running.close()


def test_only_the_person_may_connect(qtbot: QtBot, name: str) -> None:
    # On a shared computer nobody else makes one's screen freeze.
    running = SingleInstance(name)
    assert running._server.socketOptions() == QLocalServer.SocketOption.UserAccessOption
    running.close()


def test_each_display_has_its_own_program(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two desktops of one person are two programs; two launches on one are one.
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":1")
    first = instance_name()
    assert first == instance_name()
    monkeypatch.setenv("DISPLAY", ":2")
    assert first != instance_name()
