"""What is left out of the bundle, and how much each omission saves.

Names of modules are left out before PyInstaller follows their imports; files afterwards, by their place in the bundle.
"""

import fnmatch
import importlib.util
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

Entry = tuple[str, str, str]
"""Place in the bundle, source file, kind: a line of PyInstaller's tables."""

# The libraries of the build machine that only the theme plugin needs.
_GTK = [
    f"lib{name}.so*"
    for name in (
        "gtk-3 gdk-3 gdk_pixbuf-2.0 cairo cairo-gobject pango-1.0 pangocairo-1.0 pangoft2-1.0 harfbuzz atk-1.0 "
        "atk-bridge-2.0 atspi epoxy fribidi graphite2 thai datrie pixman-1"
    ).split()
]

CUT_MODULES: dict[str, list[str]] = {
    "onnxruntime: tools that make and change models": [
        f"onnxruntime.{name}" for name in "backend datasets quantization tools transformers".split()
    ],
    "matplotlib: all that draws plots": [
        "matplotlib.axes",
        "matplotlib.pyplot",
        "matplotlib.tests",
        "mpl_toolkits",
        "fontTools.varLib",
        "fontTools.feaLib",
        "fontTools.qu2cu",
        "fontTools.cu2qu",
        "fontTools.ttLib",
        "fontTools.pens",
        "fontTools.subset",
    ],
    "numpy: tests, Fortran": ["numpy.tests", "numpy.f2py.tests", "numpy.distutils"],
    "Python: tkinter, pip, IPython": ["tkinter", "_tkinter", "pip", "IPython", "lib2to3", "idlelib"],
    # PyTorch trains, and drives graphics cards where it is installed beside the package.
    "training: no part of the program": [
        "model.training",
        "model.data_preparation",
        "model.evaluation",
        "model.architectures",
        "model.layers",
        "model.checkpoint",
        "model.engines.torch_runner",
        "onnx",
        "scipy",
        "sympy",
        "torch",
    ],
}

CUT_FILES: dict[str, list[str]] = {
    "matplotlib: data but its fonts": [
        "matplotlib/mpl-data/sample_data/*",
        "matplotlib/mpl-data/images/*",
        "matplotlib/mpl-data/stylelib/*",
        "matplotlib/mpl-data/plot_directive/*",
        "matplotlib/mpl-data/fonts/afm/*",
        "matplotlib/mpl-data/fonts/pdfcorefonts/*",
    ],
    # The windows have colours of their own, and the portal tells the desktop's; GTK would be drawn in whole.
    "Qt: theme of GTK, with GTK": ["*/platformthemes/libqgtk3*", *_GTK],
    # Modules that no window uses, drawn in by a plugin for screen keyboards and by those for bare devices.
    "Qt: QML, Quick, plugins for bare devices": [
        f"*{name}*"
        for name in (
            "Qt6Qml Qt6Quick Qt6VirtualKeyboard Qt6EglFS virtualkeyboard qeglfs egldeviceintegrations/ qlinuxfb "
            "qvnc qvkkhrdisplay qminimal plugins/generic/ Qt6Pdf imageformats/libqpdf imageformats/qpdf Qt6OpenGL "
            "wayland-graphics-integration-server"
        ).split()
    ],
}

# The Visual C++ runtime: a fresh Windows has none.
_RUNTIME_LIBRARIES = ("vcruntime140.dll", "vcruntime140_1.dll", "msvcp140.dll")


def cut_files(entries: Sequence[Entry], patterns: Sequence[str]) -> tuple[list[Entry], int]:
    """Return the entries that no pattern names, and the bytes of the others."""
    kept, saved = [], 0
    for entry in entries:
        place = entry[0].replace("\\", "/")
        if any(fnmatch.fnmatch(place, pattern) for pattern in patterns):
            saved += _size(Path(entry[1]))
        else:
            kept.append(entry)
    return kept, saved


def size_of_modules(names: Iterable[str]) -> int:
    """Bytes that modules and packages have where they are installed, without their byte code."""
    total = 0
    for name in names:
        path = _installed_path(name)
        if path is not None and path.is_dir():
            total += sum(_size(file) for file in path.rglob("*") if "__pycache__" not in file.parts)
        elif path is not None:
            total += _size(path)
    return total


def without_dangling_links(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries without links to files that were left out."""
    places = {Path(entry[0]) for entry in entries}
    return [
        entry
        for entry in entries
        if entry[2] != "SYMLINK" or Path(os.path.normpath(Path(entry[0]).parent / entry[1])) in places
    ]


def print_cuts(saved: dict[str, int]) -> None:
    """Say what is left out, largest first."""
    print("Left out of the bundle:")
    for reason, size in sorted(saved.items(), key=lambda cut: -cut[1]):
        print(f"  {size / 1e6:7.1f} MB  {reason}")


def missing_runtime_libraries(binaries: Sequence[Entry]) -> list[str]:
    """The names of the Visual C++ runtime that a Windows bundle lacks; none on other systems."""
    if sys.platform != "win32":
        return []
    names = {Path(entry[0]).name.lower() for entry in binaries}
    return [name for name in _RUNTIME_LIBRARIES if name not in names]


def _installed_path(name: str) -> Path | None:
    """Where a module is, found without importing the packages above it."""
    top, *rest = name.split(".")
    specification = importlib.util.find_spec(top)
    if specification is None or specification.origin is None:
        return None
    path = Path(specification.origin)
    if path.name == "__init__.py":
        path = path.parent
    for part in rest:
        path = path / part
    if path.is_dir() or path.is_file():
        return path
    return path.with_suffix(".py") if path.with_suffix(".py").is_file() else None


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0  # system libraries are links to their versions
