"""Where the service listens, what it asks of its callers, and how much it takes on at a time."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field

LEAST_TOKEN_CHARACTERS = 32
"""Of a token that is kept; any program on the computer can try some thousand a second."""

DEFAULT_PORT = 8502
"""The port that editor plugins for pix2tex ask first."""


@dataclass(frozen=True)
class Limits:
    """How much the service takes on.

    Attributes:
        body_bytes: Of one request.
        bytes_under_way: Of all requests whose answers are still owed.
        images: In one request.
        waiting_images: Images whose answers are still owed; more are refused until some are done.
        waiting_drawings: The same of formulas to draw or to write in other forms.
        drawing_processes: How many of those are worked on at a time.
        batch_size: Images read as one batch.
        batch_wait_seconds: How long a first image waits for company.
        body_seconds: How long a sender may take over the body of a request.
        answer_seconds: How long a request may wait for its answer.
    """

    body_bytes: int = 20_000_000
    bytes_under_way: int = 200_000_000
    images: int = 16
    waiting_images: int = 512
    waiting_drawings: int = 32
    drawing_processes: int = 2
    batch_size: int = 16
    batch_wait_seconds: float = 0.010
    body_seconds: float = 20.0
    answer_seconds: float = 60.0


@dataclass(frozen=True)
class ServiceOptions:
    """How one service runs.

    Attributes:
        host: Address to listen on; only this computer reaches a loopback address.
        port: 0 for any free one.
        token: What a caller has to know; empty for none.
        session: What the page's cookie holds in the place of the token; another one in each run of the service.
        names: Further names, beside the addresses of this computer, under which the service may be asked.
        limits: See there.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    names: tuple[str, ...] = ()
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        """Refuse what would not be safe.

        Raises:
            ValueError: One plain sentence.
        """
        if not self.token and not is_loopback(self.host):
            raise ValueError(f"A service on {self.host} can be reached from other computers, so it needs a token.")
        if not self.token.isascii() or any(character.isspace() for character in self.token):
            raise ValueError("A token is made of ASCII characters without spaces.")

    @property
    def url(self) -> str:
        """Address of the page on this computer."""
        host = "127.0.0.1" if is_wildcard(self.host) else self.host
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"

    def may_be_asked_as(self, name: str) -> bool:
        """Whether a request may name the service so; a name that a stranger chose could point here any moment."""
        if name in {"localhost", self.host, *self.names}:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        # An address, unlike a name, cannot be turned to another computer between two requests.
        return address.is_loopback or is_wildcard(self.host)


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_wildcard(host: str) -> bool:
    """Whether the address stands for all of this computer's."""
    return host in {"0.0.0.0", "::"}  # noqa: S104 - a comparison
