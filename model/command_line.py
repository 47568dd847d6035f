"""`snaptex recognise FILE...`: prints the LaTeX of formula images, without any window.

The one hard fact: a bad file costs only itself. It gets one sentence on the error output, the others go on, and the
exit status says that something failed.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PIL import Image
from tqdm import tqdm

from model.formats import FormatError, FormulaFormat
from model.formats.helper_pool import HelperPool

if TYPE_CHECKING:
    from model.decoding.decoded_formula import DecodingOptions
    from model.layout.line_inputs import ImageLines
    from model.recognition.recogniser import Recogniser
    from model.recognition.result import Recognition

logger = logging.getLogger(__name__)

_FAILURE = "The image cannot be read."
_FILES_AT_A_TIME = 64
_LARGEST_BEAM = 32

STANDARD_INPUT = "-"
CLIPBOARD = "clipboard"
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class FileResult:
    """What became of one file.

    Attributes:
        path: As given.
        recognition: None when the file could not be read.
        error: One plain sentence when it could not.
    """

    path: str
    recognition: Recognition | None = None
    error: str = ""

    def as_json(self) -> str:
        """Return the file's line for `--json`."""
        if self.recognition is None:
            return json.dumps({"path": self.path, "error": self.error})
        return json.dumps(
            {
                "path": self.path,
                "latex": self.recognition.latex,
                "kind": "words" if self.recognition.is_words else "formula",
                "number": self.recognition.number,
                "tokens": " ".join(self.recognition.tokens),
                "confidence": round(self.recognition.confidence, 4),
                "seconds": round(self.recognition.seconds, 4),
                "lines": [
                    {
                        "kind": line.kind,
                        "box": list(line.box),
                        "latex": line.latex,
                        "number": line.number,
                        "confidence": round(line.confidence, 4),
                    }
                    for line in self.recognition.lines
                ],
                "left_out": [{"kind": one.kind, "box": list(one.box)} for one in self.recognition.left_out],
            }
        )


def main(arguments: Sequence[str], *, weights: Path, vocabulary: Path) -> int:
    """Run the command; returns its exit status.

    Args:
        arguments: Those after `snaptex recognise`.
        weights: Weights of the recogniser, unless the arguments name others.
        vocabulary: The vocabulary that they were trained with.
    """
    options = _parse(arguments)
    if options.weights is not None:
        weights = options.weights
        vocabulary = options.vocabulary or weights.with_name(vocabulary.name)
    # Loading PyTorch takes a second or two; `--help` and a wrong option need not wait for it.
    from model.recognition.recogniser import Recogniser, RecogniserError
    from model.vocabulary import VocabularyError
    from model.weights_file import CheckpointError

    try:
        recogniser = Recogniser.load(weights, vocabulary, device=options.device)
    except (RecogniserError, CheckpointError, VocabularyError) as error:
        _complain(str(error))
        return 1
    try:
        status = _recognise_files(recogniser, options) if options.files else 0
        return status if options.watch is None else _watch(recogniser, options)
    except KeyboardInterrupt:  # the end of watching
        return 0
    except BrokenPipeError:  # the reader of the output has had enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _recognise_files(recogniser: Recogniser, options: argparse.Namespace) -> int:
    """Read all files and print their lines; returns the exit status."""
    has_failed = False
    shows_progress = len(options.files) > 1 and sys.stderr.isatty()
    with (
        HelperPool() as writers,
        tqdm(total=len(options.files), unit="file", disable=not shows_progress, file=sys.stderr) as progress,
    ):
        for result in _results(recogniser, options):
            progress.update()
            if result.recognition is None:
                has_failed = True
                with progress.external_write_mode(file=sys.stderr):
                    _complain(f"{result.path}: {result.error}")
            with progress.external_write_mode(file=sys.stdout):
                has_failed |= not _print_result(result, options, writers)
    return int(has_failed)


def _print_result(result: FileResult, options: argparse.Namespace, writers: HelperPool) -> bool:
    """Print what a file is read as, and copy it where that is asked for; says whether all of it went well."""
    if options.json:
        print(result.as_json(), flush=True)
    if result.recognition is None:
        return False
    try:
        text = writers.write_formula(result.recognition.latex, FormulaFormat(options.format))
    except FormatError as error:
        _complain(f"{result.path}: {error}")
        return False
    if not options.json:
        is_one_line = options.format == FormulaFormat.LATEX.value
        print(" ".join(text.split("\n")) if is_one_line else text, flush=True)
    if options.clipboard and (problem := copy_text(text)):
        _complain(problem)
        return False
    return True


def _watch(recogniser: Recogniser, options: argparse.Namespace) -> int:
    """Read what comes into a folder until the command is interrupted."""
    try:
        for path in new_files(options.watch):
            _recognise_files(recogniser, argparse.Namespace(**{**vars(options), "files": [str(path)]}))
    except OSError as error:
        _complain(f"{options.watch}: {error.strerror or 'it cannot be watched'}.")
        return 1
    return 0


def _results(recogniser: Recogniser, options: argparse.Namespace) -> Iterator[FileResult]:
    """Yield the results of all files in their order, reading many at a time."""
    from model.decoding.decoded_formula import with_beam
    from model.recognition.nothing_to_read import NOTHING_TO_READ

    decoding = with_beam(options.beam)
    for start in range(0, len(options.files), _FILES_AT_A_TIME):
        paths = options.files[start : start + _FILES_AT_A_TIME]
        inputs: dict[int, ImageLines] = {}
        results: dict[int, FileResult] = {}
        reading: dict[int, float] = {}  # seconds
        for index, path in enumerate(paths):
            started = perf_counter()
            prepared = _read(recogniser, path)
            reading[index] = perf_counter() - started
            if isinstance(prepared, str):
                results[index] = FileResult(path, error=prepared)
            else:
                inputs[index] = prepared
        recognitions = _recognise(recogniser, list(inputs.values()), decoding)
        for index, recognition in zip(inputs, recognitions, strict=True):
            if recognition is None or recognition.is_empty:
                results[index] = FileResult(paths[index], error=_FAILURE if recognition is None else NOTHING_TO_READ)
            else:
                whole = replace(recognition, seconds=recognition.seconds + reading[index])
                results[index] = FileResult(paths[index], whole)
        yield from (results[index] for index in range(len(paths)))


def _recognise(recogniser: Recogniser, inputs: list[ImageLines], decoding: DecodingOptions) -> list[Recognition | None]:
    """Read a batch; where it fails, read its images one by one, and None stands for the one at fault."""
    try:
        return list(recogniser.recognise_prepared(inputs, options=decoding))
    except Exception:
        logger.info("Of %d images together none could be recognised.", len(inputs), exc_info=True)
        if len(inputs) <= 1:
            return [None] * len(inputs)
        return [one for single in inputs for one in _recognise(recogniser, [single], decoding)]


def _read(recogniser: Recogniser, path: str) -> ImageLines | str:
    """Return the lines of the image in a file, or one sentence that says why there are none."""
    from model.image_transform import ImageError

    try:
        return recogniser.prepare(read_named_image(path))
    except ImageError as error:
        return str(error)
    except Exception:  # a file costs only itself, whatever goes wrong with it
        logger.info("%s could not be prepared.", path, exc_info=True)
        return _FAILURE


def _complain(sentence: str) -> None:
    print(f"snaptex recognise: {sentence}", file=sys.stderr)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="snaptex recognise", description="Print the LaTeX of formula images, one line a file."
    )
    parser.add_argument("files", metavar="FILE", nargs="*", help="an image of one formula; - is the standard input")
    parser.add_argument(
        "--format",
        default=FormulaFormat.LATEX.value,
        choices=[one.value for one in FormulaFormat],
        help="the form that is printed (latex)",
    )
    parser.add_argument(
        "--clipboard", action="store_true", help="copy the result; without FILE the image is the clipboard's"
    )
    parser.add_argument("--watch", metavar="FOLDER", type=Path, help="read each image that comes into a folder")
    parser.add_argument(
        "--json",
        action="store_true",
        help="one JSON object a line: path, latex, tokens, confidence, seconds, number, lines, left_out",
    )
    parser.add_argument(
        "--device", default="auto", choices=("auto", "cpu", "cuda", "mps"), help="where the network runs (auto)"
    )
    parser.add_argument("--beam", metavar="N", type=_beam_size, help="hypotheses of beam search; 1 is quickest")
    parser.add_argument("--weights", type=Path, help="of a recogniser of your own, as export_weights writes them")
    parser.add_argument("--vocabulary", type=Path, help="of these weights (vocabulary.json beside them)")
    options = parser.parse_args(arguments)
    if options.vocabulary is not None and options.weights is None:
        parser.error("--vocabulary is of --weights, which is missing")
    if not options.files and options.watch is None:
        if not options.clipboard:
            parser.error("a FILE, --clipboard or --watch is needed")
        options.files = [CLIPBOARD]
    return options


def _beam_size(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _LARGEST_BEAM:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to {_LARGEST_BEAM}")
    return int(text)


def read_named_image(name: str) -> Image.Image:
    """Return the image of a file, or of the standard input for "-", or of the clipboard.

    Raises:
        ImageError: There is no such image; the message is one plain sentence.
    """
    from model.recognition.image_file import decode_image, read_image

    if name == STANDARD_INPUT:
        return decode_image(io.BytesIO(sys.stdin.buffer.read()))
    if name == CLIPBOARD and not Path(name).exists():
        return _image_of_clipboard()
    return read_image(Path(name))


def copy_text(text: str) -> str:
    """Put a text on the clipboard; returns why it can't be, in one sentence, or nothing."""
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return "The clipboard took no text; on Linux xclip, xsel or wl-clipboard is needed."
    return ""


def new_files(folder: Path, *, goes_on: Callable[[], bool] = lambda: True) -> Iterator[Path]:
    """Yield each file that comes into a folder from now on, once its size stays as it is.

    Args:
        folder: The folder; what is in it at first is left alone.
        goes_on: Asked before each look.
    """
    known = set(folder.iterdir())
    sizes: dict[Path, int] = {}
    while goes_on():
        for path in sorted(set(folder.iterdir()) - known):
            try:
                size = path.stat().st_size if path.is_file() else -1
            except OSError:  # gone again
                continue
            if size > 0 and sizes.get(path) == size:
                known.add(path)
                yield path
            sizes[path] = size
        time.sleep(_POLL_SECONDS)


def _image_of_clipboard() -> Image.Image:
    from PIL import ImageGrab

    from model.image_transform import ImageError
    from model.recognition.image_file import read_image

    try:
        found = ImageGrab.grabclipboard()
    except (OSError, RuntimeError, ValueError) as error:
        raise ImageError("There is no picture on the clipboard.") from error
    if isinstance(found, list) and found:  # files that were copied
        return read_image(Path(found[0]))
    if not isinstance(found, Image.Image):
        raise ImageError("There is no picture on the clipboard.")
    return found.convert("RGBA" if "A" in found.getbands() else "RGB")
