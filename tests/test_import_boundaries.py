"""Imports go one way: the windows start without the network, and the network runs without windows or an internet.

Each check runs in a process of its own, for an import stays in sys.modules for good.
"""

import ast
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from desktop_app.system.bundled_resources import weights_path

ROOT = Path(__file__).parent.parent

# What takes long to load and is not needed before the first snip.
HEAVY = [
    "torch",
    "torchvision",
    "scipy",
    "matplotlib",
    "ziamath",
    "latex2mathml",
    "fastapi",
    "pypdfium2",
    "model.engines",
]

# What any module of desktop_app may use of the model: plain text work and plain values, without the network.
OPEN_TO_ALL = ("model.formats", "model.recognition.calibration")

# The modules of desktop_app that may reach the rest of the model: those of the recogniser's thread, what decodes image
# files on one of its own, and the program's entry, for `snaptex recognise`.
REACH_THE_MODEL = {
    "recogniser_worker.py", "recognition_result.py", "shared_service.py", "image_files.py", "__main__.py",
}  # fmt: skip


def run_python(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a fresh interpreter, at the root of the repository."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def modules_in(package: str) -> list[str]:
    """The dotted names of all modules of a package, by its files."""
    names = []
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def test_application_starts_without_the_network() -> None:
    # PyTorch takes seconds to load; the app is to be ready within one.
    done = run_python(
        "import sys, desktop_app.application\nprint([name for name in sys.argv[1:] if name in sys.modules])",
        *HEAVY,
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_model_needs_no_windows() -> None:
    # The model half runs on servers and on bare training machines, where there is no Qt.
    done = run_python(
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    reached = {module.partition('.')[0] for module in sys.modules} & {'PySide6', 'desktop_app'}\n"
        "    assert not reached, f'{name} imports {reached}'\n"
        "print('clean')",
        *[name for name in modules_in("model") if not name.endswith("__main__")],
    )
    assert done.stdout.strip() == "clean", done.stdout + done.stderr


def imported_modules(path: Path) -> set[str]:
    """The dotted names that a file imports anywhere; `from package import module` counts as package.module."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def imports_between_packages(half: str) -> dict[str, set[str]]:
    """For each package of a half, the other packages of it that it imports; single files count as `program`."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / half).rglob("*.py"):
        parts = path.relative_to(ROOT / half).parts
        package = parts[0] if len(parts) > 1 else "program"
        reached = {name.split(".")[1] for name in imported_modules(path) if name.startswith(f"{half}.")}
        packages = {name for name in reached if (ROOT / half / name).is_dir()}
        found[package] = found.get(package, set()) | packages - {package}
    return found


def allowed_imports(half: int) -> dict[str, set[str]]:
    """The arrows of a half's diagram in docs/architecture.md, those on the way to another package included."""
    document = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    diagram = re.findall(r"```mermaid\nflowchart TD\n(.*?)```", document, re.DOTALL)[half]
    lines = re.findall(r"^    (\w+) --> (.+)$", diagram, re.MULTILINE)
    arrows = {package: set(targets.split(" & ")) for package, targets in lines}
    reached: dict[str, set[str]] = {}
    for package in TopologicalSorter(arrows).static_order():  # fails where arrows go round
        direct = arrows.get(package, set())
        reached[package] = direct.union(*(reached[target] for target in direct))
    return reached


@pytest.mark.parametrize(("half", "name"), [(0, "desktop_app"), (1, "model")])
def test_packages_import_along_the_diagram(half: int, name: str) -> None:
    # The diagram is what a newcomer plans with; a circle would make two packages one.
    allowed = allowed_imports(half)
    found = imports_between_packages(name)
    if name == "model":  # its single files are what the packages share
        del found["program"]
    assert {one: beyond for one, targets in found.items() if (beyond := targets - allowed[one])} == {}
    assert set(found) == set(allowed), "the diagram shows every package, and no other"


def test_only_the_recognisers_thread_reaches_the_model() -> None:
    # A second door to the model would load PyTorch on the thread of the windows.
    for path in (ROOT / "desktop_app").rglob("*.py"):
        if path.name not in REACH_THE_MODEL:
            closed = {name for name in imported_modules(path) if not name.startswith(OPEN_TO_ALL)}
            assert not {name.partition(".")[0] for name in closed} & {"model", "torch", "torchvision"}, path.name


# Prints, as the last line, which of the forbidden names were loaded by the command, and where it tried to connect.
RUN_COMMAND = """
import contextlib, sys
attempts = []
def note(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        attempts.append((event, str(arguments[1:])))
sys.addaudithook(note)
sys.argv = ["snaptex", *sys.argv[1:]]
from desktop_app.__main__ import main
with contextlib.suppress(SystemExit):
    main()
print({"PySide6", "torch", "scipy", "onnx"} & {name.partition(".")[0] for name in sys.modules}, attempts)
"""


@pytest.mark.parametrize("file", ["tests/end_to_end/no_such_file.png", "tests/end_to_end/formulas/fraction.png"])
def test_recognise_opens_no_window_and_no_connection(file: str) -> None:
    # `snaptex recognise` is for machines without a display, and what is recognised stays on the computer.
    done = run_python(RUN_COMMAND, "recognise", file)
    *formulas, reached = done.stdout.splitlines()
    assert reached == "set() []", done.stdout + done.stderr
    assert len(formulas) == ((ROOT / file).exists() and weights_path().exists()), done.stdout + done.stderr


def test_onnx_runtime_reports_to_nobody(tmp_path: Path) -> None:
    # Its official builds connect to their makers, below what Python sees, and leave an identifier in the user's cache.
    importers = [path for path in (ROOT / "model").rglob("*.py") if "onnxruntime" in imported_modules(path)]
    assert [path.name for path in importers] == ["offline_onnxruntime.py"]
    # They look for variables of continuous integration too, and are quiet there.
    script = "from model.offline_onnxruntime import onnxruntime\nonnxruntime.SessionOptions()\nprint(onnxruntime)"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert "onnxruntime" in done.stdout, done.stderr
    assert not list(tmp_path.iterdir())


# Runs a script as if what only training and graphics cards need were not installed.
WITHOUT_TRAINING = """
import sys
class AllBut:
    finders = tuple(sys.meta_path)
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "torchvision", "scipy", "onnx"}:
            return None
        return next((spec for one in self.finders if (spec := one.find_spec(name, path, target)) is not None), None)
sys.meta_path[:] = [AllBut()]
"""


def test_command_reads_where_training_is_not_installed() -> None:
    # PyTorch takes 750 MB, and is in no standalone program.
    file = "tests/end_to_end/formulas/fraction.png"
    done = run_python(WITHOUT_TRAINING + RUN_COMMAND, "recognise", "--device", "cpu", file)
    formula, reached = done.stdout.splitlines()
    assert formula, done.stdout + done.stderr
    assert reached == "set() []"


def test_windows_and_service_start_where_training_is_not_installed() -> None:
    # The worker's own loader, and what it shares with other programs.
    script = """
from desktop_app.recognition.recogniser_worker import load_chosen_recogniser
from model.serving.service import Service
import desktop_app.application
recogniser = load_chosen_recogniser()
print(recogniser.engine.name)
"""
    done = run_python(WITHOUT_TRAINING + script)
    assert done.stdout.startswith("ONNX Runtime"), done.stdout + done.stderr
