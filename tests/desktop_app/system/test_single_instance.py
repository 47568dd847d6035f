"""A second launch makes the first one snip."""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

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


def test_running_program_that_has_much_to_do_is_waited_for(qtbot: QtBot, name: str) -> None:
    # Taken for dead, it had a second one beside it, and no later launch found the first.
    running = SingleInstance(name)
    with qtbot.waitSignal(running.snip_requested):
        second = subprocess.Popen([sys.executable, "-c", ASK, name], stdin=subprocess.DEVNULL)
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=4)  # it has started and asks; this one does something else
    assert second.wait(timeout=60) == 0
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


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe of Windows has no folder")
def test_socket_is_where_nobody_else_can_take_its_name(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # In the temporary folder of all users another had the predictable name first, and Snaptex did not start.
    runtime = short_folder
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert Path(instance_name()).parent == runtime
    runtime.chmod(0o777)
    elsewhere = Path(instance_name()).parent
    assert elsewhere != runtime
    assert elsewhere.stat().st_mode & 0o077 == 0
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert Path(instance_name()).parent == elsewhere


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe of Windows has no folder")
def test_long_home_does_not_keep_other_launches_from_this_one(
    qtbot: QtBot, tmp_path: Path, short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The path of a socket has at most 104 bytes on some systems; in a longer home `snaptex snip` found nobody.
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / ("long" * 30)))
    monkeypatch.setattr(tempfile, "tempdir", str(short_folder))
    folder = Path(instance_name()).parent
    assert folder.parent == short_folder
    assert folder.stat().st_mode & 0o077 == 0
    running = SingleInstance(instance_name())
    assert not running.problem
    running.close()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A private folder whose path leaves room for a socket's name."""
    with tempfile.TemporaryDirectory(prefix="snaptex-") as folder:
        yield Path(folder)


LISTENING_STRANGER = """
import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
os.setuid(65534)
listener.listen()
print("listening", flush=True)
connection, _ = listener.accept()
connection.sendall(b"ok\\n")
connection.recv(100)
"""


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="only root can be somebody else")
def test_stranger_at_the_socket_is_no_running_program(qtbot: QtBot, tmp_path: Path) -> None:
    name = str(tmp_path / "socket")
    with subprocess.Popen(
        [sys.executable, "-c", LISTENING_STRANGER, name], stdout=subprocess.PIPE, text=True
    ) as stranger:
        assert stranger.stdout is not None
        stranger.stdout.readline()
        assert not ask_running_to_snip(name)
        stranger.kill()


def test_where_nothing_can_listen_the_program_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    running = SingleInstance(str(tmp_path / "file" / "socket"))
    assert running.problem.endswith(".")
    running.close()
