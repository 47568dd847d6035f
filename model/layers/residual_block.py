"""The block of ResNet-18 (He et al. 2016, "Deep residual learning for image recognition", figure 5, left)."""

from __future__ import annotations

from torch import Tensor, nn

from model.layers.true_sizes import Stride, TrueSizes


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut.

    The parts have the names that torchvision gives them in its `BasicBlock`, so weights of either fit the other.
    """

    def __init__(self, before: int, after: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.downsample: nn.Module | None = None
        if stride != 1 or before != after:
            self.downsample = nn.Sequential(
                nn.Conv2d(before, after, 1, stride=stride, bias=False), nn.BatchNorm2d(after)
            )

    def forward(self, features: Tensor, true_sizes: TrueSizes | None = None, stride_after: Stride = (1, 1)) -> Tensor:
        """Map (batch, before, height, width) to (batch, after, height / stride, width / stride).

        Args:
            features: What comes in.
            true_sizes: Where the images end: the padding is then kept empty. Without, it is an image like any other.
            stride_after: Pixels of the image that a place of the result stands for.
        """
        shortcut = features if self.downsample is None else self.downsample(features)
        changed = self.relu(self.bn1(self.conv1(features)))
        if true_sizes is not None:
            changed = true_sizes.keep(changed, stride_after)
        changed = self.bn2(self.conv2(changed))
        changed += shortcut
        added: Tensor = self.relu(changed)
        return added if true_sizes is None else true_sizes.keep(added, stride_after)
