"""What a bug report should say of the recogniser: its files, whether they load, and what it runs on and why."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from time import perf_counter


def recogniser_facts(weights: Path, vocabulary: Path) -> tuple[list[tuple[str, str]], bool]:
    """Return pairs of a name and a value, and whether the recogniser loads. Never raises."""
    facts = [("weights", _file_fact(weights)), ("vocabulary", _file_fact(vocabulary))]
    started = perf_counter()
    try:
        from model.engines.selection import why_this_device
        from model.recognition.recogniser import Recogniser

        recogniser = Recogniser.load(weights, vocabulary)
        engine = f"{recogniser.engine.name}, {os.cpu_count()} processor cores: {why_this_device()}"
    except Exception as error:  # noqa: BLE001 - whatever is wrong belongs into the report
        reason = " ".join(str(error).split()) or type(error).__name__
        return [*facts, ("recogniser", f"does not load: {reason}")], False
    seconds = f"loads in {perf_counter() - started:.1f} s"
    return [*facts, ("engine", engine), ("recogniser", seconds)], True


def _file_fact(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        return f"{path}: {error.strerror or error}"
    return f"{path}, {len(content) / 1e6:.1f} MB, SHA-256 {hashlib.sha256(content).hexdigest()}"
