"""The service on a thread of a running program, which shares its one loaded recogniser.

service = Service(recogniser, ServiceOptions())
service.start()     # raises ServiceStartError with one sentence
...                 # service.options.url, service.options.token, service.entrance
service.stop()
"""

from __future__ import annotations

import logging
import socket
import sys
import threading
from dataclasses import replace
from time import monotonic, sleep

import uvicorn

from model.recognition.recogniser import Recogniser
from model.serving.connections import GuardedProtocol
from model.serving.service_options import ServiceOptions
from model.serving.web_application import create_application

logger = logging.getLogger(__name__)

_START_SECONDS = 10.0
_GRACE_SECONDS = 5
_BACKLOG = 128  # connections that the loop takes on at a time; it looks at the cap only after them

RECORDS_A_MINUTE = 30

# Whoever reaches the port can fill these: with requests that are no HTTP, connections that break off, and the like.
_LOGGERS = (
    "asyncio",
    "uvicorn.error",
    "model.serving.guard",
    "model.serving.recognition_handler",
    "model.formats.helper_pool",
)


class ServiceStartError(Exception):
    """The service cannot start; one plain sentence."""


class Service:
    """Serves until it is stopped; may be started again.

    Attributes:
        options: After start() with the port that it really listens on.
    """

    def __init__(self, recogniser: Recogniser, options: ServiceOptions | None = None) -> None:
        self.options = options or ServiceOptions()
        self._recogniser = recogniser
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether it listens."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def entrance(self) -> str:
        """Address that opens the page, with the token in it where there is one."""
        return entrance_of(self.options)

    def start(self) -> None:
        """Listen, and return when requests are answered.

        Raises:
            ServiceStartError: The address is taken or not this computer's.
        """
        if self.is_running:
            return
        listener = listen(self.options)
        self.options = replace(self.options, port=listener.getsockname()[1])
        server = uvicorn.Server(server_config(create_application(self._recogniser, self.options)))
        thread = threading.Thread(target=server.run, args=([listener],), name="service", daemon=True)
        thread.start()
        until = monotonic() + _START_SECONDS
        while not server.started:
            if not thread.is_alive() or monotonic() > until:
                server.should_exit = True
                listener.close()
                raise ServiceStartError("The service did not start; the log says why.")
            sleep(0.01)
        self._server, self._thread = server, thread
        logger.info("The service listens at %s.", self.options.url)

    def stop(self) -> None:
        """Answer what is under way, for some seconds at most, and listen no more."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_GRACE_SECONDS + 5)
        self._server = self._thread = None


def listen(options: ServiceOptions) -> socket.socket:
    """Return a socket that is bound to the service's address.

    Raises:
        ServiceStartError: The address is taken or not this computer's.
    """
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two programs have the same port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((options.host, options.port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServiceStartError(
            f"The service cannot listen on {options.host} port {options.port}: {getattr(error, 'strerror', error)}."
        ) from error
    listener.set_inheritable(True)
    return listener


def server_config(application: object, *, is_factory: bool = False, workers: int = 1) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    _bound_logs()
    return uvicorn.Config(
        application,  # type: ignore[arg-type]
        factory=is_factory,
        workers=workers,
        http=GuardedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # addresses may carry the token
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def entrance_of(options: ServiceOptions) -> str:
    """Return the address that opens the page."""
    return f"{options.url}enter?token={options.token}" if options.token else options.url


class BoundedLog(logging.Filter):
    """Lets so many records a minute pass, and says in the next minute how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._counting = threading.Lock()
        self._minute = -1.0
        self._records = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Count a record."""
        with self._counting:
            minute = monotonic() // 60
            if minute != self._minute:
                left_out = max(self._records - RECORDS_A_MINUTE, 0)
                self._minute, self._records = minute, 0
                if left_out:
                    record.msg = f"{record.getMessage()} ({left_out} further records were left out before.)"
                    record.args = None
            self._records += 1
            return self._records <= RECORDS_A_MINUTE


def _bound_logs() -> None:
    """Keep what strangers can make the service log to a rate, once: they need no token for it."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, BoundedLog) for one in logger.filters):
            logger.addFilter(BoundedLog())
