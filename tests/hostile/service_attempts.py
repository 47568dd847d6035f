"""Requests as nobody should send them, to the service as `snaptex serve` starts it."""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

from PIL import Image, ImageDraw

from tests.hostile.outcome import Outcome, most_memory_mb

ROOT = Path(__file__).parents[2]
_PATHS = ("/recognise", "/draw", "/formats", "/predict/", "/bytes/", "/health", "/version", "/", "/enter?token=x", "/x")
_TYPES = ("application/json", "multipart/form-data; boundary=b", "multipart/form-data", "text/plain", "image/png", "")
_SILENT = 400
_ROUND = 250
_HARDLY_SAID = (b"", b"", b"GET /hea", b"POST /recognise HTTP/1.1\r\n", b"\0\r\n\r\n")
_MOST_LOGGED = 30_000  # bytes a minute: thirty records, each with a traceback
_HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class _Service:
    process: subprocess.Popen[str]
    port: int
    token: str
    log: Path


def try_requests(count: int) -> Outcome:
    """Each gets an answer that is JSON, or a connection that is closed; `/health` is answered all the while."""
    outcome = Outcome("requests", 65.0)
    generator = random.Random(4)
    with _running_service() as service:
        silent = [socket.create_connection(("127.0.0.1", service.port), timeout=30) for _ in range(_SILENT)]
        for number in range(count):
            request = _request(generator, service)
            with outcome.attempt(f"{number}: {request[:60]!r}") as attempt:
                answer = _exchange(service.port, request)
                status = answer[9:12]
                if status[:1] in (b"2", b"3"):
                    attempt.read()
                elif status.startswith(b"5") and status != b"503":
                    attempt.failed(answer[:200].decode("latin-1"))
                elif not answer:
                    attempt.refused("Closed.")
                else:
                    body = json.loads(answer.partition(b"\r\n\r\n")[2] or b'{"error": "Refused."}')
                    attempt.refused(body["error"])
            if number % 10 == 0:
                with outcome.attempt(f"health after {number}") as attempt:
                    answer = _exchange(service.port, _HEALTH)
                    attempt.read() if answer.startswith(b"HTTP/1.1 200") else attempt.failed(repr(answer[:100]))
        for connection in silent:
            connection.close()
        _look_at(service, outcome)
    return outcome


def try_connections(count: int) -> Outcome:
    """Open so many connections that say nothing, or half a word, without a token; `/health` is answered meanwhile.

    They stay open on this side until the end; it is the service that has to close them.
    """
    outcome = Outcome("connections", 2.5)
    generator = random.Random(5)
    with _running_service() as service, ExitStack() as open_ones:
        started = monotonic()
        for number in range(count):
            with outcome.attempt(f"connection {number}") as attempt:
                connection = open_ones.enter_context(
                    socket.create_connection(("127.0.0.1", service.port), timeout=outcome.seconds_allowed)
                )
                with suppress(ConnectionError):  # already closed to make room for another
                    connection.sendall(
                        generator.choice((b"", b"", b"GET /hea", b"POST /recognise HTTP/1.1\r\n", b"\0"))
                    )
                attempt.read()
            if number % _ROUND == _ROUND - 1 or number == count - 1:
                with outcome.attempt(f"health after {number + 1}") as attempt:
                    answer = _exchange(service.port, _HEALTH)
                    attempt.read() if answer.startswith(b"HTTP/1.1 200") else attempt.failed(repr(answer[:100]))
        _look_at(service, outcome)
        logged, minutes = service.log.stat().st_size, 1 + (monotonic() - started) / 60
        if logged > _MOST_LOGGED * minutes:
            outcome.failures.append(f"connections: {logged} bytes of log in {minutes - 1:.1f} minutes")
    return outcome


def _look_at(service: _Service, outcome: Outcome) -> None:
    """Say whether the service is still there, and what memory it has had."""
    if service.process.poll() is not None:
        outcome.failures.append(f"{outcome.kind}: the service ended with status {service.process.returncode}")
    outcome.largest_mb = most_memory_mb(service.process.pid)


@contextmanager
def _running_service() -> Iterator[_Service]:
    command = [sys.executable, "-m", "desktop_app", "serve", "--port", "0", "--device", "cpu"]
    with (
        tempfile.TemporaryDirectory() as folder,
        (Path(folder) / "log").open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "SNAPTEX_TOKEN": ""},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        port, token = re.search(r":(\d+)/", lines[0]), re.search(r": (\S+)$", lines[2])
        assert port, lines
        assert token, lines
        while _exchange(int(port[1]), _HEALTH)[:12] != b"HTTP/1.1 200":  # it says where before it answers
            sleep(0.1)
        try:
            yield _Service(process, int(port[1]), token[1], Path(folder) / "log")
        finally:
            process.terminate()


def _request(generator: random.Random, service: _Service) -> bytes:
    body = _body(generator)
    headers = [f"Host: {generator.choice(('localhost', 'localhost', 'localhost', 'evil.example', ''))}"]
    if generator.random() < 0.9:
        headers.append(f"Authorization: Bearer {service.token}")
    if kind := generator.choice(_TYPES):
        headers.append(f"Content-Type: {kind}")
    if generator.random() < 0.9:
        length = len(body) if generator.random() < 0.9 else generator.choice((0, 1, 10**12, -1))
        headers.append(f"Content-Length: {length}")
    headers.append("Connection: close")
    head = f"{generator.choice(('POST', 'POST', 'POST', 'GET', 'PUT'))} {generator.choice(_PATHS)} HTTP/1.1\r\n"
    request = (head + "\r\n".join(headers) + "\r\n\r\n").encode() + body
    if generator.random() < 0.15:
        damaged = bytearray(request)
        for _ in range(generator.randint(1, 20)):
            damaged[generator.randrange(min(len(damaged), 300))] = generator.randrange(256)
        return bytes(damaged)
    return request


def _body(generator: random.Random) -> bytes:
    part = b'--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'
    return generator.choice(
        (
            lambda: b"[" * generator.choice((10, 50_000)),
            lambda: b"{" + b",".join(b'"%d":0' % one for one in range(generator.choice((3, 20_000)))) + b"}",
            lambda: json.dumps({"latex": r"\sqrt{" * 20 + "x" + "}" * 20}).encode(),
            lambda: json.dumps({"latex": "x+" * 2900}).encode(),
            lambda: json.dumps({"image": generator.choice(("", "%%%", "AAAA", "R0lG" * 1000)), "beam": 3}).encode(),
            lambda: part + generator.randbytes(2000) + b"\r\n--b--\r\n",
            lambda: part + _png() + b"\r\n--b--\r\n",
            lambda: part * 40,
            lambda: generator.randbytes(generator.choice((0, 10, 5000))),
        )
    )()


def _png() -> bytes:
    image = Image.new("L", (120, 40), 255)
    ImageDraw.Draw(image).text((10, 10), "x + 1", fill=0)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _exchange(port: int, request: bytes) -> bytes:
    """Send, and take what comes back until the other side closes."""
    received = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=70) as connection:
            connection.sendall(request)
            with suppress(OSError):  # closed by the other side already
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
    except ConnectionError:  # closed while this side was still sending
        return received
    return received
