"""A running service on a small untrained recogniser, and images for it to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.recognition.recogniser import Recogniser
from model.serving.service import Service
from model.serving.service_options import Limits, ServiceOptions

if TYPE_CHECKING:
    from model.engines.graph_engine import GraphEngine
    from model.vocabulary import Vocabulary

TOKEN = "the-token-of-the-tests-0123456789"

StartService = Callable[..., Service]
MakePng = Callable[..., bytes]


@pytest.fixture
def recogniser(engine: GraphEngine, vocabulary: Vocabulary) -> Recogniser:
    """The small network as a recogniser."""
    return Recogniser(engine, vocabulary)


@pytest.fixture
def start_service(recogniser: Recogniser) -> Iterator[StartService]:
    """Starts services with the limits given; they end with the test."""
    services = []

    def start(*, token: str = TOKEN, **limits: float) -> Service:
        service = Service(recogniser, ServiceOptions(port=0, token=token, limits=Limits(**limits)))  # type: ignore[arg-type]
        services.append(service)
        service.start()
        return service

    yield start
    for service in services:
        service.stop()


@pytest.fixture
def service(start_service: StartService) -> Service:
    """A service as it runs by default."""
    return start_service()


@pytest.fixture
def client(service: Service) -> Iterator[httpx.Client]:
    """A client that knows the token."""
    with client_of(service) as client:
        yield client


def client_of(service: Service, **headers: str) -> httpx.Client:
    """A client of that service that knows the token."""
    return httpx.Client(
        base_url=service.options.url,
        headers={"Authorization": f"Bearer {service.options.token}", **headers},
        timeout=60,
        trust_env=False,
    )


@pytest.fixture(scope="session")
def make_png() -> MakePng:
    """Makes an image of marks that look like glyphs to the image transform; another one for each seed."""

    def make(seed: int = 0, *, width: int = 120, height: int = 40) -> bytes:
        random = np.random.default_rng(seed)
        image = Image.new("L", (width, height), 255)
        draw = ImageDraw.Draw(image)
        for left in range(8, width - 16, 14):
            top = int(random.integers(6, height - 24))
            right, bottom = left + int(random.integers(4, 11)), top + int(random.integers(10, 16))
            (draw.ellipse if random.random() < 0.5 else draw.rectangle)((left, top, right, bottom), outline=0, width=2)
        file = BytesIO()
        image.save(file, "PNG")
        return file.getvalue()

    return make
