"""The examples of docs/service.md do what they promise, as a reader would copy them."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from desktop_app.system.bundled_resources import vocabulary_path, weights_path
from model.recognition.recogniser import Recogniser
from tests.end_to_end.virtual_desktop import PATIENCE, VirtualDesktop, end

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="the examples are for an X server"),
]

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "model" / "recognition" / "samples" / "00.png"
TOKEN = "the-token-of-the-examples-in-docs"


def example(language: str, port: int) -> str:
    """The documentation's example in a language, for a service on that port."""
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    (text,) = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert ":8502/" in text
    return str(text).replace(":8502/", f":{port}/")


@pytest.fixture(scope="module")
def latex() -> str:
    """What the service is to answer for the sample."""
    from PIL import Image

    recogniser = Recogniser.load(weights_path(), vocabulary_path(), device="cpu")
    return recogniser.recognise(Image.open(SAMPLE)).latex


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a running `snaptex serve`."""
    with socket.socket() as any_free:
        any_free.bind(("127.0.0.1", 0))
        number = int(any_free.getsockname()[1])
    service = subprocess.Popen(
        [sys.executable, "-m", "desktop_app", "serve", "--port", str(number), "--device", "cpu"],
        cwd=ROOT,
        env={**os.environ, "SNAPTEX_TOKEN": TOKEN},
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not _is_healthy(number):
            assert service.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield number
    finally:
        end(service)


def _is_healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False, timeout=10).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the file that the examples name."""
    shutil.copy(SAMPLE, tmp_path / "formula.png")
    return tmp_path


def run(command: list[str], folder: Path) -> str:
    """What a command prints."""
    environment = {**os.environ, "SNAPTEX_TOKEN": TOKEN, "NO_PROXY": "*", "no_proxy": "*"}
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, timeout=PATIENCE, check=True
    ).stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl(port: int, folder: Path, latex: str) -> None:
    (command,) = re.findall(r"^curl .*$", example("sh", port), re.MULTILINE)
    assert f"${latex}$".replace("\\", "\\\\").replace("\n", "\\n") in run(["sh", "-c", command], folder)


def test_python(port: int, folder: Path, latex: str) -> None:
    assert run([sys.executable, "-c", example("python", port)], folder).strip() == latex


@pytest.mark.skipif(shutil.which("nvim") is None or shutil.which("curl") is None, reason="needs Neovim and curl")
@pytest.mark.parametrize("is_there", [True, False])
def test_neovim(port: int, tmp_path: Path, latex: str, is_there: bool) -> None:
    # With an image on the clipboard its formula is behind the cursor; without a service the message line says why.
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        desktop.environment.update(SNAPTEX_TOKEN=TOKEN, NO_PROXY="*", no_proxy="*")
        subprocess.run(
            ["xclip", "-selection", "clipboard", "-t", "image/png", "-i", str(SAMPLE)],
            env=desktop.environment,
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=True,
        )
        script, note, messages = tmp_path / "example.lua", tmp_path / "note.md", tmp_path / "messages.txt"
        script.write_text(example("lua", port if is_there else 9), encoding="utf-8")
        note.write_text("a: \n", encoding="utf-8")
        commands = [f"luafile {script}", f"redir! > {messages}", r"normal $", r"execute 'normal \f'", "redir END", "wq"]
        done = subprocess.run(
            ["nvim", "--headless", "-u", "NONE", *(part for one in commands for part in ("-c", one)), str(note)],
            env=desktop.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            text=True,
            check=False,
        )
        written = note.read_text(encoding="utf-8")
        assert written == (f"a: {latex}\n" if is_there else "a: \n"), done.stderr + messages.read_text()
        assert ("curl" in messages.read_text()) != is_there
