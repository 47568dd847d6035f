"""Images of many requests, read as batches by the one thread that uses the recogniser.

The one hard fact: an image belongs to its future and to nothing else, so no answer can go to another's request. A batch
that fails is read again image by image: only the one at fault fails.
"""

from __future__ import annotations

import logging
import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from model.decoding.decoded_formula import DEFAULT_DECODING, DecodingOptions
from model.layout.line_inputs import ImageLines
from model.recognition.recogniser import Recogniser
from model.recognition.result import Recognition
from model.serving.service_error import ServiceError
from model.serving.service_options import Limits

logger = logging.getLogger(__name__)

_STACK_BYTES = 16 * 1024 * 1024  # macOS gives a thread 512 KB, which PyTorch overruns


@dataclass(frozen=True)
class QueuedResult:
    """What came of one image.

    Attributes:
        recognition: The formula.
        attention: (tokens, rows, columns) when it was asked for.
    """

    recognition: Recognition
    attention: np.ndarray | None = None


@dataclass(frozen=True)
class RecognitionJob:
    """One image that waits.

    Attributes:
        image: Its lines.
        options: How it is decoded.
        with_attention: Whether the attention maps are wanted.
        result: Where the answer goes.
    """

    image: ImageLines
    options: DecodingOptions
    with_attention: bool
    result: Future[QueuedResult] = field(default_factory=Future)


class RecognitionQueue:
    """Takes images from any thread and reads those that wait at the same time together.

    Attributes:
        batches: Batches read so far.
        images: Images read so far.
    """

    def __init__(self, recogniser: Recogniser, *, limits: Limits) -> None:
        self.batches = 0
        self.images = 0
        self._recogniser = recogniser
        self._limits = limits
        self._jobs: queue.SimpleQueue[RecognitionJob | None] = queue.SimpleQueue()
        self._is_closed = False
        self._closing = threading.Lock()
        self._thread = threading.Thread(target=self._read_until_closed, name="recognition", daemon=True)
        usual = threading.stack_size(_STACK_BYTES)
        self._thread.start()
        threading.stack_size(usual)

    def submit(
        self, image: ImageLines, *, options: DecodingOptions = DEFAULT_DECODING, with_attention: bool = False
    ) -> Future[QueuedResult]:
        """Queue one image; cancel the future when nobody wants the answer any more.

        Raises:
            ServiceError: The service is ending.
        """
        job = RecognitionJob(image, options, with_attention)
        with self._closing:
            if self._is_closed:
                raise ServiceError(503, "The service is ending.")
            self._jobs.put(job)
        return job.result

    def close(self) -> None:
        """Read what waits, then end the thread."""
        with self._closing:
            if not self._is_closed:
                self._is_closed = True
                self._jobs.put(None)
        self._thread.join()

    def _read_until_closed(self) -> None:
        is_open = True
        while is_open:
            jobs, is_open = self._next_batch()
            # What nobody waits for any more is not read.
            jobs = [job for job in jobs if job.result.set_running_or_notify_cancel()]
            for options in dict.fromkeys(job.options for job in jobs):
                self._read_batch([job for job in jobs if job.options == options], options)

    def _next_batch(self) -> tuple[list[RecognitionJob], bool]:
        """Wait for an image and a moment more for others; False: there will be no more."""
        first = self._jobs.get()
        if first is None:
            return [], False
        jobs = [first]
        until = monotonic() + self._limits.batch_wait_seconds
        while len(jobs) < self._limits.batch_size:
            try:
                job = self._jobs.get(timeout=max(until - monotonic(), 0.0))
            except queue.Empty:
                break
            if job is None:
                return jobs, False
            jobs.append(job)
        return jobs, True

    def _read_batch(self, jobs: list[RecognitionJob], options: DecodingOptions) -> None:
        try:
            recognitions = self._recogniser.recognise_prepared([job.image for job in jobs], options=options)
            results = [self._result_of(*pair) for pair in zip(jobs, recognitions, strict=True)]
        except Exception:
            if len(jobs) > 1:
                logger.exception("A batch of %d could not be read; its images are read one by one.", len(jobs))
                for job in jobs:
                    self._read_batch([job], options)
                return
            logger.exception("An image could not be read.")
            jobs[0].result.set_exception(
                ServiceError(500, "The formula could not be recognised; the service's log says why.")
            )
            return
        self.batches += 1
        self.images += len(jobs)
        for job, result in zip(jobs, results, strict=True):
            job.result.set_result(result)

    def _result_of(self, job: RecognitionJob, recognition: Recognition) -> QueuedResult:
        if not job.with_attention:
            return QueuedResult(recognition)
        return QueuedResult(recognition, self._recogniser.attention_maps(job.image.whole_input[0], recognition.tokens))
