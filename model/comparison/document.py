"""Writes docs/systems.md: one table, the curves, what each system reads, where it looks, and what wins."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from model.classification.report import Comparison, markdown
from model.classification.report import draw_curves as draw_losses
from model.comparison.baseline import best_blind_reading
from model.comparison.illustrations import SHOWN, draw_attention, draw_curves, draw_images
from model.comparison.results import Result
from model.comparison.systems import SYSTEMS, Bench, System
from model.data_preparation.packed_images import PackedImages
from model.image_transform import NETWORK_TEXT_HEIGHT
from model.metrics import edit_similarity

_JUDGES = (
    "Classifiers of token sequences judge a reading without its image, as one would before showing it. Half of the",
    "formulas are as they were written, the other half has one error each, made as recognisers make them: in most a",
    "token becomes one that looks like it, in the others one is dropped or comes twice, and the formula still parses",
    "(`model/comparison/reading_errors.py`). An error that leaves a likely formula cannot be told this way by anybody.",
)


class _Change(NamedTuple):
    """Two systems that differ in one thing.

    Attributes:
        what: The thing, as the beginning of a sentence.
        without, with_it: Names of the systems.
        why: What speaks for it, and against it, whatever the figures say.
    """

    what: str
    without: str
    with_it: str
    why: str


_CHANGES = (
    _Change(
        "Pre-training the decoder with hidden tokens",
        "resnet_plain_transformer",
        "pretrained_decoder",
        "A decoder that knows what formulas are like has only the looking left to learn; what that takes of the budget"
        " is lost to images.",
    ),
    _Change(
        "Looking at places of the image instead of at one vector",
        "show_and_tell",
        "show_attend_tell",
        "One vector has to hold every symbol and its place; who looks has to know where to look next.",
    ),
    _Change(
        "Learning all tokens at once by a Transformer, not one after another by an LSTM, of the same ResNet",
        "show_attend_tell",
        "resnet_plain_transformer",
        "An LSTM goes through a formula step by step and keeps what it has written in one state; a Transformer is"
        " taught all steps side by side, and looks back at each token that it has written.",
    ),
    _Change(
        "Self-attention over the places of the ResNet, whose first weights drew images, and a decoder twice as wide",
        "resnet_plain_transformer",
        "hybrid_vit",
        "Places that know of one another can tell a subscript from a digit of the line; the layers for it make an image"
        " dearer, and a fifth of the budget goes before the first formula.",
    ),
    _Change(
        "Patches of pixels instead of a ResNet's",
        "hybrid_vit",
        "patch_transformer",
        "A convolution takes a stroke for the same stroke wherever it stands; to a matrix over patches it is another"
        " one at each place of a patch, until it has been seen there.",
    ),
    _Change(
        "Wider stages, Muon, and an encoder that is told where each glyph stands",
        "resnet_plain_transformer",
        "resnet_transformer",
        "Naming glyphs teaches the encoder from the first step, before the decoder knows where to look; the width is"
        " paid for in images.",
    ),
    _Change(
        "Writing pieces of several tokens",
        "hybrid_vit",
        "hybrid_vit_pieces",
        "A formula takes fewer steps, and each has more to choose from, much of it seldom met.",
    ),
    _Change(
        "A sentinel to look at instead of the image, and no cost for places that are looked at twice",
        "show_attend_tell",
        "adaptive_attention",
        "Braces are seen nowhere, and without a sentinel they have to look at some place all the same.",
    ),
)

_LENGTHS = ((1, 8), (9, 16), (17, 1_000))
"""Tokens of short, middling and long formulas."""

_HARDLY_ABOVE = 1.15
"""Times the edit similarity of an answer without a look."""

_COLUMNS = (
    "system",
    "parameters",
    "images seen",
    "s a step",
    "exact match",
    "edit similarity",
    "BLEU-4",
    "ms a formula",
    "peak MiB",
    "published",
)


def write_document(
    path: Path, results: Mapping[str, Result], bench: Bench, command: str, judges: Comparison | None = None
) -> None:
    """Write the document and its illustrations, of the systems and the classifiers that there are results of."""
    path.parent.mkdir(parents=True, exist_ok=True)
    curves, images, attention = (
        path.with_name(f"{path.stem}-{part}.png") for part in ("curves", "images", "attention")
    )
    ranked = sorted(
        (system for system in SYSTEMS if system.name in results),
        key=lambda system: results[system.name].edit_similarity,
        reverse=True,
    )
    shown = results[ranked[0].name]
    training = PackedImages(bench.images("train"))
    draw_curves(curves, results)
    draw_images(images, bench.images("test"), shown.numbers[:SHOWN])
    tokens = draw_attention(attention, bench.images("test"), results)
    lines = [
        "# Systems side by side",
        "",
        *_paragraph(
            f"`{command}` trains each system for {bench.seconds / 60:g} minutes of processor time on the same"
            f" {len(training):,} images of formulas of at most {training.token_counts.max()} tokens, and reads"
            f" {shown.tested} others with it; it wrote this page. The figures are of this budget: none of the systems"
            " is trained to its end, and one that is slow to begin may be the better one after a day."
            f"{_left_out(results)}"
        ),
        "",
        *_paragraph(_conditions(bench)),
        "",
        *_table(ranked, results),
        "",
        *_paragraph(
            "Exact match, edit similarity and BLEU-4 are over tokens of canonical form. A formula is read alone,"
            " greedily, by ONNX Runtime; its time, of the processor, and peak memory are of that. A reading that goes"
            " astray is ended as the program ends it, so who is unsure writes less than there is. Where a computer does"
            " other things as well, the same work takes more processor time at one hour than at another: images seen"
            " say how much was done. Published figures are those of the papers or reports, on their own data and after"
            " days of training."
        ),
        "",
        f"![Edit similarity over processor time]({curves.name})",
        "",
        "## What wins, and why",
        "",
        *_judgement(ranked, results),
        "",
        *_by_length(ranked, results),
        "",
        *_blind(bench, ranked, results),
        "",
        "## What each reads",
        "",
        f"![The images]({images.name})",
        "",
        *_readings(ranked, results),
    ]
    if tokens:
        lines += [
            "## Where they look",
            "",
            f"The tokens `{' '.join(tokens)}` are shown to each decoder; red is where it looks before each.",
            "",
            f"![Attention]({attention.name})",
            "",
        ]
    if judges is not None:
        losses = path.with_name(f"{path.stem}-judges.png")
        draw_losses(losses, judges)
        lines += ["## Is this reading right?", "", *_JUDGES, "", *markdown(judges, losses.name)]
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _table(ranked: Iterable[System], results: Mapping[str, Result]) -> list[str]:
    lines = ["| " + " | ".join(_COLUMNS) + " |", "|---|" + "---:|" * (len(_COLUMNS) - 2) + "---|"]
    for system in ranked:
        one = results[system.name]
        memory = "" if one.peak_mebibytes is None else f"{one.peak_mebibytes:.0f}"
        cells = (
            system.title,
            f"{one.parameters / 1e6:.2f} M",
            f"{one.images_seen:,}",
            f"{one.seconds_a_step:.2f}",
            f"{one.exact_match:.3f}",
            f"{one.edit_similarity:.3f}",
            f"{one.bleu:.3f}",
            f"{1000 * one.seconds_a_formula:.0f}",
            memory,
            system.published,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _judgement(ranked: list[System], results: Mapping[str, Result]) -> list[str]:
    """Return in words what the table says; each sentence holds whatever the figures are."""
    best, worst = ranked[0], ranked[-1]
    lines: list[str] = []
    if best is not worst:
        first, last = results[best.name], results[worst.name]
        fast, slow = (choose(ranked, key=lambda system: results[system.name].images_seen) for choose in (max, min))
        most, fewest = (results[system.name].images_seen for system in (fast, slow))
        lines += _paragraph(
            f"**{best.title}** reads best: edit similarity {first.edit_similarity:.3f}, {first.exact_match:.3f} of the"
            f" formulas exactly. **{worst.title}** reads worst: {last.edit_similarity:.3f}, {last.exact_match:.3f}"
            f" exactly. The same time is not the same number of images: {fast.title} saw {most:,}, {slow.title}"
            f" {fewest:,}."
        )
    for change in _CHANGES:
        without, with_it = (results.get(name) for name in (change.without, change.with_it))
        if without is not None and with_it is not None:
            lines += ["", *_said_of(change, without, with_it)]
    nothing = [system.title for system in ranked if results[system.name].exact_match == 0.0]
    if nothing:
        lines += ["", *_paragraph(f"Not one formula is read exactly by {'; '.join(nothing)}.")]
    lines += ["", *(f"- **{system.title}**. {system.idea}" for system in ranked)]
    return lines[1:] if not lines[0] else lines


def _left_out(results: Mapping[str, Result]) -> str:
    missing = [system.title for system in SYSTEMS if system.name not in results]
    return f" Not trained yet: {'; '.join(missing)}." if missing else ""


def _conditions(bench: Bench) -> str:
    """Return in words what all systems share."""
    shared = (
        "All begin with short formulas and have batches of up to 32 images, none of them degraded; a formula is in one"
        " split only, however it is spelt. Each has one run: standard errors are those of the images that were read,"
        " and other first weights may move a system further."
    )
    if bench.reduction == 1:
        return shared
    return (
        f"{shared} Each reads its images reduced, a pixel for {bench.reduction} x {bench.reduction} of them, so that a"
        f" digit is {NETWORK_TEXT_HEIGHT / bench.reduction:g} pixels high instead of {NETWORK_TEXT_HEIGHT:g}: more"
        " images go by in the same time, and small print is harder to tell."
    )


def _by_length(ranked: list[System], results: Mapping[str, Result]) -> list[str]:
    """Return a table of the exact match of short and of long formulas, and of how much is written."""
    names = [f"{fewest} to {most} tokens" for fewest, most in _LENGTHS[:-1]]
    names += [f"{_LENGTHS[-1][0]} and more", "tokens written for each there is"]
    lines = [f"| exact match of formulas of | {' | '.join(names)} |", "|---|" + "---:|" * len(names)]
    for system in ranked:
        one = results[system.name]
        shares = [one.exact_match_of(*bounds) for bounds in _LENGTHS]
        cells = ["" if share is None else f"{share:.3f}" for share in shares]
        lines.append(f"| {system.title} | {' | '.join(cells)} | {one.written_share:.2f} |")
    return lines


def _blind(bench: Bench, ranked: list[System], results: Mapping[str, Result]) -> list[str]:
    """Return what can be had without reading, and who has not much more."""
    blind = best_blind_reading(bench.images("train"), bench.images("test"), results[ranked[0].name].numbers)
    text = (
        f"Who answers `{' '.join(blind.tokens)}` to each image reaches an edit similarity of"
        f" {blind.edit_similarity:.3f} without having looked at one: what is above it has been read."
    )
    beginners = [
        system.title
        for system in ranked
        if results[system.name].edit_similarity < _HARDLY_ABOVE * blind.edit_similarity
    ]
    if beginners:
        text += (
            f" Hardly above it at this budget: {'; '.join(beginners)}. That is a network that has learned what"
            " formulas are like and has not begun to read."
        )
    return _paragraph(text)


def _paragraph(text: str) -> list[str]:
    """Return the lines of a paragraph."""
    return textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False)


def _said_of(change: _Change, without: Result, with_it: Result) -> list[str]:
    """Return what a change gains or loses, in words with figures."""
    gain = with_it.exact_match - without.exact_match
    # Of the difference of two shares, each of as many images as were read.
    error = math.sqrt(sum(one.exact_match * (1 - one.exact_match) / one.tested for one in (without, with_it)))
    before, after = without.edit_similarity, with_it.edit_similarity
    similarity_error = _similarity_error(without, with_it)
    verdict = "no difference that chance could not make"
    if abs(gain) > 2 * error:
        verdict = "a gain" if gain > 0 else "a loss"
    elif abs(after - before) > 2 * similarity_error:
        verdict = f"{'a gain' if after > before else 'a loss'}, though not of exact match"
    matches = f"{without.exact_match:.3f} to {with_it.exact_match:.3f} ({gain:+.3f}, standard error {error:.3f})"
    similarities = f"{before:.3f} to {after:.3f} ({after - before:+.3f}, standard error {similarity_error:.3f})"
    milliseconds = f"{1000 * with_it.seconds_a_formula:.0f} ms instead of {1000 * without.seconds_a_formula:.0f}"
    return _paragraph(
        f"**{change.what}**, at the same budget in all, is {verdict}: exact match goes from {matches}, edit similarity"
        f" from {similarities}. It saw {with_it.images_seen:,} images instead of {without.images_seen:,}; a formula"
        f" takes {milliseconds}. {change.why}"
    )


def _similarity_error(one: Result, other: Result) -> float:
    """Return the standard error of the difference of two edit similarities, of the same images."""
    first, second = (
        np.array([edit_similarity([truth], [reading]) for truth, reading in zip(its.truths, its.readings, strict=True)])
        for its in (one, other)
    )
    return float(np.std(second - first) / math.sqrt(len(first)))


def _readings(ranked: list[System], results: Mapping[str, Result]) -> list[str]:
    lines = []
    truths = results[ranked[0].name].truths[:SHOWN]
    for place, truth in enumerate(truths):
        lines += [f"{place + 1}. `{' '.join(truth)}`", ""]
        right = [system.title for system in ranked if results[system.name].readings[place] == truth]
        lines += [f"   - right: {'; '.join(right) if right else 'nobody'}"]
        for system in ranked:
            reading = results[system.name].readings[place]
            if reading != truth:
                lines.append(f"   - {system.title}: `{' '.join(reading) or ' '}`")
        lines.append("")
    return lines
