"""Images that hold nothing to read, read as the windows read them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

from desktop_app.recognition.recognition_result import with_recognition
from desktop_app.snips.snip import Snip
from model.image_transform import ImageError
from model.recognition.calibration import ConfidenceLevel
from model.recognition.recogniser import Recogniser
from tests.hostile.nonsense_images import nonsense_images
from tests.hostile.outcome import Outcome

RESOURCES = Path(__file__).parents[2] / "resources"
_LEAST_TOLD = 0.9  # a single letter of another script may be any symbol, so it is shown


def try_nonsense(count: int) -> Outcome:
    """Read images of nothing: nearly all are told to be that, nothing of the others is copied, none is called sure."""
    outcome = Outcome("nonsense", 4.0, is_own_work=True)  # two processors may work at a time
    recogniser = Recogniser.load(RESOURCES / "weights.safetensors", RESOURCES / "vocabulary.json", device="cpu")
    for name, image in nonsense_images(count, seed=7):
        with outcome.attempt(name) as attempt:
            try:
                reading = recogniser.recognise(image)
            except ImageError as error:
                attempt.refused(str(error))
                continue
            snip = with_recognition(Snip(QImage()), reading)
            if reading.is_empty:
                attempt.refused("Nothing to read.")
            elif not snip.is_held_back:
                attempt.failed(f"copied: {reading.latex[:60]}")
            elif reading.confidence_level is ConfidenceLevel.SURE:
                attempt.failed(f"sure: {reading.latex[:60]}")
            else:
                attempt.read()
    if outcome.refused < _LEAST_TOLD * count:
        outcome.failures.append(f"nonsense: {outcome.refused} of {count} told")
    return outcome
