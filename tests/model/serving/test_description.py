"""The OpenAPI description holds: schemathesis makes requests of it, fitting and unfitting ones, and checks the answers.

Not asked: that every fitting request succeeds, for random bytes are no image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hypothesis
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemathesis.schemas import APIOperation

    from model.serving.service import Service

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 8


def test_service_keeps_to_its_description(start_service: Callable[..., Service]) -> None:
    # A client may be generated from the description; whatever it then sends, it gets what was promised.
    service = start_service()
    headers = {"Authorization": f"Bearer {service.options.token}"}
    schema = schemathesis.openapi.from_url(f"{service.options.url}openapi.json", headers=headers)
    tried = []
    requests = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        tried.append(operation.label)
        requests += check(operation, headers)
    assert requests > 60
    assert {"POST /recognise", "POST /draw", "POST /formats", "POST /predict/", "GET /version"} <= set(tried)


def check(operation: APIOperation[Any, Any, Any, Any], headers: dict[str, str]) -> int:
    """Make requests of one operation, fitting and unfitting ones; returns how many."""
    requests = 0
    modes = [schemathesis.GenerationMode.POSITIVE]
    if len(operation.body):  # a request without a body has nothing to get wrong
        modes.append(schemathesis.GenerationMode.NEGATIVE)
    for mode in modes:

        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def run(case: schemathesis.Case[Any]) -> None:
            nonlocal requests
            requests += 1
            case.call_and_validate(headers=headers, checks=CHECKS)

        run()
    return requests


def test_description_names_every_failure(client: object) -> None:
    # An editor's author reads there what can go wrong.
    description = client.get("/openapi.json").json()  # type: ignore[attr-defined]
    assert {"401", "413", "422", "429"} <= set(description["paths"]["/recognise"]["post"]["responses"])
