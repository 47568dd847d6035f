"""Reads weights without PyTorch: named arrays and a JSON header in one safetensors file.

The one hard fact: nothing is ever unpickled, so a weights file from anywhere cannot run code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

RESNET_TRANSFORMER = "resnet_transformer"
"""The architecture of weights from before the header named one."""


class CheckpointError(ValueError):
    """The file is missing, damaged, or not of this network; the message names it."""


def read_header(path: Path) -> dict[str, Any]:
    """Return the header of a weights file: architecture, its config, the vocabulary's hash, free metadata.

    Raises:
        CheckpointError: The file is missing or damaged.
    """
    return _open(path, with_arrays=False)[1]


def read_arrays(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the arrays of a weights file, in the format they are stored in, and its header.

    Raises:
        CheckpointError: The file is missing or damaged.
    """
    return _open(path, with_arrays=True)


def _open(path: Path, *, with_arrays: bool) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    if not path.is_file():
        raise CheckpointError(f"There are no weights at {path}.")
    try:
        with safe_open(path, framework="np") as file:
            header = json.loads((file.metadata() or {})["snaptex"])
            names = list(file.keys()) if with_arrays else []
            arrays = {name: file.get_tensor(name) for name in names}
    except (SafetensorError, KeyError, ValueError, TypeError, RecursionError, OSError) as error:
        raise CheckpointError(f"{path} is damaged or was not written by Snaptex: {error}.") from error
    return arrays, checked(header, path)


def checked(header: object, path: Path) -> dict[str, Any]:
    """Return the header of a weights file as it is written today.

    Raises:
        CheckpointError: A part is missing or of another kind.
    """
    whole = upgraded(header) if isinstance(header, dict) else {}
    kinds = {"architecture": str, "config": dict, "vocabulary_hash": str}
    wrong = [name for name, kind in kinds.items() if not isinstance(whole.get(name), kind)]
    if not isinstance(whole.get("transform", {}), dict):
        wrong.append("transform")
    if wrong:
        raise CheckpointError(f"{path} is damaged or was not written by Snaptex: its header has no {wrong[0]}.")
    return whole


def upgraded(header: dict[str, Any]) -> dict[str, Any]:
    """Return the header as it is written today; weights of before named their dimensions alone."""
    if "dimensions" in header:
        header = {**header, "architecture": RESNET_TRANSFORMER, "config": header["dimensions"]}
        del header["dimensions"]
    return header
