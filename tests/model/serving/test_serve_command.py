"""`snaptex serve` as a process: it says where it is, ends when told, and comes back after it was killed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    StartCommand = Callable[..., "subprocess.Popen[str]"]

ROOT = Path(__file__).parents[3]


@pytest.fixture
def start_command(recogniser_files: object) -> Iterator[StartCommand]:
    """Starts `snaptex serve` with a small recogniser; what still runs ends with the test."""
    weights, vocabulary = recogniser_files.weights, recogniser_files.vocabulary  # type: ignore[attr-defined]
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str, weights: Path = weights) -> subprocess.Popen[str]:
        code = (
            "import sys; from pathlib import Path; from model.serving.serve import main; "
            "sys.exit(main(sys.argv[3:], weights=Path(sys.argv[1]), vocabulary=Path(sys.argv[2])))"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(weights), str(vocabulary), *arguments],
            cwd=ROOT,
            env={**os.environ, "SNAPTEX_TOKEN": "", "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def announced(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Wait until it has said where it listens; returns the address and the token."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    address, token = re.search(r"http://\S+", lines[0]), re.search(r": (\S+)$", lines[2])
    assert address, lines
    assert token, lines
    return address[0], token[1]


def wait_until_healthy(address: str, seconds: float = 60) -> None:
    until = monotonic() + seconds
    while monotonic() < until:
        try:
            if httpx.get(f"{address}health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        sleep(0.1)
    pytest.fail("The service did not come up.")


def recognise(address: str, token: str, image: bytes) -> httpx.Response:
    headers = {"X-API-Key": token}
    return httpx.post(f"{address}recognise", headers=headers, files={"image": image}, timeout=60, trust_env=False)


def test_kill_and_restart(start_command: StartCommand, make_png: Callable[..., bytes]) -> None:
    # After a crash the same command works at once, on the same port; the old token is worth nothing then.
    port = free_port()
    first = start_command("--port", str(port))
    address, token = announced(first)
    wait_until_healthy(address)
    before = recognise(address, token, make_png(1)).json()["formulas"][0]["latex"]
    first.kill()
    first.wait(30)
    second = start_command("--port", str(port))
    address, new_token = announced(second)
    wait_until_healthy(address)
    assert recognise(address, token, make_png(1)).status_code == 401
    assert recognise(address, new_token, make_png(1)).json()["formulas"][0]["latex"] == before
    # Ctrl+C ends it in good order.
    second.send_signal(signal.SIGINT)
    assert second.wait(30) in {0, -signal.SIGINT}


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
def test_killed_worker_is_replaced(start_command: StartCommand, make_png: Callable[..., bytes]) -> None:
    # With several processes one of them may die; the service goes on.
    process = start_command("--port", "0", "--workers", "2")
    address, token = announced(process)
    wait_until_healthy(address)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    workers = [
        int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]  # beside them there is multiprocessing's own tracker
    assert len(workers) == 2
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    wait_until_healthy(address, seconds=120)
    assert recognise(address, token, make_png(1)).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--host", "::", "--no-token"], "snaptex serve: A service on :: can be reached from other computers"),
        (["--host", "203.0.113.7"], "snaptex serve: The service cannot listen on 203.0.113.7 port 8502: "),
        (["--port", "x"], "'x' is not a port number from 0 to 65535"),
        (["--workers", "0"], "'0' is not a number from 1 to 64"),
    ],
)
def test_what_cannot_be_served_is_said(start_command: StartCommand, arguments: list[str], sentence: str) -> None:
    _, errors = (process := start_command(*arguments)).communicate(timeout=60)
    assert process.returncode in {1, 2}
    assert sentence in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("workers", ["1", "2"])
def test_missing_weights(start_command: StartCommand, tmp_path: Path, workers: str) -> None:
    # One sentence, and not one from each worker again and again.
    process = start_command("--port", "0", "--workers", workers, weights=tmp_path / "none.safetensors")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.count("\n") == 1, errors
    assert "none.safetensors" in errors


def test_command_needs_no_windows() -> None:
    # A server has no display; the program's own entry must not load Qt on the way to the service.
    code = (
        "import sys; from desktop_app.__main__ import main\n"
        "try: main(['serve', '--help'])\n"
        "except SystemExit: print('Qt loaded:', any(name.startswith('PySide6') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert "--no-token" in done.stdout
    assert done.stdout.endswith("Qt loaded: False\n")
