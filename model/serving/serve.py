"""`snaptex serve`: the recogniser as a local service, until it is interrupted."""

from __future__ import annotations

import argparse
import functools
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from model.serving.service_options import DEFAULT_PORT, LEAST_TOKEN_CHARACTERS, ServiceOptions

if TYPE_CHECKING:
    from starlette.types import ASGIApp

TOKEN_VARIABLE = "SNAPTEX_TOKEN"
"""Environment variable with a token that stays the same from start to start, for editors."""


def main(arguments: Sequence[str], *, weights: Path, vocabulary: Path) -> int:
    """Run the command; returns its exit status.

    Args:
        arguments: Those after `snaptex serve`.
        weights: Weights of the recogniser.
        vocabulary: The vocabulary that they were trained with.
    """
    asked = _parse(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    kept = os.environ.get(TOKEN_VARIABLE, "")
    if kept and len(kept) < LEAST_TOKEN_CHARACTERS and not asked.no_token:
        return _complain(f"The token in {TOKEN_VARIABLE} has fewer than {LEAST_TOKEN_CHARACTERS} characters.")
    try:
        options = ServiceOptions(
            host=asked.host,
            port=asked.port,
            token="" if asked.no_token else kept or secrets.token_urlsafe(24),
            names=tuple(asked.allow_host),
        )
    except ValueError as error:
        return _complain(str(error))
    # PyTorch takes a second or two to load; `--help` and a wrong option need not wait for it.
    try:
        import uvicorn
        from uvicorn.supervisors import Multiprocess

        from model.serving.service import ServiceStartError, entrance_of, listen, server_config
    except ImportError as error:
        return _complain(f"{error.name} is missing; install Snaptex as snaptex[server].")
    from model.recognition.recogniser import RecogniserError
    from model.vocabulary import VocabularyError
    from model.weights_file import CheckpointError

    try:
        listener = listen(options)
        options = replace(options, port=listener.getsockname()[1])
        make_application = functools.partial(_load_application, weights, vocabulary, asked.device, options)
        if asked.workers > 1:
            _check_files(weights, vocabulary)
            _announce(options, entrance_of(options))
            config = server_config(make_application, is_factory=True, workers=asked.workers)
            Multiprocess(config, sockets=[listener]).run()
        else:
            application = make_application()
            _announce(options, entrance_of(options))
            uvicorn.Server(server_config(application)).run(sockets=[listener])
    except (ServiceStartError, RecogniserError, CheckpointError, VocabularyError) as error:
        return _complain(str(error))
    except KeyboardInterrupt:  # uvicorn has ended in good order and passes the signal on
        return 0
    return 0


def _load_application(weights: Path, vocabulary: Path, device: str, options: ServiceOptions) -> ASGIApp:
    """Load a recogniser and put the service round it; runs in each worker process."""
    from model.recognition.recogniser import Recogniser
    from model.serving.web_application import create_application

    return create_application(Recogniser.load(weights, vocabulary, device=device), options)


def _check_files(*paths: Path) -> None:
    """Find out here, not in every worker again and again, that there is nothing to load.

    Raises:
        RecogniserError: A file is missing.
    """
    from model.recognition.recogniser import RecogniserError

    for path in paths:
        if not path.is_file():
            raise RecogniserError(f"There is no file at {path}.")


def _announce(options: ServiceOptions, entrance: str) -> None:
    print(f"Snaptex listens at {options.url} (Ctrl+C ends it).", flush=True)
    print(f"The page: {entrance}", flush=True)
    if options.token:
        print(f"The token for editors and scripts: {options.token}", flush=True)


def _complain(sentence: str) -> int:
    print(f"snaptex serve: {sentence}", file=sys.stderr)
    return 1


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="snaptex serve",
        description="Answer requests of editors, scripts and the browser on this computer.",
        epilog=f"The environment variable {TOKEN_VARIABLE} sets the token; otherwise each start makes a new one.",
    )
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"port to listen on ({DEFAULT_PORT})")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this computer alone)")
    parser.add_argument("--workers", metavar="N", type=_workers, default=1, help="processes, a recogniser in each (1)")
    parser.add_argument("--no-token", action="store_true", help="ask no token of programs on this computer")
    parser.add_argument(
        "--allow-host", metavar="NAME", action="append", default=[], help="a further name to answer under"
    )
    parser.add_argument(
        "--device", default="auto", choices=("auto", "cpu", "cuda", "mps"), help="where the network runs (auto)"
    )
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port number from 0 to 65535")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 64")
    return int(text)
