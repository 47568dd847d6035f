"""The process in which formulas are drawn and converted: `helper_pool` starts it, limits it and ends it.

The one hard fact: the libraries take whatever time and memory a formula makes them take, and no thread of a program can
be stopped from outside; a process can.

It reads jobs from its standard input and writes to its standard output. A message is its length, four bytes in network
order, and that many bytes. A job is the JSON list of a name and its arguments. Each job is answered twice: by an empty
message when its library is loaded and the work begins, which starts the clock, and by the result: a letter and bytes,
`T` before a text, `R` before the sentence of a refusal, `C` before an image of ink: its width and height, four bytes
each, and a byte for each pixel.
"""

from __future__ import annotations

import functools
import gc
import json
import logging
import os
import queue
import struct
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO

from model.formats.drawing import draw_formula, load_drawing
from model.formats.format_error import FormatError
from model.formats.formula_format import FormulaFormat, write_formula
from model.formats.mathml import load_mathml
from model.formats.mathtext import draw_coverage, load_mathtext
from model.formats.typst import load_typst

logger = logging.getLogger(__name__)

MEMORY_BYTES = 768 * 1024 * 1024
"""What the process may take of its own."""

RECURSION_LIMIT = 5000
"""Calls; the libraries descend about a dozen for each level of braces."""

LENGTH = struct.Struct("!I")
EXTENT = struct.Struct("!II")
TEXT, COVERAGE, REFUSAL = b"T", b"C", b"R"

_FAILURE = "This formula has no preview; its LaTeX may be incomplete."


def _write(latex: str, formula_format: str) -> bytes:
    return TEXT + write_formula(latex, FormulaFormat(formula_format)).encode()


def _draw(latex: str, size: float, colour: str) -> bytes:
    return TEXT + draw_formula(latex, size=size, colour=colour).encode()


def _preview(latex: str, size: float, colour: str) -> bytes:
    """Ink where mathtext draws the formula, SVG where it does not."""
    try:
        coverage = draw_coverage(latex, size)
    except FormatError as refusal:
        logger.debug("Not drawn by mathtext: %s", refusal)
        return _draw(latex, size, colour)
    height, width = coverage.shape
    return COVERAGE + EXTENT.pack(width, height) + coverage.tobytes()


def _load_formats() -> None:
    for load in (load_drawing, load_mathml, load_typst):
        load()


def _load_preview() -> None:
    load_mathtext()
    load_drawing()


JOBS: dict[str, tuple[Callable[[], None], Callable[..., bytes]]] = {
    "write": (_load_formats, _write),
    "draw": (load_drawing, _draw),
    "preview": (_load_preview, _preview),
}
"""By its name, what a job needs loaded, and the job."""


def main(warm: str = "", seconds: float | str = 2.0) -> None:
    """Answer jobs until the standard input ends.

    Args:
        warm: Names of jobs, with commas between them, whose libraries are loaded before the first is asked for.
        seconds: Of a processor that a job may take; then the system ends the process, where it can.
    """
    answers = _take_standard_output()
    _limit_resources()
    logging.getLogger().addHandler(logging.NullHandler())  # the program that asks writes the log
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(sys.stdin.buffer, jobs), daemon=True).start()
    for name in filter(None, warm.split(",")):
        _load(name)
    gc.freeze()
    while True:
        _answer(jobs.get(), answers, float(seconds))


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message; None where the stream has ended."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = stream.read(length)
    return content if len(content) == length else None


def write_message(stream: BinaryIO, content: bytes) -> None:
    """Send a message at once."""
    stream.write(LENGTH.pack(len(content)) + content)
    stream.flush()


def _answer(job: bytes, answers: BinaryIO, seconds: float) -> None:
    name, *arguments = json.loads(job)
    _load(name)
    write_message(answers, b"")
    _allow_processor_time(seconds)
    try:
        result = JOBS[name][1](*arguments)
    except FormatError as error:
        result = REFUSAL + str(error).encode()
    except MemoryError:
        result = REFUSAL + b"The formula is too large for a preview."
    except Exception:  # whatever the libraries raise; an image is never worth a crash
        logger.exception("No answer to %s", name)
        result = REFUSAL + _FAILURE.encode()
    _allow_processor_time(0.0)
    write_message(answers, result)


def _allow_processor_time(seconds: float) -> None:
    """Have the system end the process after so much processor time; 0 for never."""
    if sys.platform != "win32":
        import signal

        signal.setitimer(signal.ITIMER_PROF, seconds)


@functools.cache
def _load(name: str) -> None:
    JOBS[name][0]()


def _read_jobs(stream: BinaryIO, jobs: queue.SimpleQueue[bytes]) -> None:
    """Hand on the jobs; when the program that asked is gone, end, in the middle of a job too."""
    while (job := read_message(stream)) is not None:
        jobs.put(job)
    os._exit(0)


def _take_standard_output() -> BinaryIO:
    """Keep the answers' stream to ourselves: what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _limit_resources() -> None:
    """Set the limits that a system has; Windows has none of these, and macOS does not keep to the first."""
    sys.setrecursionlimit(RECURSION_LIMIT)
    if sys.platform == "win32":
        return
    import resource
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the program, which then ends this one
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
