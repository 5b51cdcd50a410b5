"""The HTTP contract, in process, with an engine that only replaces words."""

import gzip
import json
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from newsbrief import __version__
from newsbrief.app import create_app
from newsbrief.briefing import Briefer
from newsbrief.origin import code_digest
from newsbrief.settings import Settings
from tests.service import ARTICLE, WordEngine, word_briefer

PROBLEM = "application/problem+json"
ROOT = Path(__file__).parents[1]


@contextmanager
def serving(engine: WordEngine | None = None, **settings) -> Iterator[TestClient]:
    engine = engine or WordEngine()
    app = create_app(
        Settings(**settings), opener=lambda given, metrics: word_briefer(given, metrics, engine)
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        client.engine = engine
        yield client


@pytest.fixture
def client() -> Iterator[TestClient]:
    with serving() as client:
        yield client


def unplanned(*_: object) -> None:
    raise AssertionError("work went into a request that was to be refused")


def test_a_full_queue_refuses_before_any_work_goes_into_a_plan(client, monkeypatch):
    known = client.post("/v1/briefs", json=ARTICLE).headers["etag"]
    batcher = client.app.state.lifecycle.briefer.batcher
    with batcher.admit(10**12):
        headers = {"If-None-Match": known}
        assert client.post("/v1/briefs", json=ARTICLE, headers=headers).status_code == 304
        monkeypatch.setattr("newsbrief.api._article", unplanned)
        refused = client.post("/v1/briefs", json=ARTICLE)
    problem(refused, 429, "overloaded")
    assert int(refused.headers["retry-after"]) >= 1


def problem(response, status: int, name: str) -> dict:
    body = response.json()
    assert response.status_code == status, body
    assert response.headers["content-type"] == PROBLEM
    assert body["status"] == status
    assert body["type"] == f"urn:newsbrief:problem:{name}"
    assert body["request_id"] == response.headers["x-request-id"]
    return body


def test_a_brief_has_highlights_with_their_sources_and_every_language(client):
    answer = client.post("/v1/briefs", json=ARTICLE).json()
    assert answer["headline"] == ARTICLE["headline"]
    assert answer["pack"] == {"name": "words", "version": "1.2.3"}
    assert len(answer["highlights"]) == 3
    for highlight in answer["highlights"]:
        assert 0 < len(highlight["text"]) <= 120
        span = highlight["sources"][0]
        assert answer["body"][span["start"] : span["end"]] in ARTICLE["body"]
    assert list(answer["translations"]) == ["ko", "ru", "uk"]
    for translation in answer["translations"].values():
        assert len(translation["highlights"]) == 3
        assert translation["headline"]
        assert translation["draft"] is True
        assert "body" not in translation


def test_the_body_is_translated_by_paragraph_when_asked(client):
    wanted = ARTICLE | {"translate": ["body"], "targets": ["uk"]}
    answer = client.post("/v1/briefs", json=wanted).json()
    assert list(answer["translations"]) == ["uk"]
    assert len(answer["translations"]["uk"]["body"]) == 3
    assert "12-kilometre" in answer["translations"]["uk"]["body"][0]
    assert answer["translations"]["uk"]["headline"] is None
    assert answer["translations"]["uk"]["highlights"] == []


def test_html_gives_the_same_brief_as_its_text(client):
    paragraphs = ARTICLE["body"].split("\n\n")
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    from_html = client.post(
        "/v1/briefs", json={"headline": ARTICLE["headline"], "body_html": html}
    ).json()
    assert from_html == client.post("/v1/briefs", json=ARTICLE).json()


def test_the_same_request_has_the_same_id_and_is_not_answered_twice(client):
    first = client.post("/v1/briefs", json=ARTICLE)
    etag = first.headers["etag"]
    assert etag == f'"{first.json()["id"]}"'
    again = client.post("/v1/briefs", json=ARTICLE, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.post("/v1/briefs", json=ARTICLE | {"max_highlights": 2})
    assert other.headers["etag"] != etag


def test_any_of_several_ids_is_known_again_and_nothing_else_is(client):
    etag = client.post("/v1/briefs", json=ARTICLE).headers["etag"]
    bare = etag.strip('"')
    for given in (
        etag,
        f"W/{etag}",
        f'"other", {etag}',
        f'W/"other",W/{etag},"third"',
    ):
        again = client.post("/v1/briefs", json=ARTICLE, headers={"If-None-Match": given})
        assert (again.status_code, again.headers["etag"]) == (304, etag)
    in_two_lines = [("If-None-Match", '"other"'), ("If-None-Match", etag)]
    again = client.post("/v1/briefs", json=ARTICLE, headers=in_two_lines)
    assert again.status_code == 304
    for given in ("*", "", bare, f'"{bare[:-1]}"', f'"x{bare}"', f'"other", "{bare}x"'):
        again = client.post("/v1/briefs", json=ARTICLE, headers={"If-None-Match": given})
        assert again.status_code == 200


def test_every_answer_says_how_long_each_stage_took(client):
    timing = client.post("/v1/briefs", json=ARTICLE).headers["server-timing"]
    assert [part.split(";")[0] for part in timing.split(", ")] == [
        "queue",
        "highlights",
        "translation",
    ]


def events(text: str) -> list[tuple[str, dict]]:
    parsed = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines())
        parsed.append((lines["event"], json.loads(lines["data"])))
    return parsed


def test_a_stream_gives_highlights_first_then_each_language_then_the_whole(client):
    streamed = client.post("/v1/briefs", json=ARTICLE, headers={"Accept": "text/event-stream"})
    assert streamed.headers["content-type"].startswith("text/event-stream")
    steps = events(streamed.text)
    assert steps[0][0] == "highlights"
    assert {data["target"] for name, data in steps if name == "translation"} == {"ko", "ru", "uk"}
    assert steps[-1] == ("brief", client.post("/v1/briefs", json=ARTICLE).json())


def test_a_stream_that_fails_ends_with_the_problem_and_logs_it(client, caplog):
    bad = ARTICLE | {"headline": "POISON in the headline"}
    with caplog.at_level(logging.INFO, "newsbrief.access"):
        answer = client.post("/v1/briefs", json=bad, headers={"Accept": "text/event-stream"})
    steps = events(answer.text)
    assert "engine: EngineError" in caplog.text
    assert "status=200" in caplog.text
    assert "problem=engine" in caplog.text
    assert "POISON" not in caplog.text
    name, data = steps[-1]
    assert (name, data["type"], data["status"]) == ("problem", "urn:newsbrief:problem:engine", 500)
    assert "brief" not in [name for name, _ in steps]


def test_an_engine_failure_is_a_problem_and_tells_nothing_of_the_text(client):
    bad = ARTICLE | {"headline": "POISON in the headline"}
    body = problem(client.post("/v1/briefs", json=bad), 500, "engine")
    assert "POISON" not in json.dumps(body)


def test_texts_are_translated_alone(client):
    wanted = {"texts": ["The tram opens at 7.", "Two lines follow."], "targets": ["ru", "ko"]}
    answer = client.post("/v1/translations", json=wanted).json()
    assert list(answer["translations"]) == ["ko", "ru"]
    assert len(answer["translations"]["ru"]["texts"]) == 2
    assert "7." in answer["translations"]["ru"]["texts"][0]["text"]
    assert answer["pack"] == {"name": "words", "version": "1.2.3"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A \0 in the text.", "holds a control character (U+0000) at position 2"),
        ("\x07 rings.", "holds a control character (U+0007) at position 0"),
        ("C1: \x9b", "holds a control character (U+009B) at position 4"),
        (" ", "is blank"),
        ("\n\t\u200b\u00ad", "is blank"),
        ("", "should have at least 1 character"),
    ],
)
def test_a_text_that_is_none_is_refused_by_its_number(client, text, says):
    wanted = {"texts": ["The tram opens at 7.", text], "targets": ["uk"]}
    told = problem(client.post("/v1/translations", json=wanted), 422, "invalid-input")
    assert told["field"] == "texts.1"
    assert says in told["detail"]


@pytest.mark.parametrize(
    "text", ["Two\nlines.", "A tab:\t7.", "Line\x0bfeed\x85.", "No\u00a0break."]
)
def test_blanks_and_line_breaks_are_no_control_characters(client, text):
    answer = client.post("/v1/translations", json={"texts": [text], "targets": ["uk"]})
    assert answer.status_code == 200
    assert answer.json()["translations"]["uk"]["texts"][0]["text"]


def test_the_pack_and_its_licences_are_shown(client):
    answer = client.get("/v1/pack").json()
    assert answer["models"]["words"]["licence"] == "Apache-2.0"
    assert {each["target"] for each in answer["directions"]} == {"ko", "ru", "uk"}
    assert answer["service"] == {"version": __version__, "code": code_digest()}


def test_strict_mode_withholds_what_fails_a_check(client):
    wanted = {"texts": ["Trams, trams and more trams run."], "targets": ["uk"], "strict": True}
    client.engine._replaced = lambda source: _russian()
    answer = client.post("/v1/translations", json=wanted).json()
    text = answer["translations"]["uk"]["texts"][0]
    assert text["text"] is None
    assert any(finding["severity"] == "error" for finding in text["findings"])


def _russian():
    from newsbrief.engine import Generated

    return Generated("Это было объявлено мэрией, которая выразила сожаление.", 9, complete=True)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"body": None}, "body", "give body or body_html"),
        ({"body_html": "<p>x</p>"}, "body", "give either body or body_html, not both"),
        ({"body": "   \n "}, "body", "body"),
        ({"max_highlights": 9}, "max_highlights", "8"),
        ({"targets": ["fr"]}, "targets", "ko, ru, uk"),
        ({"targets": "ko"}, "targets", "valid array"),
        ({"source_language": "de"}, "source_language", "reads en, not 'de'"),
        ({"translate": ["title"]}, "translate.0", "headline"),
        ({"colour": "red"}, "colour", "not permitted"),
    ],
)
def test_bad_input_names_the_field(client, change, field, says):
    response = client.post(
        "/v1/briefs",
        content=json.dumps(ARTICLE | change),
        headers={"Content-Type": "application/json"},
    )
    body = problem(response, 422, "invalid-input")
    assert body["field"] == field
    assert says in body["detail"]


def test_article_text_is_never_quoted_in_an_error(client):
    body = problem(client.post("/v1/briefs", json={"body": ["secret words"]}), 422, "invalid-input")
    assert "secret" not in json.dumps(body)


@pytest.mark.parametrize(
    "content", [b"{", b"", b"\xff\xfe", b"[" * 100_000, b'{"body": "\\ud800"}']
)
def test_malformed_json_is_a_bad_request(client, content):
    response = client.post(
        "/v1/briefs", content=content, headers={"Content-Type": "application/json"}
    )
    problem(response, 400, "bad-request")


def test_a_byte_order_mark_before_the_json_is_passed_over(client):
    marked = client.post(
        "/v1/briefs",
        content=b"\xef\xbb\xbf" + json.dumps(ARTICLE).encode(),
        headers={"Content-Type": "application/json"},
    )
    assert marked.json() == client.post("/v1/briefs", json=ARTICLE).json()


@pytest.mark.parametrize("coding", ["gzip", "br", "x-unheard-of", "identity, gzip"])
def test_a_body_in_another_coding_is_refused_and_told_which_is_taken(client, coding):
    body = gzip.compress(json.dumps(ARTICLE).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    refused = client.post("/v1/briefs", content=body, headers=headers)
    told = problem(refused, 415, "unsupported-media-type")
    assert (told["field"], told["limit"]) == ("Content-Encoding", "identity")
    assert f"without Content-Encoding: {coding}" in told["detail"]
    assert refused.headers["accept-encoding"] == "identity"


def test_a_body_that_says_it_is_as_it_is_is_taken(client):
    for coding in ("identity", "Identity", ""):
        answer = client.post("/v1/briefs", json=ARTICLE, headers={"Content-Encoding": coding})
        assert answer.status_code == 200


def test_another_content_type_is_refused(client):
    response = client.post("/v1/briefs", content=b"x", headers={"Content-Type": "text/plain"})
    assert "application/json" in problem(response, 415, "unsupported-media-type")["detail"]


def test_a_body_over_the_limit_is_refused_while_it_is_read():
    with serving(request_bytes=2000) as client:
        read = []

        def endless() -> Iterator[bytes]:
            for _ in range(1000):
                read.append(1000)
                yield b"x" * 1000

        response = client.post(
            "/v1/briefs", content=endless(), headers={"Content-Type": "application/json"}
        )
        body = problem(response, 413, "content-too-large")
        assert body["limit"] == 2000


def test_an_announced_body_over_the_limit_is_refused_unread():
    with serving(request_bytes=2000) as client:
        body = problem(
            client.post("/v1/briefs", json={"body": "x" * 3000}), 413, "content-too-large"
        )
        assert (body["field"], body["limit"]) == ("body", 2000)
        assert body["value"] > 3000


def test_an_article_that_takes_too_long_even_alone_is_refused_before_any_work(client, monkeypatch):
    plan = Briefer.plan
    monkeypatch.setattr(Briefer, "plan", lambda *given: replace(plan(*given), tokens=10**12))
    client.engine.calls.clear()
    answer = client.post("/v1/briefs", json=ARTICLE, headers={"X-Request-Timeout": "20"})
    assert "this alone would take" in problem(answer, 504, "deadline")["detail"]
    assert client.engine.calls == []


def test_unknown_paths_and_methods_have_the_same_shape_of_error(client):
    problem(client.get("/nowhere"), 404, "not-found")
    response = client.get("/v1/briefs")
    problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["/", "/livez", "/readyz", "/metrics", "/v1/pack", "/docs", "/static/docs.js", "/none"]
)
def test_head_is_answered_as_get_without_the_body(client, path):
    # Uncompressed, and both the same request: how long the figures are depends on them.
    same = {"Accept-Encoding": "identity", "X-Request-ID": "same"}
    got, head = client.get(path, headers=same), client.head(path, headers=same)
    assert head.content == b""
    assert head.status_code == got.status_code
    told = dict(head.headers)
    if path == "/metrics":
        assert int(told.pop("content-length")) > 0
        del got.headers["content-length"]
    assert told == dict(got.headers)


def test_head_is_counted_on_its_route_and_logged_as_what_it_is(client, caplog):
    def counted() -> float:
        value = client.app.state.metrics.registry.get_sample_value
        return value("newsbrief_requests_total", {"route": "/v1/pack", "status": "200"}) or 0

    before = counted()
    with caplog.at_level(logging.INFO, "newsbrief.access"):
        client.head("/v1/pack")
    assert counted() == before + 1
    assert "method=HEAD route=/v1/pack status=200" in caplog.text


def test_where_there_is_no_get_there_is_no_head(client):
    refused = client.head("/v1/briefs")
    assert (refused.status_code, refused.content) == (405, b"")
    assert refused.headers["allow"] == "POST"
    assert client.delete("/v1/pack").headers["allow"] == "GET, HEAD"


def test_the_schema_has_no_head_beside_each_get(client):
    methods = {tuple(item) for item in client.get("/openapi.json").json()["paths"].values()}
    assert methods == {("get",), ("post",)}


@pytest.mark.parametrize("path", ["/v1/pack/", "/livez/", "/docs/", "/static"])
def test_no_client_is_sent_to_the_host_that_its_request_names(client, path):
    answer = client.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
    problem(answer, 404, "not-found")
    assert "location" not in answer.headers


def test_a_request_id_is_kept_and_a_strange_one_replaced(client):
    kept = client.get("/livez", headers={"X-Request-ID": "cms-42"})
    assert kept.headers["x-request-id"] == "cms-42"
    replaced = client.get("/livez", headers={"X-Request-ID": "<script>"})
    assert "<" not in replaced.headers["x-request-id"]


def test_trace_context_is_passed_through_if_it_is_one(client):
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    assert client.get("/livez", headers={"traceparent": trace}).headers["traceparent"] == trace
    assert "traceparent" not in client.get("/livez", headers={"traceparent": "x"}).headers


def test_every_answer_carries_security_headers(client):
    for path in ("/livez", "/nowhere", "/docs"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_answers_are_compressed_for_who_asks(client):
    response = client.post("/v1/briefs", json=ARTICLE, headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert response.json()["headline"] == ARTICLE["headline"]


def test_cross_origin_requests_are_off_unless_configured(client):
    asked = {"Origin": "https://cms.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in client.options("/v1/briefs", headers=asked).headers
    with serving(cors_origins=("https://cms.example",)) as open_client:
        allowed = open_client.options("/v1/briefs", headers=asked).headers
        assert allowed["access-control-allow-origin"] == "https://cms.example"


def test_another_origin_may_send_every_header_that_is_documented():
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    rows = page.split("## Request headers", 1)[1].split("\n## ", 1)[0]
    names = re.findall(r"`([\w-]+)[:`]", "".join(re.findall(r"^\| (`.+?) \|", rows, re.MULTILINE)))
    assert {"Authorization", "X-Request-Timeout", "If-None-Match"} <= set(names)
    asked = {
        "Origin": "https://cms.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": ", ".join(names),
    }
    with serving(cors_origins=("https://cms.example",)) as client:
        assert client.options("/v1/briefs", headers=asked).status_code == 200


def test_an_unknown_lane_or_timeout_is_a_bad_request(client):
    for header, value in (("X-Lane", "vip"), ("X-Request-Timeout", "soon")):
        response = client.post("/v1/briefs", json=ARTICLE, headers={header: value})
        assert problem(response, 400, "bad-request")["field"] == header


@pytest.mark.parametrize(
    "value",
    ["1_0", "nan", "inf", "infinity", "1e1", "+5", " 5 s", "5.", ".5", "0x5", "0", "-1", ""],
)
def test_a_timeout_is_plain_digits_with_one_point_at_most(client, value):
    response = client.post("/v1/briefs", json=ARTICLE, headers={"X-Request-Timeout": value})
    told = problem(response, 400, "bad-request")
    assert told["field"] == "X-Request-Timeout"
    assert "a number of seconds above 0, such as 20 or 2.5" in told["detail"]


@pytest.mark.parametrize("value", ["20", "20.5", "0020", "9" * 18])
def test_a_timeout_in_plain_digits_is_taken(client, value):
    headers = {"X-Request-Timeout": value}
    assert client.post("/v1/briefs", json=ARTICLE, headers=headers).status_code == 200


def test_digits_of_other_scripts_are_no_timeout_and_no_length(client):
    headers = {"X-Request-Timeout": "²".encode("latin-1")}
    problem(client.post("/v1/briefs", json=ARTICLE, headers=headers), 400, "bad-request")
    headers = {"Content-Length": "²".encode("latin-1")}
    assert client.post("/v1/briefs", json=ARTICLE, headers=headers).status_code == 200


def test_what_can_not_be_done_in_the_time_allowed_is_refused_at_once(client):
    response = client.post("/v1/briefs", json=ARTICLE, headers={"X-Request-Timeout": "0.0001"})
    problem(response, 504, "deadline")


def test_an_answer_that_does_not_come_in_time_is_a_gateway_timeout():
    engine = WordEngine()
    with serving(engine) as client:
        engine.gate.clear()
        response = client.post("/v1/briefs", json=ARTICLE, headers={"X-Request-Timeout": "1.5"})
        problem(response, 504, "deadline")
        engine.gate.set()


@contextmanager
def slow_planning(monkeypatch) -> Iterator[None]:
    """Every plan waits until the test is over."""
    over = threading.Event()

    def wait(*_: object) -> None:
        assert over.wait(20), "the test never ended"

    monkeypatch.setattr(Briefer, "plan", wait)
    try:
        yield
    finally:
        over.set()


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_the_time_allowed_holds_while_the_article_is_still_read(client, monkeypatch, accept):
    headers = {"X-Request-Timeout": "0.2", "Accept": accept}
    with slow_planning(monkeypatch):
        response = client.post("/v1/briefs", json=ARTICLE, headers=headers)
    assert "within the time allowed" in problem(response, 504, "deadline")["detail"]


def test_the_documentation_page_needs_nothing_from_elsewhere(client):
    page = client.get("/docs").text
    assert "http" not in page.replace("http-equiv", "")
    assert client.get("/static/swagger/swagger-ui-bundle.js").status_code == 200
    assert "SwaggerUIBundle" in client.get("/static/docs.js").text


def test_the_examples_of_the_documentation_work_as_they_stand(client):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for path, name in (("briefs", "BriefRequest"), ("translations", "TranslationRequest")):
        for example in schemas[name]["examples"]:
            assert client.post(f"/v1/{path}", json=example).status_code == 200
