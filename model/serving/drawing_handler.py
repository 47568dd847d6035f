"""Answers requests to draw a formula or to write it in other forms, and keeps to how much may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from model.formats import FormatError, FormulaFormat
from model.formats.helper_pool import HelperPool
from model.serving.service_error import ServiceError
from model.serving.service_options import Limits

Result = TypeVar("Result")


class DrawingHandler:
    """Draws for many requests at a time; used on one event loop."""

    def __init__(self, writers: HelperPool, *, limits: Limits) -> None:
        self._writers = writers
        self._limits = limits
        self._waiting = 0
        self._threads = ThreadPoolExecutor(limits.drawing_processes, thread_name_prefix="drawing")

    async def draw(self, latex: str) -> str:
        """Return the formula as SVG.

        Raises:
            ServiceError: It cannot be drawn, or too much waits already.
        """
        return await self._run(self._writers.draw_formula, latex)

    async def write_all(self, latex: str) -> dict[FormulaFormat, str]:
        """Return the formula in every form that it can be written in.

        Raises:
            ServiceError: Too much waits already.
        """
        return await self._run(self._writers.write_all, latex)

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[str], Result], latex: str) -> Result:
        if self._waiting >= self._limits.waiting_drawings:
            raise ServiceError(429, "Too many formulas are waiting; try again in a second.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, latex)
        except FormatError as error:
            raise ServiceError(422, str(error)) from error
        finally:
            self._waiting -= 1
