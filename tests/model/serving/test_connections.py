"""What a connection may do: nobody waits for one that is slow, or that sends in crumbs."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial
from time import sleep
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn

from model.serving.connections import GuardedProtocol

if TYPE_CHECKING:
    from model.serving.service import Service

    StartService = Callable[..., Service]


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"GET /health HTTP/1.1\r\nHost: loc", b""),
        (b"POST /recognise HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx", b"HTTP/1.1 401"),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /health HT", b"HTTP/1.1 200"),
    ],
    ids=["head", "body of a refused request", "second head"],
)
def test_slow_head(start_service: StartService, monkeypatch: pytest.MonkeyPatch, sent: bytes, answer: bytes) -> None:
    # The same round the body: headers that never end, and what comes after a request was answered by its head.
    monkeypatch.setattr(GuardedProtocol, "head_seconds", 0.5)
    monkeypatch.setattr(uvicorn, "Config", partial(uvicorn.Config, timeout_keep_alive=600))  # not by uvicorn's patience
    service = start_service()
    with socket.create_connection(("127.0.0.1", service.options.port), timeout=60) as connection:
        connection.sendall(sent)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received[:12] == answer
    # Who is quick enough is served, on the same connection again and again.
    with httpx.Client(base_url=service.options.url, trust_env=False) as client:
        for _ in range(3):
            assert client.get("/health").status_code == 200
            sleep(0.1)


def test_a_flood_of_small_chunks_is_worked_on_in_small_pieces(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is read at once keeps everybody waiting: 256 kB in chunks of one byte were most of a second, token or not.
    pieces: list[int] = []
    receive = GuardedProtocol.data_received

    def count(protocol: GuardedProtocol, data: bytes) -> None:
        pieces.append(len(data))
        receive(protocol, data)

    monkeypatch.setattr(GuardedProtocol, "data_received", count)
    head = b"POST /recognise HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", service.options.port), timeout=60) as connection:
        connection.sendall(head + b"1\r\n[\r\n" * 20_000 + b"0\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 401"
    assert max(pieces) <= 16_384
