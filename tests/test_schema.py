"""Every documented operation, with generated requests to a real server: no 5xx, no surprise."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from newsbrief.app import create_app
from newsbrief.intake import DECIMAL
from newsbrief.settings import Settings
from tests.servers import Server, running

pytestmark = pytest.mark.slow

TIMEOUT = "X-Request-Timeout"

schema = schemathesis.openapi.from_dict(create_app(Settings()).openapi())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@schema.parametrize()
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_documented_and_none_is_a_server_error(server, case):
    headers = case.headers or {}
    if DECIMAL.fullmatch(headers.get(TIMEOUT, "")) and float(headers[TIMEOUT]) > 0:
        headers[TIMEOUT] = "60"  # less may be too little here, which is answered with 504
    # What the pack can't do (an unknown target, an article of two words) is refused with 422.
    case.call_and_validate(base_url=server.url, excluded_checks=[positive_data_acceptance])
