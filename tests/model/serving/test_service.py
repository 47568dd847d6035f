"""What a client gets for what it sends, over a real connection to a real recogniser."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image

from model.formats import FormulaFormat
from model.serving.service import Service, ServiceStartError
from model.serving.service_options import ServiceOptions
from tests.model.serving.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.recognition.recogniser import Recogniser

    MakePng = Callable[..., bytes]


@pytest.fixture
def expected(recogniser: Recogniser, make_png: MakePng) -> Callable[[int], str]:
    """The LaTeX that the recogniser itself reads in the image of a seed."""
    return lambda seed: recogniser.recognise(Image.open(BytesIO(make_png(seed)))).latex


def test_form_with_one_image(client: httpx.Client, make_png: MakePng, expected: Callable[[int], str]) -> None:
    # The plainest request, as curl sends it; the answer has all that the issue of a confidence needs.
    answer = client.post("/recognise", files={"image": make_png(1)})
    assert answer.status_code == 200, answer.text
    (formula,) = answer.json()["formulas"]
    assert formula["latex"] == formula["text"] == expected(1)
    assert len(formula["token_probabilities"]) == len(formula["tokens"]) > 0
    assert all(0 <= probability <= 1 for probability in formula["token_probabilities"])
    assert 0 <= formula["confidence"] <= 1
    assert formula["seconds"] > 0
    assert (formula["alternatives"], formula["attention"], formula["error"]) == ([], None, None)


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
def test_json_with_several_images(
    client: httpx.Client, make_png: MakePng, expected: Callable[[int], str], prefix: str
) -> None:
    # Each formula must stand at the place of its image.
    images = [prefix + base64.b64encode(make_png(seed)).decode() for seed in (1, 2, 3)]
    answer = client.post("/recognise", json={"images": images})
    assert [formula["latex"] for formula in answer.json()["formulas"]] == [expected(seed) for seed in (1, 2, 3)]


def test_alternatives_and_attention(client: httpx.Client, make_png: MakePng) -> None:
    # The page shows the first, and lays the second over the image: its grid must cover the formula.
    answer = client.post(
        "/recognise", files={"image": make_png(4)}, data={"alternatives": "2", "attention": "true", "beam": "5"}
    )
    (formula,) = answer.json()["formulas"]
    assert 1 <= len(formula["alternatives"]) <= 2
    assert formula["latex"] not in [other["latex"] for other in formula["alternatives"]]
    # Each has its own confidence, and none what another has left.
    assert formula["confidence"] + sum(other["confidence"] for other in formula["alternatives"]) <= 1.0001
    attention = formula["attention"]
    assert len(attention["maps"]) == len(formula["tokens"])
    assert all(len(rows) == attention["rows"] for rows in attention["maps"])
    assert sum(map(sum, attention["maps"][0])) == pytest.approx(1, abs=0.05)
    assert attention["left"] < 8
    assert attention["left"] + attention["width"] > 100


@pytest.mark.parametrize(
    ("name", "start"),
    [("inline", "$"), ("display", "\\["), ("equation", "\\begin{equation}"), ("mathml", "<math"), ("typst", "$ ")],
)
def test_format(client: httpx.Client, make_png: MakePng, name: str, start: str) -> None:
    # An editor gets text that it can insert as it is.
    (formula,) = client.post("/recognise", files={"image": make_png(1)}, data={"format": name}).json()["formulas"]
    assert formula["error"] or formula["text"].startswith(start)


def test_one_bad_image_of_several(client: httpx.Client, make_png: MakePng, expected: Callable[[int], str]) -> None:
    # It costs only itself.
    answer = client.post("/recognise", files=[("image", make_png(1)), ("image", b"no image"), ("image", make_png(2))])
    first, second, third = answer.json()["formulas"]
    assert (first["latex"], third["latex"]) == (expected(1), expected(2))
    assert second["error"] == "The file is not an image, or of a format that is not supported."


def blank_png() -> bytes:
    file = BytesIO()
    Image.new("L", (60, 30), 255).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"files": {"image": b""}}, 422, "empty"),
        ({"files": {"image": b"GIF89a"}}, 422, "damaged|not an image"),
        ({"files": {"image": blank_png()}}, 422, "blank"),
        ({"files": {"picture": b"x"}}, 422, "called"),
        ({"files": {"image": b"x"}, "data": {"beam": "99"}}, 422, "beam"),
        ({"files": {"image": b"x"}, "data": {"format": "word"}}, 422, "format"),
        ({"files": {"image": b"x"}, "data": {"colour": "red"}}, 422, "colour"),
        ({"files": [("image", b"x")] * 17}, 400, "16"),
        ({"json": {}}, 422, "image"),
        ({"json": {"image": "a", "images": ["b"]}}, 422, "either"),
        ({"json": {"image": "%%%"}}, 422, "base64"),
        ({"json": {"images": ["YQ=="] * 17}}, 422, "images"),
        ({"json": [1]}, 422, ""),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422, "JSON"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "form"),
        ({"content": b"x", "headers": {"Content-Type": "image/png"}}, 415, "multipart"),
    ],
)
def test_bad_request_is_refused_in_one_sentence(
    client: httpx.Client, body: dict[str, object], status: int, words: str
) -> None:
    # A person reads it in an editor's notice.
    answer = client.post("/recognise", **body)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]
    sentence = answer.json()["error"]
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not words or any(word in sentence for word in words.split("|")), sentence


def test_health_version_and_pages(client: httpx.Client, recogniser: Recogniser) -> None:
    assert client.get("/health").json() == {"status": "ok", "waiting_images": 0}
    assert client.get("/version").json()["vocabulary"] == recogniser.vocabulary.hash
    assert set(client.get("/openapi.json").json()["paths"]) >= {"/recognise", "/health", "/version", "/predict/"}
    assert "text/html" in client.get("/docs").headers["content-type"]
    assert client.get("/page/../serve.py").status_code == 404
    assert client.get("/page/%2e%2e%2fserve.py").status_code == 404
    assert client.get("/nowhere").json() == {"error": "Not Found."}
    assert client.get("/recognise").status_code == 405


def test_drawing_and_formats(client: httpx.Client) -> None:
    # The page draws what is typed, half-typed formulas too.
    assert client.post("/draw", json={"latex": r"\frac{a}{b}"}).json()["svg"].startswith("<svg")
    for wrong in (r"\frac{a}{b", "", "x" * 6001, r"\nosuchcommand{x}", "{" * 3000):
        answer = client.post("/draw", json={"latex": wrong})
        assert answer.status_code == 422, wrong[:30]
        assert answer.json()["error"].endswith("."), answer.json()
    texts = client.post("/formats", json={"latex": "x^2"}).json()["texts"]
    assert texts["inline"] == "$x^2$"
    assert len(texts) == len(FormulaFormat)
    aligned = "\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}"
    texts = client.post("/formats", json={"latex": aligned}).json()["texts"]
    assert texts["align"] == "\\begin{align}\na &= b \\\\\n&= c\n\\end{align}"
    assert texts["markdown"] == f"$$\n{aligned}\n$$\n"


def test_one_endless_formula_does_not_stop_the_others(client: httpx.Client) -> None:
    # It took the only thread that draws, and everybody after it got a 503.
    endless = {"latex": "x+" * 2900 + "x"}
    with ThreadPoolExecutor(2) as threads:
        hostile = [threads.submit(client.post, address, json=endless) for address in ("/draw", "/formats")]
        for number in range(10):
            assert client.post("/draw", json={"latex": f"x_{number}"}).status_code == 200
            assert client.get("/health").status_code == 200
    assert hostile[0].result().json() == {"error": "This formula takes too long to draw."}
    assert "latex" in hostile[1].result().json()["texts"]  # what needs no drawing is written all the same


def test_waiting_formulas_have_a_limit(start_service: Callable[..., Service]) -> None:
    service = start_service(waiting_drawings=0)
    answer = httpx.post(
        f"{service.options.url}draw", json={"latex": "x"}, headers={"X-API-Key": TOKEN}, trust_env=False
    )
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_stop_and_start_again(service: Service, client: httpx.Client) -> None:
    # The desktop program's switch: off means off, on means the same address again.
    port = service.options.port
    service.stop()
    assert not service.is_running
    service.start()
    assert service.options.port == port
    assert client.get("/health").status_code == 200


def test_taken_port(service: Service, recogniser: Recogniser) -> None:
    other = Service(recogniser, ServiceOptions(port=service.options.port))
    with pytest.raises(ServiceStartError, match=r"cannot listen on 127\.0\.0\.1 port \d+: Address already in use\.$"):
        other.start()


def test_answers_are_valid_json_numbers(client: httpx.Client, make_png: MakePng) -> None:
    # NaN or Infinity would break every strict reader.
    text = client.post("/recognise", files={"image": make_png(7)}, data={"attention": "1"}).text
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in an answer"))
