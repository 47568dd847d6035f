"""The built program, as `make bundle` leaves it. `make test-bundle` says where it is."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.bundle.built_program import BuiltProgram
from tests.end_to_end.snip_session import MAIN_TITLE, snip, viewed_formula
from tests.end_to_end.virtual_desktop import VirtualDesktop


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the bundle and minutes."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.bundle)


@pytest.fixture(scope="session")
def built() -> BuiltProgram:
    """The bundle's folder and its executable."""
    folder = os.environ.get("SNAPTEX_BUNDLE")
    if not folder:
        pytest.skip("`make test-bundle` builds the bundle and runs this")
    return BuiltProgram(Path(folder).resolve())


class SnipOnce(Protocol):
    """Starts the program on a desktop of its own, snips a formula, and returns what another program pastes."""

    def __call__(
        self, command: list[str], *, variables: dict[str, str] | None = None, formula: str = "fraction"
    ) -> str: ...


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[VirtualDesktop]:
    """A desktop with an empty home folder."""
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        yield desktop


@pytest.fixture
def snip_once(desktop: VirtualDesktop) -> SnipOnce:
    def run(command: list[str], *, variables: dict[str, str] | None = None, formula: str = "fraction") -> str:
        desktop.start("snaptex-output", command, variables=variables)
        desktop.find_window(MAIN_TITLE, seconds=60)
        with viewed_formula(desktop, formula) as (_, box):
            return snip(desktop, box)

    return run
