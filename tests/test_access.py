"""Keys, lanes, throttling, logs and readiness, over HTTP."""

import json
import logging
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from newsbrief import app as application
from newsbrief.keys import new_key
from tests.service import ARTICLE
from tests.test_api import problem, serving
from tests.test_keys import write

TEXT = {"texts": ["The tram opens at 7."], "targets": ["uk"]}
PATIENCE = 10


@pytest.fixture
def keyed(tmp_path) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """A service with three keys, and their secrets by name."""
    secrets, entries = {}, []
    for name, extra in (
        ("cms", {}),
        ("few", {"requests_per_minute": 2}),
        ("archive", {"lane": "backfill"}),
    ):
        secrets[name], digest = new_key()
        entries.append({"name": name, "sha256": digest, **extra})
    with serving(keys_file=write(tmp_path / "keys.toml", *entries)) as client:
        yield client, secrets


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_without_a_key_nothing_is_read_or_computed(keyed):
    client, _ = keyed
    for headers in ({}, bearer("nb_wrong"), {"X-API-Key": "nb_wrong"}):
        response = client.post("/v1/briefs", content=b"not even JSON", headers=headers)
        problem(response, 401, "unauthorized")
        assert response.headers["www-authenticate"] == "Bearer"
    problem(client.get("/v1/pack"), 401, "unauthorized")


def test_a_key_opens_the_service_in_either_header(keyed):
    client, secrets = keyed
    for headers in (bearer(secrets["cms"]), {"X-API-Key": secrets["cms"]}):
        assert client.post("/v1/translations", json=TEXT, headers=headers).status_code == 200


def test_probes_and_metrics_need_no_key(keyed):
    client, _ = keyed
    assert [client.get(path).status_code for path in ("/livez", "/readyz", "/metrics")] == [200] * 3


def test_a_key_that_asks_too_often_is_throttled_and_told_until_when(keyed):
    client, secrets = keyed
    headers = bearer(secrets["few"])
    for _ in range(2):
        assert client.post("/v1/translations", json=TEXT, headers=headers).status_code == 200
    response = client.post("/v1/translations", json=TEXT, headers=headers)
    body = problem(response, 429, "throttled")
    assert 1 <= int(response.headers["retry-after"]) == body["retry_after"] <= 60
    headers = bearer(secrets["cms"])
    assert client.post("/v1/translations", json=TEXT, headers=headers).status_code == 200


def waits(client: TestClient, lane: str) -> float:
    value = client.app.state.metrics.registry.get_sample_value
    return value("newsbrief_queue_wait_seconds_count", {"lane": lane}) or 0


def test_a_backfill_key_works_in_the_backfill_lane_whatever_it_asks_for(keyed):
    client, secrets = keyed
    headers = {**bearer(secrets["archive"]), "X-Lane": "interactive"}
    before = waits(client, "interactive")
    assert client.post("/v1/translations", json=TEXT, headers=headers).status_code == 200
    assert (waits(client, "interactive"), waits(client, "backfill")) == (before, 1)


def test_the_time_of_a_request_is_told_by_its_lane(keyed):
    client, secrets = keyed

    def answered(lane: str) -> float:
        labels = {"route": "/v1/translations", "lane": lane}
        value = client.app.state.metrics.registry.get_sample_value
        return value("newsbrief_request_seconds_count", labels) or 0

    lanes = ("interactive", "backfill", "")
    before = [answered(lane) for lane in lanes]
    for key in ("cms", "archive", "archive"):
        client.post("/v1/translations", json=TEXT, headers=bearer(secrets[key]))
    client.post("/v1/translations", json=TEXT, headers=bearer("no key"))
    assert [answered(lane) - was for lane, was in zip(lanes, before, strict=True)] == [1, 2, 1]


def test_any_caller_may_ask_for_the_backfill_lane():
    with serving() as client:
        client.post("/v1/translations", json=TEXT, headers={"X-Lane": "backfill"})
        assert waits(client, "backfill") == 1


def test_the_log_has_one_line_a_request_and_no_secret_and_no_text(keyed, caplog):
    client, secrets = keyed
    with caplog.at_level(logging.INFO, "newsbrief.access"):
        client.post("/v1/briefs", json=ARTICLE, headers=bearer(secrets["cms"]))
        client.get("/livez")
        client.get("/static/docs.js")
    (line,) = [record.message for record in caplog.records if record.name == "newsbrief.access"]
    assert "key=cms" in line
    assert "status=200" in line
    assert "route=/v1/briefs" in line
    assert secrets["cms"] not in caplog.text
    assert "Lindmere" not in caplog.text


def test_the_json_format_is_json(caplog):
    with serving(log_format="json") as client, caplog.at_level(logging.INFO, "newsbrief.access"):
        client.post("/v1/briefs", json=ARTICLE, headers={"X-Request-ID": "cms-1"})
    (line,) = [
        json.loads(record.message) for record in caplog.records if record.name == "newsbrief.access"
    ]
    assert line["request_id"] == "cms-1"
    assert line["route"] == "/v1/briefs"
    assert (line["status"], line["lane"], line["targets"]) == (200, "interactive", "ko,ru,uk")
    assert line["bytes_in"] > 500
    assert line["seconds"] > 0


def test_a_fault_that_nobody_foresaw_is_answered_counted_and_logged_without_its_text(
    monkeypatch, caplog
):
    def stumble(*_: object) -> None:
        raise LookupError(ARTICLE["body"])

    def counted(status: str) -> float:
        value = client.app.state.metrics.registry.get_sample_value
        return value("newsbrief_requests_total", {"route": "/v1/briefs", "status": status}) or 0

    monkeypatch.setattr("newsbrief.briefing.Briefer.plan", stumble)
    with serving(log_format="json") as client, caplog.at_level(logging.INFO):
        answer = client.post("/v1/briefs", json=ARTICLE)
        assert "Lindmere" not in json.dumps(problem(answer, 500, "internal"))
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert (counted("500"), counted("499")) == (1, 0)
    (fault,) = [each.message for each in caplog.records if each.levelname == "ERROR"]
    assert fault.startswith("internal: LookupError")
    assert "Lindmere" not in caplog.text


def test_a_fault_reaches_no_server_that_would_log_its_text(monkeypatch):
    def stumble(*_: object) -> None:
        raise LookupError(ARTICLE["body"])

    monkeypatch.setattr("newsbrief.briefing.Briefer.plan", stumble)
    with serving() as client, TestClient(client.app, raise_server_exceptions=True) as strict:
        assert strict.post("/v1/briefs", json=ARTICLE).status_code == 500


def test_an_engine_that_keeps_failing_turns_readiness_off_and_heals(monkeypatch):
    monkeypatch.setattr(application, "SELF_TEST_SECONDS", 0.01)
    with serving() as client:
        client.engine.poison = ""  # part of every text
        for _ in range(3):
            problem(client.post("/v1/translations", json=TEXT), 500, "engine")
        refused = client.get("/readyz")
        assert refused.status_code == 503
        assert "engine fault" in refused.json()["reason"]
        assert client.get("/livez").status_code == 200
        client.engine.poison = "POISON"
        until = time.monotonic() + PATIENCE
        while client.get("/readyz").status_code != 200:
            assert time.monotonic() < until, "the engine never healed"
        assert client.post("/v1/translations", json=TEXT).status_code == 200
