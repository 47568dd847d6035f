"""Small networks that judge from a formula's tokens and their probabilities whether the formula was read right.

They are compared with the plain scores of `calibrate`: a multilayer perceptron over summaries of the sequence, a
convolutional network for text (Kim 2014), and bidirectional LSTM and GRU networks. Each is trained on four fifths of
the fitting set; the last fifth ends its training and sets its temperature.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from model.training.threads import at_most_threads

_EMBEDDING = 24
_HIDDEN = 48
_FILTER_WIDTHS = (3, 5, 7)
_BATCH = 64
_MOST_EPOCHS = 40
_PATIENCE = 6  # Epochs without a gain on the last fifth.
_LEAST_LOG_PROBABILITY = -12.0
_MOST_LOG_ODDS = 6.0


@dataclass(frozen=True)
class TokenSequences:
    """Formulas as read, the end of each counted as a token.

    Attributes:
        token_ids: (formulas, longest), padded with 0.
        log_probabilities: (formulas, longest), the network's own, padded with 0.
        lengths: (formulas,), at least 1.
    """

    token_ids: Tensor
    log_probabilities: Tensor
    lengths: Tensor

    @staticmethod
    def of(token_ids: Sequence[Sequence[int]], log_probabilities: Sequence[Sequence[float]]) -> TokenSequences:
        """Pad sequences; ids and log-probabilities of a formula must be equally many."""
        return TokenSequences(
            pad_sequence([torch.tensor(ids) for ids in token_ids], batch_first=True),
            pad_sequence([torch.tensor(one) for one in log_probabilities], batch_first=True)
            .float()
            .clamp(min=_LEAST_LOG_PROBABILITY),
            torch.tensor([len(ids) for ids in token_ids]),
        )

    def __len__(self) -> int:
        return len(self.lengths)

    def __getitem__(self, rows: Tensor) -> TokenSequences:
        lengths = self.lengths[rows]
        longest = int(lengths.max())
        return TokenSequences(self.token_ids[rows, :longest], self.log_probabilities[rows, :longest], lengths)

    @property
    def log_odds(self) -> Tensor:
        """Of each token; (formulas, longest)."""
        others = torch.log1p(-self.log_probabilities.clamp(max=-1e-4).exp())
        return (self.log_probabilities - others).clamp(max=_MOST_LOG_ODDS)

    @property
    def mask(self) -> Tensor:
        """True where there is a token; (formulas, longest)."""
        return torch.arange(self.token_ids.shape[1])[None] < self.lengths[:, None]


class Perceptron(nn.Module):
    """Two layers over summaries of the sequence: means, the least certain tokens, length, how many are unsure."""

    def __init__(self, vocabulary_size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, _EMBEDDING)
        self.layers = nn.Sequential(
            nn.Linear(_EMBEDDING + 9, _HIDDEN), nn.GELU(), nn.Dropout(0.2), nn.Linear(_HIDDEN, 1)
        )

    def forward(self, sequences: TokenSequences) -> Tensor:
        """Return one logit a formula, (formulas,)."""
        mask, lengths, odds = sequences.mask, sequences.lengths.float(), sequences.log_odds
        probabilities = sequences.log_probabilities.exp()
        # Formulas of one token have no second least certain one: certainty stands there.
        least = functional.pad(odds.masked_fill(~mask, _MOST_LOG_ODDS), (0, 3), value=_MOST_LOG_ODDS)
        least = least.topk(3, largest=False).values
        unsure = [((probabilities < level) & mask).sum(1).float() for level in (0.5, 0.7, 0.9)]
        doubt = (1.0 - probabilities) * mask
        # What kind of token is doubted: a guessed comma is worse than a guessed brace.
        doubted = (self.embedding(sequences.token_ids) * doubt[..., None]).sum(1)
        summary = torch.stack(
            [
                sequences.log_probabilities.sum(1) / lengths,
                (odds * mask).sum(1) / lengths,
                lengths.log(),
                *least.unbind(1),
                *(one.log1p() for one in unsure),
            ],
            1,
        )
        logits: Tensor = self.layers(torch.cat([summary, doubted], 1))
        return logits.squeeze(1)


class TextConvolutions(nn.Module):
    """Convolutions of several widths over the sequence, the strongest answer of each."""

    def __init__(self, vocabulary_size: int) -> None:
        super().__init__()
        self.tokens = _TokenFeatures(vocabulary_size)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(self.tokens.width, _HIDDEN, width, padding=width // 2) for width in _FILTER_WIDTHS
        )
        self.output = nn.Sequential(nn.Dropout(0.3), nn.Linear(_HIDDEN * len(_FILTER_WIDTHS), 1))

    def forward(self, sequences: TokenSequences) -> Tensor:
        """Return one logit a formula, (formulas,)."""
        mask = sequences.mask
        features = (self.tokens(sequences) * mask[..., None]).transpose(1, 2)
        strongest = [
            functional.gelu(convolution(features)).masked_fill(~mask[:, None], -math.inf).amax(2)
            for convolution in self.convolutions
        ]
        logits: Tensor = self.output(torch.cat(strongest, 1))
        return logits.squeeze(1)


class Recurrent(nn.Module):
    """A recurrent network in both directions, averaged and maximised over the sequence."""

    def __init__(self, vocabulary_size: int, cell: type[nn.LSTM] | type[nn.GRU]) -> None:
        super().__init__()
        self.tokens = _TokenFeatures(vocabulary_size)
        self.recurrent = cell(self.tokens.width, _HIDDEN, batch_first=True, bidirectional=True)
        self.output = nn.Sequential(nn.Dropout(0.3), nn.Linear(4 * _HIDDEN, 1))

    def forward(self, sequences: TokenSequences) -> Tensor:
        """Return one logit a formula, (formulas,)."""
        packed = pack_padded_sequence(self.tokens(sequences), sequences.lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.recurrent(packed)[0], batch_first=True)
        mask = sequences.mask[..., None]
        mean = (states * mask).sum(1) / sequences.lengths[:, None]
        most = states.masked_fill(~mask, -math.inf).amax(1)
        logits: Tensor = self.output(torch.cat([mean, most], 1))
        return logits.squeeze(1)


class _TokenFeatures(nn.Module):
    """A token's embedding, its log-odds, and how far from certain it is."""

    def __init__(self, vocabulary_size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, _EMBEDDING)
        self.width = _EMBEDDING + 2

    def forward(self, sequences: TokenSequences) -> Tensor:
        doubt = 1.0 - sequences.log_probabilities.exp()
        return torch.cat([self.embedding(sequences.token_ids), sequences.log_odds[..., None], doubt[..., None]], 2)


CLASSIFIERS: dict[str, Callable[[int], nn.Module]] = {
    "multilayer perceptron": Perceptron,
    "convolutions over tokens": TextConvolutions,
    "bidirectional LSTM": lambda size: Recurrent(size, nn.LSTM),
    "bidirectional GRU": lambda size: Recurrent(size, nn.GRU),
}


def judge(
    make: Callable[[int], nn.Module], fit: TokenSequences, rights: np.ndarray, test: TokenSequences, *, seed: int = 0
) -> np.ndarray:
    """Train a classifier on one set; return how probable it finds each formula of the other to be right.

    Args:
        make: Makes the network for a vocabulary's size.
        fit: Formulas to train on.
        rights: Whether each of them was read right, (formulas,).
        test: Formulas to judge.
        seed: Of the split, the network's first weights and the order.

    Returns:
        float64 (formulas of test,) in [0, 1].
    """
    generator = torch.Generator().manual_seed(seed)
    # So small networks gain nothing from threads, and lose minutes waiting for them on a busy computer.
    with torch.random.fork_rng(), at_most_threads(1):
        torch.manual_seed(seed)
        network = make(1 + int(max(fit.token_ids.max(), test.token_ids.max())))
        order = torch.randperm(len(fit), generator=generator)
        last_fifth, training = order[: len(fit) // 5], order[len(fit) // 5 :]
        truth = torch.tensor(rights).float()
        _train(network, fit, truth, training, last_fifth, generator)
    network.eval()
    with torch.no_grad():
        temperature = _temperature(network(fit[last_fifth]), truth[last_fifth])
        judged: np.ndarray = torch.sigmoid(network(test) / temperature).double().numpy()
    return judged


def _train(
    network: nn.Module, fit: TokenSequences, truth: Tensor, training: Tensor, last_fifth: Tensor,
    generator: torch.Generator,
) -> None:  # fmt: skip
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.02)
    best, waited, kept = math.inf, 0, copy.deepcopy(network.state_dict())
    for _ in range(_MOST_EPOCHS):
        network.train()
        for rows in training[torch.randperm(len(training), generator=generator)].split(_BATCH):
            optimiser.zero_grad()
            torch.autograd.backward(functional.binary_cross_entropy_with_logits(network(fit[rows]), truth[rows]))
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
        network.eval()
        with torch.no_grad():
            loss = float(functional.binary_cross_entropy_with_logits(network(fit[last_fifth]), truth[last_fifth]))
        if loss < best:
            best, waited, kept = loss, 0, copy.deepcopy(network.state_dict())
        else:
            waited += 1
            if waited == _PATIENCE:
                break
    network.load_state_dict(kept)


def _temperature(logits: Tensor, truth: Tensor) -> float:
    """Return the temperature under which the answers are likeliest, from a grid."""
    grid = torch.logspace(-0.7, 0.7, 57)
    losses = [float(functional.binary_cross_entropy_with_logits(logits / one, truth)) for one in grid]
    return float(grid[int(np.argmin(losses))])
