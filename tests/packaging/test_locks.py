"""Tests run on what ships: one resolution of versions for development, tests, bundle and release."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PACKAGING = Path(__file__).parents[2] / "packaging"


def pins_of(name: str) -> dict[str, Requirement]:
    """The versions that a lock file names, with what they hold for."""
    lines = (PACKAGING / name).read_text(encoding="utf-8").splitlines()
    pins = [line.removesuffix("\\").strip() for line in lines if line[:1].strip() not in {"", "#"}]
    return {pin: Requirement(pin) for pin in pins}


@pytest.mark.parametrize("name", ["bundle.lock", "release.lock"])
def test_what_ships_is_part_of_the_one_resolution(name: str) -> None:
    # A version that the tests never saw would ship otherwise; five did.
    versions = {(pin.name, str(pin.specifier)) for pin in pins_of("packages.lock").values()}
    others = {(pin.name, str(pin.specifier)) for pin in pins_of(name).values()}
    assert len(others) > 20
    assert not others - versions


def test_these_tests_run_on_the_locked_versions() -> None:
    # `make` sets up again when the lock file changes; whoever installs by hand is told here what differs.
    wrong = []
    applying = [pin for pin in pins_of("packages.lock").values() if pin.marker is None or pin.marker.evaluate()]
    for pin in applying:
        try:
            installed = version(pin.name)
        except PackageNotFoundError:  # of the bundle's or the release's tools
            continue
        # pip is what installs; PyTorch may be the build for processors alone, 2.13.0+cpu.
        if pin.name != "pip" and not pin.specifier.contains(installed, prereleases=True):
            wrong.append(f"{pin}, not {installed}")
    assert not wrong
    assert len(applying) > 100


def test_what_pyproject_asks_for_is_installed_by_the_lock() -> None:
    # A dependency that was added without `make lock` would be missing from the bundle.
    project = tomllib.loads((PACKAGING.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = {pin.name for pin in pins_of("bundle.lock").values()}
    asked = [*project["dependencies"], *project["optional-dependencies"]["server"]]
    assert not {Requirement(one).name.lower().replace("_", "-") for one in asked} - locked
