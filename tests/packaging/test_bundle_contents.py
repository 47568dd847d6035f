"""What is left out of the bundle, and what is said of it."""

import importlib
import sys
from pathlib import Path

import pytest

bundle_contents = importlib.import_module("bundle_contents")
bundle_report = importlib.import_module("bundle_report")
compare_bundles = importlib.import_module("compare_bundles")


def test_cut_files_are_measured(tmp_path: Path) -> None:
    # The decisions name these figures.
    large, kept = tmp_path / "large", tmp_path / "kept"
    large.write_bytes(b"x" * 1000)
    kept.write_bytes(b"x")
    entries = [("torch/test/large", str(large), "DATA"), ("torch/kept", str(kept), "DATA")]
    assert bundle_contents.cut_files(entries, ["torch/test/*"]) == ([entries[1]], 1000)


def test_links_to_cut_files_go_too() -> None:
    # A dangling link stops the packing.
    file = ("torch/lib/libc10.so", "/somewhere/libc10.so", "BINARY")
    good = ("libc10.so", "torch/lib/libc10.so", "SYMLINK")
    above = ("scipy/lib/libc10.so", "../../torch/lib/libc10.so", "SYMLINK")
    dangling = ("libcudart.so", "torchvision.libs/libcudart.so", "SYMLINK")
    assert bundle_contents.without_dangling_links([file, good, above, dangling]) == [file, good, above]


def test_size_of_a_module_and_of_a_package() -> None:
    # A name that no longer exists must not count for anything, nor stop the build.
    import model
    from model import metrics

    assert bundle_contents.size_of_modules(["model.metrics"]) == Path(metrics.__file__).stat().st_size
    assert bundle_contents.size_of_modules(["model"]) > bundle_contents.size_of_modules(["model.engines"]) > 0
    assert bundle_contents.size_of_modules(["model.no_such_module", "no_such_package"]) == 0
    assert model.__name__ == "model"


def test_missing_runtime_library_stops_a_windows_build(monkeypatch: pytest.MonkeyPatch) -> None:
    # On a developer's computer the bundle would work all the same.
    monkeypatch.setattr(sys, "platform", "win32")
    there = [(name, name, "BINARY") for name in ("VCRUNTIME140.dll", "vcruntime140_1.dll")]
    assert bundle_contents.missing_runtime_libraries(there) == ["msvcp140.dll"]


def test_parts_of_a_bundle_add_up(tmp_path: Path) -> None:
    # The ten largest parts are of use only if nothing is counted twice.
    (tmp_path / "_internal" / "torch").mkdir(parents=True)
    (tmp_path / "_internal" / "torch" / "small").write_bytes(b"x" * 10)
    (tmp_path / "_internal" / "torch" / "link").symlink_to("small")
    (tmp_path / "_internal" / "libz.so").write_bytes(b"x" * 5)
    (tmp_path / "snaptex").write_bytes(b"x" * 3)
    assert bundle_report.parts_of(tmp_path) == {"torch": 10, "small files and libraries of the system": 8}


def test_differences_of_two_bundles(tmp_path: Path) -> None:
    # A comparison that overlooks something would call any build reproducible.
    for name in ("first", "second"):
        (tmp_path / name / "same").mkdir(parents=True)
        (tmp_path / name / "same" / "file").write_text("same")
        (tmp_path / name / "content").write_text(name[:5])
        (tmp_path / name / "link").symlink_to(name)
        (tmp_path / name / "mode").write_text("same")
    (tmp_path / "second" / "mode").chmod(0o700)
    (tmp_path / "second" / "only").write_text("")
    assert compare_bundles.differences(tmp_path / "first", tmp_path / "second") == ["content", "link", "mode", "only"]
