"""Recurrent decoders: a state goes from token to token, and a look at the cells of the image comes with it.

All have one shape, so that one network trains and exports any of them (`RecurrentDecoder`). Rows are formulas that are
being written; the rows of one image stand together, and as many for each image.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn

from model.layers.attention import AdditiveAttention


class RecurrentStep(NamedTuple):
    """What one token more makes.

    Attributes:
        hidden: (rows, width), what the logits are read from.
        attention: (images, rows of an image, cells), summing to 1 over the cells.
        states: Of the next step, each (rows, its width).
    """

    hidden: Tensor
    attention: Tensor
    states: tuple[Tensor, ...]


class RecurrentDecoder(nn.Module):
    """One token after another.

    Attributes:
        width: Of what the logits are read from.
        seen_widths: Of what is kept of the cells, each (images, cells, width).
        state_widths: Of the states.
        attention: Looks at the cells.
        output: Makes the logits.
    """

    width: int
    seen_widths: tuple[int, ...]
    state_widths: tuple[int, ...]
    attention: AdditiveAttention
    output: nn.Linear

    def look(self, cells: Tensor) -> tuple[Tensor, ...]:
        """Return what is kept of cells (images, cells, width): keys and cells."""
        return self.attention.keys(cells), cells

    @abstractmethod
    def start(self, cells: Tensor, real: Tensor, seen: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Return the first states, each (images, its width); `real` (images, cells) says which cells are an image's."""

    @abstractmethod
    def step(
        self, token_ids: Tensor, states: tuple[Tensor, ...], seen: tuple[Tensor, ...], bias: Tensor
    ) -> RecurrentStep:
        """Take one token, (rows,); `bias` (images, 1, 1, cells) hides what is no image's."""

    def logits(self, hidden: Tensor) -> Tensor:
        """Return logits (..., vocabulary) of the next token."""
        logits: Tensor = self.output(hidden)
        return logits


class ImageDecoder(RecurrentDecoder):
    """Show and tell (Vinyals et al. 2015): the image makes the first state, and comes again with each token.

    Args:
        cell: "lstm" or "gru".
    """

    def __init__(
        self, vocabulary_size: int, image_width: int, width: int, *, embedding_width: int, dropout: float, cell: str
    ) -> None:
        super().__init__()
        self.width, self.kind = width, cell
        self.embedding = nn.Embedding(vocabulary_size, embedding_width)
        self.projection = nn.Linear(image_width, width)
        self.norm = nn.BatchNorm1d(width)
        made = {"lstm": nn.LSTMCell, "gru": nn.GRUCell}[cell]
        self.cell = made(embedding_width + width, width)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, vocabulary_size)
        self.seen_widths = (width,)
        self.state_widths = (width, width) if cell == "lstm" else (width,)

    def look(self, cells: Tensor) -> tuple[Tensor, ...]:
        """Return one vector for the whole image, (images, 1, width), normalised."""
        whole = self.projection(cells[:, 0])
        if self.training and len(whole) > 1:  # one image alone has no variance to normalise by
            return (self.norm(whole)[:, None],)
        norm = self.norm
        fixed = nn.functional.batch_norm(whole, norm.running_mean, norm.running_var, norm.weight, norm.bias)
        return (fixed[:, None],)

    def start(self, cells: Tensor, real: Tensor, seen: tuple[Tensor, ...]) -> tuple[Tensor, ...]:  # noqa: ARG002
        """Return the vector of the image as the first state."""
        whole = seen[0][:, 0]
        return (whole, torch.zeros_like(whole)) if self.kind == "lstm" else (whole,)

    def step(
        self, token_ids: Tensor, states: tuple[Tensor, ...], seen: tuple[Tensor, ...], bias: Tensor
    ) -> RecurrentStep:
        """Take one token, (rows,)."""
        images = bias.shape[0]
        whole = seen[0][:, :1] + torch.zeros_like(states[0]).reshape(
            images, -1, self.width
        )  # for each row of its image
        inputs = torch.cat([self.embedding(token_ids), whole.reshape(-1, self.width)], dim=1)
        made = self.cell(inputs, states if self.kind == "lstm" else states[0])
        after = made if self.kind == "lstm" else (made,)
        everything = torch.ones_like(states[0][:, :1]).reshape(images, -1, 1)
        return RecurrentStep(self.dropout(after[0]), everything, after)


class AttendingDecoder(RecurrentDecoder):
    """Show, attend and tell (Xu et al. 2015): a gated look at the cells with each token.

    With `sentinel`, the decoder may look at what it knows instead of at the image (Lu et al. 2017, "Knowing when to
    look", adaptive attention): the attention that is reported stays that over the cells.
    """

    def __init__(
        self,
        vocabulary_size: int,
        cell_width: int,
        width: int,
        *,
        embedding_width: int,
        attention_width: int,
        dropout: float,
        sentinel: bool,
    ) -> None:
        super().__init__()
        self.width = width
        self.embedding = nn.Embedding(vocabulary_size, embedding_width)
        self.attention = AdditiveAttention(width, cell_width, attention_width, activation="relu")
        self.first_hidden, self.first_cell = nn.Linear(cell_width, width), nn.Linear(cell_width, width)
        self.gate = nn.Linear(width, cell_width)
        self.cell = nn.LSTMCell(embedding_width + cell_width, width)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, vocabulary_size)
        self.sentinel = (
            _Sentinel(width, embedding_width + cell_width, cell_width, attention_width) if sentinel else None
        )
        self.seen_widths = (attention_width, cell_width)
        self.state_widths = (width, width)

    def start(self, cells: Tensor, real: Tensor, seen: tuple[Tensor, ...]) -> tuple[Tensor, ...]:  # noqa: ARG002
        """Return the first states, made of the mean of the cells."""
        mean = _mean(cells, real)
        return torch.tanh(self.first_hidden(mean)), torch.tanh(self.first_cell(mean))

    def step(
        self, token_ids: Tensor, states: tuple[Tensor, ...], seen: tuple[Tensor, ...], bias: Tensor
    ) -> RecurrentStep:
        """Take one token, (rows,)."""
        hidden, memory = states
        context, weights = self.attention(hidden, *seen, bias)
        gated = torch.sigmoid(self.gate(hidden)) * context
        inputs = torch.cat([self.embedding(token_ids), gated], dim=1)
        after, memory = self.cell(inputs, (hidden, memory))
        read = after
        if self.sentinel is not None:
            read = self.sentinel(inputs, hidden, after, memory, (context, self.attention.scores(after, seen[0], bias)))
        return RecurrentStep(self.dropout(read), weights, (after, memory))


class _Sentinel(nn.Module):
    """What the decoder knows without looking, and how far it goes by that."""

    def __init__(self, width: int, input_width: int, cell_width: int, attention_width: int) -> None:
        super().__init__()
        self.of_input, self.of_hidden = nn.Linear(input_width, width), nn.Linear(width, width)
        self.compared, self.asked = nn.Linear(width, attention_width), nn.Linear(width, attention_width)
        self.score = nn.Linear(attention_width, 1)
        self.seen = nn.Linear(cell_width, width)

    def forward(
        self, inputs: Tensor, before: Tensor, after: Tensor, memory: Tensor, looked: tuple[Tensor, Tensor]
    ) -> Tensor:
        """Return (rows, width), the state after the token with a mean of what was seen and what is known.

        Args:
            inputs: (rows, width of the input).
            before: (rows, width), the state before the token.
            after: (rows, width), the state after it.
            memory: (rows, width), the LSTM's cell after it.
            looked: The context (rows, width of a cell) and the scores (images, rows of an image, cells) over the cells.
        """
        context, scores = looked
        known = torch.sigmoid(self.of_input(inputs) + self.of_hidden(before)) * torch.tanh(memory)
        own = self.score(torch.tanh(self.compared(known) + self.asked(after))).reshape(scores.shape[0], -1, 1)
        share = torch.cat([scores, own], dim=2).softmax(dim=2)[..., -1:].reshape(-1, 1)
        return after + share * known + (1 - share) * torch.tanh(self.seen(context))


class GruDecoder(RecurrentDecoder):
    """A GRU whose input is the token and a look at the cells by Bahdanau's attention, with two layers behind it."""

    def __init__(
        self,
        vocabulary_size: int,
        cell_width: int,
        width: int,
        *,
        embedding_width: int,
        attention_width: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.width = width
        self.embedding = nn.Embedding(vocabulary_size, embedding_width)
        self.attention = AdditiveAttention(width, cell_width, attention_width, activation="tanh")
        self.cell = nn.GRUCell(embedding_width + cell_width, width)
        self.hidden = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, vocabulary_size)
        self.seen_widths = (attention_width, cell_width)
        self.state_widths = (width,)

    def start(self, cells: Tensor, real: Tensor, seen: tuple[Tensor, ...]) -> tuple[Tensor, ...]:  # noqa: ARG002
        """Return a state of zeros."""
        return (cells.new_zeros(cells.shape[0], self.width),)

    def step(
        self, token_ids: Tensor, states: tuple[Tensor, ...], seen: tuple[Tensor, ...], bias: Tensor
    ) -> RecurrentStep:
        """Take one token, (rows,)."""
        context, weights = self.attention(states[0], *seen, bias)
        after = self.cell(torch.cat([context, self.embedding(token_ids)], dim=1), states[0])
        return RecurrentStep(self.dropout(self.hidden(after)), weights, (after,))


class FeedingDecoder(RecurrentDecoder):
    """im2markup's decoder (Deng et al. 2016; Luong et al. 2015, "input feeding").

    The LSTM goes first, then the look; what both make together is read, and goes into the next step.
    """

    def __init__(
        self,
        vocabulary_size: int,
        cell_width: int,
        width: int,
        *,
        embedding_width: int,
        attention_width: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.width = width
        self.embedding = nn.Embedding(vocabulary_size, embedding_width)
        self.first_hidden, self.first_cell = nn.Linear(cell_width, width), nn.Linear(cell_width, width)
        self.first_output = nn.Linear(cell_width, width)
        self.cell = nn.LSTMCell(embedding_width + width, width)
        self.attention = AdditiveAttention(width, cell_width, attention_width, activation="tanh")
        self.join = nn.Linear(width + cell_width, width)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, vocabulary_size)
        self.seen_widths = (attention_width, cell_width)
        self.state_widths = (width, width, width)

    def start(self, cells: Tensor, real: Tensor, seen: tuple[Tensor, ...]) -> tuple[Tensor, ...]:  # noqa: ARG002
        """Return the first states, made of the mean of the cells."""
        mean = _mean(cells, real)
        first = self.first_hidden, self.first_cell, self.first_output
        return tuple(torch.tanh(matrix(mean)) for matrix in first)

    def step(
        self, token_ids: Tensor, states: tuple[Tensor, ...], seen: tuple[Tensor, ...], bias: Tensor
    ) -> RecurrentStep:
        """Take one token, (rows,)."""
        hidden, memory, fed = states
        hidden, memory = self.cell(torch.cat([self.embedding(token_ids), fed], dim=1), (hidden, memory))
        context, weights = self.attention(hidden, *seen, bias)
        read = self.dropout(torch.tanh(self.join(torch.cat([hidden, context], dim=1))))
        return RecurrentStep(read, weights, (hidden, memory, read))


def _mean(cells: Tensor, real: Tensor) -> Tensor:
    """Return the mean of an image's own cells, (images, width)."""
    mean: Tensor = (cells * real[..., None]).sum(dim=1) / real.sum(dim=1, keepdim=True)
    return mean
