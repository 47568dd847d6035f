"""Chooses what runs the network: PyTorch on a graphics card that it can use, else ONNX Runtime on the processor.

The one hard fact: importing PyTorch takes seconds, so it is not imported where the computer has no graphics card.
"""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import platform
import sys
from pathlib import Path

from model.engines.graph_engine import GraphEngine
from model.engines.interface import EngineError

logger = logging.getLogger(__name__)

DEVICES = ("auto", "cpu", "cuda", "mps")


def load_engine(weights: Path, *, device: str = "auto") -> GraphEngine:
    """Load the engine for a device.

    Args:
        weights: The safetensors file; the graphs of ONNX Runtime lie beside it.
        device: "cpu", "cuda", "mps", or "auto" for a graphics card if there is one that can be used.

    Raises:
        EngineError: The computer has no such device.
        CheckpointError: The weights are missing or damaged.
    """
    if device not in DEVICES:
        raise EngineError(f"'{device}' is no device; choose {', '.join(DEVICES)}.")
    found = gpu_device() if device == "auto" else device
    if found in {"", "cpu"}:
        from model.engines.onnx_runner import onnx_engine

        return onnx_engine(weights)
    if device != "auto" and gpu_device() != device:
        raise EngineError(f"This computer has no {device} device; use auto or cpu.")
    from model.checkpoint import load_network
    from model.engines.torch_runner import torch_engine

    return torch_engine(load_network(weights)[0], found)


def gpu_device() -> str:
    """Return the name that PyTorch has for the graphics card, or nothing where there is none that it can use."""
    if importlib.util.find_spec("torch") is None or not (_has_nvidia_driver() or _is_apple_silicon()):
        return ""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else ""


def gpu_name() -> str:
    """Return what the graphics card that can be used is sold as, or nothing where there is none."""
    device = gpu_device()
    if device == "cuda":
        import torch

        return torch.cuda.get_device_name(0)
    return "Apple GPU" if device else ""


def why_this_device() -> str:
    """Say in a few words why "auto" chooses what it chooses, for a report."""
    if not (_has_nvidia_driver() or _is_apple_silicon()):
        return "there is no graphics card with a driver that PyTorch can use"
    if importlib.util.find_spec("torch") is None:
        return "there is a graphics card, and PyTorch, which would use it, is not installed"
    return "PyTorch can use the graphics card" if gpu_device() else "the installed PyTorch cannot use the graphics card"


def _has_nvidia_driver() -> bool:
    if sys.platform == "darwin":
        return False
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def _is_apple_silicon() -> bool:
    return sys.platform == "darwin" and platform.machine() == "arm64"
