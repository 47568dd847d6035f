"""Starts an encoder from weights that torchvision trained on ImageNet.

The one hard fact: nothing is fetched, and a file may hold anything, so only tensors are read from it. Where there are
no weights, training starts from random ones and says so. torchvision itself is needed for `cache` alone.
"""

from __future__ import annotations

import importlib
import logging
import pickle
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from model.architectures.interface import Architecture
from model.layers.convolutional_trunks import ResNetTrunk
from model.weights_file import CheckpointError

logger = logging.getLogger(__name__)

CACHE = "cache"
"""Asks for the weights that torchvision keeps among its downloads."""


def load_imagenet(network: Architecture, source: str) -> bool:
    """Start the ResNet within a network's encoder from torchvision's ResNet-18, in place.

    Args:
        network: Whose ResNet has the widths of ResNet-18.
        source: A file that holds the state of torchvision's `resnet18`, or `cache`.

    Returns:
        Whether there were weights; without, the network stays as it is, and the log says so.

    Raises:
        CheckpointError: The network has no such ResNet, or the file is damaged or of another network.
    """
    trunk = next((module for module in network.modules() if isinstance(module, ResNetTrunk)), None)
    if trunk is None:
        raise CheckpointError("This architecture has no ResNet-18 that weights of ImageNet would fit.")
    path = cached_file() if source == CACHE else Path(source)
    if path is None or not path.is_file():
        logger.warning("There are no weights of ImageNet at %s: training starts from random ones.", path or source)
        return False
    trunk.load_state_dict(fitting(_read(path), trunk, path))
    logger.info("The encoder starts from %s.", path)
    return True


def cached_file() -> Path | None:
    """Return where torchvision keeps its weights of ResNet-18; None where torchvision is not installed."""
    resnet = torchvision_resnets()
    if resnet is None:
        return None
    weights: Any = resnet.ResNet18_Weights.DEFAULT
    return Path(torch.hub.get_dir()) / "checkpoints" / Path(weights.url).name


def fitting(state: dict[str, Tensor], trunk: nn.Module, path: Path) -> dict[str, Tensor]:
    """Return of a state of torchvision's `resnet18` what a trunk has; its first convolution adds up the three colours.

    Raises:
        CheckpointError: Something is missing, or has another shape.
    """
    taken = {}
    for name, own in trunk.state_dict().items():
        if name not in state:
            raise CheckpointError(f"{path} is no ResNet-18 of torchvision: it lacks {name}.")
        tensor = state[name].sum(dim=1, keepdim=True) if name == "conv1.weight" else state[name]
        if tensor.shape != own.shape:
            raise CheckpointError(f"{path} does not fit: {name} is {tuple(tensor.shape)}, not {tuple(own.shape)}.")
        taken[name] = tensor
    return taken


def _read(path: Path) -> dict[str, Tensor]:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise CheckpointError(f"{path} is damaged: {error}") from error
    if not isinstance(state, dict) or not all(isinstance(tensor, Tensor) for tensor in state.values()):
        raise CheckpointError(f"{path} holds no weights.")
    return state


def torchvision_resnets() -> ModuleType | None:
    """Return torchvision's module of ResNets.

    Its builds for graphics cards register functions of operators that its build for processors lacks; declared here,
    they are never called.
    """
    try:
        return importlib.import_module("torchvision.models.resnet")
    except ModuleNotFoundError:
        return None
    except RuntimeError:
        library = torch.library.Library("torchvision", "FRAGMENT")
        _DECLARED.append(library)  # what it declares goes when it does
        library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        return importlib.import_module("torchvision.models.resnet")


_DECLARED: list[torch.library.Library] = []
