"""Writes docs/systems.md: one table, the curves, what each system reads, where it looks, and what wins."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from model.classification.report import Comparison, markdown
from model.classification.report import draw_curves as draw_losses
from model.comparison.illustrations import draw_attention, draw_curves, draw_images
from model.comparison.results import Result
from model.comparison.systems import SYSTEMS, Bench, System

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
    """

    what: str
    without: str
    with_it: str


_CHANGES = (
    _Change("Pre-training the decoder with hidden tokens", "resnet_plain_transformer", "pretrained_decoder"),
    _Change("Writing pieces of several tokens", "hybrid_vit", "hybrid_vit_pieces"),
    _Change("A sentinel to look at instead of the image", "show_attend_tell", "adaptive_attention"),
)

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
    draw_curves(curves, results)
    draw_images(images, bench.images("test"), shown.shown)
    tokens = draw_attention(attention, bench.images("test"), results)
    lines = [
        "# Systems side by side",
        "",
        f"`{command}` trains each system for {bench.seconds / 60:g} minutes of processor time on the same images of",
        f"short formulas, and reads {shown.tested} others with it; it wrote this page. The figures are of this budget:",
        "none of the systems is trained to its end.",
        "",
        *_table(ranked, results),
        "",
        "Exact match, edit similarity and BLEU-4 are over tokens of canonical form. A formula is read alone, greedily,",
        "by ONNX Runtime; peak memory is of that. Published figures are those of the papers or reports, on their own",
        "data and after days of training.",
        "",
        f"![Edit similarity over processor time]({curves.name})",
        "",
        "## What wins, and why",
        "",
        *_judgement(ranked, results),
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
    lines = []
    if best is not worst:
        first, last = results[best.name], results[worst.name]
        right = f"{first.exact_match:.3f} of the formulas exactly"
        lines.append(f"**{best.title}** reads best: edit similarity {first.edit_similarity:.3f}, {right}.")
        right = f"{last.exact_match:.3f} exactly"
        lines.append(f"**{worst.title}** reads worst: {last.edit_similarity:.3f}, {right}.")
        fast, slow = (choose(ranked, key=lambda system: results[system.name].images_seen) for choose in (max, min))
        most, fewest = (results[system.name].images_seen for system in (fast, slow))
        lines.append(
            f"The same time is not the same number of images: {fast.title} saw {most:,}, {slow.title} {fewest:,}."
        )
    for change in _CHANGES:
        without, with_it = (results.get(name) for name in (change.without, change.with_it))
        if without is not None and with_it is not None:
            lines += ["", *_said_of(change, without, with_it)]
    lines.append("")
    lines += [f"- **{system.title}**. {system.idea}" for system in ranked]
    return lines


def _said_of(change: _Change, without: Result, with_it: Result) -> list[str]:
    """Return what a change gains or loses, in words with figures."""
    gain = with_it.exact_match - without.exact_match
    # Of the difference of two shares, each of as many images as were read.
    error = math.sqrt(sum(one.exact_match * (1 - one.exact_match) / one.tested for one in (without, with_it)))
    verdict = "a gain" if gain > 0 else "a loss"
    if abs(gain) <= 2 * error:
        verdict = "no difference that chance could not make"
    matches = f"{without.exact_match:.3f} to {with_it.exact_match:.3f} ({gain:+.3f}, standard error {error:.3f})"
    before, after = without.edit_similarity, with_it.edit_similarity
    milliseconds = f"{1000 * with_it.seconds_a_formula:.0f} ms instead of {1000 * without.seconds_a_formula:.0f}"
    return [
        f"**{change.what}**, at the same budget in all, is {verdict}:",
        f"exact match goes from {matches},",
        f"edit similarity from {before:.3f} to {after:.3f} ({after - before:+.3f}).",
        f"It saw {with_it.images_seen:,} images instead of {without.images_seen:,}; a formula takes {milliseconds}.",
    ]


def _readings(ranked: list[System], results: Mapping[str, Result]) -> list[str]:
    lines = []
    truths = results[ranked[0].name].truths
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
