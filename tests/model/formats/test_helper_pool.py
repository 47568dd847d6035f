"""Whatever a formula holds, it ends as a text or as one sentence, soon; and the next formula is drawn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from model.formats import FormatError, FormulaFormat, write_formula
from model.formats.drawing import draw_formula
from model.formats.helper_pool import HelperPool

# Their drawing takes longer than anybody waits: the library's time grows with the square of the length.
ENDLESS = ("x+" * 2900 + "x", r"\left(" * 90 + "x" * 600 + r"\right)" * 90)


@pytest.fixture(scope="module")
def pool() -> Iterator[HelperPool]:
    with HelperPool(2) as pool:
        yield pool


@pytest.mark.parametrize("formula_format", FormulaFormat)
def test_the_process_writes_what_the_function_writes(pool: HelperPool, formula_format: FormulaFormat) -> None:
    latex = r"\frac{a}{b} + \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"
    assert pool.write_formula(latex, formula_format) == write_formula(latex, formula_format)
    assert pool.write_all(latex)[formula_format] == write_formula(latex, formula_format)


def test_refusals_come_through(pool: HelperPool) -> None:
    with pytest.raises(FormatError, match=r"does not know \\nosuchcommand\.$"):
        pool.draw_formula(r"\nosuchcommand")
    with pytest.raises(FormatError, match="closing brace"):
        pool.draw_formula(r"\frac{a}{b")


@pytest.mark.parametrize("latex", ENDLESS, ids=["long", "deep"])
def test_a_formula_that_takes_too_long_is_given_up(pool: HelperPool, latex: str) -> None:
    with pytest.raises(FormatError, match=r"takes too long to draw\.$"):
        pool.draw_formula(latex)
    assert pool.draw_formula("x").startswith("<svg")


def test_others_are_drawn_meanwhile() -> None:
    # One formula that never ends must not take the place of all.
    with HelperPool(2, seconds=300) as pool, ThreadPoolExecutor(1) as threads:
        endless = threads.submit(pool.draw_formula, ENDLESS[0])
        for _ in range(5):
            assert pool.draw_formula("y").startswith("<svg")
        assert not endless.done()
        pool.close()


def test_closing_ends_what_is_being_drawn() -> None:
    # Quitting the program waits for no drawing.
    pool = HelperPool(seconds=300)
    pool.warm_up()
    with ThreadPoolExecutor(1) as threads:
        endless = threads.submit(pool.draw_formula, ENDLESS[0])
        threading.Event().wait(0.2)
        pool.close()
        assert isinstance(endless.exception(), FormatError)
    with pytest.raises(FormatError, match="closed"):
        pool.draw_formula("x")


def test_a_process_that_is_gone_is_started_again() -> None:
    with HelperPool() as pool:
        pool.warm_up()
        for helper in pool._helpers:
            assert helper._process is not None
            helper._process.kill()
            helper._process.wait()
        assert pool.draw_formula("x").startswith("<svg")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to the limit")
def test_memory_is_limited() -> None:
    # A formula that fills the memory gets a sentence; without a limit it would take that of every program.
    script = (
        "from model.formats import helper_process as helper\n"
        "helper._limit_resources()\n"
        "try:\n    bytearray(2 * helper.MEMORY_BYTES)\n"
        "except MemoryError:\n    print('refused')\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_the_process_ends_with_the_program_in_the_middle_of_a_formula(tmp_path: Path) -> None:
    # A program that is killed cannot end its helpers; one that goes on computing would heat the computer for ever.
    script = (
        "import os, sys, threading\n"
        "from model.formats.helper_pool import HelperPool\n"
        "pool = HelperPool(seconds=3600)\n"
        "pool.warm_up()\n"
        "threading.Thread(target=pool.draw_formula, args=(sys.argv[1],), daemon=True).start()\n"
        "print(pool._helpers[0]._process.pid, flush=True)\n"
        "threading.Event().wait()\n"
    )
    root = Path(__file__).parents[3]
    latex = r"\left(" * 90 + "x" * 2000 + r"\right)" * 90
    with subprocess.Popen(
        [sys.executable, "-c", script, latex], cwd=root, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        helper = int(program.stdout.readline())
        program.send_signal(signal.SIGKILL)
    for _ in range(400):
        if not _is_running(helper):
            break
        sleep(0.05)
    else:
        pytest.fail("the helper lives on")


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process_id}/stat")
    return not (state.is_file() and state.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.parametrize(
    "opening", [r"\sqrt{", r"\frac{1}{", "{", "x^{", r"\hat{", r"\overbrace{", r"\left(", r"\begin{pmatrix}"]
)
def test_nested_formulas_are_drawn_in_a_time_that_does_not_double_with_each_level(opening: str) -> None:
    # Twelve levels took five seconds and twenty would not have ended: a level is laid out once, not twice.
    levels = 20
    closing = {r"\left(": r"\right)", r"\begin{pmatrix}": r"\end{pmatrix}"}.get(opening, "}")
    assert draw_formula(opening * levels + "x" + closing * levels).startswith("<svg")


@pytest.mark.parametrize("formula_format", FormulaFormat)
@pytest.mark.parametrize("levels", [100, 300, 1400])
@pytest.mark.parametrize("opening", [r"\sqrt{", "{"])
def test_nesting_without_end_is_refused(formula_format: FormulaFormat, opening: str, levels: int) -> None:
    # The libraries descend by recursion, which ends in an error of the interpreter or of the system.
    latex = opening * levels + "x" + "}" * levels
    try:
        assert write_formula(latex, formula_format)
    except FormatError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either is right
