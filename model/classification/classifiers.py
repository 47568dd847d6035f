"""The classifiers that are compared, and the ways of drawing their first weights.

Each takes token ids (lines, longest) and lengths (lines,), and returns one logit a line, (lines,). What fills a line up
changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from model.vocabulary import PAD

_EMBEDDING = 64
_HIDDEN = 64
_FILTER_WIDTHS = (3, 5, 7)


class TextCnn(nn.Module):
    """Convolutions of widths 3, 5 and 7 over the tokens, the strongest answer of each (Kim 2014)."""

    def __init__(self, vocabulary_size: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, _EMBEDDING, padding_idx=PAD)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(_EMBEDDING, _HIDDEN, width, padding=width // 2) for width in _FILTER_WIDTHS
        )
        self.output = nn.Sequential(nn.Dropout(dropout), nn.Linear(_HIDDEN * len(_FILTER_WIDTHS), 1))

    def forward(self, token_ids: Tensor, lengths: Tensor) -> Tensor:
        """Return one logit a line, (lines,)."""
        mask = _mask(token_ids, lengths)
        features = (self.embedding(token_ids) * mask[..., None]).transpose(1, 2)
        strongest = [
            torch.relu(convolution(features)).masked_fill(~mask[:, None], -math.inf).amax(2)
            for convolution in self.convolutions
        ]
        logits: Tensor = self.output(torch.cat(strongest, 1))
        return logits.squeeze(1)


class Recurrent(nn.Module):
    """A recurrent network from both ends; its two last states are read."""

    def __init__(self, vocabulary_size: int, dropout: float, cell: type[nn.LSTM] | type[nn.GRU]) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, _EMBEDDING, padding_idx=PAD)
        self.recurrent = cell(_EMBEDDING, _HIDDEN, batch_first=True, bidirectional=True)
        self.output = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * _HIDDEN, 1))

    def forward(self, token_ids: Tensor, lengths: Tensor) -> Tensor:
        """Return one logit a line, (lines,)."""
        packed = pack_padded_sequence(self.embedding(token_ids), lengths, batch_first=True, enforce_sorted=False)
        last = self.recurrent(packed)[1]
        states = last[0] if isinstance(last, tuple) else last  # (directions, lines, hidden)
        logits: Tensor = self.output(states.transpose(0, 1).flatten(1))
        return logits.squeeze(1)


class Perceptron(nn.Module):
    """Two layers over the mean of the tokens' embeddings: it knows which tokens there are, and not their order."""

    def __init__(self, vocabulary_size: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, _EMBEDDING, padding_idx=PAD)
        self.layers = nn.Sequential(
            nn.Linear(_EMBEDDING, 2 * _HIDDEN), nn.ReLU(), nn.Dropout(dropout), nn.Linear(2 * _HIDDEN, 1)
        )

    def forward(self, token_ids: Tensor, lengths: Tensor) -> Tensor:
        """Return one logit a line, (lines,)."""
        mask = _mask(token_ids, lengths)
        mean = (self.embedding(token_ids) * mask[..., None]).sum(1) / lengths[:, None]
        logits: Tensor = self.layers(mean)
        return logits.squeeze(1)


def _mask(token_ids: Tensor, lengths: Tensor) -> Tensor:
    """Return where there is a token, (lines, longest)."""
    return torch.arange(token_ids.shape[1])[None] < lengths[:, None]


CLASSIFIERS: Mapping[str, Callable[[int, float], nn.Module]] = {
    "Bi-LSTM": lambda size, dropout: Recurrent(size, dropout, nn.LSTM),
    "Bi-GRU": lambda size, dropout: Recurrent(size, dropout, nn.GRU),
    "Text-CNN": TextCnn,
    "MLP": Perceptron,
}
"""From the slowest to the quickest."""

INITIALISATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "zero-mean": lambda weight: nn.init.uniform_(weight, -0.08, 0.08),
    "Gaussian": lambda weight: nn.init.normal_(weight, 0.0, 0.01),
    "orthogonal": nn.init.orthogonal_,
    "Xavier": nn.init.xavier_uniform_,
}
"""How matrices are drawn: uniform around zero within .08 (Sutskever et al. 2014), normal with a deviation of .01
(Krizhevsky et al. 2012), orthogonal (Saxe et al. 2014), or by the number of their inputs and outputs (Glorot and Bengio
2010). Biases begin at zero."""


def initialise(network: nn.Module, how: str) -> None:
    """Draw all weights of a network anew, in place."""
    for name, parameter in network.named_parameters():
        if parameter.dim() < 2:
            nn.init.zeros_(parameter)
            continue
        INITIALISATIONS[how](parameter)
        if name == "embedding.weight":
            with torch.no_grad():
                parameter[PAD].zero_()
