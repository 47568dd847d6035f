"""What every test stands on: no display, and none of the user's own settings, history or caches."""

import atexit
import os
import shutil
import tempfile

# Before Qt or platformdirs look: both remember what they found. The end-to-end tests start the program in a
# process of its own, with a display and folders of its own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
_home = tempfile.mkdtemp(prefix="snaptex-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _kind in ("CACHE", "CONFIG", "DATA", "STATE"):
    os.environ[f"XDG_{_kind}_HOME"] = f"{_home}/{_kind.lower()}"
