"""`snaptex recognise` of the built program: the same answers as from source, wherever and however it is started."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest

from desktop_app.system.bundled_resources import vocabulary_path, weights_path
from tests.bundle.built_program import WITHOUT_NETWORK, BuiltProgram, read_only
from tests.end_to_end.virtual_desktop import PATIENCE

ROOT = Path(__file__).parent.parent.parent
IMAGE = ROOT / "tests" / "end_to_end" / "formulas" / "fraction.png"
IMAGES = [IMAGE, *sorted((ROOT / "tests" / "model" / "recognition" / "samples").glob("*.png"))]


@pytest.fixture(scope="session")
def rasterised(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The pages of the end-to-end tests as images."""
    folder = tmp_path_factory.mktemp("pages")
    pages = []
    for pdf in sorted((ROOT / "tests" / "end_to_end" / "formulas").glob("*.pdf")):
        if pdf.stem == "page":  # a whole page is not one formula
            continue
        pages.append(folder / f"{pdf.stem}.png")
        subprocess.run(["mutool", "draw", "-q", "-r", "120", "-o", str(pages[-1]), str(pdf), "1"], check=True)
    return pages


@pytest.fixture(scope="session")
def formula() -> str:
    """What the program reads in the image when it is run from source."""
    return run_source("recognise", str(IMAGE)).stdout.strip()


def run_source(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "desktop_app", *arguments],
        cwd=ROOT,
        capture_output=True,
        timeout=600,
        check=False,
        encoding="utf-8",
    )


def answers(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_same_answers_as_from_source(built: BuiltProgram, rasterised: list[Path], tmp_path: Path) -> None:
    # A library that differs, or a part that was left out, would show as another formula.
    images = [str(path) for path in [*IMAGES, *rasterised]]
    bundled = built.run("recognise", "--json", *images, home=tmp_path)
    source = run_source("recognise", "--json", *images)
    assert bundled.returncode == source.returncode, bundled.stderr + source.stderr
    for ours, theirs in zip(answers(bundled.stdout), answers(source.stdout), strict=True):
        assert ours["path"] == theirs["path"]
        assert ours.get("latex") == theirs.get("latex"), ours["path"]
        assert ours.get("error") == theirs.get("error"), ours["path"]
        assert ours.get("confidence", 0) == pytest.approx(theirs.get("confidence", 0), abs=0.01)
    assert sum("latex" in answer for answer in answers(bundled.stdout)) >= len(IMAGES)


@pytest.mark.parametrize("path", [weights_path(), vocabulary_path()], ids=lambda path: path.name)
def test_bundle_has_the_weights_of_the_source(built: BuiltProgram, path: Path) -> None:
    # Otherwise the bundle is older than what it is compared with.
    bundled = (built.resources / path.name).read_bytes()
    assert hashlib.sha256(bundled).hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_without_network(built: BuiltProgram, formula: str, tmp_path: Path) -> None:
    # The promise: nothing is downloaded, ever.
    control = subprocess.run([*WITHOUT_NETWORK, "cat", "/proc/net/route"], capture_output=True, text=True, check=True)
    assert len(control.stdout.splitlines()) <= 1, "the namespace has a way out"
    done = built.run("recognise", IMAGE, home=tmp_path, prefix=WITHOUT_NETWORK)
    assert done.stdout.strip() == formula, done.stderr
    assert done.stderr == ""


def test_in_the_c_locale(built: BuiltProgram, formula: str, tmp_path: Path) -> None:
    # Python once read and wrote ASCII there, and stumbled over a name with other letters.
    image = tmp_path / "formule à lire 数式.png"
    shutil.copy(IMAGE, image)
    done = built.run("recognise", "--json", image, home=tmp_path, variables={"LANG": "C", "LC_ALL": "C"})
    assert answers(done.stdout)[0]["latex"] == formula, done.stderr


def test_from_a_path_with_spaces_and_other_letters(built: BuiltProgram, formula: str, tmp_path: Path) -> None:
    # Where people with such names unpack it.
    folder = tmp_path / "Programme für Ω 数学"
    copied = folder / "snaptex"
    folder.mkdir()
    try:
        shutil.copytree(built.folder, copied, symlinks=True, copy_function=os.link)
    except OSError:  # on another file system
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(built.folder, copied, symlinks=True)
    done = built.run("recognise", IMAGE, home=tmp_path, executable=copied / "snaptex")
    assert done.stdout.strip() == formula, done.stderr


def test_from_a_read_only_folder(built: BuiltProgram, formula: str, tmp_path: Path) -> None:
    # An installation for everybody belongs to root.
    control = subprocess.run(
        [*read_only(built.folder), "touch", str(built.folder / "x")], capture_output=True, check=False
    )
    assert control.returncode != 0, "the folder can be written after all"
    done = built.run("recognise", IMAGE, home=tmp_path, prefix=read_only(built.folder))
    assert done.stdout.strip() == formula, done.stderr


def test_bad_file_is_a_sentence(built: BuiltProgram, tmp_path: Path) -> None:
    # The bundle must not answer with a traceback of its own.
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    done = built.run("recognise", broken, home=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_version_and_doctor(built: BuiltProgram, tmp_path: Path) -> None:
    # What a bug report begins with; both without a display.
    assert built.run("--version", home=tmp_path).stdout.strip() == f"snaptex {version('snaptex')}"
    done = built.run("doctor", home=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("```\nSnaptex")
    assert "bundle at" in done.stdout
    assert hashlib.sha256(weights_path().read_bytes()).hexdigest() in done.stdout
    assert "missing" not in done.stdout


def test_service_answers(built: BuiltProgram, tmp_path: Path) -> None:
    # Its page and its libraries are loaded by name, which PyInstaller does not see by itself.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(built.executable), "serve", "--no-token", "--port", str(port)],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "listens" in process.stdout.readline()
        answer = httpx.get(f"http://127.0.0.1:{port}/", headers={"Accept": "text/html"}, timeout=PATIENCE)
        assert "<html" in answer.text
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
        if process.stdout is not None:
            process.stdout.close()


def test_licences_are_inside(built: BuiltProgram) -> None:
    # Their terms ask for it.
    folder = built.folder / "_internal" / "licences"
    listed = (folder / "LIST.txt").read_text(encoding="utf-8")
    of_the_hotkey = "python-xlib" if sys.platform == "linux" else "pynput"
    for name in ("Python", "onnxruntime", "PySide6", "numpy", of_the_hotkey):
        assert name.lower() in listed.lower(), name
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (folder / "GNU" / "LGPL-3.0.txt").read_text(encoding="utf-8")
    assert (built.folder / "_internal" / "LICENSE").is_file()
