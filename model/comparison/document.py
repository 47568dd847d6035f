"""Writes docs/systems.md: one table, the curves, what each system reads, where it looks, and what wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from model.classification.report import Comparison, markdown
from model.classification.report import draw_curves as draw_losses
from model.comparison.bench import Bench
from model.comparison.pictures import draw_attention, draw_curves, draw_images
from model.comparison.results import Result
from model.comparison.systems import SYSTEMS, System

_JUDGES = (
    "Classifiers of token sequences judge a reading without its image, as one would before showing it. Half of the",
    "formulas are as they were written, the other half has one error each, made as recognisers make them: in most a",
    "token becomes one that looks like it, in the others one is dropped or comes twice, and the formula still parses",
    "(`model/comparison/reading_errors.py`). An error that leaves a likely formula cannot be told this way by anybody.",
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
    """Write the document and its pictures, of the systems and the classifiers that there are results of."""
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
    plain, pretrained = (results.get(name) for name in ("resnet_plain_transformer", "pretrained_decoder"))
    if plain is not None and pretrained is not None:
        gains = f"{pretrained.edit_similarity - plain.edit_similarity:+.3f}", pretrained.exact_match - plain.exact_match
        lines.append(
            "Pre-training the decoder with hidden tokens, at the same budget in all, changes edit similarity by"
        )
        lines.append(f"{gains[0]} and exact match by {gains[1]:+.3f}.")
    lines.append("")
    lines += [f"- **{system.title}**. {system.idea}" for system in ranked]
    return lines


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
