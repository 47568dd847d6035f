"""Draws and converts formulas in helper processes, within limits of time and memory.

A formula ends as a text or as one sentence, whatever it holds: a helper that takes too long, too much memory or crashes
is ended, and the next one is started.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import BinaryIO, Self, cast

from model.formats.format_error import FormatError
from model.formats.formula_format import FormulaFormat, wrap_formula
from model.formats.helper_process import COVERAGE, EXTENT, REFUSAL, read_message, write_message
from model.formats.spelling import refuse_unusable

logger = logging.getLogger(__name__)

WORK_SECONDS = 2.0
"""What one formula may take once its library is loaded, of a processor."""

HELPER_COMMAND = "draw-formulas"
"""The bundled program's own command for this: there is no interpreter beside it."""

_LOAD_SECONDS = 60.0
# The helper counts its own processor time, so that a formula costs no more and yet comes through on a busy computer.
# This much longer by the clock the program waits for it; where a process cannot count, not at all.
_PATIENCE = 1.0 if sys.platform == "win32" else 5.0
_TOO_SLOW = "This formula takes too long to draw."
_CRASHED = "This formula has no preview; its LaTeX may be incomplete."
_NOT_STARTED = "The preview can't be drawn: its process does not start."
_CLOSED = "The preview is closed."

_FORMATS_OF_LIBRARIES = (FormulaFormat.MATHML, FormulaFormat.TYPST, FormulaFormat.UNICODE, FormulaFormat.SVG)


@dataclass(frozen=True)
class Ink:
    """A formula drawn: `width * height` bytes, row by row, from 0 for nothing to 255 for ink."""

    width: int
    height: int
    coverage: bytes


class HelperPool:
    """Formulas in other forms, from any thread; each helper starts with its first formula.

    Args:
        processes: How many formulas may be worked on at a time; further callers wait.
        seconds: What one formula may take.
    """

    def __init__(self, processes: int = 1, *, seconds: float = WORK_SECONDS) -> None:
        self._helpers = [_Helper(seconds) for _ in range(processes)]
        self._idle = deque(self._helpers)
        self._changing = threading.Condition()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def draw_formula(self, latex: str, *, size: float = 28.0, colour: str = "currentColor") -> str:
        """As `drawing.draw_formula`.

        Raises:
            FormatError: As there, or the formula takes too long or too much memory.
        """
        refuse_unusable(latex)
        return self._ask("draw", latex, size, colour)

    def draw_preview(self, latex: str, *, size: float, colour: str) -> Ink | str:
        """As ink by mathtext, or where that does not draw it as SVG in that colour.

        Raises:
            FormatError: Neither draws it, or the formula takes too long or too much memory.
        """
        refuse_unusable(latex)
        result = self._result("preview", latex, size, colour)
        if result[:1] != COVERAGE:
            return result[1:].decode()
        width, height = EXTENT.unpack_from(result, 1)
        return Ink(width, height, result[1 + EXTENT.size :])

    def write_formula(self, latex: str, formula_format: FormulaFormat, *, number: str | None = None) -> str:
        """As `formula_format.write_formula`; the forms that are LaTeX need no helper.

        Raises:
            FormatError: As there, or the formula takes too long or too much memory.
        """
        if formula_format not in _FORMATS_OF_LIBRARIES:
            return wrap_formula(latex, formula_format, number=number)
        refuse_unusable(latex)
        return self._ask("write", latex, formula_format.value)

    def write_all(self, latex: str) -> dict[FormulaFormat, str]:
        """The formula in every form that it can be written in; none is tried after one that takes too long."""
        texts = {}
        for formula_format in FormulaFormat:
            try:
                texts[formula_format] = self.write_formula(latex, formula_format)
            except FormatError as error:
                if str(error) == _TOO_SLOW:
                    break
        return texts

    def warm_up(self) -> None:
        """Load what draws formulas, so that the first comes at once."""
        self._ask("draw", "x", 12.0, "black")

    def give_up(self) -> None:
        """End at once what is being worked on; those who wait for it get a sentence. The pool stays open."""
        for helper in self._helpers:
            helper.give_up()

    def close(self) -> None:
        """End the helpers at once, whatever they work on; those who wait for them get a sentence."""
        for helper in self._helpers:
            helper.close()

    def _ask(self, *job: object) -> str:
        return self._result(*job)[1:].decode()

    def _result(self, *job: object) -> bytes:
        with self._changing:
            self._changing.wait_for(lambda: bool(self._idle))
            helper = self._idle.pop()
        is_loaded = False
        try:
            result = helper.ask(str(job[0]), json.dumps(job).encode())
            is_loaded = True
        finally:
            with self._changing:
                # One that was started anew takes a moment, so it comes last.
                (self._idle.append if is_loaded else self._idle.appendleft)(helper)
                self._changing.notify()
        if result[:1] == REFUSAL:
            raise FormatError(result[1:].decode())
        return result


class _Helper:
    """One process at a time, started when it is needed; used by one thread at a time, closed by any."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: set[str] = set()
        self._is_closed = False
        self._is_given_up = False
        self._changing = threading.Lock()  # held for a moment
        self._working = threading.Lock()  # held as long as a formula takes

    def ask(self, name: str, job: bytes) -> bytes:
        """Have a job done; returns the message of its result.

        Raises:
            FormatError: There is no result, for one of the reasons above.
        """
        with self._working:
            self._is_given_up = False
            return self._ask(name, job)

    def give_up(self) -> None:
        """End what is being worked on."""
        with self._changing:
            if self._working.locked():
                self._is_given_up = True
                if self._process is not None:
                    self._process.kill()

    def close(self) -> None:
        """End the process for good, and whoever waits for it gets a sentence."""
        with self._changing:
            self._is_closed = self._is_given_up = True
            process = self._process
            if process is not None:
                process.kill()
        with self._working:
            if process is not None:
                self._end(process)

    def _ask(self, name: str, job: bytes) -> bytes:
        self._asked.add(name)
        process = self._running()
        if not self._send(process, job):  # it was ended from outside meanwhile
            self._end(process)
            process = self._running()
            self._send(process, job)
        if self._answer(process, _LOAD_SECONDS) is None:
            self._end(process)
            if self._is_given_up:
                raise FormatError(_CLOSED)
            logger.warning("The process that draws formulas does not start; its status is %s.", process.returncode)
            raise FormatError(_NOT_STARTED)
        started = monotonic()
        result = self._answer(process, self._seconds * _PATIENCE)
        if result is not None:
            return result
        took = monotonic() - started
        self._end(process)
        if self._is_given_up:
            raise FormatError(_CLOSED)
        logger.warning("A formula was given up after %.1f s: %s", took, job[:300].decode())
        self._running()  # the next formula need not wait for it to start
        raise FormatError(_TOO_SLOW if took >= self._seconds * 0.9 else _CRASHED)

    def _running(self) -> subprocess.Popen[bytes]:
        with self._changing:
            if self._is_closed or self._is_given_up:
                raise FormatError(_CLOSED)
            if self._process is None:
                try:
                    self._process = _start(sorted(self._asked), self._seconds)
                except OSError as error:
                    logger.warning("The process that draws formulas does not start.", exc_info=True)
                    raise FormatError(_NOT_STARTED) from error
            return self._process

    def _send(self, process: subprocess.Popen[bytes], job: bytes) -> bool:
        try:
            write_message(cast("BinaryIO", process.stdin), job)
        except OSError:
            return False
        return True

    def _answer(self, process: subprocess.Popen[bytes], seconds: float) -> bytes | None:
        """The next message; None where there is none in time, for the process is then dead."""
        clock = threading.Timer(seconds, process.kill)
        clock.daemon = True
        clock.start()
        try:
            return read_message(cast("BinaryIO", process.stdout))
        except OSError:
            return None
        finally:
            clock.cancel()

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # what it could not be sent is still in the buffer
                    continue
        with self._changing:
            if self._process is process:
                self._process = None


def _start(warm: list[str], seconds: float) -> subprocess.Popen[bytes]:
    names = ",".join(warm)
    if getattr(sys, "frozen", False):
        command = [sys.executable, HELPER_COMMAND, names, str(seconds)]
    else:
        # Without the working folder or the environment's paths: what is imported is what this program imports.
        import_it = "from model.formats.helper_process import main"
        script = f"import sys; sys.path[:] = {sys.path!r}; {import_it}; main({names!r}, {seconds!r})"
        command = [sys.executable, "-I", "-c", script]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},  # their stacks count as its memory
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
