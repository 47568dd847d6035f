"""Where the network looks while it writes each token, from the last decoder layer's attention to the memory.

The formula is known by then, so one pass over all of its tokens is enough, and decoding stays free of the bookkeeping.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from model.networks.attention import split_heads
from model.networks.decoder import MAXIMUM_TOKENS, DecoderLayer
from model.networks.network import RecogniserNetwork
from model.vocabulary import BOS


def attention_maps(network: RecogniserNetwork, image: Tensor, size: Tensor, token_ids: Sequence[int]) -> np.ndarray:
    """Return the mean over the heads: float32 (tokens, rows, columns), each map summing to 1.

    Args:
        network: In evaluation mode, on the device of the image.
        image: (1, 1, height, width), ink in [0, 1].
        size: (1, 2), its height and width.
        token_ids: Of the formula, without `<bos>` and `<eos>`.
    """
    return pass_over_formula(network, image, size, token_ids)[1]


def pass_over_formula(
    network: RecogniserNetwork, image: Tensor, size: Tensor, token_ids: Sequence[int]
) -> tuple[Tensor, np.ndarray]:
    """Show the network a formula it has read, all tokens at once.

    Args:
        network: As for `attention_maps`.
        image: As for `attention_maps`.
        size: As for `attention_maps`.
        token_ids: As for `attention_maps`.

    Returns:
        The logits (tokens, vocabulary) from which each token was chosen, and the attention maps.
    """
    token_ids = list(token_ids)[:MAXIMUM_TOKENS]
    layer = cast("DecoderLayer", network.decoder.layers[-1])
    queries: list[Tensor] = []

    def keep_queries(_module: nn.Module, _inputs: tuple[Tensor, ...], projected: Tensor) -> None:
        queries.append(projected)

    handle = layer.cross_query.register_forward_hook(keep_queries)
    try:
        with torch.inference_mode():
            memory = network.encode(image, size)
            # What the network makes after a token is what chooses the next.
            decoder = network.decoder
            logits = decoder.logits(decoder(torch.tensor([[BOS, *token_ids[:-1]]], device=image.device), memory))
            keys, _ = layer.memory_keys_values(memory)  # (1, heads, cells, head_width)
            scaled = split_heads(queries[0] * layer.scale, layer.heads)  # (1, heads, tokens, head_width)
            scores = torch.matmul(scaled, keys.transpose(-2, -1)) + memory.bias
            weights = scores.softmax(dim=-1).mean(dim=1)[0, : len(token_ids)]  # (tokens, cells)
    finally:
        handle.remove()
    grid = weights.new_zeros(len(weights), memory.rows * memory.columns)
    grid[:, memory.places[0]] = weights
    maps: np.ndarray = grid.view(-1, memory.rows, memory.columns).float().cpu().numpy()
    return logits[0, : len(token_ids)].float(), maps
