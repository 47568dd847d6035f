"""The scripts that make the bundle and what goes with it stand outside of the packages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "packaging"))
