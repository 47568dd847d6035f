"""Measures the service: requests a second and latency at 1, 8 and 64 clients, memory, and what batches gain.

`python -m tests.benchmarks.service WEIGHTS VOCABULARY`. The service runs in a process of its own, with the client on
the same processors, as it is used; the images are formulas typeset by mathtext.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import multiprocessing
import os
import re
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from socket import socket
from time import perf_counter, sleep

from PIL import Image

from model.data_preparation.font_setups import Look
from model.data_preparation.mathtext_typesetter import typeset
from model.serving.service_options import Limits, ServiceOptions

CLIENTS = (1, 8, 64)
REQUESTS = 320
MEMORY_REQUESTS = 1000
FORMULAS = (
    r"\frac{a+b}{c-d}=\frac{1}{2}",
    r"x^{2}+y^{2}=z^{2}",
    r"e^{i\pi}+1=0",
    r"\sum_{n=1}^{\infty}\frac{1}{n^{2}}=\frac{\pi^{2}}{6}",
    r"\int_{0}^{1}f(x)dx=F(1)-F(0)",
    r"\sqrt{1+\sqrt{1+x}}\leq\alpha\beta",
    r"\nabla\times E=-\frac{\partial B}{\partial t}",
    r"p(x|y)=\frac{p(y|x)p(x)}{p(y)}",
)


@dataclass(frozen=True)
class Load:
    """What many clients together got.

    Attributes:
        clients: That asked at the same time, each again as soon as it had its answer.
        requests_a_second: Of all together.
        median, slow: Seconds from request to answer: the 50th and the 95th of a hundred.
    """

    clients: int
    requests_a_second: float
    median: float
    slow: float


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure the service.")
    parser.add_argument("weights", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("--cores", type=int, default=2, help="processors that service and clients share (2)")
    options = parser.parse_args()
    for path in (options.weights, options.vocabulary):
        if not path.is_file():
            print(f"There is no file at {path}.", file=sys.stderr)
            return 1
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    bodies = [_body(formula) for formula in FORMULAS]
    with _running_service(options.weights, options.vocabulary, Limits()) as (port, process_id):
        print("clients  requests/s  p50 ms  p95 ms")
        loads = [_measure(port, bodies, clients=clients) for clients in CLIENTS]
        for load in loads:
            print(
                f"{load.clients:7d}  {load.requests_a_second:10.1f}  {1000 * load.median:6.0f}  {1000 * load.slow:6.0f}"
            )
        before = _resident_megabytes(process_id)
        _measure(port, bodies, clients=8, requests=MEMORY_REQUESTS)
        after = _resident_megabytes(process_id)
    growth = 100 * (after / before - 1)
    print(f"memory after {MEMORY_REQUESTS} more requests: {before:.0f} -> {after:.0f} MB ({growth:+.1f} %)")
    one_by_one = Limits(batch_size=1)
    with _running_service(options.weights, options.vocabulary, one_by_one) as (port, _):
        alone = _measure(port, bodies, clients=CLIENTS[-1])
    ratio = loads[-1].requests_a_second / alone.requests_a_second
    print(f"batched to one by one, {CLIENTS[-1]} clients: {ratio:.2f} times the requests a second")
    return 0


def _body(formula: str) -> bytes:
    image = typeset(formula, Look("mathtext", "cm", 10, 200, "display"))
    if not isinstance(image, Image.Image):
        raise TypeError(f"{formula}: {image}")
    file = BytesIO()
    image.save(file, "PNG")
    return json.dumps({"image": base64.b64encode(file.getvalue()).decode()}).encode()


@contextmanager
def _running_service(weights: Path, vocabulary: Path, limits: Limits) -> Iterator[tuple[int, int]]:
    """Serve in another process; yields the port and the process id."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = ServiceOptions(port=port, token="", limits=limits)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(weights, vocabulary, options))
    process.start()
    try:
        while not _is_healthy(port):
            if not process.is_alive():
                raise RuntimeError("The service did not start.")
            sleep(0.1)
        yield port, process.pid or 0
    finally:
        process.terminate()
        process.join()


def _serve(weights: Path, vocabulary: Path, options: ServiceOptions) -> None:
    import uvicorn

    from model.recognition.recogniser import Recogniser
    from model.serving.service import listen, server_config
    from model.serving.web_application import create_application

    application = create_application(Recogniser.load(weights, vocabulary, device="cpu"), options)
    uvicorn.Server(server_config(application)).run(sockets=[listen(options)])


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _measure(port: int, bodies: list[bytes], *, clients: int, requests: int = REQUESTS) -> Load:
    """Let the clients share the requests, after a round that warms everything up."""
    _ask_all(port, bodies, clients=clients, requests=2 * clients)
    started = perf_counter()
    seconds = _ask_all(port, bodies, clients=clients, requests=requests)
    total = perf_counter() - started
    return Load(clients, len(seconds) / total, statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1])


def _ask_all(port: int, bodies: list[bytes], *, clients: int, requests: int) -> list[float]:
    """Return the seconds that each request took."""
    seconds: list[float] = []
    faults: list[str] = []
    numbers = iter(range(requests))
    taking = threading.Lock()

    def ask_again_and_again() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            with taking:
                number = next(numbers, None)
            if number is None or faults:
                connection.close()
                return
            started = perf_counter()
            connection.request("POST", "/recognise", bodies[number % len(bodies)], {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            seconds.append(perf_counter() - started)
            if answer.status != 200:
                faults.append(text.decode())

    threads = [threading.Thread(target=ask_again_and_again) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return seconds


def _resident_megabytes(process_id: int) -> float:
    """Memory of a process, from /proc; not known elsewhere than on Linux."""
    status = Path(f"/proc/{process_id}/status")
    if not status.is_file():
        return float("nan")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    sys.exit(main())
