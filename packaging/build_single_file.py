"""Make one file that is the whole program, for Linux without installing: `python build_single_file.py dist/snaptex`.

An AppImage would need a runtime that neither Debian nor a package registry carries. This is a shell script with the
packed bundle behind it. The first start unpacks it into the cache folder, later ones start it from there, so only the
first is slow.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from project import DIST, commit_time, release_name

_HEAD = """\
#!/bin/sh
# Snaptex in one file. Run it, with the arguments that the command `snaptex` takes; `--remove-unpacked` removes what it
# unpacked. What follows the last line of this script is a packed folder.
set -eu
digest={digest}
cache="${{XDG_CACHE_HOME:-$HOME/.cache}}/snaptex/unpacked"
place="$cache/$digest"
if [ "${{1:-}}" = --remove-unpacked ]; then
    rm -rf "$cache"
    exit
fi
if [ ! -x "$place/snaptex" ]; then
    mkdir -p "$cache"
    unfinished=$(mktemp -d "$cache/unfinished.XXXXXX")
    trap 'rm -rf "$unfinished"' EXIT
    packed="$unfinished/packed"
    tail -c +{start} "$0" > "$packed"
    if [ "$(sha256sum < "$packed" | cut -d ' ' -f 1)" != "$digest" ]; then
        echo "snaptex: this file is damaged; download it again." >&2
        exit 1
    fi
    gzip -dc < "$packed" | tar -x -C "$unfinished"
    # Another start may have been quicker. Older versions stay: one of them may be running.
    mv -T "$unfinished/snaptex" "$place" 2> /dev/null || [ -x "$place/snaptex" ]
    rm -rf "$unfinished"
    trap - EXIT
fi
exec "$place/snaptex" "$@"
"""


def build_single_file(bundle: Path) -> Path:
    """Pack the bundle behind the script and return the file."""
    target = DIST / f"{release_name()}.run"
    packed = target.with_suffix(".packed")
    command = (
        f"tar --sort=name --mtime=@{commit_time()} --owner=0 --group=0 --numeric-owner -C '{bundle.parent}' "
        f"-c '{bundle.name}' | gzip -6n > '{packed}'"
    )
    subprocess.run(["sh", "-c", command], check=True)
    content = packed.read_bytes()
    packed.unlink()
    digest = hashlib.sha256(content).hexdigest()
    head = _HEAD.format(digest=digest, start="@START@")
    # The number of digits is fixed, so that writing it does not move what it points to.
    start = len(head.replace("@START@", "0000000").encode()) + 1
    target.write_bytes(head.replace("@START@", f"{start:07d}").encode() + content)
    target.chmod(0o755)
    return target


if __name__ == "__main__":
    made = build_single_file(Path(sys.argv[1]).resolve())
    print(f"{made}: {made.stat().st_size / 1e6:.0f} MB")
