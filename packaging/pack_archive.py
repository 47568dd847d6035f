"""Pack the bundle as what people download: .tar.zst on Linux, .zip elsewhere: `python pack_archive.py dist/snaptex`."""

import shutil
import subprocess
import sys
from pathlib import Path

from project import DIST, commit_time, release_name


def pack(bundle: Path) -> Path:
    """Pack it and return the archive. Names are sorted and times those of the commit, for two builds to be equal."""
    archive = DIST / f"{release_name()}.{'tar.zst' if sys.platform == 'linux' else 'zip'}"
    archive.unlink(missing_ok=True)
    if sys.platform == "linux":
        subprocess.run(
            [
                "tar",
                "--sort=name",
                f"--mtime=@{commit_time()}",
                "--owner=0",
                "--group=0",
                "--numeric-owner",
                "--use-compress-program=zstd -12 -T0 --long=27",
                f"--directory={bundle.parent}",
                f"--file={archive}",
                "--create",
                bundle.name,
            ],
            check=True,
        )
    elif sys.platform == "darwin":
        # Links and signatures of the .app survive this way alone.
        app = bundle.with_name("Snaptex.app")
        subprocess.run(["ditto", "-c", "-k", "--keepParent", str(app), str(archive)], check=True)
    else:
        shutil.make_archive(str(archive.with_suffix("")), "zip", bundle.parent, bundle.name)
    return archive


if __name__ == "__main__":
    packed = pack(Path(sys.argv[1]).resolve())
    print(f"{packed}: {packed.stat().st_size / 1e6:.0f} MB")
