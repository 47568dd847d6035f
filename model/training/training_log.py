"""The record of a run: one JSON object a line, and curves drawn from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class TrainingLog:
    """Appends to `log.jsonl` in the run folder; a resumed run goes on in the same file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "log.jsonl"
        self.curves_path = folder / "curves.png"

    def write(self, event: str, **values: Any) -> None:
        """Append one event, such as `train` or `validation`."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event, **values}) + "\n")

    def read(self) -> list[dict[str, Any]]:
        """Return all events so far; a half-written last line, left by a kill, is passed over."""
        events = []
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                try:
                    events.append(json.loads(line))
                except json.JSONDecodeError:
                    continue
        return events

    def draw_curves(self) -> None:
        """Draw losses and metrics over the images seen."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        events = self.read()
        figure = Figure(figsize=(9, 4), layout="constrained")
        losses, metrics = figure.subplots(1, 2)
        for axes, kind, names in (
            (losses, "train", ("loss", "glyph_loss")),
            (losses, "validation", ("validation_loss",)),
            (metrics, "validation", ("exact_match", "edit_similarity", "bleu")),
        ):
            for name in names:
                points = [(e["images"], e[name]) for e in events if e["event"] == kind and e.get(name) is not None]
                if points:
                    axes.plot(*zip(*points, strict=True), label=name.replace("_", " "))
        for axes in (losses, metrics):
            axes.set_xlabel("images seen")
            axes.grid(alpha=0.3)
            if axes.has_data():
                axes.legend()
        FigureCanvasAgg(figure).print_figure(self.curves_path, dpi=100)
