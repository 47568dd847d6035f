"""What pyproject.toml says of the program, and when this version of it was committed, for all that is made of it."""

import os
import platform
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"

_project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

VERSION: str = _project["version"]
DESCRIPTION: str = _project["description"]
AUTHOR: str = _project["authors"][0]["name"]

_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}


def release_name() -> str:
    """The beginning of the names of what is released for this system: snaptex-0.1.0-linux-x86_64."""
    machine = platform.machine().lower()
    return f"snaptex-{VERSION}-{_SYSTEMS[sys.platform]}-{_MACHINES.get(machine, machine)}"


def commit_time() -> int:
    """Seconds since 1970 of the commit that is built, so that two builds of it carry the same times."""
    if stated := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(stated)
    done = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 else int((ROOT / "pyproject.toml").stat().st_mtime)


def commit_date() -> str:
    """The day of that commit, as 2026-01-31."""
    return time.strftime("%Y-%m-%d", time.gmtime(commit_time()))
