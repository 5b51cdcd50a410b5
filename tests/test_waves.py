"""Waves: what shares a batch is decided by the articles alone, never by threads or by order."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.engine import Generated, Source
from newsbrief.errors import DrainingError, EngineError
from newsbrief.metrics import Metrics
from newsbrief.pack import Decoding
from newsbrief.translating import ModelCall
from newsbrief.waves import Place, WaveBatcher, cut

CALL = ModelCall("translation", "m", Decoding())
HARDER = ModelCall("translation", "m", Decoding(beam_size=8))


def text(name: str, length: int = 10) -> Source:
    return Source((name, *["."] * (length - 1)))


@dataclass
class Engine:
    """Answers each text with its name and the whole batch's, so that answers betray the batch."""

    bad: frozenset[str] = frozenset()
    batches: list[tuple[str, ...]] = field(default_factory=list)
    lossy: bool = False

    def run(self, call: ModelCall, sources: Sequence[Source]) -> list[Generated]:
        names = tuple(source.tokens[0] for source in sources)
        self.batches.append(names)
        if self.bad.intersection(names):
            raise ValueError("a text that no engine can take")
        whole = f"{call.decoding.beam_size}:{','.join(names)}"
        outputs = [Generated(f"{name} of {whole}", 1, complete=True) for name in names]
        return outputs[1:] if self.lossy else outputs


def waves(engine: Engine, runners: ThreadPoolExecutor, **options) -> WaveBatcher:
    return WaveBatcher(
        engine.run, runners, **({"metrics": Metrics(), "batch_tokens": 100} | options)
    )


@pytest.fixture
def runners():
    with ThreadPoolExecutor(2) as threads:
        yield threads


async def written(futures: list[Future[Generated]]) -> list[str]:
    return [output.text for output in await asyncio.gather(*map(asyncio.wrap_future, futures))]


def test_the_texts_of_all_articles_share_one_wave(runners):
    engine = Engine()
    batcher = waves(engine, runners)

    async def article(name: str, passes: int) -> list[str]:
        with batcher.admit() as place:
            for _ in range(passes):
                await asyncio.sleep(0)
            return await written(place.submit(CALL, [text(name)]))

    async def shard():
        return await asyncio.gather(*(article(f"a{n}", 7 * n) for n in range(4)))

    answers = batcher.complete(shard())
    assert engine.batches == [("a0", "a1", "a2", "a3")]
    assert answers == [[f"a{n} of 4:a0,a1,a2,a3"] for n in range(4)]


def test_no_article_goes_on_before_the_whole_wave_is_done(runners):
    engine = Engine()
    batcher = waves(engine, runners, batch_tokens=10)

    async def article(name: str) -> None:
        with batcher.admit() as place:
            await written(place.submit(CALL, [text(name)]))
            assert len(engine.batches) == 3
            await written(place.submit(HARDER, [text(name)]))

    async def shard():
        await asyncio.gather(*map(article, "abc"))

    batcher.complete(shard())
    assert sorted(engine.batches) == [("a",), ("a",), ("b",), ("b",), ("c",), ("c",)]


def test_work_in_a_thread_is_waited_for(runners):
    engine = Engine()
    batcher = waves(engine, runners)

    async def article(name: str, place: Place) -> None:
        name = await asyncio.to_thread(name.upper)
        await written(place.submit(CALL, [text(name)]))

    async def shard():
        with batcher.admit() as place:
            await asyncio.gather(written(place.submit(CALL, [text("x")])), article("y", place))

    batcher.complete(shard())
    assert engine.batches == [("Y", "x")]


def test_what_fails_in_a_thread_fails_where_it_is_awaited(runners):
    async def divide() -> None:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 / 0)

    waves(Engine(), runners).complete(divide())


def test_texts_of_different_calls_never_share_a_batch(runners):
    engine = Engine()
    batcher = waves(engine, runners)

    async def shard():
        with batcher.admit() as place:
            first, second = place.submit(CALL, [text("a")]), place.submit(HARDER, [text("b")])
            return await written(first + second)

    assert batcher.complete(shard()) == ["a of 4:a", "b of 8:b"]


def test_the_same_text_twice_in_a_wave_is_decoded_once(runners):
    engine = Engine()
    batcher = waves(engine, runners)

    async def article() -> list[str]:
        with batcher.admit() as place:
            return await written(place.submit(CALL, [text("same")]))

    async def shard():
        return await asyncio.gather(article(), article())

    assert batcher.complete(shard()) == [["same of 4:same"]] * 2
    assert engine.batches == [("same",)]


def test_the_longest_batches_begin_first():
    engine = Engine()
    with ThreadPoolExecutor(1) as one:
        batcher = waves(engine, one, batch_tokens=20)

        async def shard():
            with batcher.admit() as place:
                short = place.submit(HARDER, [text("short", 3)])
                long = place.submit(CALL, [text("long", 18), text("longer", 30)])
                await written(short + long)

        batcher.complete(shard())
    assert engine.batches == [("longer",), ("long",), ("short",)]


def test_one_bad_text_does_not_fail_its_neighbours(runners):
    engine = Engine(bad=frozenset({"bad"}))
    metrics = Metrics()
    batcher = waves(engine, runners, metrics=metrics)

    async def shard():
        with batcher.admit() as place:
            futures = place.submit(CALL, [text(name) for name in ("a", "bad", "b", "c")])
            return await asyncio.gather(*map(asyncio.wrap_future, futures), return_exceptions=True)

    a, bad, b, c = batcher.complete(shard())
    assert [a.text, b.text, c.text] == ["a of 4:a,b", "b of 4:a,b", "c of 4:c"]
    assert isinstance(bad, EngineError)
    assert "ValueError" in str(bad)
    faults = metrics.registry.get_sample_value
    assert faults("newsbrief_engine_faults_total", {"stage": "translation"}) == 1


def test_an_engine_that_loses_a_text_is_an_error_and_not_a_mix_up(runners):
    batcher = waves(Engine(lossy=True), runners)

    async def shard():
        with batcher.admit() as place:
            await written(place.submit(CALL, [text("a"), text("b")]))

    with pytest.raises(EngineError, match="1 texts went in and 0 came out"):
        batcher.complete(shard())


def test_an_article_that_left_is_not_computed(runners):
    engine = Engine()
    batcher = waves(engine, runners)

    async def shard():
        with batcher.admit() as gone:
            gone.submit(CALL, [text("gone")])
        with batcher.admit() as place:
            await written(place.submit(CALL, [text("here")]))

    batcher.complete(shard())
    assert engine.batches == [("here",)]


def test_an_article_that_left_takes_nothing_from_another_with_the_same_text(runners):
    batcher = waves(Engine(), runners)

    async def shard():
        with batcher.admit() as gone:
            gone.submit(CALL, [text("both")])
        with batcher.admit() as place:
            return await written(place.submit(CALL, [text("both")]))

    assert batcher.complete(shard()) == ["both of 4:both"]


def test_a_stopped_run_begins_no_batch_and_fails_as_draining(runners):
    engine, stopped = Engine(), threading.Event()
    batcher = waves(engine, runners, stopped=stopped)

    async def shard():
        with batcher.admit() as place:
            await written(place.submit(CALL, [text("a")]))
            stopped.set()
            await written(place.submit(CALL, [text("b")]))

    with pytest.raises(DrainingError):
        batcher.complete(shard())
    assert engine.batches == [("a",)]


def test_the_metrics_tell_tokens_and_batches(runners):
    metrics = Metrics()
    batcher = waves(Engine(), runners, metrics=metrics)

    async def shard():
        with batcher.admit() as place:
            await written(place.submit(CALL, [text("a", 10), text("b", 5)]))

    batcher.complete(shard())
    value = metrics.registry.get_sample_value
    assert value("newsbrief_tokens_total", {"stage": "translation", "direction": "in"}) == 15
    assert value("newsbrief_tokens_total", {"stage": "translation", "direction": "out"}) == 2
    assert value("newsbrief_batch_size_sum", {"stage": "translation"}) == 2


SOURCES = st.builds(
    text, st.text("abc", min_size=1, max_size=3), st.integers(min_value=1, max_value=60)
)


@given(st.lists(SOURCES, unique=True), st.integers(min_value=1, max_value=200), st.randoms())
def test_batches_keep_to_the_budget_and_depend_on_no_order(sources, budget, rng):
    batches = cut(sources, budget)
    flat = [source for batch in batches for source in batch]
    assert sorted(flat, key=repr) == sorted(sources, key=repr)
    lengths = [source.length for source in flat]
    assert lengths == sorted(lengths, reverse=True)
    assert all(len(batch) == 1 or batch[0].length * len(batch) <= budget for batch in batches)
    for one, other in pairwise(batches):
        assert one[0].length * (len(one) + len(other[:1])) > budget
    shuffled = rng.sample(sources, len(sources))
    assert cut(shuffled, budget) == batches


@dataclass(frozen=True)
class Step:
    """An article's work: texts and sub-tasks at once, then more that needs all their results."""

    lengths: tuple[int, ...]
    beside: tuple[Step, ...]
    after: tuple[Step, ...]


STEPS = st.recursive(
    st.builds(Step, st.tuples(st.integers(1, 40)), st.just(()), st.just(())),
    lambda inner: st.builds(
        Step,
        st.lists(st.integers(1, 40), max_size=3).map(tuple),
        st.lists(inner, max_size=2).map(tuple),
        st.lists(inner, max_size=2).map(tuple),
    ),
    max_leaves=6,
)


def run_shard(articles: Sequence[Step], noise: list[int], threads: int) -> tuple[dict, list]:
    """All texts' answers by name and the batches, with delays everywhere, as `noise` has them."""
    engine, answers = Engine(), {}
    delays = cycle(noise)

    def run(call: ModelCall, sources: Sequence[Source]) -> list[Generated]:
        for _ in range(noise[len(sources) % len(noise)] * 200):
            pass
        return engine.run(call, sources)

    def shuffled(tasks: list) -> list:
        numbered = list(enumerate(tasks))
        return sorted(numbered, key=lambda _: next(delays))

    async def dawdle() -> None:
        for _ in range(next(delays)):
            if next(delays) == 0:
                await asyncio.to_thread(str)
            await asyncio.sleep(0)

    async def ask(place: Place, name: str, length: int) -> None:
        await dawdle()
        (answers[name],) = await written(place.submit(CALL, [text(name, length)]))

    async def do(step: Step, place: Place, name: str) -> None:
        await dawdle()
        tasks = [ask(place, f"{name}.t{n}", length) for n, length in enumerate(step.lengths)]
        tasks += [do(each, place, f"{name}.b{n}") for n, each in enumerate(step.beside)]
        await asyncio.gather(*(task for _, task in shuffled(tasks)))
        for n, each in enumerate(step.after):
            await dawdle()
            await do(each, place, f"{name}.a{n}")

    async def article(index: int) -> None:
        await dawdle()
        with batcher.admit() as place:
            await do(articles[index], place, str(index))

    async def shard() -> None:
        await asyncio.gather(*(article(n) for n, _ in shuffled(list(articles))))

    with ThreadPoolExecutor(threads) as runners:
        batcher = WaveBatcher(run, runners, metrics=Metrics(), batch_tokens=60)
        batcher.complete(shard())
    return answers, sorted(engine.batches)


NOISE = st.lists(st.integers(0, 5), min_size=1, max_size=20)


@given(st.lists(STEPS, max_size=5), NOISE, NOISE, st.integers(1, 3))
def test_whatever_the_timing_the_batches_and_answers_are_the_same(articles, one, other, threads):
    assert run_shard(articles, one, 1) == run_shard(articles, other, threads)


def test_two_shards_side_by_side_do_not_share_batches(runners):
    engine, together = Engine(), threading.Barrier(2)

    def one(shard: str) -> int:
        batcher = waves(engine, runners)

        async def articles() -> int:
            answers = []
            with batcher.admit() as place:
                for wave in range(20):
                    together.wait(10)
                    names = [f"{shard}{wave}-{n}" for n in range(3)]
                    answers += await written(place.submit(CALL, [text(name) for name in names]))
            return len(answers)

        return batcher.complete(articles())

    with ThreadPoolExecutor(2) as shards:
        assert [*shards.map(one, "xy")] == [60, 60]
    assert all(len({name[0] for name in batch}) == 1 for batch in engine.batches)
