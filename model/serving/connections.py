"""HTTP as uvicorn speaks it, with a deadline for the head of each request and a cap on connections.

Without the first, a client that sends its headers a letter a minute keeps its connection for ever; without the second,
enough silent ones use up the files that a process may open, and nobody is answered any more.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from typing import Any, ClassVar

import h11
from starlette.types import Scope
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_MOST_CONNECTIONS = 512
_MOST_READ_AT_ONCE = 16_384  # bytes
_SCOPE_KEY = "connection"


def connection_limits() -> tuple[int, int]:
    """How many connections may be open, and how many of them by callers that have not shown the token.

    Half of the files that the process may open are left to the rest of the program.
    """
    most = _MOST_CONNECTIONS
    if sys.platform != "win32":
        import resource

        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if files != resource.RLIM_INFINITY:
            most = min(most, max(files // 2, 16))
    return most, most // 2


class GuardedProtocol(H11Protocol):
    """Closes a connection whose next request has not come in time, and the oldest of too many silent ones."""

    head_seconds = 10.0
    limits: ClassVar[tuple[int, int] | None] = None  # found when the first connection comes

    _deadline: asyncio.TimerHandle | None = None

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, _SCOPE_KEY: self}, _loop)
        self.is_known = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock for the first request, and make room for the connection."""
        super().connection_made(transport)
        if hasattr(transport, "max_size"):
            # asyncio's own, which is 256 kB: so much of a body in chunks of one byte is a second's work, and whatever
            # is read at once is worked on at once, while nobody else is answered.
            transport.max_size = _MOST_READ_AT_ONCE
        self._start_clock()
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop_clock()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Start the clock for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._start_clock()

    def send_400_response(self, msg: str) -> None:
        """Say what is no HTTP in the form of the service's other failures."""
        body = json.dumps({"error": msg}).encode()
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    @property
    def is_answering(self) -> bool:
        """Whether a request of it is under way."""
        return self.cycle is not None and not self.cycle.response_complete

    def _make_room(self) -> None:
        """Close the connection that has been silent for longest; one of a caller who has shown the token comes last."""
        most, most_unknown = self.limits or connection_limits()
        open_ones = [
            one for one in self.connections if isinstance(one, GuardedProtocol) and not one.transport.is_closing()
        ]
        unknown = [one for one in open_ones if not one.is_known]
        if len(unknown) <= most_unknown and len(open_ones) <= most:
            return
        silent = [one for one in unknown if not one.is_answering] or [one for one in open_ones if not one.is_answering]
        oldest = min(silent or [self], key=lambda one: one.opened)
        oldest.transport.abort()

    def _start_clock(self) -> None:
        self._stop_clock()
        self.opened = self.loop.time()
        self._deadline = self.loop.call_later(self.head_seconds, self._give_up)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        # While a request is being answered, the deadlines of its body and its answer hold. After the answer nothing may
        # linger: neither half a head nor the body of a request that was refused by its head.
        if not self.is_answering and not self.transport.is_closing():
            self.transport.close()


def remember_caller(scope: Scope) -> None:
    """Note that the connection of a request is that of a caller who knows the token."""
    state: Mapping[str, Any] = scope.get("state") or {}
    connection = state.get(_SCOPE_KEY)
    if isinstance(connection, GuardedProtocol):
        connection.is_known = True
