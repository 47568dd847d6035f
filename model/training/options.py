"""The options of one training run, stored with it."""

from __future__ import annotations

from dataclasses import dataclass

from model.weights_file import RESNET_TRANSFORMER


@dataclass(frozen=True)
class TrainingOptions:
    """What a run was asked to do.

    Attributes:
        architecture: Name of the network in the registry.
        config: The network's dimensions that differ from its default, as JSON, such as {"width": 128}.
        images: Images to train on in all; the learning rate ends its cosine there. 0 when `hours` says it.
        hours: Hours to train in all, over every resumption; used when `images` is 0.
        processor_seconds: Seconds of processor time to train in all, validation not counted; goes before `images` and
            `hours` where it is not 0. It gives unlike networks the same means on a computer that is busy otherwise.
        optimiser: `muon` (with AdamW for what is no matrix) or `adamw` for everything.
        learning_rate: Peak of the learning rate.
        final_learning_rate: Where it ends.
        schedule: On which way it goes there: `cosine` or `exponential`.
        warm_up_steps: Steps of linear warm-up.
        weight_decay: Of matrices only; norms, biases and embeddings have none.
        label_smoothing: Share of each target spread over the vocabulary.
        gradient_limit: Norm to which gradients are clipped.
        accumulate: Batches whose gradients are summed into one step.
        average_decay: Decay of the exponential moving average of the weights.
        glyph_weight: Weight of the auxiliary loss that names glyphs in the encoder's grid; 0 leaves it out. Like the
            draft heads and the next but two it is of the architecture `resnet_transformer` alone.
        draft_tokens: Tokens that the draft heads learn to guess; 0 for a network without them.
        draft_weight: Weight of their loss.
        draft_pace: Factor of their learning rate: more than 1 where they join a trained network.
        doubly_stochastic: Weight of the loss that has each cell looked at once in all, where a network keeps a record
            of its attention.
        own_tokens: Share of the tokens shown in training that are the network's own guesses instead of the true ones:
            0 is teacher forcing, 1 feeds the network its own output (Bengio et al. 2015, "Scheduled sampling").
        own_tokens_grow: Whether that share grows from 0 over the training.
        flood_level: Loss below which it is driven up again; 0 for none.
        encoder_pace: Factor of the encoder's learning rate, such as .25 where it is fine-tuned.
        frozen_blocks: Blocks of the encoder that stay as they are, counted from the image.
        trained: `all`; `decoder`, which leaves the encoder as it is and saves a third of the time; `drafts`, the heads
            alone, so that nothing is read otherwise than before. Only `all` has a use for the glyph head.
        frozen_statistics: Whether batch normalisation goes by its running statistics, as when formulas are read,
            instead of by each batch's own.
        inked_cells_only: Whether the decoder sees only the cells of the grid that hold ink.
        pixel_budget: Pixels of one padded batch.
        token_budget: Tokens of one padded batch.
        batch_limit: Most images of one batch.
        curriculum: Pairs (most tokens, until this many images were seen), short formulas first.
        source_weights: Pairs (source or font, factor): how much more often than others its images are drawn.
        easy_share: How much less often than others an image is drawn that `hard_images` found easy.
        augment_after: Images after which every batch is degraded as a screen would; before, ever more of them.
            Negative for never.
        clean_share: Share of batches that are never degraded.
        validate_every: Steps between validations.
        validation_images: Images of each, always the same ones.
        patience: Validations without improvement after which the run stops.
        processes: Data-parallel processes; on a CPU one for each core, each of one thread.
        seed: Of data order and augmentation.
    """

    architecture: str = RESNET_TRANSFORMER
    config: str = "{}"
    images: int = 0
    hours: float = 2.0
    processor_seconds: float = 0.0
    optimiser: str = "muon"
    learning_rate: float = 1e-3
    final_learning_rate: float = 2e-5
    schedule: str = "cosine"
    warm_up_steps: int = 100
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    gradient_limit: float = 1.0
    accumulate: int = 1
    average_decay: float = 0.999
    glyph_weight: float = 0.3
    draft_tokens: int = 4
    draft_weight: float = 0.1
    draft_pace: float = 1.0
    doubly_stochastic: float = 0.0
    own_tokens: float = 0.0
    own_tokens_grow: bool = True
    flood_level: float = 0.0
    encoder_pace: float = 1.0
    frozen_blocks: int = 0
    trained: str = "all"
    frozen_statistics: bool = False
    inked_cells_only: bool = False
    pixel_budget: int = 420_000
    token_budget: int = 1_800
    batch_limit: int = 96
    curriculum: tuple[tuple[int, int], ...] = ((10, 40_000), (20, 100_000), (40, 220_000))
    source_weights: tuple[tuple[str, float], ...] = ()
    easy_share: float = 1.0
    augment_after: int = 80_000
    clean_share: float = 0.0
    validate_every: int = 500
    validation_images: int = 480
    patience: int = 30
    processes: int = 2
    seed: int = 1
