"""What a batch costs: the loss of the tokens, and what the options add to it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from model.architectures.interface import Architecture
from model.architectures.recurrent_network import RecurrentNetwork
from model.architectures.transformer_network import TransformerNetwork
from model.training.dataset import Batch
from model.training.glyph_head import GlyphHead
from model.training.losses import doubly_stochastic_loss, draft_loss, flooded, share_among_likeliest, token_loss
from model.training.options import TrainingOptions
from model.training.precision import can_train_in_bfloat16, trains_in_bfloat16
from model.vocabulary import PAD


@dataclass(frozen=True)
class BatchCost:
    """The costs of one batch.

    Attributes:
        total: What is to be made smaller.
        loss: Of the tokens alone.
        glyph_loss: Of the glyph head.
        draft_loss: Of the draft heads.
        top5: Share of the tokens that are among the five likeliest.
    """

    total: Tensor
    loss: float
    glyph_loss: float
    draft_loss: float
    top5: float


class Objective:
    """Computes costs of batches for one network and its options."""

    def __init__(self, network: Architecture, glyph_head: GlyphHead | None, options: TrainingOptions) -> None:
        self.network, self.glyph_head, self.options = network, glyph_head, options
        self.can_take_bfloat16 = can_train_in_bfloat16(network)

    def cost(self, batch: Batch, share: float, generator: torch.Generator) -> BatchCost:
        """Return the cost of a batch.

        Args:
            batch: On the network's device.
            share: Of the training that is over.
            generator: Decides which tokens are the network's own.
        """
        options, device = self.options, batch.images.device
        inputs, targets = batch.token_ids[:, :-1], batch.token_ids[:, 1:]
        in_bfloat16 = trains_in_bfloat16(device.type) and (self.can_take_bfloat16 or device.type != "cpu")
        with torch.autocast(device.type, torch.bfloat16, enabled=in_bfloat16):
            images = batch.images.contiguous(memory_format=torch.channels_last)
            own = self._own_tokens(inputs, share, generator)
            if own is None:
                output = self.network(images, batch.sizes, inputs)
            elif isinstance(self.network, RecurrentNetwork):
                output = self.network(images, batch.sizes, inputs, own)
            else:
                output = self.network(images, batch.sizes, self._guessed(images, batch.sizes, inputs, own))
            glyph_loss = drafts = output.logits.new_zeros(())
            if self.glyph_head is not None and options.trained == "all":
                glyph_loss = self.glyph_head.loss(output.memory, batch)
            if isinstance(self.network, TransformerNetwork) and self.network.decoder.draft_heads is not None:
                drafts = draft_loss(self.network.decoder, output.features, targets, PAD)
        loss = token_loss(output.logits, targets, PAD, options.label_smoothing)
        total = loss + options.glyph_weight * glyph_loss + options.draft_weight * drafts
        if options.doubly_stochastic and output.attention is not None:
            looked = doubly_stochastic_loss(output.attention.float(), targets != PAD, output.memory.bias[:, 0, 0] == 0)
            total = total + options.doubly_stochastic * looked
        top5 = share_among_likeliest(output.logits.detach(), targets, PAD)
        return BatchCost(
            total=flooded(total, options.flood_level),
            loss=float(loss.detach()),
            glyph_loss=float(glyph_loss.detach()),
            draft_loss=float(drafts.detach()),
            top5=top5,
        )

    def prepare(self) -> None:
        """Bring the network into the modes that the options ask for: what is not trained stays as when it reads."""
        self.network.train()
        if self.options.trained != "all":
            self.network.encoder.eval()
        for block in frozen_blocks(self.network, self.options):
            block.eval()
        if self.options.frozen_statistics:
            for module in self.network.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()

    def _own_tokens(self, inputs: Tensor, share: float, generator: torch.Generator) -> Tensor | None:
        """Return for which inputs the network's own guess stands in, (batch, length); None for none."""
        probability = self.options.own_tokens * (share if self.options.own_tokens_grow else 1.0)
        if probability <= 0.0:
            return None
        return (torch.rand(inputs.shape, generator=generator) < probability).to(inputs.device)

    def _guessed(self, images: Tensor, sizes: Tensor, inputs: Tensor, own: Tensor) -> Tensor:
        """Return the inputs with guesses in their places, made from the true tokens all at once.

        Mihaylova and Martins 2019, "Scheduled sampling for Transformers": a Transformer is not run token by token.
        """
        with torch.no_grad():
            guesses = self.network(images, sizes, inputs).logits.argmax(dim=2)
        before = torch.cat([inputs[:, :1], guesses[:, :-1]], dim=1)
        return torch.where(own & (inputs != PAD), before, inputs)


def frozen_blocks(network: Architecture, options: TrainingOptions) -> list[nn.Module]:
    """Return the encoder's blocks that stay as they are.

    Raises:
        ValueError: There are not so many.
    """
    blocks: list[nn.Module] = network.encoder.blocks()  # type: ignore[operator]
    if options.frozen_blocks > len(blocks):
        raise ValueError(f"The encoder has {len(blocks)} blocks, not {options.frozen_blocks}.")
    return blocks[: options.frozen_blocks]
