"""The queue before the recogniser: company in one batch, each answer to its own image, one fault to one image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from PIL import Image

from model.decoding.decoded_formula import DEFAULT_DECODING, DecodingOptions
from model.layout.line_inputs import ImageLines
from model.serving.recognition_queue import RecognitionQueue
from model.serving.service_error import ServiceError
from model.serving.service_options import Limits
from tests.model.layout.one_line import image_of

if TYPE_CHECKING:
    from model.recognition.recogniser import Recogniser
    from model.recognition.result import Recognition


def images_of_noise(count: int) -> list[ImageLines]:
    """Images of one line and one size, all different."""
    random = np.random.default_rng(2)
    return [image_of(random.random((24, 48), dtype=np.float32)) for _ in range(count)]


@pytest.fixture
def queue(recogniser: Recogniser) -> Iterator[RecognitionQueue]:
    """A queue whose first image waits long enough for a slow test machine."""
    queue = RecognitionQueue(recogniser, limits=Limits(batch_wait_seconds=0.2))
    yield queue
    queue.close()


def test_what_waits_together_is_read_together(queue: RecognitionQueue, recogniser: Recogniser) -> None:
    # Batches are what makes many clients cheap; at most 16, and no answer may be lost in them.
    images = images_of_noise(20)
    futures = [queue.submit(image) for image in images]
    readings = [future.result(60).recognition.tokens for future in futures]
    assert readings == [recogniser.recognise_prepared([image])[0].tokens for image in images]
    assert (queue.batches, queue.images) == (2, 20)


def test_other_options_make_another_batch(queue: RecognitionQueue) -> None:
    # A client that wants beam search must not slow down or change the others' answers.
    plain, wide = (
        queue.submit(images_of_noise(1)[0], options=DecodingOptions()),
        queue.submit(images_of_noise(1)[0], options=DecodingOptions(beam_size=4)),
    )
    assert not plain.result(60).recognition.alternatives
    assert wide.result(60).recognition.alternatives
    assert queue.batches == 2


class Particular:
    """A recogniser that cannot read one of the images."""

    def __init__(self, recogniser: Recogniser, poison: ImageLines) -> None:
        self._recogniser = recogniser
        self._poison = poison

    def prepare(self, image: Image.Image) -> ImageLines:
        return self._recogniser.prepare(image)

    def recognise_prepared(
        self, images: Sequence[ImageLines], *, options: DecodingOptions = DEFAULT_DECODING
    ) -> list[Recognition]:
        if any(image is self._poison for image in images):
            raise RuntimeError("out of memory")
        return self._recogniser.recognise_prepared(images, options=options)

    def attention_maps(self, network_input: np.ndarray, tokens: Sequence[str]) -> np.ndarray:
        return self._recogniser.attention_maps(network_input, tokens)


def test_a_fault_costs_its_own_image_alone(recogniser: Recogniser) -> None:
    # The others in the batch belong to other people.
    images = images_of_noise(5)
    queue = RecognitionQueue(
        cast("Recogniser", Particular(recogniser, images[2])), limits=Limits(batch_wait_seconds=0.2)
    )
    futures = [queue.submit(image) for image in images]
    with pytest.raises(ServiceError, match="log says why"):
        futures[2].result(60)
    for index in (0, 1, 3, 4):
        assert futures[index].result(60).recognition == futures[index].result().recognition
    queue.close()


def test_cancelled_images_are_not_read(queue: RecognitionQueue) -> None:
    # A client that hung up must not cost time.
    first, second = (queue.submit(image) for image in images_of_noise(2))
    assert second.cancel()
    first.result(60)
    queue.close()
    assert queue.images == 1


def test_closed_queue(queue: RecognitionQueue) -> None:
    # What was taken on is still read; what comes later is refused, not forgotten.
    future = queue.submit(images_of_noise(1)[0])
    queue.close()
    assert future.result(0).recognition.tokens is not None
    with pytest.raises(ServiceError, match="ending"):
        queue.submit(images_of_noise(1)[0])
