"""The switches of training change what they say, and nothing where they are off."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from model.layers.memory import Memory
from model.training.dataset import Batch
from model.training.glyph_head import GlyphHead
from model.training.losses import doubly_stochastic_loss, flooded, share_among_likeliest
from model.training.objective import Objective, frozen_blocks
from model.training.optimiser import make_optimiser
from model.training.options import TrainingOptions
from model.training.train import Trainer, untrained_network
from model.training.training_arguments import parse_arguments
from model.weights_file import CheckpointError
from tests.model.architectures.small_systems import batch, images, small, token_ids


def the_batch() -> Batch:
    none = torch.zeros(0, dtype=torch.int64)
    return Batch(*batch(images()), token_ids(), none, none, none, none.float(), none.float())


def total(name: str, *, share: float = 0.5, **options: object) -> float:
    """The cost of the eight images to an untrained system."""
    network = small(name).eval()
    objective = Objective(network, None, TrainingOptions(label_smoothing=0.0, draft_tokens=0, **options))  # type: ignore[arg-type]
    return float(objective.cost(the_batch(), share, torch.Generator().manual_seed(1)).total.detach())


@pytest.mark.parametrize("name", ["inception_gru", "patch_transformer"])
def test_own_tokens_take_the_place_of_true_ones(name: str) -> None:
    # A recurrent system goes on from its own words, a Transformer is shown what it said of the true ones.
    forced = total(name)
    assert total(name, own_tokens=1.0, own_tokens_grow=False) != pytest.approx(forced, abs=1e-6)
    assert total(name, own_tokens=1.0, share=0.0) == pytest.approx(forced, abs=1e-6)  # it grows from nothing
    assert total(name, own_tokens=0.0, own_tokens_grow=False) == pytest.approx(forced, abs=1e-6)


@pytest.mark.parametrize(("width", "format_of_products"), [(8, torch.float32), (16, torch.bfloat16)])
def test_a_network_that_bfloat16_would_crash_trains_in_float32(
    width: int, format_of_products: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On processors with AVX-512 BF16 the gradient of a shortcut with fewer than 16 channels wrote into foreign memory,
    # and the process died somewhat later.
    monkeypatch.setattr("model.training.objective.trains_in_bfloat16", lambda _: True)
    network = small("resnet_plain_transformer", stage_widths=(width, 16, 16))
    formats = []
    network.encoder.trunk.conv1.register_forward_hook(lambda *call: formats.append(call[2].dtype))  # type: ignore[union-attr]
    Objective(network, None, TrainingOptions(draft_tokens=0)).cost(the_batch(), 0.5, torch.Generator())
    assert formats == [format_of_products]


@pytest.mark.parametrize(("reduction", "place"), [(1, 17), (2, 5)])
def test_a_glyph_is_named_by_the_cell_that_it_stands_in(reduction: int, place: int) -> None:
    # Its place is in pixels of the image, of which a cell has more where the network reads the image reduced.
    head, cells = GlyphHead(4, reduction), torch.zeros(1, 18, 4)
    rows, columns = (3, 6) if reduction == 1 else (6, 3)
    cells[0, place] = 1.0
    changed, blank = (
        head(
            Memory(grid, torch.zeros(1, 1, 1, 18), torch.arange(18)[None], rows, columns, grid),
            *(torch.tensor([0]), torch.tensor([40.0]), torch.tensor([20.0])),
        )[0]
        for grid in (cells, torch.zeros_like(cells))
    )
    assert not torch.equal(changed, blank)


def test_a_system_that_feeds_itself_never_sees_the_true_tokens() -> None:
    network = small("im2markup").eval()
    shown = token_ids()
    others = shown.clone()
    others[:, 1:] = 4
    own = torch.ones_like(shown, dtype=torch.bool)
    with torch.no_grad():
        one, other = (network(*batch(images()), tokens, own).logits for tokens in (shown, others))
    torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_each_cell_is_to_be_looked_at_once() -> None:
    # Two tokens and a padded one look at three cells and a padded one.
    attention = torch.tensor([[[1.0, 0.0, 0.0, 0.0], [0.0, 0.5, 0.5, 0.0], [0.0, 0.0, 1.0, 0.0]]])
    is_token, is_cell = torch.tensor([[True, True, False]]), torch.tensor([[True, True, True, False]])
    assert float(doubly_stochastic_loss(attention, is_token, is_cell)) == pytest.approx((0.0 + 0.25 + 0.25) / 3)
    assert total("show_attend_tell", doubly_stochastic=1.0) > total("show_attend_tell")
    assert total("resnet_plain_transformer", doubly_stochastic=1.0) == total("resnet_plain_transformer")


def test_below_the_flood_the_loss_rises() -> None:
    loss = torch.tensor([0.3, 0.1], requires_grad=True)
    assert flooded(loss, 0.2).tolist() == pytest.approx([0.3, 0.3])
    (gradient,) = torch.autograd.grad(flooded(loss, 0.2).sum(), loss)
    assert gradient.tolist() == [1.0, -1.0]
    assert total("inception_gru", flood_level=50.0) == pytest.approx(100.0 - total("inception_gru"), rel=1e-4)


def test_the_five_likeliest_are_counted() -> None:
    logits = torch.arange(8.0).repeat(1, 3, 1)  # the five likeliest are 3 to 7
    assert share_among_likeliest(logits, torch.tensor([[7, 3, 2]]), 0) == pytest.approx(2 / 3)
    assert share_among_likeliest(logits, torch.tensor([[7, 0, 0]]), 0) == 1.0  # padding does not count


def test_the_first_blocks_of_an_encoder_stay_as_they_were() -> None:
    # Their statistics too, and the optimiser knows nothing of them.
    network, options = small("show_attend_tell"), TrainingOptions(frozen_blocks=2, encoder_pace=0.25)
    for block in frozen_blocks(network, options):
        block.requires_grad_(False)
    optimiser = make_optimiser([network], options)
    Objective(network, None, options).prepare()
    assert not network.encoder.trunk.layer1.training  # type: ignore[union-attr]
    assert network.encoder.trunk.layer2.training  # type: ignore[union-attr]
    moved = {id(one): group.get("pace", 1.0) for group in optimiser.param_groups for one in group["params"]}
    named = dict(network.named_parameters())
    frozen = [
        name for name in named if name.startswith(("encoder.trunk.conv1", "encoder.trunk.bn1", "encoder.trunk.layer1"))
    ]
    assert frozen
    assert set(moved) == {id(parameter) for name, parameter in named.items() if name not in frozen}
    assert {moved[id(one)] for name, one in named.items() if name.startswith("encoder.") and name not in frozen} == {
        0.25
    }
    assert {moved[id(one)] for name, one in named.items() if name.startswith("decoder.")} == {1.0}
    with pytest.raises(ValueError, match="4 blocks"):
        frozen_blocks(network, TrainingOptions(frozen_blocks=5))


@pytest.fixture
def arguments(tmp_path: Path, digits_folder: Path, few_digits_folder: Path, digits_vocabulary: Path) -> list[str]:
    """The command line of a small run."""
    data = [str(digits_folder), "--validation", str(few_digits_folder), "--vocabulary", str(digits_vocabulary)]
    config = '{"width": 16, "heads": 2, "encoder_layers": 1, "decoder_layers": 1, "feed_forward_width": 16}'
    what = ["--architecture", "patch_transformer", "--config", config, "--processes", "1", "--device", "cpu"]
    return [*data, "--run", str(tmp_path), *what, "--curriculum=", "--batch-limit", "4", "--validation-images", "2"]


def trainer_of(arguments: list[str]) -> Trainer:
    paths, options = parse_arguments(arguments)
    return Trainer(0, 1, paths, options, torch.device("cpu"))


def test_batches_are_summed_into_one_step(arguments: list[str]) -> None:
    # On little memory three small batches stand for a large one.
    trainer = trainer_of([*arguments, "--accumulate", "3", "--images", "20"])
    assert len(next(trainer._groups())) == 3
    trainer.run()
    assert trainer.progress.step == 2  # of 12 images each


def test_training_ends_where_validation_no_longer_gains(arguments: list[str]) -> None:
    # A network that learns nothing gains nothing after its first validation.
    stands_still = ["--learning-rate", "0", "--final-learning-rate", "0", "--images", "400", "--validate-every", "1"]
    trainer = trainer_of([*arguments, *stands_still, "--patience", "2"])
    trainer.run()
    assert trainer.progress.validations_without_gain == 2
    assert trainer.progress.step == 3  # the first gains on nothing, two more gain nothing


def test_gradients_are_clipped(arguments: list[str]) -> None:
    trainer = trainer_of([*arguments, "--gradient-limit", "0.001", "--images", "4"])
    trainer.run()
    gradients = [one.grad for one in trainer.network.parameters() if one.grad is not None]
    assert float(torch.stack([gradient.norm() for gradient in gradients]).norm()) == pytest.approx(0.001, rel=1e-3)


def test_a_network_is_compiled_where_that_is_asked_for(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # A compiler is not everywhere, and compiling takes minutes: what it makes is PyTorch's affair.
    compiled: list[tuple[str, object]] = []
    monkeypatch.setattr(
        torch.nn.Module, "compile", lambda network, **how: compiled.append((type(network).__name__, how))
    )
    trainer_of(arguments)
    assert compiled == []
    trainer_of([*arguments, "--compile"])
    assert compiled == [("PatchTransformer", {"dynamic": True})]


def test_the_learning_rate_follows_its_schedule(arguments: list[str]) -> None:
    rates = ["--learning-rate", "0.01", "--final-learning-rate", "0.0001", "--warm-up-steps", "1"]
    for schedule, half in (("exponential", 0.001), ("cosine", 0.00505)):
        trainer = trainer_of([*arguments, *rates, "--schedule", schedule])
        trainer.progress.share = 0.5
        trainer._set_learning_rate()
        assert trainer.optimiser.param_groups[0]["lr"] == pytest.approx(half)


@pytest.mark.parametrize(
    ("architecture", "config", "sentence"),
    [
        ("perceptron", "{}", "no architecture called 'perceptron'"),
        ("im2markup", '{"depth": 3}', "im2markup has nothing called depth"),
        ("im2markup", "[3]", "no JSON object"),
        ("im2markup", "{", "no JSON object"),
        ("show_and_tell", '{"cell": "rnn"}', "show_and_tell cannot be built"),
    ],
)
def test_a_network_that_cannot_be_is_refused(architecture: str, config: str, sentence: str) -> None:
    with pytest.raises(CheckpointError, match=sentence):
        untrained_network(TrainingOptions(architecture=architecture, config=config), 20)
