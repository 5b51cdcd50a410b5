"""The schema names what the API takes and gives: headers, keys, the events of its stream."""

import json
import re
from pathlib import Path

import pytest

from newsbrief.app import ALLOWED_HEADERS, create_app
from newsbrief.openapi import EVENTS
from newsbrief.settings import Settings
from tests.service import ARTICLE
from tests.test_api import serving

PAGE = Path(__file__).parents[1] / "docs" / "api.md"
STREAM = "text/event-stream"


@pytest.fixture
def keys_file(tmp_path):
    file = tmp_path / "keys.toml"
    file.write_text(f'[[keys]]\nname = "desk"\nsha256 = "{"0" * 64}"\n')
    return file


@pytest.fixture
def schema(keys_file):
    return create_app(Settings(keys_file=keys_file)).openapi()


def documented(kind: str) -> set[str]:
    """The headers that a table of docs/api.md lists."""
    section = PAGE.read_text("utf-8").split(f"## {kind} headers\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([\w-]+)[:`]", row)}


def operations(schema: dict) -> dict[str, dict]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def named(schema: dict, kind: str, references) -> set[str]:
    """What the references lead to, which must be there."""
    names = {each["$ref"].removeprefix(f"#/components/{kind}/") for each in references}
    assert names <= set(schema["components"][kind])
    return names


def test_the_request_headers_of_the_docs_are_those_of_the_schema(schema):
    taken = set()
    for operation in operations(schema).values():
        taken |= named(schema, "parameters", operation["parameters"])
        for choice in operation.get("security", []):
            for name in choice:
                scheme = schema["components"]["securitySchemes"][name]
                taken.add(scheme.get("name", "Authorization"))
    assert taken == documented("Request")
    assert taken == set(ALLOWED_HEADERS) - {"Content-Type"}


def test_the_response_headers_of_the_docs_are_those_of_the_schema(schema):
    given = set()
    for operation in operations(schema).values():
        for response in operation["responses"].values():
            given |= named(schema, "headers", response["headers"].values())
    assert given == documented("Response")


def test_each_operation_names_the_headers_that_it_reads(schema):
    always = {"X-Request-ID", "traceparent"}
    work = always | {"X-Lane", "X-Request-Timeout"}
    assert {
        name: named(schema, "parameters", operation["parameters"])
        for name, operation in operations(schema).items()
    } == {
        "POST /v1/briefs": work | {"If-None-Match"},
        "POST /v1/translations": work,
        "GET /v1/pack": work,
        "GET /livez": always,
        "GET /readyz": always,
        "GET /metrics": always,
    }


def test_answers_have_the_headers_that_the_schema_says_they_must_have(schema):
    traced = {"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
    responses = schema["paths"]["/v1/briefs"]["post"]["responses"]

    def hold(answer):
        declared = set(responses[str(answer.status_code)]["headers"])
        headers = {name for name in documented("Response") if name.lower() in answer.headers}
        assert headers == declared

    with serving() as client:
        brief = client.post("/v1/briefs", json=ARTICLE, headers=traced)
        hold(brief)
        known = traced | {"If-None-Match": brief.headers["etag"]}
        hold(client.post("/v1/briefs", json=ARTICLE, headers=known))
        with client.app.state.lifecycle.briefer.batcher.admit(10**12):
            hold(client.post("/v1/briefs", json=ARTICLE, headers=traced))
        compressed = traced | {"Content-Encoding": "gzip"}
        hold(client.post("/v1/briefs", json=ARTICLE, headers=compressed))


def test_a_key_is_asked_for_by_the_operations_that_need_one(keys_file, schema):
    asking = {name for name, each in operations(schema).items() if each.get("security")}
    assert asking == {name for name in operations(schema) if "/v1/" in name}
    with serving(keys_file=keys_file) as client:
        for name in operations(schema):
            method, path = name.split()
            answer = client.request(method, path)
            assert (answer.status_code == 401) == (name in asking)
            assert ("www-authenticate" in answer.headers) == (name in asking)


def test_where_no_keys_are_configured_none_is_named():
    schema = create_app(Settings()).openapi()
    assert "securitySchemes" not in schema["components"]
    assert not any("security" in each for each in operations(schema).values())


def test_the_events_of_a_stream_are_as_the_schema_says(schema):
    content = schema["paths"]["/v1/briefs"]["post"]["responses"]["200"]["content"][STREAM]
    said = {
        each["properties"]["event"]["const"]: each["properties"]["data"]["contentSchema"]["$ref"]
        for each in content["itemSchema"]["oneOf"]
    }
    assert set(said) == set(EVENTS)
    assert named(schema, "schemas", [{"$ref": each} for each in said.values()]) == {
        model.__name__ for model in EVENTS.values()
    }
    seen = set()
    with serving() as client:
        for article in (ARTICLE, ARTICLE | {"headline": "POISON"}):
            stream = client.post("/v1/briefs", json=article, headers={"Accept": STREAM})
            for event in stream.text.strip().split("\n\n"):
                name, data = re.fullmatch(r"event: (\w+)\ndata: (.*)", event).groups()
                seen.add(name)
                model = EVENTS[name]
                model.model_validate_json(data)
                assert set(json.loads(data)) <= set(model.model_fields)
    assert seen == set(EVENTS)
