"""Clients of pix2tex's service keep working, with the bytes that one of its plugins really sends."""

from __future__ import annotations

import base64
import json
import socket
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.recognition.recogniser import Recogniser
    from model.serving.service import Service

BOUNDARY = "--------------------------104850386028729911352913"


def plugin_request(service: Service, image: bytes, path: str, *, is_chunked: bool) -> bytes:
    """The request of the Obsidian plugin obsidian-ocrlatex: node-fetch with the form of the package form-data."""
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="test.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    ).encode()
    body += image + f"\r\n--{BOUNDARY}--\r\n".encode()
    length = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {len(body)}"
    if is_chunked:
        body = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    password = base64.b64encode(f"anyone:{service.options.token}".encode()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nAuthorization: Basic {password}\r\n"
        f"Content-Type: multipart/form-data;boundary={BOUNDARY}\r\n{length}\r\n"
        "User-Agent: node-fetch\r\nAccept-Encoding: gzip, deflate, br\r\nAccept: */*\r\nConnection: close\r\n"
        f"Host: localhost:{service.options.port}\r\n\r\n"
    )
    return head.encode() + body


def send(service: Service, request: bytes) -> tuple[int, str]:
    """Return the status and the body that a bare connection gets."""
    with socket.create_connection(("127.0.0.1", service.options.port), timeout=30) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()


@pytest.mark.parametrize("path", ["/predict/", "/bytes/"])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_request_of_an_obsidian_plugin(
    service: Service, recogniser: Recogniser, make_png: Callable[..., bytes], path: str, is_chunked: bool
) -> None:
    # The plugin does not parse the JSON: it cuts the quotation marks off and halves the backslashes.
    image = make_png(5)
    status, text = send(service, plugin_request(service, image, path, is_chunked=is_chunked))
    assert status == 200, text
    shown = text[1:-1].replace("\\\\", "\\")
    expected = " ".join(recogniser.recognise(Image.open(BytesIO(image))).latex.split())
    assert shown == json.loads(text) == expected


def test_old_client_without_an_image(service: Service) -> None:
    status, text = send(service, plugin_request(service, b"", "/predict/", is_chunked=False))
    assert (status, json.loads(text)) == (422, {"error": "The file is empty."})


def test_old_health_check(service: Service) -> None:
    # Clients that look whether the service is there ask for / and want JSON; browsers get the page.
    request = f"GET / HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {service.options.token}\r\nConnection: close\r\n\r\n"
    status, text = send(service, request.encode())
    assert (status, json.loads(text)) == (200, {"message": "OK", "status-code": 200, "data": {}})
