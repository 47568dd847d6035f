"""What the commands of the model have in common: options that are fields of a dataclass, and errors in one sentence."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

Options = TypeVar("Options")
Main = Callable[[Sequence[str] | None], int]


def says_errors(*errors: type[Exception]) -> Callable[[Main], Callable[..., int]]:
    """Let a command end with one sentence on the error output and the exit status 1 where one of these is raised."""

    def wrap(main: Main) -> Callable[..., int]:
        @wraps(main)
        def run(arguments: Sequence[str] | None = None) -> int:
            try:
                return main(arguments)
            except errors as error:
                sys.stderr.write(f"{Path(main.__code__.co_filename).stem}: {error}\n")
                return 1

        return run

    return wrap


def options_of(kind: Callable[..., Options], parsed: argparse.Namespace, **given: Any) -> Options:
    """Return a dataclass of options: what is given, and each other field from the argument of the same name."""
    names = {field.name for field in fields(kind)} & vars(parsed).keys()  # type: ignore[arg-type]
    return kind(**{name: getattr(parsed, name) for name in names} | given)
