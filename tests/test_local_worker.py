"""Briefs of a shard in this process: the same bytes each time, a reason for each that fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from newsbrief.article import Article
from newsbrief.cleaning import clean_text
from newsbrief.engine import Generated, Source
from newsbrief.errors import DrainingError, InputError
from newsbrief.local_worker import LocalWorker, open_local
from newsbrief.opening import Models
from newsbrief.pack import Decoding
from newsbrief.planning import Options
from newsbrief.rows import Failure, Row
from newsbrief.settings import Settings
from tests.backfilling import article
from tests.observed import FORGETFUL, ForgetfulEngine
from tests.service import WordEngine, word_pack


class ChattyEngine(WordEngine):
    """What it writes of a text depends on all the others of its batch."""

    def generate(self, sources: Sequence[Source], decoding: Decoding) -> list[Generated]:
        words = sum(source.length for source in sources) + len(sources)
        return [
            Generated(f"{output.text} {'да' * (words % 7)}", output.tokens, complete=True)
            for output in super().generate(sources, decoding)
        ]


class BrokenEncoder(WordEngine):
    def encode(self, text: str, **prefixes: Sequence[str]) -> Source:
        if "Crash" in text:
            raise LookupError("article text that must not get out")
        return super().encode(text, **prefixes)


@contextmanager
def working(engine: WordEngine, *, runners: int = 2, **options) -> Iterator[LocalWorker]:
    models = Models(word_pack(), {"words": engine}, runners)
    worker = LocalWorker(models, Options(**options), highlight_chars=120, batch_tokens=200)
    try:
        yield worker
    finally:
        engine.gate.set()
        worker.close()


def row(number: int, body: str | None = None, headline: str | None = None) -> Row:
    raw = article(number)
    text = clean_text(body or raw["body"], headline=headline or raw["headline"])
    return Row(raw["id"], f"in.jsonl#{number}", text, raw)


def test_each_row_gets_its_brief_in_order_and_what_it_took_is_counted():
    with working(WordEngine()) as worker:
        answers, counts = worker.brief([row(1), row(2), row(3)])
    assert [answer["headline"] for answer in answers] == [article(n)["headline"] for n in (1, 2, 3)]
    assert all({*answer["translations"]} == {"ko", "ru", "uk"} for answer in answers)
    assert counts["tokens_in"] > counts["tokens_out"] > 100


def test_no_rows_are_no_work():
    with working(WordEngine()) as worker:
        assert worker.brief([])[0] == []


def test_all_the_articles_of_a_shard_share_batches():
    engine = WordEngine()
    with working(engine) as worker:
        worker.brief([row(number) for number in range(8)])
    sizes = [size for _, size in engine.calls]
    assert max(sizes) > 6  # more than one article has


def test_whatever_runs_beside_it_a_shard_is_briefed_the_same():
    shards = [[row(number) for number in range(first, first + 5)] for first in range(0, 30, 5)]
    with working(ChattyEngine(), runners=1) as worker:
        alone = [worker.brief(shard) for shard in shards]
    with working(ChattyEngine(), runners=3) as worker, ThreadPoolExecutor(3) as threads:
        assert [*threads.map(worker.brief, shards)] == alone
    with working(ChattyEngine(), runners=1) as worker:
        others = [worker.brief(shard[:4])[0] for shard in shards]
    assert others != [answers[:4] for answers, _ in alone], "this engine can't tell"


def test_a_row_that_can_not_be_briefed_has_a_reason_and_the_others_their_briefs():
    german = "Die Stadt hat am Montag eine neue Brücke über den Fluss eröffnet, sagte der Rat."
    foreign = Row("f", "in.jsonl#9", Article(None, ("Un texte.",), "fr"), {"body": "Un texte."})
    poison = row(5, headline="A POISON that is reported")
    with working(WordEngine()) as worker:
        (good, *bad), _ = worker.brief([row(1), row(4, body=german), foreign, poison])
    assert good["translations"]["ru"]["headline"]
    assert [(each.reason, each.place, each.raw) for each in bad] == [
        ("source_language", "in.jsonl#4", article(4)),
        ("source_language", "in.jsonl#9", {"body": "Un texte."}),
        ("engine", "in.jsonl#5", article(5)),
    ]


def test_a_fault_of_ours_costs_one_row_and_says_where_it_was_without_the_text():
    with working(BrokenEncoder()) as worker:
        (good, bad), _ = worker.brief([row(1), row(2, headline="Crash in the harbour")])
    assert isinstance(good, dict)
    assert isinstance(bad, Failure)
    assert bad.reason == "fault"
    assert "LookupError in test_local_worker.py, line" in bad.message
    assert "article text" not in bad.message


def test_texts_that_were_tried_again_are_counted():
    engine = ForgetfulEngine()
    forgetful = row(2, headline=f"The {FORGETFUL} town pays 31 million")
    with working(engine, targets=("ru",)) as worker:
        (answer,), counts = worker.brief([forgetful])
    codes = [finding["code"] for finding in answer["translations"]["ru"]["findings"]]
    assert "number-missing" in codes
    again = [count for decoding, count in engine.calls if decoding.repetition_penalty > 1]
    assert counts["retried"] == sum(again)
    assert counts["retried"] >= 1


def test_closing_gives_up_what_is_under_way():
    engine = WordEngine()
    engine.gate.clear()
    with working(engine, runners=1) as worker, ThreadPoolExecutor(1) as threads:
        under_way = threads.submit(worker.brief, [row(number) for number in range(20)])
        engine.wait_entered()
        closing = threading.Thread(target=worker.close)
        closing.start()
        while not worker._stopped.is_set():
            pass
        engine.gate.set()
        with pytest.raises(DrainingError):
            under_way.result(10)
        closing.join(10)
        assert len(engine.calls) == 1
        with pytest.raises(DrainingError):
            worker.brief([row(1)])


def test_the_bundled_pack_opens_as_a_worker():
    worker = open_local(Settings(runners=1), Options(targets=("ru",), max_highlights=1))
    assert worker.pack.startswith("bundled@")
    (answer,), _ = worker.brief([row(1)])
    assert answer["translations"]["ru"]["headline"]
    worker.close()


def test_a_language_that_the_pack_does_not_write_is_refused_before_any_row():
    with pytest.raises(InputError, match=r"targets: this pack translates 'en' into .*, not 'de'"):
        open_local(Settings(), Options(targets=("de",)))
