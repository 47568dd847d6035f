"""Stands before the application: who may ask, how much may be sent, and how long that may take.

The one hard fact: a page of any site can make the browser send requests to this computer. Such a request names a
foreign Origin, or, after DNS rebinding, a foreign Host; both are refused before anything of it is read.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hmac
import logging
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.serving.connections import remember_caller
from model.serving.service_error import ServiceError
from model.serving.service_options import ServiceOptions

logger = logging.getLogger(__name__)

OPEN_PATHS = frozenset({"/health", "/enter"})
"""What needs no token: that the service is there is no secret, and `/enter` is where a browser hands in the token."""

IMAGE_PATHS = frozenset({"/recognise", "/predict/", "/bytes/"})
"""What takes images; the body of any other request is a formula at most."""

_SMALL_BODY_BYTES = 100_000

SAFETY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware: refuses in one sentence, or hands the application a body that is complete."""

    def __init__(self, application: ASGIApp, options: ServiceOptions) -> None:
        self._application = application
        self._options = options
        self._bytes_under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await self._application(scope, receive, send)
            return
        headers = Headers(scope=scope)
        has_begun = False

        async def send_safely(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                message["headers"] = [
                    *message.get("headers", []),
                    *((name.lower().encode(), value.encode()) for name, value in SAFETY_HEADERS.items()),
                ]
            await send(message)

        taken = 0
        try:
            self._check_caller(scope, headers)
            remember_caller(scope)
            most = self._most_bytes(scope)
            taken = self._take_room(headers, most)
            body = await self._read_body(receive, most)
            async with asyncio.timeout(self._options.limits.answer_seconds):
                await self._application(scope, _replay(body, receive), send_safely)
        except ServiceError as error:
            await _refuse(error, scope, receive, send_safely)
        except TimeoutError:
            if not has_begun:
                await _refuse(ServiceError(503, "The answer took too long."), scope, receive, send_safely)
        except Exception:
            logger.exception("A request failed.")
            if not has_begun:
                failure = ServiceError(500, "The service failed; its log says why.")
                await _refuse(failure, scope, receive, send_safely)
        finally:
            self._bytes_under_way -= taken

    def _check_caller(self, scope: Scope, headers: Headers) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._options.may_be_asked_as(_name_of(hosts[0])):
            raise ServiceError(421, "The service does not answer under that host name.")
        for origin in headers.getlist("origin"):
            if origin.lower() != f"{scope['scheme']}://{hosts[0]}".lower():
                raise ServiceError(403, "Pages of other sites may not use the service.")
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"} and headers.get("sec-fetch-mode") != "navigate":
            raise ServiceError(403, "Pages of other sites may not use the service.")
        if self._options.token and scope["path"] not in OPEN_PATHS and not self._knows_token(headers):
            raise ServiceError(401, "Send the token that the service showed when it started.")

    def _knows_token(self, headers: Headers) -> bool:
        return any(is_token(offered, self._options.token) for offered in _offered_tokens(headers)) or is_token(
            _session_of(headers, self._options.port), self._options.session
        )

    def _most_bytes(self, scope: Scope) -> int:
        most = self._options.limits.body_bytes
        return most if scope["path"] in IMAGE_PATHS else min(most, _SMALL_BODY_BYTES)

    def _take_room(self, headers: Headers, most: int) -> int:
        """Count the body in before any of it is read; returns the bytes to count out again."""
        limits = self._options.limits
        if "content-length" not in headers and "transfer-encoding" not in headers:
            return 0
        length = headers.get("content-length", "")
        size = int(length) if length.isdecimal() and len(length) < 19 else most
        if size > most:
            raise _too_large(most)
        if self._bytes_under_way + size > limits.bytes_under_way:
            raise ServiceError(429, "Too much is being sent at once; try again in a second.")
        self._bytes_under_way += size
        return size

    async def _read_body(self, receive: Receive, most: int) -> bytes:
        limits = self._options.limits
        body = bytearray()
        try:
            async with asyncio.timeout(limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ServiceError(400, "The request ended before its body did.")
                    body += message.get("body", b"")
                    if len(body) > most:
                        raise _too_large(most)
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError as error:
            raise ServiceError(408, "The body was sent too slowly.") from error


def _too_large(most: int) -> ServiceError:
    size = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1000} kB"
    return ServiceError(413, f"The body is larger than {size}.")


def cookie_name(port: int) -> str:
    """Name of the page's cookie: browsers keep one set of cookies for all ports of an address."""
    return f"snaptex_{port}"


def is_token(offered: str, token: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(offered.encode("utf-8", "surrogateescape"), token.encode())


def _offered_tokens(headers: Headers) -> list[str]:
    offered = [headers.get("x-api-key", "")]
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        offered.append(value.strip())
    elif scheme.lower() == "basic":  # editor plugins offer a user name and a password; the password is the token
        with contextlib.suppress(binascii.Error, ValueError):
            offered.append(base64.b64decode(value, validate=True).decode().partition(":")[2])
    return offered


def _session_of(headers: Headers, port: int) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(cookie_name(port))
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _name_of(host: str) -> str:
    """Return the name or address in a Host header, without the port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _replay(body: bytes, receive: Receive) -> Receive:
    is_sent = False

    async def receive_body() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_body


async def _refuse(error: ServiceError, scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Connection": "close"} if error.status in {408, 413} else {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if error.status == 429:
        headers["Retry-After"] = "1"
    await JSONResponse({"error": error.sentence}, status_code=error.status, headers=headers)(scope, receive, send)
