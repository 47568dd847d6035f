"""The built program, and ways to run it as other computers would: without a network, from a folder of another kind."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BuiltProgram:
    """The folder that PyInstaller made."""

    folder: Path

    @property
    def executable(self) -> Path:
        """The program in it."""
        path = self.folder / "snaptex"
        assert path.is_file(), f"There is no bundle at {self.folder}; `make bundle` builds it."
        return path

    @property
    def resources(self) -> Path:
        """Its bundled files."""
        return self.folder / "_internal" / "resources"

    def run(
        self,
        *arguments: str | Path,
        home: Path,
        prefix: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
        executable: Path | None = None,
    ) -> "subprocess.CompletedProcess[str]":
        """Run it to its end, with nothing of this computer's environment but a home folder and where programs are."""
        return subprocess.run(
            [*prefix, str(executable or self.executable), *map(str, arguments)],
            env={"HOME": str(home), "PATH": os.environ["PATH"], **(variables or {})},
            cwd=home,
            capture_output=True,
            timeout=300,
            check=False,
            encoding="utf-8",
        )

    def contents(self) -> dict[str, tuple[int, int]]:
        """Size and time of each file, to see whether anything was written."""
        return {
            str(path.relative_to(self.folder)): (path.lstat().st_size, path.lstat().st_mtime_ns)
            for path in sorted(self.folder.rglob("*"))
        }


# A network namespace without interfaces: not even 127.0.0.1 answers.
WITHOUT_NETWORK = ("unshare", "--net", "--map-root-user")


def read_only(folder: Path) -> list[str]:
    """The start of a command that sees a folder as a medium that can't be written, not even by root."""
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    return ["unshare", "--mount", "--map-root-user", "sh", "-c", script, str(folder)]
