"""A recogniser's files as nobody should write them: damaged at a seed's choice, in their bytes or in what they say."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load, save

from model.layout.layout_finder import LAYOUT_NAME
from model.recognition.calibration import CALIBRATION_NAME

WEIGHTS, VOCABULARY, GRAPHS = "weights.safetensors", "vocabulary.json", "graphs.zip"
NAMES = (WEIGHTS, VOCABULARY, GRAPHS, CALIBRATION_NAME, LAYOUT_NAME)
_VALUES: tuple[Any, ...] = (
    None, True, 0, 1, -1, 2, 7, 1e9, 10**9, 10**400, 1.5, float("nan"), float("inf"), "", "x", "\ud800", [], {},
    [10**9] * 3, ["x"] * 3, [[0.0, 1.0], [1.0, 0.0]], {"temperature": 0}, [None], "5" * 5000,
)  # fmt: skip


def tamper(folder: Path, name: str, generator: random.Random) -> str:
    """Damage one file of a folder; returns how."""
    path = folder / name
    content = path.read_bytes()
    in_what_it_says: dict[str, Callable[[bytes, random.Random], bytes]] = {
        WEIGHTS: _other_weights, VOCABULARY: _other_json, GRAPHS: _other_graphs, CALIBRATION_NAME: _other_json,
    }  # fmt: skip
    if name in in_what_it_says and generator.random() < 0.7:
        damaged, how = in_what_it_says[name](content, generator), "says something else"
    else:
        damaged, how = _other_bytes(content, generator), "has other bytes"
    path.write_bytes(damaged)
    return f"{name} {how}"


def copy_files(source: Path, folder: Path) -> None:
    """Copy a recogniser's files, without their checksums."""
    for name in NAMES:
        shutil.copyfile(source / name, folder / name)


def _other_bytes(content: bytes, generator: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(generator.randint(1, 6)):
        end = len(damaged) if generator.random() < 0.5 else min(len(damaged), 400)
        place, length = generator.randrange(end), generator.choice((1, 8, 300, 4096))
        damaged[place : place + length] = generator.randbytes(min(length, len(damaged) - place))
    return bytes(damaged[: generator.randrange(len(damaged))] if generator.random() < 0.3 else damaged)


def _other_weights(content: bytes, generator: random.Random) -> bytes:
    """Change the header, or take away, rename, reshape or spoil an array."""
    arrays = load(content)
    header = _header_of(content)
    kind = generator.randrange(6)
    if kind < 3:
        header = _changed(header, generator)
    else:
        name = generator.choice(sorted(arrays))
        array = arrays.pop(name)
        if kind == 3:
            arrays[name + "x"] = array
        elif kind == 4:
            arrays[name] = array.reshape(-1)[: generator.randint(0, array.size)].copy()
        else:
            arrays[name] = np.asarray(array * float("nan")).astype(array.dtype)  # a number alone would be none
    return save(arrays, metadata={"snaptex": _json(header)})


def _header_of(content: bytes) -> dict[str, Any]:
    length = int.from_bytes(content[:8], "little")
    header: dict[str, Any] = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["snaptex"])
    return header


def _other_graphs(content: bytes, generator: random.Random) -> bytes:
    """Change the index, or damage or take away a graph."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    name = generator.choice(sorted(entries))
    if name.endswith(".json"):
        entries[name] = _json(_changed(json.loads(entries[name]), generator)).encode("utf-8", "surrogatepass")
    elif generator.random() < 0.3:
        del entries[name]
    else:
        entries[name] = _other_bytes(entries[name], generator)
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for entry, part in entries.items():
            archive.writestr(entry, part)
    return written.getvalue()


def _other_json(content: bytes, generator: random.Random) -> bytes:
    if generator.random() < 0.1:
        return b"[" * 100_000
    return _json(_changed(json.loads(content), generator)).encode("utf-8", "surrogatepass")


def _changed(whole: Any, generator: random.Random) -> Any:
    """Put another value somewhere into what JSON said, or take one away."""
    if not isinstance(whole, dict | list) or not whole or generator.random() < 0.1:
        return generator.choice(_VALUES)
    key = generator.choice(sorted(whole) if isinstance(whole, dict) else list(range(len(whole))))
    changed = dict(whole) if isinstance(whole, dict) else list(whole)
    if generator.random() < 0.15:
        del changed[key]
    else:
        changed[key] = _changed(whole[key], generator) if generator.random() < 0.7 else generator.choice(_VALUES)
    return changed


def _json(value: Any) -> str:
    return json.dumps(value)
