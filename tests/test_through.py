"""Sending an archive's rows through a running service."""

import asyncio
import itertools
import json

import httpx
import pytest

from newsbrief.article import Article
from newsbrief.errors import ConfigurationError, DrainingError, InputError, UnreachableError
from newsbrief.pacing import Pace
from newsbrief.planning import Options
from newsbrief.rows import Failure, Row
from newsbrief.through import ServiceWorker, ask_pack, open_service
from tests.servers import running
from tests.service import ARTICLE

PACK = {"name": "words", "version": "1.2.3"}
BRIEF = {"id": "1", "highlights": [], "translations": {}, "findings": [], "pack": PACK}


def rows(count: int) -> list[Row]:
    paragraphs = tuple(ARTICLE["body"].split("\n\n"))
    return [
        Row(str(n), f"a.jsonl#{n + 1}", Article(f"Tram line {n} opens", paragraphs), {"n": n})
        for n in range(count)
    ]


def problem(status: int, detail: str = "no", headers: dict | None = None, **more) -> httpx.Response:
    return httpx.Response(status, json={"detail": detail, **more}, headers=headers)


def worker(answer, **options) -> ServiceWorker:
    """A worker whose service is `answer(request, number)`, numbers from 0."""
    numbers = itertools.count()

    def handle(request: httpx.Request) -> httpx.Response:
        return answer(json.loads(request.content), next(numbers))

    transport = httpx.MockTransport(handle)
    return ServiceWorker(
        "words@1.2.3", "http://service", {}, Options(("ru",)), transport=transport, **options
    )


def answers_of(service: ServiceWorker, count: int) -> list:
    answers, counts = service.brief(rows(count))
    assert counts == {}
    return answers


def by_headline(request: dict, _: int) -> httpx.Response:
    return httpx.Response(200, json={**BRIEF, "headline": request["headline"]})


def test_answers_come_back_in_the_order_of_the_rows():
    answers = answers_of(worker(by_headline), 40)
    assert [answer["headline"] for answer in answers] == [f"Tram line {n} opens" for n in range(40)]


def test_the_options_are_asked_of_the_service():
    asked = []

    def answer(request: dict, _: int) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=BRIEF)

    answers_of(worker(answer), 1)
    assert asked == [
        {
            "headline": "Tram line 0 opens",
            "body": ARTICLE["body"],
            "source_language": "en",
            "max_highlights": 3,
            "translate": ["headline", "highlights"],
            "strict": False,
            "targets": ["ru"],
        }
    ]


@pytest.mark.parametrize("status", [429, 502, 503, 520, 530])
def test_a_refused_row_is_sent_again_until_it_is_taken(status):
    def answer(request: dict, number: int) -> httpx.Response:
        if number < 3:
            return problem(status, headers={"Retry-After": "0"})
        return by_headline(request, number)

    answers = answers_of(worker(answer), 2)
    assert [answer["headline"] for answer in answers] == ["Tram line 0 opens", "Tram line 1 opens"]


def test_a_broken_connection_is_tried_again(monkeypatch):
    monkeypatch.setattr("newsbrief.through.PAUSE", 0)

    def answer(request: dict, number: int) -> httpx.Response:
        if number == 0:
            raise httpx.ReadError("reset")
        return by_headline(request, number)

    assert answers_of(worker(answer), 1)[0]["headline"] == "Tram line 0 opens"


def test_a_row_that_the_service_refuses_for_good_is_a_failure_with_the_services_reason():
    def answer(request: dict, number: int) -> httpx.Response:
        if "line 1" in request["headline"]:
            return problem(422, "source_language: it looks like 'ru'", field="source_language")
        return by_headline(request, number)

    first, second = answers_of(worker(answer), 2)
    assert first["headline"] == "Tram line 0 opens"
    assert second == Failure(
        "1", "a.jsonl#2", "source_language", "source_language: it looks like 'ru'", {"n": 1}
    )


def test_a_body_over_the_services_limit_is_a_failure():
    (failure,) = answers_of(worker(lambda *_: problem(413, "at most 2000000 bytes")), 1)
    assert (failure.reason, failure.message) == ("too-large", "at most 2000000 bytes")


@pytest.mark.parametrize(("status", "reason"), [(500, "engine"), (504, "deadline")])
def test_a_row_that_fails_again_and_again_is_given_up(monkeypatch, status, reason):
    monkeypatch.setattr("newsbrief.through.PAUSE", 0)
    sent = []

    def answer(request: dict, number: int) -> httpx.Response:
        sent.append(number)
        return problem(status, "it failed")

    (failure,) = answers_of(worker(answer), 1)
    assert (failure.reason, failure.message, len(sent)) == (reason, "it failed", 4)


@pytest.mark.parametrize(
    "body", [b"<h1>Back soon</h1>", b"null", b"[]", b'{"pack": {}}', b"\xff", b""]
)
def test_a_page_in_place_of_a_brief_is_no_answer(monkeypatch, body):
    monkeypatch.setattr("newsbrief.through.PAUSE", 0)

    def answer(request: dict, number: int) -> httpx.Response:
        return httpx.Response(200, content=body) if number < 2 else by_headline(request, number)

    assert answers_of(worker(answer), 1)[0]["headline"] == "Tram line 0 opens"
    with pytest.raises(UnreachableError, match="last: 200 with something else than a brief"):
        answers_of(worker(lambda *_: httpx.Response(200, content=body), patience=0), 1)


def test_an_answer_that_can_not_be_unpacked_is_no_answer():
    def answer(*_) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=b"plain")

    with pytest.raises(UnreachableError, match="last: DecodingError"):
        answers_of(worker(answer, patience=0), 1)


def test_an_answer_that_trickles_is_given_up(monkeypatch):
    monkeypatch.setattr("newsbrief.through.LONGEST", 0.01)

    async def trickle():
        while True:
            yield b" "
            await asyncio.sleep(0)

    def answer(*_) -> httpx.Response:
        return httpx.Response(200, content=trickle())

    with pytest.raises(UnreachableError, match="last: TimeoutError"):
        answers_of(worker(answer, patience=0), 1)


@pytest.mark.parametrize("seconds", ["99999999999", "inf"])
def test_a_pause_without_end_is_cut_to_our_patience(seconds):
    refusing = worker(lambda *_: problem(429, "later", {"Retry-After": seconds}), patience=0.01)
    with pytest.raises(UnreachableError, match=r"no answer for 0\.01 s; last: later"):
        answers_of(refusing, 1)


def test_a_service_that_refuses_for_longer_than_our_patience_stops_the_run():
    refusing = worker(lambda *_: problem(503, "draining", {"Retry-After": "0"}), patience=0)
    with pytest.raises(UnreachableError, match=r"no answer for 0 s; last: draining"):
        answers_of(refusing, 3)


def test_a_pack_that_changes_under_way_stops_the_run():
    newer = {**BRIEF, "pack": {**PACK, "version": "1.3.0"}}
    changed = worker(lambda *_: httpx.Response(200, json=newer))
    with pytest.raises(ConfigurationError, match=r"from pack words@1\.2\.3 to words@1\.3\.0"):
        answers_of(changed, 2)


def test_a_key_that_is_withdrawn_stops_the_run():
    with pytest.raises(ConfigurationError, match="the service answered 401: send a key"):
        answers_of(worker(lambda *_: problem(401, "send a key")), 1)


def test_what_something_else_answers_is_told_by_its_status():
    answer = worker(lambda *_: httpx.Response(404, text="<h1>nginx</h1>"))
    with pytest.raises(ConfigurationError, match="the service answered 404: 404 Not Found"):
        answers_of(answer, 1)


def test_closing_gives_up_what_is_under_way():
    def answer(*_) -> httpx.Response:
        service.close()
        return problem(503, "draining", {"Retry-After": "3600"})

    service = worker(answer)
    with pytest.raises(DrainingError):
        service.brief(rows(3))
    with pytest.raises(DrainingError):
        service.brief(rows(3))


def test_the_pace_grows_by_one_a_round_and_halves_once_a_pause():
    async def paced() -> list[float]:
        pace, seen = Pace(most=4), []
        for _ in range(12):
            pace.answered()
        seen.append(pace.allowed)
        pace.refused(3600)
        pace.refused(3600)
        seen.append(pace.allowed)
        return seen

    assert asyncio.run(paced()) == [4, 2]


def test_no_more_requests_are_out_than_the_pace_allows():
    out = most = 0

    async def paced() -> None:
        pace = Pace(most=3)
        pace.allowed = 3

        async def work() -> None:
            nonlocal out, most
            async with pace:
                out += 1
                most = max(most, out)
                await asyncio.sleep(0)
                out -= 1

        await asyncio.gather(*(work() for _ in range(20)))

    asyncio.run(paced())
    assert (most, out) == (3, 0)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host/", "http://", "http://[::1", ""])
def test_a_url_that_is_none_is_refused(url):
    with pytest.raises(InputError, match="--through"):
        open_service(url, Options())


@pytest.mark.parametrize("key", ["clé", "one\ntwo", "\ufffd"])
def test_a_key_that_no_header_can_hold_is_refused(key):
    with pytest.raises(InputError, match="--key-file: one line of printable ASCII"):
        open_service("http://127.0.0.1:9", Options(), key=key)


def test_a_service_that_is_not_there_is_told():
    with pytest.raises(UnreachableError, match=r"nothing answers at http://127\.0\.0\.1:9"):
        open_service("http://127.0.0.1:9", Options(), patience=0)


def test_a_service_that_is_not_there_yet_is_waited_for(monkeypatch, caplog):
    answers = iter([UnreachableError("nothing answers"), UnreachableError("not ready"), "w@1"])

    def ask(_: httpx.Client) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("newsbrief.through.ask_pack", ask)
    monkeypatch.setattr("newsbrief.through.PAUSE", 0)
    assert open_service("http://service", Options()).pack == "w@1"
    assert [each.message for each in caplog.records] == [
        "waiting up to 300 s for a service: nothing answers"
    ]


def test_a_service_that_loads_its_pack_is_not_ready():
    transport = httpx.MockTransport(lambda _: problem(503, "the pack is not loaded"))
    with (
        httpx.Client(base_url="http://other", transport=transport) as client,
        pytest.raises(UnreachableError, match="is not ready: the pack is not loaded"),
    ):
        ask_pack(client)


def test_another_server_is_not_taken_for_a_service():
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text="hello"))
    with (
        httpx.Client(base_url="http://other", transport=transport) as client,
        pytest.raises(ConfigurationError, match="is not a Newsbrief service"),
    ):
        ask_pack(client)


@pytest.mark.slow
def test_a_real_service_briefs_the_rows_in_its_backfill_lane():
    with running() as server:
        service = open_service(server.url, Options(("uk",)), at_once=4)
        assert service.pack == "words@1.2.3"
        answers = answers_of(service, 12)
        assert [answer["headline"] for answer in answers] == [
            f"Tram line {n} opens" for n in range(12)
        ]
        assert all(list(answer["translations"]) == ["uk"] for answer in answers)
        server.wait_for("lane=backfill", times=12)
