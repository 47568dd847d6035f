"""The built program, as `make bundle` leaves it. `make test-bundle` says where it is."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest
from PIL import Image

from desktop_app.system.bundled_resources import vocabulary_path, weights_path
from model.recognition.recogniser import Recogniser
from tests.bundle.built_program import BuiltProgram
from tests.end_to_end.snip_session import be_welcomed, log_of, snip, viewed_formula
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


class Snipped(NamedTuple):
    """A formula as another program pastes it, and as the program reads the same image when it is run from source."""

    pasted: str
    read_from_source: str


class SnipOnce(Protocol):
    """Starts the program on a desktop of its own and snips a formula."""

    def __call__(
        self, command: list[str], *, variables: dict[str, str] | None = None, is_first_start: bool = False
    ) -> Snipped: ...


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[VirtualDesktop]:
    """A desktop with an empty home folder."""
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        yield desktop


@pytest.fixture(scope="session")
def recogniser() -> Recogniser:
    """The recogniser of the source tree."""
    return Recogniser.load(weights_path(), vocabulary_path(), device="cpu")


def kept_images(history: Path) -> list[bytes]:
    """The images in the program's history, which keeps each after it was copied."""
    if not history.exists():
        return []
    with closing(sqlite3.connect(f"file:{history}?mode=ro", uri=True)) as store:
        try:
            return [png for (png,) in store.execute("SELECT png FROM picture")]
        except sqlite3.OperationalError:  # the program is just making the tables
            return []


@pytest.fixture
def snip_once(desktop: VirtualDesktop, recogniser: Recogniser) -> SnipOnce:
    def run(command: list[str], *, variables: dict[str, str] | None = None, is_first_start: bool = False) -> Snipped:
        if not is_first_start:
            be_welcomed(desktop)
        desktop.start("snaptex-output", command, variables=variables)
        desktop.wait_until(lambda: "The hotkey is" in log_of(desktop), "the hotkey")
        with viewed_formula(desktop, "fraction") as (_, box):
            pasted = snip(desktop, box)
        history = Path(desktop.environment["HOME"]) / ".local" / "share" / "snaptex" / "history.sqlite"
        (image,) = desktop.wait_until(lambda: kept_images(history), "the snip in the history")
        return Snipped(pasted, recogniser.recognise(Image.open(BytesIO(image))).latex)

    return run
