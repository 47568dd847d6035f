"""The two things that Snaptex takes from torchvision, without what they usually cost.

`BasicBlock` alone is imported without the rest of torchvision, which loads PyTorch's compiler and a thousand modules:
more than half of the processor time that the imports take.

`import torchvision` itself, for the augmentation in training, is made to work beside a PyTorch build that its compiled
operators do not fit. The packaged torchvision is built for CUDA; beside a CPU build of PyTorch its operators do not
load, and the import then stops at the missing schemas of `nms` and `qnms`. Nothing here calls either, so declaring
them is enough. Import this module before the first import of torchvision.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import torch
from torch import nn

_NMS_ARGUMENTS = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def _folder() -> Path | None:
    """Return where torchvision is installed, if it is."""
    specification = importlib.util.find_spec("torchvision")
    return Path(specification.origin).parent if specification is not None and specification.origin else None


def _has_compiled_operators() -> bool:
    """Say whether torchvision's own operator library loads beside this PyTorch."""
    folder = _folder()
    for library in folder.glob("_C*") if folder is not None else ():
        if library.suffix not in {".so", ".pyd", ".dylib"}:
            continue
        try:
            torch.ops.load_library(str(library))
        except OSError:
            continue
        return True
    return False


def _declare_missing_operators() -> torch.library.Library:
    """Declare the schemas that torchvision looks up while it is imported."""
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(name + _NMS_ARGUMENTS)
    return library


def _import_basic_block() -> type[nn.Module]:
    """Import torchvision's residual block, below packages that are empty while it is imported."""
    folder = _folder()
    if folder is None or "torchvision" in sys.modules:
        return _basic_block_of(importlib.import_module("torchvision.models.resnet"))
    for name, place in (("torchvision", folder), ("torchvision.models", folder / "models")):
        package = ModuleType(name)
        package.__path__ = [str(place)]
        sys.modules[name] = package
    try:
        return _basic_block_of(importlib.import_module("torchvision.models.resnet"))
    finally:
        # Whoever imports torchvision later gets all of it.
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]


def _basic_block_of(resnet: ModuleType) -> type[nn.Module]:
    block: type[nn.Module] = resnet.BasicBlock
    return block


# Kept for the life of the process: the declarations vanish with the library object.
_declarations = None if _has_compiled_operators() else _declare_missing_operators()

BasicBlock = _import_basic_block()
