"""What a program and all that it starts ask of the system, by strace: sockets, whom they talk to, and what is written.

The kernel's own list also holds what is done below Python, by Qt or the C library.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SOCKETS = "socket,connect,sendto,sendmsg,sendmmsg"
_FILES = (
    "openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,symlink,symlinkat,"
    "truncate,chmod,fchmodat"
)
_TRACER = (
    "strace", "--follow-forks", "--seccomp-bpf", "--decode-fds=path", "-s", "4096", "-e", f"trace={_SOCKETS},{_FILES}",
)  # fmt: skip

_CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?P<arguments>.*)")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER = re.compile(r"^(?:AT_FDCWD|\d+)<([^>]*)>")
_WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")


@dataclass(frozen=True)
class SystemCalls:
    """What a trace holds.

    Attributes:
        domains: Of the sockets that were made, such as AF_UNIX.
        peers: Paths and names of what was connected to.
        elsewhere: Calls that name an address of the internet.
        written: Paths that were written, made, moved or removed, or that were to be.
    """

    domains: set[str]
    peers: set[str]
    elsewhere: list[str]
    written: set[Path]


def tracer(trace: Path) -> tuple[str, ...] | None:
    """Return what to put before a command to have it traced; None where that is not allowed."""
    command = (*_TRACER, "-o", str(trace))
    return command if subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0 else None


def read_trace(trace: Path) -> SystemCalls:
    """Read what a traced program did."""
    calls = SystemCalls(set(), set(), [], set())
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        found = _CALL.match(line)
        if found is None:
            continue
        name, arguments = found["name"], found["arguments"]
        if name == "socket":
            calls.domains.add(arguments.partition(",")[0])
        elif name == "connect":
            calls.peers.update(re.findall(r'sun_path=@?"([^"]*)"', arguments))
        if "AF_INET" in arguments:
            calls.elsewhere.append(line)
        if name not in _SOCKETS.split(",") and (not name.startswith("open") or _WRITING.search(arguments)):
            folder = _FOLDER.match(arguments)
            calls.written.update(
                Path(folder[1] if folder else "/", *[path.encode().decode("unicode_escape").encode("latin-1").decode()])
                for path in _PATH.findall(arguments)
            )
    return calls
