"""The targets that the Makefile has."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def makefile_targets() -> set[str]:
    """Their names, those of the included file too."""
    files = (ROOT / "Makefile", ROOT / "packaging" / "packaging.mk")
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return set(re.findall(r"^([a-z][a-z-]*):", text, flags=re.MULTILINE))
