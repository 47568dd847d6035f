"""The optimiser: Muon for the weight matrices, AdamW for everything else.

Muon (Jordan et al. 2024) replaces a matrix's averaged gradient by the nearest orthogonal matrix, found by a
Newton-Schulz iteration, so that every direction of the matrix learns at one pace; the step is scaled to the root mean
square of AdamW's (Liu et al. 2025), so that both parts share one learning rate. Embeddings, the outputs of the glyph
head, norms and biases stay with AdamW (Loshchilov and Hutter 2019).

The orthogonal matrices are shared out among the data-parallel processes, which cost next to nothing more than one
another's results.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import torch
from torch import Tensor, distributed, nn
from torch.optim import Optimizer

from model.architectures.interface import Architecture
from model.layers.draft_heads import DraftHeads
from model.layers.residual_encoder import GridAttention
from model.layers.transformer_decoder import DecoderLayer
from model.training.glyph_head import GlyphHead
from model.training.options import TrainingOptions
from model.training.precision import multiplies_in_bfloat16

_QUINTIC = (3.4445, -4.7750, 2.0315)
"""Coefficients of the Newton-Schulz step, chosen by Jordan for a steep start; singular values end within 0.7 to 1.2."""

_NEWTON_SCHULZ_STEPS = 5
_MATCHING_ADAMW = 0.2  # Root mean square of an AdamW step at learning rate 1, as Liu et al. measured it.


class Muon(Optimizer):
    """Muon and AdamW in one optimiser, so that one state is saved and resumed.

    Args:
        groups: Parameter groups as of `parameter_groups`; each says `kind`, "matrix" or "other".
        learning_rate: Of both kinds.
        weight_decay: Decoupled, of matrices only.
        momentum: Of Muon's gradient average (Nesterov).
        betas: Of AdamW.
        rank: This process's number among `processes`, which hold the same gradients.
        processes: Data-parallel processes.
    """

    def __init__(
        self,
        groups: Iterable[dict[str, Any]],
        *,
        learning_rate: float,
        weight_decay: float,
        momentum: float = 0.95,
        betas: tuple[float, float] = (0.9, 0.98),
        rank: int = 0,
        processes: int = 1,
    ) -> None:
        defaults = {"lr": learning_rate, "weight_decay": weight_decay, "momentum": momentum, "betas": betas, "parts": 1}
        super().__init__(groups, defaults)
        self.rank, self.processes = rank, processes

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Move all parameters by their gradients, which must all be there.

        Raises:
            ValueError: A closure was given; Muon takes none.
        """
        if closure is not None:
            raise ValueError("Muon takes no closure.")
        matrices: list[tuple[Tensor, Tensor, dict[str, Any]]] = []
        for group in self.param_groups:
            if group["kind"] == "other":
                self._adamw_step(group)
            else:
                matrices += [(parameter, self._momentum(parameter, group), group) for parameter in group["params"]]
        if matrices:
            self._muon_step(matrices)

    def _momentum(self, parameter: Tensor, group: dict[str, Any]) -> Tensor:
        """Update the gradient average; return the Nesterov look-ahead as (parts, rows, columns)."""
        gradient = cast("Tensor", parameter.grad)
        state = self.state[parameter]
        if not state:
            state["momentum"] = torch.zeros_like(parameter)
        state["momentum"].lerp_(gradient, 1.0 - group["momentum"])
        ahead = gradient.lerp(state["momentum"], group["momentum"])
        return ahead.reshape(group["parts"], parameter.shape[0] // group["parts"], -1)

    def _muon_step(self, matrices: Sequence[tuple[Tensor, Tensor, dict[str, Any]]]) -> None:
        updates = [torch.zeros_like(ahead) for _, ahead, _ in matrices]
        for numbers in self._own_share([ahead.shape for _, ahead, _ in matrices]):
            same_shape = torch.cat([matrices[number][1] for number in numbers])
            orthogonal = orthogonalise(same_shape)
            for number, part in zip(numbers, orthogonal.split(matrices[numbers[0]][1].shape[0]), strict=True):
                updates[number].copy_(part)
        if self.processes > 1:
            flat = torch.cat([update.flatten() for update in updates])
            distributed.all_reduce(flat)
            pieces = flat.split([update.numel() for update in updates])
            updates = [piece.view_as(update) for piece, update in zip(pieces, updates, strict=True)]
        for (parameter, _, group), update in zip(matrices, updates, strict=True):
            scale = _MATCHING_ADAMW * max(update.shape[1:]) ** 0.5
            parameter.mul_(1.0 - group["lr"] * group["weight_decay"])
            parameter.add_(update.reshape(parameter.shape), alpha=-group["lr"] * scale)

    def _own_share(self, shapes: Sequence[torch.Size]) -> list[list[int]]:
        """Return this process's matrices, those of one shape together; the costliest are assigned first."""
        loads = [0.0] * self.processes
        own: dict[torch.Size, list[int]] = defaultdict(list)
        costs = [shape[0] * min(shape[1:]) ** 2 * (2 * max(shape[1:]) + min(shape[1:])) for shape in shapes]
        for number in sorted(range(len(shapes)), key=lambda number: -costs[number]):
            process = loads.index(min(loads))
            loads[process] += costs[number]
            if process == self.rank:
                own[shapes[number]].append(number)
        return list(own.values())

    def _adamw_step(self, group: dict[str, Any]) -> None:
        first_beta, second_beta = group["betas"]
        for parameter in group["params"]:
            gradient, state = parameter.grad, self.state[parameter]
            if not state:
                state["step"] = torch.zeros(())
                state["first"], state["second"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
            state["step"] += 1
            state["first"].lerp_(gradient, 1.0 - first_beta)
            state["second"].mul_(second_beta).addcmul_(gradient, gradient, value=1.0 - second_beta)
            count = float(state["step"])
            spread = (state["second"] / (1.0 - second_beta**count)).sqrt_().add_(1e-8)
            parameter.addcdiv_(state["first"], spread, value=-group["lr"] / (1.0 - first_beta**count))


def orthogonalise(matrices: Tensor) -> Tensor:
    """Return a near-orthogonal matrix for each of (batch, rows, columns), by Newton-Schulz.

    The singular values of the result lie within 0.7 to 1.2 rather than at 1, which does as well and costs less.
    """
    wide = matrices.mT if matrices.shape[1] > matrices.shape[2] else matrices
    x = wide / (wide.norm(dim=(1, 2), keepdim=True) + 1e-7)
    x = x.bfloat16() if multiplies_in_bfloat16(x.device.type) else x
    first, third, fifth = _QUINTIC
    for _ in range(_NEWTON_SCHULZ_STEPS):
        square = x @ x.mT
        mixed = torch.baddbmm(square, square, square, beta=third, alpha=fifth)
        x = torch.baddbmm(x, mixed, x, beta=first)
    result: Tensor = x.to(matrices.dtype)
    return result.mT if matrices.shape[1] > matrices.shape[2] else result


def make_optimiser(
    modules: Sequence[nn.Module], options: TrainingOptions, *, rank: int = 0, processes: int = 1
) -> Optimizer:
    """Return the optimiser that the options name.

    Raises:
        ValueError: They name none.
    """
    groups = parameter_groups(modules, options.draft_pace)
    if options.encoder_pace != 1.0:
        groups = _with_encoder_apart(groups, modules, options.encoder_pace)
    if options.optimiser == "muon":
        return Muon(
            groups,
            learning_rate=options.learning_rate,
            weight_decay=options.weight_decay,
            rank=rank,
            processes=processes,
        )
    if options.optimiser == "adamw":
        for group in groups:
            group["weight_decay"] = options.weight_decay if group["kind"] == "matrix" else 0.0
        fused = groups[-1]["params"][0].device.type != "mps"
        return torch.optim.AdamW(groups, lr=options.learning_rate, betas=(0.9, 0.98), fused=fused)
    raise ValueError(f"There is no optimiser called {options.optimiser!r}: muon or adamw.")


def parameter_groups(modules: Sequence[nn.Module], draft_pace: float = 1.0) -> list[dict[str, Any]]:
    """Sort all parameters into matrices, fused matrices by their parts, and others.

    Args:
        modules: What is trained.
        draft_pace: Factor of the draft heads' learning rate, so that they catch up with a network trained before.
    """
    parts: dict[int, int] = {}
    outputs: set[int] = set()
    for module in (inner for outer in modules for inner in outer.modules()):
        if isinstance(module, DecoderLayer | GridAttention):
            parts[id(module.query_key_value.weight)] = 3
        if isinstance(module, DecoderLayer):
            parts[id(module.cross_key_value.weight)] = 2
        if isinstance(module, nn.Embedding):
            outputs.add(id(module.weight))
        if isinstance(module, GlyphHead):
            outputs |= {id(module.name_code.weight), id(module.name_font.weight)}
    draft_heads = [module for outer in modules for module in outer.modules() if isinstance(module, DraftHeads)]
    drafts = {id(module.mix.weight) for module in draft_heads}
    matrices: dict[int, list[nn.Parameter]] = defaultdict(list)
    others: list[nn.Parameter] = []
    for parameter in (parameter for module in modules for parameter in module.parameters()):
        if id(parameter) in drafts or not parameter.requires_grad:
            continue
        if parameter.dim() > 1 and id(parameter) not in outputs:
            matrices[parts.get(id(parameter), 1)].append(parameter)
        else:
            others.append(parameter)
    groups: list[dict[str, Any]] = [
        {"params": members, "kind": "matrix", "parts": count} for count, members in sorted(matrices.items())
    ]
    groups += [
        {"params": [module.mix.weight], "kind": "matrix", "parts": module.count, "pace": draft_pace}
        for module in draft_heads
    ]
    return [*groups, {"params": others, "kind": "other", "weight_decay": 0.0}]


def _with_encoder_apart(
    groups: Sequence[dict[str, Any]], modules: Sequence[nn.Module], pace: float
) -> list[dict[str, Any]]:
    """Split each group into what is an encoder's, which learns at a pace of its own, and the rest."""
    encoders = [module.encoder for module in modules if isinstance(module, Architecture)]
    of_encoder = {id(parameter) for encoder in encoders for parameter in encoder.parameters()}
    split: list[dict[str, Any]] = []
    for group in groups:
        for is_encoder in (True, False):
            members = [parameter for parameter in group["params"] if (id(parameter) in of_encoder) is is_encoder]
            if members:
                split.append({**group, "params": members, **({"pace": pace} if is_encoder else {})})
    return split
