"""What the windows want of the recogniser's thread, and what it tells them: plain values."""

from dataclasses import dataclass, field
from enum import Enum


class Device(Enum):
    """Where the network is to run."""

    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"


@dataclass(frozen=True)
class ServiceConfig:
    """A local service that is to run.

    Attributes:
        port: Of this computer; 0 for any free one.
        token: What a caller has to know.
    """

    port: int
    token: str = field(repr=False)


@dataclass(frozen=True)
class RecogniserOptions:
    """How the recogniser runs.

    Attributes:
        device: Where.
        weights: The file of a recogniser of the user's own; empty for the bundled one.
        idle_minutes: After how long without a snip its memory is given back; 0 for never.
        service: The service that shares it, or none.
    """

    device: Device = Device.AUTO
    idle_minutes: int = 0
    service: ServiceConfig | None = None
    weights: str = ""


@dataclass(frozen=True)
class DeviceReport:
    """What the computer has.

    Attributes:
        gpu: Name of the graphics card that the network can run on; empty for none.
        is_gpu_used: Whether it runs there now.
        engine: Name and version of what runs it.
    """

    gpu: str
    is_gpu_used: bool
    engine: str = ""


@dataclass(frozen=True)
class ServiceState:
    """How the service is.

    Attributes:
        address: Where it is asked; empty while it does not run.
        entrance: Address that opens its page, with the token in it.
        token: What a caller has to know.
        problem: Why it does not run though it should; one sentence.
    """

    address: str = ""
    entrance: str = ""
    token: str = field(default="", repr=False)
    problem: str = ""
