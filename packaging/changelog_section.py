"""Print a version's section of the changelog: `python changelog_section.py CHANGELOG.md 0.1.0`.

A version that has no section of its own yet is described by what is unreleased.
"""

import re
import sys
from pathlib import Path


def section(changelog: str, version: str) -> str:
    """The lines below a version's heading, without it.

    Raises:
        ValueError: Neither the version nor anything unreleased has a section.
    """
    parts = re.split(r"^## (.+)$", changelog, flags=re.MULTILINE)
    sections = {
        heading.split()[0].strip("[]"): text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)
    }
    for name in (version, "Unreleased"):
        if sections.get(name):
            return sections[name]
    raise ValueError(f"The changelog has no section for {version}.")


if __name__ == "__main__":
    print(section(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2]))
