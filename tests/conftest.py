"""What every test stands on: no display, and none of the user's own settings, history or caches."""

import atexit
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings

# Before Qt or platformdirs look: both remember what they found. The end-to-end tests start the program in a
# process of its own, with a display and folders of its own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
_home = tempfile.mkdtemp(prefix="snaptex-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _kind in ("CACHE", "CONFIG", "DATA", "STATE"):
    os.environ[f"XDG_{_kind}_HOME"] = f"{_home}/{_kind.lower()}"

# Before PyTorch looks: training takes bfloat16 where a short measurement finds it faster, which on a busy computer may
# be found in one process and not in the next. What tests train is to be the same in each, and on each processor.
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE")

# No example is failed by the clock: a computer that other programs hold up is slow now and then.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
