"""Attention in parts: what fits into memory must say the same as what does not."""

from __future__ import annotations

import pytest
import torch

from model.layers import attention
from model.layers.attention import attend


@pytest.mark.parametrize("bias_rows", [0, 1, 40])
def test_parts_equal_the_whole(bias_rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Protects huge images: without parts the scores of 15,000 cells took 24 GB.
    generator = torch.Generator().manual_seed(0)
    queries, keys, values = (torch.randn(2, 3, 40, 8, generator=generator) for _ in range(3))
    bias = torch.randn(2, 1, bias_rows, 40, generator=generator) if bias_rows else None
    with torch.inference_mode():
        whole = attend(queries, keys, values, bias)
        monkeypatch.setattr(attention, "_MOST_SCORES", 40 * 7)
        torch.testing.assert_close(attend(queries, keys, values, bias), whole)
