"""What is taken from torchvision comes quickly, and the rest can still be had."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_network_needs_no_compiler() -> None:
    # PyTorch's compiler comes with torchvision as a whole, and takes as long to import as PyTorch itself.
    script = "import sys, model.networks.network\nprint({'torch._dynamo', 'torchvision.ops'} & set(sys.modules))"
    assert run(script) == "set()"


def test_augmentation_has_all_of_torchvision() -> None:
    # Training imports the network first and the transforms afterwards, in one process.
    script = "import model.networks.network, model.training.augmentation, torchvision\nprint(torchvision.ops.__name__)"
    assert run(script) == "torchvision.ops"


def test_block_is_the_same_when_torchvision_was_there_before() -> None:
    # Whoever imports both, in either order, gets a network.
    script = (
        "from model.networks import torchvision_compat\nimport torchvision\nprint(torchvision_compat.BasicBlock(4, 4))"
    )
    assert "conv1" in run(script)
