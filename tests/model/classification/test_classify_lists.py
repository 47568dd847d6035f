"""Classifiers of token sequences: what each is, what each switch changes, and the command over any two lists."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.classification.classifiers import CLASSIFIERS, INITIALISATIONS, initialise
from model.classification.classify_lists import main
from model.classification.fit import PATIENCE, Choice, f_score, fit
from model.classification.line_lists import CUTS, LinesError, LineSets, make_sets, read_lines
from model.classification.report import Comparison, choices
from model.vocabulary import PAD

every_classifier = pytest.mark.parametrize("name", CLASSIFIERS)


def lists(count: int = 60, *, marked: bool = True) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Lines of letters; those of the second list hold a z, or the same letters as the first backwards."""
    generator = random.Random(1)
    first = [tuple(sorted(generator.choices("abcdefgh", k=generator.randint(4, 9)))) for _ in range(count)]
    return first, [((*line, "z") if marked else line[::-1]) for line in first]


def sets(**options: bool) -> LineSets:
    return make_sets(*lists(**options))


@every_classifier
def test_what_fills_a_line_up_changes_nothing(name: str) -> None:
    # A line is judged in batches with others that are longer, another one each time.
    torch.manual_seed(1)
    network = CLASSIFIERS[name](12, 0.0).eval()
    line = torch.tensor([[4, 5, 6, 7]])
    longer = torch.cat([line, torch.full((1, 6), PAD)], dim=1)
    with torch.inference_mode():
        both = [network(ids, torch.tensor([4])) for ids in (line, longer)]
    torch.testing.assert_close(*both)


@every_classifier
def test_gradients_reach_every_parameter(name: str) -> None:
    torch.manual_seed(1)
    network = CLASSIFIERS[name](12, 0.1)
    initialise(network, "Xavier")
    torch.autograd.backward(network(torch.tensor([[4, 5, 6], [7, 8, PAD]]), torch.tensor([3, 2])).sum())
    assert [key for key, one in network.named_parameters() if one.grad is None or not one.grad.abs().sum() > 0] == []


@every_classifier
def test_lists_with_a_mark_are_told_apart(name: str) -> None:
    done = fit(Choice(name, dropout=0.2), sets(), epochs=60 if name == "MLP" else 20)
    assert (done.accuracy, done.f_score) == (1.0, 1.0)


@pytest.mark.parametrize("name", [name for name in CLASSIFIERS if name != "MLP"])
def test_the_order_of_tokens_is_seen(name: str) -> None:
    # All but the perceptron, to which both lists are the same: it sees the mean of the tokens.
    made = sets(marked=False)
    assert fit(Choice(name), made, epochs=20).accuracy > 0.8
    torch.manual_seed(1)
    network = CLASSIFIERS["MLP"](12, 0.0).eval()
    there, back = (network(torch.tensor([ids]), torch.tensor([3])) for ids in ([4, 5, 6], [6, 5, 4]))
    torch.testing.assert_close(there, back)


def is_orthogonal(weight: torch.Tensor) -> bool:
    flat = weight.flatten(1)
    small = flat if flat.shape[0] <= flat.shape[1] else flat.T
    return torch.allclose(small @ small.T, torch.eye(len(small)), atol=1e-4)


DRAWN: dict[str, Callable[[torch.Tensor], bool]] = {
    "zero-mean": lambda weight: bool(weight.abs().max() <= 0.08) and abs(float(weight.mean())) < 0.005,
    "Gaussian": lambda weight: 0.009 < float(weight.std()) < 0.011,
    "orthogonal": is_orthogonal,
    "Xavier": lambda weight: bool(weight.abs().max() <= math.sqrt(6 / sum(weight.shape))),
}


@pytest.mark.parametrize("how", INITIALISATIONS)
def test_first_weights_are_drawn_as_their_name_says(how: str) -> None:
    network = CLASSIFIERS["Bi-LSTM"](40, 0.0)
    initialise(network, how)
    weights = dict(network.named_parameters())
    matrix = weights["recurrent.weight_hh_l0"].detach()
    assert {name for name, holds in DRAWN.items() if holds(matrix)} >= {how}
    assert not DRAWN["Gaussian"](matrix) or how == "Gaussian"
    assert not DRAWN["orthogonal"](matrix) or how == "orthogonal"
    assert not weights["recurrent.bias_hh_l0"].any()
    assert not weights["embedding.weight"][PAD].any()


def test_early_stopping_keeps_the_lowest_validation_loss() -> None:
    # On labels by chance a network only learns its lines by heart, which validation sees at once.
    made = sets(marked=False)
    by_chance = {
        name: replace(
            lines, labels=torch.randint(0, 2, (len(lines),), generator=torch.Generator().manual_seed(2)) * 1.0
        )
        for name, lines in made.splits.items()
    }
    noise = replace(made, splits=by_chance)
    early = fit(Choice("MLP", dropout=0.0), noise, epochs=60)
    fixed = fit(Choice("MLP", dropout=0.0, stops_early=False), noise, epochs=60)
    losses = [epoch.validation_loss for epoch in early.epochs]
    assert len(early.epochs) == early.kept_epoch + PATIENCE < 60
    assert losses[early.kept_epoch - 1] == min(losses)
    assert fixed.kept_epoch == len(fixed.epochs) == 60
    # Both went the same way; what came after was over-fitting.
    assert fixed.epochs[: len(early.epochs)] == early.epochs
    assert fixed.epochs[-1].validation_loss > min(losses)
    assert fixed.epochs[-1].training_loss < early.epochs[-1].training_loss


def test_dropout_slows_the_learning_by_heart() -> None:
    losses = [fit(Choice("MLP", dropout=dropout), sets(), epochs=8).epochs[-1].training_loss for dropout in (0.0, 0.9)]
    assert losses[0] < losses[1]


def test_the_budget_ends_a_training() -> None:
    assert len(fit(Choice("MLP"), sets(), epochs=50, processor_seconds=0.0).epochs) == 1


def test_each_switch_is_changed_by_itself() -> None:
    for name in CLASSIFIERS:
        usual, *others = [choice for choice in choices() if choice.classifier == name]
        changed = [{key for key, value in vars(one).items() if value != getattr(usual, key)} for one in others]
        assert changed[:-1] == [{"initialisation"}] * 3 + [{"dropout"}, {"stops_early"}]
        assert changed[-1] == {"dropout", "stops_early"}


def test_the_f_score_is_the_mean_of_both_lists() -> None:
    guesses, truths = torch.tensor([True, True, True, False]), torch.tensor([True, False, True, False])
    assert f_score(guesses, truths) == pytest.approx((2 * 2 / 5 + 2 * 1 / 3) / 2)
    assert f_score(truths, truths) == 1.0


def test_no_line_is_in_two_splits_or_two_lists() -> None:
    first, second = lists()
    shared = first[0]
    made = make_sets([*first, first[1]], [*second, shared])
    lines = [
        tuple(made.vocabulary.tokens[token] for token in row[:length])
        for part in made.splits.values()
        for row, length in zip(part.token_ids.tolist(), part.lengths.tolist(), strict=True)
    ]
    assert len(lines) == len(set(lines)) == len(set(first) | set(second)) - 1
    with pytest.raises(LinesError, match="needs 20 lines"):
        make_sets(first, second[:5])


def test_lines_are_cut_as_asked(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("\\frac{a}b\n\n平方 根\n", encoding="utf-8")
    assert read_lines(path, CUTS["latex"])[0] == ("\\frac", "{", "a", "}", "b")
    assert read_lines(path, CUTS["words"])[1] == ("平方", "根")
    assert read_lines(path, CUTS["characters"])[1] == ("平", "方", "根")


def test_the_command_writes_figures_a_page_and_curves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Ordinary text works as formulas do.
    paths = []
    for name, lines in zip(("good", "bad"), lists(24), strict=True):
        paths.append(str(tmp_path / f"{name}.txt"))
        Path(paths[-1]).write_text("\n".join(" ".join(line) for line in lines), encoding="utf-8")
    page = tmp_path / "docs" / "page.md"
    out = ["--out", str(tmp_path / "out"), "--document", str(page), "--epochs", "1", "--processor-minutes", "1"]
    assert main([*paths, *out]) == 0
    assert "is right most often" in capsys.readouterr().out
    stored = Comparison.load(tmp_path / "out" / "result.json")
    assert [one.choice for one in stored.fits] == choices()
    assert stored.lines == {"train": 38, "validation": 4, "test": 6}
    text = page.read_text(encoding="utf-8")
    assert all(f"| {name} | Gaussian |" in text for name in CLASSIFIERS)
    assert "First weights orthogonal instead of Xavier: accuracy" in text
    assert (page.parent / "page-curves.png").stat().st_size > 2_000
    assert main([str(tmp_path / "none.txt"), paths[0], *out]) == 1
    assert capsys.readouterr().err == f"classify_lists: {tmp_path / 'none.txt'} cannot be read.\n"


def test_the_seed_decides_on_everything() -> None:
    # A comparison can be repeated.
    one, same = (fit(Choice("Text-CNN"), sets(), epochs=2) for _ in range(2))
    assert one.epochs == same.epochs
