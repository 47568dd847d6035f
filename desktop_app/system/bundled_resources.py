"""Where the bundled files are: the only module that knows the resources folder, in a clone and in a frozen app."""

import sys
from pathlib import Path


def is_bundle() -> bool:
    """Whether this is the bundle that PyInstaller made, not a Python package."""
    return hasattr(sys, "_MEIPASS")


def resources_folder() -> Path:
    """The folder of bundled files; PyInstaller unpacks it under sys._MEIPASS."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return root / "resources"


def weights_path() -> Path:
    """The weights of the recogniser."""
    return resources_folder() / "weights.safetensors"


def vocabulary_path() -> Path:
    """The vocabulary that the weights were trained with."""
    return resources_folder() / "vocabulary.json"


def sample_formula_path() -> Path:
    """The image of a formula that the first start offers to try."""
    return resources_folder() / "welcome" / "formula.png"


def translations_folder() -> Path:
    """Where the compiled translations are."""
    return resources_folder() / "translations"


def icon_path(name: str) -> Path:
    """The SVG file of an icon, found by a name such as "copy"."""
    return resources_folder() / "icons" / f"{name}.svg"
