"""Two hundred clients at once: every one gets the answer to its own image."""

from __future__ import annotations

import asyncio
import math
from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.recognition.recogniser import Recogniser
    from model.serving.service import Service

CLIENTS = 200
IMAGES = 25
LONGEST = 600


def print_of(probabilities: list[float]) -> np.ndarray:
    """The probabilities of an answer's tokens, which tell images apart even where the formula is the same."""
    return np.array(probabilities + [-1.0] * (LONGEST - len(probabilities)))


def test_no_answer_is_lost_or_mixed_up(
    service: Service, recogniser: Recogniser, make_png: Callable[..., bytes]
) -> None:
    # Images of several sizes and contents, so that batches form and an answer at a wrong place would show.
    images = [make_png(seed, width=60 + 30 * (seed % 4)) for seed in range(IMAGES)]
    readings = [recogniser.recognise(Image.open(BytesIO(image))) for image in images]
    prints = np.stack([print_of([math.exp(value) for value in one.token_log_probabilities]) for one in readings])
    between = np.abs(prints[:, None] - prints[None]).max(axis=2) + np.eye(IMAGES)
    assert between.min() > 0.002, "the images are too much alike to tell their answers apart"

    async def ask(index: int) -> dict[str, Any]:
        # Each has a connection of its own.
        async with httpx.AsyncClient(base_url=service.options.url, timeout=120, trust_env=False) as client:
            answer = await client.post(
                "/recognise",
                files={"image": images[index % IMAGES]},
                headers={"Authorization": f"Bearer {service.options.token}"},
            )
            assert answer.status_code == 200, answer.text
            (formula,) = answer.json()["formulas"]
            return dict(formula)

    async def ask_all() -> list[dict[str, Any]]:
        return await asyncio.gather(*(ask(index) for index in range(CLIENTS)))

    answers = asyncio.run(ask_all())
    assert len(answers) == CLIENTS
    for index, answer in enumerate(answers):
        own = index % IMAGES
        assert answer["latex"] == readings[own].latex
        distances = np.abs(prints - print_of(answer["token_probabilities"])).max(axis=1)
        assert distances.argmin() == own
        assert distances[own] < 0.001
