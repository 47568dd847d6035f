"""The running program answers as the local service while its person goes on snipping; one recogniser reads for both."""

import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from model.latex import normalise
from tests.end_to_end.snip_session import snip, start_snaptex, typeset_formula, viewed_formula
from tests.end_to_end.virtual_desktop import PATIENCE, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

_SAMPLE = Path(__file__).parents[1] / "model" / "recognition" / "samples" / "00.png"


@pytest.fixture
def port() -> int:
    """A port that nobody uses."""
    with socket.socket() as any_free:
        any_free.bind(("127.0.0.1", 0))
        return int(any_free.getsockname()[1])


@pytest.fixture
def desktop(tmp_path: Path, port: int) -> Iterator[VirtualDesktop]:
    """A desktop on which Snaptex runs with its service switched on."""
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        settings = Path(desktop.environment["HOME"]) / ".config" / "snaptex" / "settings.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[General]\nserves=true\nservice_port={port}\nhas_been_welcomed=true\n", encoding="utf-8")
        start_snaptex(desktop)
        yield desktop


def test_images_are_answered_while_snips_are_read(desktop: VirtualDesktop, port: int) -> None:
    # An editor's formula on the clipboard, or a snip in the editor, would be worse than no service.
    address = f"http://127.0.0.1:{port}"
    desktop.wait_until(lambda: _is_healthy(address), "the service")
    token_file = Path(desktop.environment["HOME"]) / ".local" / "share" / "snaptex" / "service-token"
    assert token_file.stat().st_mode & 0o077 == 0
    token = token_file.read_text(encoding="ascii").strip()
    stranger = httpx.post(f"{address}/recognise", files={"image": b"x"}, trust_env=False, timeout=PATIENCE)
    assert stranger.status_code == 401

    def ask() -> str:
        answer = httpx.post(
            f"{address}/recognise",
            headers={"X-API-Key": token},
            files={"image": _SAMPLE.read_bytes()},
            trust_env=False,
            timeout=PATIENCE,
        )
        return str(answer.raise_for_status().json()["formulas"][0]["latex"])

    alone = ask()
    with viewed_formula(desktop, "fraction") as (_, box), ThreadPoolExecutor(3) as editors:
        asked = [editors.submit(ask) for _ in range(12)]
        snipped = [snip(desktop, box) for _ in range(2)]
        answers = [one.result() for one in asked]
    assert set(answers) == {alone}
    assert all(normalise(one) == normalise(typeset_formula("fraction")) for one in snipped), snipped


def _is_healthy(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", trust_env=False, timeout=10).status_code == 200
    except httpx.TransportError:
        return False
