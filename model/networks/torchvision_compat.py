"""Make `import torchvision` work beside a PyTorch build that its compiled operators do not fit.

The packaged torchvision is built for CUDA. Beside a CPU build of PyTorch its operator library does not load, and the
import then stops at the missing schemas of `nms` and `qnms`. Nothing here calls either, so declaring them is enough.
Import this module before the first import of torchvision.
"""

import importlib.util
from pathlib import Path

import torch

_NMS_ARGUMENTS = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def _has_compiled_operators() -> bool:
    """Say whether torchvision's own operator library loads beside this PyTorch."""
    specification = importlib.util.find_spec("torchvision")
    if specification is None or specification.origin is None:
        return False
    for library in Path(specification.origin).parent.glob("_C*"):
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


# Kept for the life of the process: the declarations vanish with the library object.
_declarations = None if _has_compiled_operators() else _declare_missing_operators()
