"""Command: learns which tokens of formulas stand together so often that a network had better write them at once.

    python -m model.training.learn_pieces FOLDER... --vocabulary FILE --pieces 8000 --out pieces.json
    python -m model.training.train ... --vocabulary pieces.json

Byte-pair encoding (Sennrich et al. 2016) by the library tokenizers, with whole tokens of canonical form in the place of
characters. What is written is a vocabulary: the tokens as before, and behind them the pieces in the order in which they
were learned. No more are made than come twice; of short formulas, fewer do.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from model.commands import says_errors
from model.data_preparation.packed_images import PackedImages, PackedImagesError
from model.vocabulary import PIECE_SPACE, SPECIAL_TOKENS, UNKNOWN, Vocabulary, VocabularyError

_FIRST_CHARACTER = 0xF0000
"""The characters that stand for tokens are private ones, which have no meaning to the library."""


def learn_pieces(formulas: Iterable[Sequence[str]], vocabulary: Vocabulary, size: int) -> Vocabulary:
    """Return a vocabulary of at most `size` entries that begins with another one.

    Args:
        formulas: To learn from, as tokens.
        vocabulary: Of tokens.
        size: Tokens and pieces together.

    Raises:
        VocabularyError: The vocabulary has pieces already.
    """
    from tokenizers import Tokenizer, models, trainers

    if vocabulary.has_pieces:
        raise VocabularyError("The vocabulary has pieces already.")
    learner = Tokenizer(models.BPE())
    characters = [chr(_FIRST_CHARACTER + number) for number in range(len(SPECIAL_TOKENS), len(vocabulary))]
    trainer = trainers.BpeTrainer(
        vocab_size=max(size - len(SPECIAL_TOKENS), len(characters)),
        min_frequency=2,
        initial_alphabet=characters,
        show_progress=False,
    )
    learner.train_from_iterator(_as_text(formulas, vocabulary), trainer)
    learned = sorted(learner.get_vocab().items(), key=lambda entry: entry[1])
    pieces = (
        PIECE_SPACE.join(vocabulary.tokens[ord(character) - _FIRST_CHARACTER] for character in text)
        for text, _ in learned
        if len(text) > 1
    )
    return Vocabulary([*vocabulary.tokens, *pieces])


def _as_text(formulas: Iterable[Sequence[str]], vocabulary: Vocabulary) -> Iterator[str]:
    """Yield each formula as a word; a token that is unknown parts it in two."""
    for tokens in formulas:
        ids = vocabulary.ids(tokens)
        text = "".join(" " if one == UNKNOWN else chr(_FIRST_CHARACTER + one) for one in ids)
        yield from text.split()


@says_errors(PackedImagesError, VocabularyError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, learn, and write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m model.training.learn_pieces", description=__doc__.splitlines()[0])
    parser.add_argument("training", nargs="+", type=Path, help="folders of packed images")
    parser.add_argument("--vocabulary", type=Path, required=True, help="of tokens, as build_dataset makes it")
    parser.add_argument("--out", type=Path, required=True, help="the vocabulary of tokens and pieces")
    parser.add_argument("--pieces", type=int, default=8_000, help="entries of it at most (%(default)s)")
    options = parser.parse_args(arguments)
    packs = [PackedImages(folder) for folder in options.training]
    formulas = [pack.tokens(row) for pack in packs for row in range(len(pack))]
    vocabulary = Vocabulary.load(options.vocabulary)
    learned = learn_pieces(formulas, vocabulary, options.pieces)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    learned.save(options.out)
    counts = sum(map(len, formulas)), sum(len(learned.encode(tokens)) for tokens in formulas)
    print(f"{len(learned)} entries, {len(learned) - len(vocabulary)} of them pieces of several tokens")
    print(f"{counts[0] / len(formulas):.1f} tokens a formula are {counts[1] / len(formulas):.1f} pieces")
    return 0


if __name__ == "__main__":
    sys.exit(main())
