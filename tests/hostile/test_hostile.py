"""A tenth of the hostile attempts, which `make hostile` makes all: none of them does harm, with every change."""

import sys

import pytest

from tests.hostile.run_attempts import COUNTS, attempts_in_a_process

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits that are tried are Linux's")


@pytest.mark.parametrize("kind", COUNTS)
def test_no_attempt_of_a_tenth_does_harm(kind: str) -> None:
    # Other tests run meanwhile, so the clock says little; `make hostile` by itself looks at the times, too.
    outcome = attempts_in_a_process(kind, 0.1)
    assert outcome.failures == []
    assert outcome.tried >= 3
