"""The real program, but for the recogniser: it keeps every image it is given and answers with one formula.

Run as: program_with_fake_recogniser.py FOLDER [snaptex arguments...]; READING_SECONDS says how long a reading takes.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop_app import application
from desktop_app.__main__ import main
from model.decoding.cancellation import RecognitionCancelledError

if TYPE_CHECKING:  # a test looks at what the program has loaded when it shows its overlay
    from model.recognition.result import Recognition
    from model.recognition.token_analysis import TokenAnalysis

LATEX = r"\frac{1}{2}"


class KeepingRecogniser:
    """Writes the images to a folder, as 0.npy, 1.npy and so on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def recognise(self, image: NDArray[np.uint8], /, *, cancellation: Event | None = None) -> Recognition:
        """Keep the image; whole at once, since someone is waiting for the file."""
        from tests.desktop_app.conftest import reading_of

        path = self._folder / f"{self._count}.npy"
        with path.with_suffix(".part").open("wb") as file:
            np.save(file, image)
        path.with_suffix(".part").replace(path)
        self._count += 1
        if (cancellation or Event()).wait(float(os.environ.get("READING_SECONDS", "0.1"))):
            raise RecognitionCancelledError
        return reading_of(LATEX)

    def analyse_tokens(self, image: NDArray[np.uint8], _tokens: Sequence[str], /) -> TokenAnalysis:
        """Know of no tokens."""
        from tests.desktop_app.conftest import analysis_of

        return analysis_of((), np.zeros((0, 1, 1), dtype=np.float32), (image.shape[1], image.shape[0]))

    def decode_with_prefix(self, _image: NDArray[np.uint8], _tokens: Sequence[str], /) -> Recognition:
        """Know of nothing else."""
        from tests.desktop_app.conftest import reading_of

        return reading_of(LATEX)


if __name__ == "__main__":
    kept_in = Path(sys.argv[1])
    application.Application = functools.partial(  # type: ignore[assignment,misc]
        application.Application, load_recogniser=lambda _device: KeepingRecogniser(kept_in)
    )
    sys.exit(main(sys.argv[2:]))
