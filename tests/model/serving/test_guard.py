"""Who may ask, and what a hostile or clumsy sender can do: get a sentence, and cost little."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import socket
import struct
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import ImageFile

from model.formats.helper_pool import HelperPool
from model.serving.connections import GuardedProtocol
from model.serving.service import RECORDS_A_MINUTE, BoundedLog
from model.serving.service_options import ServiceOptions, is_loopback

if TYPE_CHECKING:
    from model.serving.service import Service

    MakePng = Callable[..., bytes]
    StartService = Callable[..., Service]


def ask(service: Service, path: str = "/version", **headers: str) -> httpx.Response:
    """Ask without a token unless the headers bring one; a name's underscores stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.Client(base_url=service.options.url, trust_env=False, timeout=30) as client:
        return client.get(path, headers=named)


def bearer(service: Service) -> dict[str, str]:
    return {"Authorization": f"Bearer {service.options.token}"}


def exchange(service: Service, rest: bytes, path: bytes = b"/recognise") -> bytes:
    """Send a request, its last headers and its body given, as it is; return all that comes back."""
    with socket.create_connection(("127.0.0.1", service.options.port), timeout=20) as connection:
        connection.sendall(
            b"POST "
            + path
            + b" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + service.options.token.encode()
            + b"\r\n"
            + rest
        )
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_token_is_required_in_one_of_its_places(service: Service) -> None:
    # Any program of any user of this computer can reach a loopback address.
    token = service.options.token
    assert ask(service).status_code == 401
    assert ask(service, Authorization="Bearer wrong").status_code == 401
    assert ask(service, Authorization="Basic %%%").status_code == 401
    assert ask(service, Cookie=f"snaptex_1={token}").status_code == 401
    assert ask(service, X_API_Key=token).status_code == 200
    assert ask(service, Authorization=f"Bearer {token}").status_code == 200
    basic = base64.b64encode(f"anyone:{token}".encode()).decode()
    assert ask(service, Authorization=f"Basic {basic}").status_code == 200
    assert ask(service, Cookie=f"snaptex_{service.options.port}={token}").status_code == 401
    session = f"snaptex_{service.options.port}={service.options.session}"
    assert ask(service, Cookie=session).status_code == 200
    assert ask(service, Authorization=f"Bearer {service.options.session}").status_code == 401
    assert ask(service, "/health").status_code == 200


def test_browser_comes_in_with_the_address_that_was_shown(service: Service) -> None:
    # The cookie must be out of reach of other sites and of scripts.
    assert ask(service, "/enter?token=wrong").status_code == 401
    answer = httpx.get(service.entrance, trust_env=False)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert service.options.token not in cookie  # who reads the browser's files gets no token that outlives the run
    with httpx.Client(base_url=service.options.url, trust_env=False, follow_redirects=True) as client:
        assert "Snaptex" in client.get(service.entrance, headers={"Accept": "text/html"}).text


def test_no_token_where_none_is_wanted(start_service: StartService) -> None:
    service = start_service(token="")
    assert ask(service).status_code == 200
    # Other sites' pages stay out all the same.
    assert ask(service, Origin="https://example.org").status_code == 403


def test_service_without_a_token_stays_on_this_computer() -> None:
    with pytest.raises(ValueError, match="needs a token"):
        ServiceOptions(host="0.0.0.0", token="")  # noqa: S104 - refused
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("example.org")
    assert len(ServiceOptions().token) >= 32
    assert ServiceOptions().token not in repr(ServiceOptions(token="secret"))
    assert "secret" not in repr(ServiceOptions(token="secret"))


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8502", "127.0.0.1.evil.example", "192.168.1.7", ""])
def test_foreign_host_is_refused(service: Service, host: str) -> None:
    # DNS rebinding: a stranger's name suddenly points to this computer, and the browser thinks it is the stranger's.
    assert ask(service, Host=host, **bearer(service)).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8502", "LOCALHOST", "[::1]:8502", "127.1.2.3"])
def test_own_host_is_known(service: Service, host: str) -> None:
    assert ask(service, Host=host, **bearer(service)).status_code == 200


def test_wildcard_service_answers_addresses_and_allowed_names() -> None:
    # In a container the service listens everywhere; names still have to be known.
    options = ServiceOptions(host="0.0.0.0", names=("snaptex.lan",))  # noqa: S104 - as in a container
    assert options.may_be_asked_as("192.168.1.7")
    assert options.may_be_asked_as("snaptex.lan")
    assert not options.may_be_asked_as("evil.example")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},  # another program's page on this computer
        {"Origin": "https://127.0.0.1:{port}"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
    ],
)
def test_foreign_page_is_refused(service: Service, headers: dict[str, str]) -> None:
    named = {name: value.format(port=service.options.port) for name, value in headers.items()}
    assert ask(service, **named, **bearer(service)).status_code == 403


def test_own_page_is_known(service: Service) -> None:
    origin = service.options.url.rstrip("/")
    assert ask(service, Origin=origin, Sec_Fetch_Site="same-origin", **bearer(service)).status_code == 200


def test_answers_carry_safety_headers(client: httpx.Client) -> None:
    for path in ("/", "/health", "/nowhere"):
        headers = client.get(path, headers={"Accept": "text/html"}).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_body_of_more_than_20_mb(service: Service, client: httpx.Client) -> None:
    # Whether its size is announced or not, it is refused before it fills the memory.
    answer = exchange(service, b"Content-Length: 20000001\r\n\r\nx")
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"The body is larger than 20 MB." in answer
    try:
        sent = client.post("/recognise", content=(b"x" * 100_000 for _ in range(300)))
        assert sent.status_code == 413
    except (httpx.WriteError, httpx.ReadError):
        pass  # the service hung up while this side was still sending
    assert client.get("/health").status_code == 200


def png_bomb(side: int) -> bytes:
    """A small file that says, and holds, side x side pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    packer = zlib.compressobj(9)
    row = b"\0" * (side // 8 + 2)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_decompression_bomb(client: httpx.Client, make_png: MakePng, monkeypatch: pytest.MonkeyPatch) -> None:
    # Some 40 kB that would become 400 megapixels; refused by its header alone, in no time and no memory.
    decoded: list[tuple[int, int]] = []
    load = ImageFile.ImageFile.load

    def watched_load(image: ImageFile.ImageFile) -> object:
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", watched_load)
    bomb = png_bomb(20_000)
    assert len(bomb) < 200_000
    answer = client.post("/recognise", files={"image": bomb})
    assert answer.status_code == 422
    assert "too large" in answer.json()["error"]
    assert not decoded
    assert client.post("/recognise", files={"image": make_png(1)}).status_code == 200
    assert decoded  # an image of common size is, so the watch works


def test_slow_body(start_service: StartService) -> None:
    # A sender of one byte now and then must not keep its place for ever.
    service = start_service(body_seconds=0.5)
    answer = exchange(service, b"Content-Length: 1000\r\n\r\nx")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"too slowly" in answer


def open_silently(service: Service, count: int) -> list[socket.socket]:
    return [socket.create_connection(("127.0.0.1", service.options.port), timeout=60) for _ in range(count)]


def count_open(connections: list[socket.socket]) -> int:
    """How many of them the service has not closed."""
    is_open = 0
    for connection in connections:
        connection.setblocking(False)
        try:
            is_open += connection.recv(1) != b""
        except BlockingIOError:
            is_open += 1
        except ConnectionError:
            continue
    return is_open


def test_silent_connections_take_nobody_s_place(start_service: StartService, monkeypatch: pytest.MonkeyPatch) -> None:
    # Enough of them used up the files that a process may open; no token is needed to open one.
    monkeypatch.setattr(GuardedProtocol, "limits", (24, 8))
    service = start_service()
    with httpx.Client(base_url=service.options.url, headers=bearer(service), trust_env=False, timeout=60) as client:
        assert client.get("/version").status_code == 200
        silent = []
        for _ in range(6):  # they are renewed again and again
            silent += open_silently(service, 20)
            assert ask(service, "/health").status_code == 200
            assert client.get("/version").status_code == 200  # on the connection that has shown the token
        assert count_open(silent) <= 8
    for connection in silent:
        connection.close()


def test_log_has_a_rate() -> None:
    # A flood filled the disk with 88 MB of it.
    bounded = BoundedLog()
    records = [logging.LogRecord("asyncio", logging.ERROR, "", 0, "again", None, None) for _ in range(1000)]
    assert sum(map(bounded.filter, records)) <= 2 * RECORDS_A_MINUTE  # a minute may end meanwhile
    bounded._minute = -1.0
    late = logging.LogRecord("asyncio", logging.ERROR, "", 0, "again", None, None)
    assert bounded.filter(late)
    assert "further records" in late.getMessage()


def test_strangers_fill_neither_places_nor_the_log(
    start_service: StartService, caplog: pytest.LogCaptureFixture
) -> None:
    # As the service is set up, whatever little they say: `make hostile` opens 2,000.
    service = start_service()
    opened = []
    for _ in range(4):
        opened += open_silently(service, 100)
        for number, connection in enumerate(opened[-100:]):
            with suppress(ConnectionError):  # closed already, to make room
                connection.sendall((b"", b"GET /hea", b"\0\r\n\r\n", b"GET / HTTP/9\r\n\r\n")[number % 4])
        assert ask(service, "/health").status_code == 200
    for connection in opened:
        connection.close()
    logged = [record for record in caplog.records if record.name in {"asyncio", "uvicorn.error"}]
    assert 0 < len(logged) <= 4 * RECORDS_A_MINUTE  # two loggers, and a minute may end meanwhile


def test_json_without_end_is_refused_unread(service: Service, client: httpx.Client) -> None:
    # 19 MB of names held the loop, and with it everybody, for four seconds.
    for body in (
        b"{" + b",".join(b'"%d":0' % number for number in range(300_000)) + b"}",
        b"[" * 3_000_000,
        b'{"images":[' + b'"",' * 1_000_000 + b'""]}',
    ):
        answer = client.post("/recognise", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, list(answer.json())) == (413, ["error"])
    for path in ("/draw", "/formats"):
        received = exchange(service, b"Content-Length: 100001\r\n\r\nx", path.encode())
        assert received.startswith(b"HTTP/1.1 413")
        assert b"The body is larger than 100 kB." in received
        answer = client.post(path, content=b"[" * 90_000, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422)
        assert list(answer.json()) == ["error"]


def test_form_of_one_endless_header_holds_nobody_up(service: Service, client: httpx.Client) -> None:
    # The form's parser reads it letter by letter; others are answered meanwhile.
    body = b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 4_000_000
    with ThreadPoolExecutor(1) as threads:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        slow = threads.submit(client.post, "/recognise", content=body, headers=headers)
        answers = [ask(service, "/health").status_code for _ in range(5)]
    assert answers == [200] * 5
    assert slow.result().status_code in (400, 422)


def test_every_failure_is_json(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    # Editors read the sentence out of it, whatever went wrong, and where.
    def fail(*_: object) -> None:
        raise RecursionError("an unforeseen fault")

    monkeypatch.setattr(HelperPool, "draw_formula", fail)
    answer = httpx.post(f"{service.options.url}draw", json={"latex": "x"}, headers=bearer(service), trust_env=False)
    assert (answer.status_code, list(answer.json())) == (500, ["error"])
    with socket.create_connection(("127.0.0.1", service.options.port), timeout=60) as connection:
        connection.sendall(b"no HTTP at all\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 400")
    assert list(json.loads(received.partition(b"\r\n\r\n")[2])) == ["error"]


def test_waiting_images_have_a_limit(start_service: StartService, make_png: MakePng) -> None:
    # More than the recogniser can take on is refused at once, and room comes back when answers have gone out.
    service = start_service(waiting_images=2)

    async def send_all() -> list[int]:
        async with httpx.AsyncClient(base_url=service.options.url, headers=bearer(service), trust_env=False) as client:
            requests = [client.post("/recognise", files={"image": make_png(1)}, timeout=60) for _ in range(12)]
            return [answer.status_code for answer in await asyncio.gather(*requests)]

    statuses = asyncio.run(send_all())
    assert set(statuses) == {200, 429}
    assert httpx.post(
        f"{service.options.url}recognise", headers=bearer(service), files={"image": make_png(1)}, trust_env=False
    ).is_success


def test_bytes_under_way_have_a_limit(start_service: StartService) -> None:
    # Many large bodies at once would fill the memory though each of them is allowed.
    service = start_service(bytes_under_way=1000)
    answer = httpx.post(
        f"{service.options.url}recognise", headers=bearer(service), files={"image": b"x" * 2000}, trust_env=False
    )
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_answer_has_a_time_limit(start_service: StartService, make_png: MakePng) -> None:
    service = start_service(answer_seconds=0.001)
    answer = httpx.post(
        f"{service.options.url}recognise", headers=bearer(service), files={"image": make_png(1)}, trust_env=False
    )
    assert (answer.status_code, json.loads(answer.text)) == (503, {"error": "The answer took too long."})


# Audit hooks stay for good, so this one looks at a list that is empty outside of its test.
_opened_to_write: list[str] = []
_is_watching = False


def _note_writing(event: str, arguments: tuple[object, ...]) -> None:
    if _is_watching and event == "open":
        path, mode, flags = arguments
        writes = isinstance(mode, str) and any(letter in mode for letter in "wax+")
        if writes or (mode is None and isinstance(flags, int) and flags & 3):
            _opened_to_write.append(str(path))


def test_nothing_is_written_to_the_disk(client: httpx.Client, make_png: MakePng) -> None:
    # A form's large files go to temporary files unless the parser is told otherwise.
    global _is_watching  # noqa: PLW0603 - see above
    large = make_png(1) + b"\0" * 3_000_000
    sys.addaudithook(_note_writing)
    _is_watching = True
    try:
        assert client.post("/recognise", files={"image": large}).status_code == 200
        assert client.post("/recognise", files={"image": b"\0" * 3_000_000}).status_code == 422
    finally:
        _is_watching = False
    assert _opened_to_write == []
