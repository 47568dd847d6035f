"""Answers recognition requests: prepares their images, has them read, and keeps to how much may wait."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from time import perf_counter

from model.formats.helper_pool import HelperPool
from model.image_transform import ImageError
from model.layout.line_inputs import ImageLines
from model.recognition.image_file import decode_image
from model.recognition.recogniser import Recogniser
from model.serving.answers import Formula, formula_of
from model.serving.recognition_queue import RecognitionQueue
from model.serving.request_reading import ReadingOptions
from model.serving.service_error import ServiceError
from model.serving.service_options import Limits

logger = logging.getLogger(__name__)


class RecognitionHandler:
    """Turns images into formulas for many requests at a time; used on one event loop.

    Attributes:
        waiting: Images whose answers are still owed.
    """

    def __init__(self, recogniser: Recogniser, *, writers: HelperPool, limits: Limits) -> None:
        self.waiting = 0
        self._writers = writers
        self._limits = limits
        self._recogniser = recogniser
        self._queue = RecognitionQueue(recogniser, limits=limits)
        # One at a time: an image of 50 megapixels takes 200 MB while it is decoded.
        self._preparing = ThreadPoolExecutor(1, thread_name_prefix="preparing")

    async def recognise(self, images: list[bytes], options: ReadingOptions) -> list[Formula]:
        """Read the images of one request; one that cannot be read has its own error, unless it is the only one.

        Raises:
            ServiceError: Too many images wait already, or none of these can be read.
        """
        if self.waiting + len(images) > self._limits.waiting_images:
            raise ServiceError(429, "Too many images are waiting; try again in a second.")
        self.waiting += len(images)
        try:
            outcomes = await asyncio.gather(*(self._recognise(image, options) for image in images))
        finally:
            self.waiting -= len(images)
        failures = [outcome for outcome in outcomes if isinstance(outcome, ServiceError)]
        if len(failures) == len(outcomes):
            raise failures[0]
        return [
            Formula(error=outcome.sentence) if isinstance(outcome, ServiceError) else outcome for outcome in outcomes
        ]

    def close(self) -> None:
        """Read what waits, then end the threads."""
        self._preparing.shutdown(cancel_futures=True)
        self._queue.close()

    def _prepare_and_time(self, content: bytes) -> tuple[ImageLines, float]:
        """Decode an image and prepare it for the network; returns the seconds that it took, too.

        Raises:
            ImageError: It is no image, or damaged, blank or too large; the message is one plain sentence.
        """
        started = perf_counter()
        try:
            return self._recogniser.prepare(decode_image(BytesIO(content))), perf_counter() - started
        except ImageError:
            raise
        except Exception as error:  # an image costs only itself, whatever goes wrong with it
            logger.exception("An image could not be prepared.")
            raise ImageError("The image cannot be read; the log says why.") from error

    async def _recognise(self, content: bytes, options: ReadingOptions) -> Formula | ServiceError:
        """Read one image; the error is returned, for the other images of the request are none the worse for it."""
        try:
            image, preparing_seconds = await asyncio.get_running_loop().run_in_executor(
                self._preparing, self._prepare_and_time, content
            )
            result = await asyncio.wrap_future(
                self._queue.submit(image, options=options.decoding, with_attention=options.attention)
            )
        except ImageError as error:
            return ServiceError(422, str(error))
        except ServiceError as error:
            return error
        # On a thread: a form such as SVG takes longer than other requests should wait for.
        return await asyncio.to_thread(
            formula_of,
            image,
            result,
            alternatives=options.alternatives,
            formula_format=options.format,
            seconds=preparing_seconds + result.recognition.seconds,
            writers=self._writers,
        )
