"""Texts are split to fit, translated, checked, tried again, and never mixed up."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.article import Severity
from newsbrief.batcher import Batcher
from newsbrief.checks import SourceText
from newsbrief.engine import Generated, Source
from newsbrief.errors import EngineError
from newsbrief.metrics import Metrics
from newsbrief.pack import Decoding
from newsbrief.tokenisation import END
from newsbrief.translating import (
    ModelCall,
    Translated,
    Translator,
    halves,
    harder,
    outputs_of,
)
from tests.service import WordEngine, word_pack

UKRAINIAN = ">>ukr<<"


def translate(
    texts: list[str],
    answer: Callable[[Source, Decoding], str | Generated] | None = None,
    *,
    engine: WordEngine | None = None,
    metrics: Metrics | None = None,
    calls: list[ModelCall] | None = None,
) -> list[Translated]:
    """Translates into Ukrainian; `answer` is what the engine writes, `calls` what it was asked."""
    engine, metrics = engine or WordEngine(), metrics or Metrics()

    def run(call, sources):
        if calls is not None:
            calls.append(call)
        outputs = engine.generate(sources, call.decoding_of(sources))
        if answer is None:
            return outputs
        written = [answer(source, call.decoding) for source in sources]
        return [answers(each) if isinstance(each, str) else each for each in written]

    batcher = Batcher(run, runners=1, batch_tokens=256, queue_seconds=60, metrics=metrics)
    description = word_pack().description
    direction = next(each for each in description.directions if each.target == "uk")
    translator = Translator(direction, description.models["words"], engine, metrics)
    try:
        with batcher.admit(100) as work:
            sources = [SourceText(text, "en") for text in texts]
            return asyncio.run(translator.translate(sources, work))
    finally:
        batcher.close()


def test_translations_come_back_in_the_order_of_the_texts():
    texts = [f"Line {number} opens " + "again " * (number % 7) for number in range(20)]
    for number, result in enumerate(translate(texts)):
        assert str(number) in result.text


def test_the_engine_is_told_the_target_language():
    seen = []
    translate(
        ["One line opens."], lambda source, _: seen.append(source.tokens[0]) or "Відкрито її."
    )
    assert set(seen) == {UKRAINIAN}


def test_a_text_that_fails_a_check_is_tried_again_with_repetition_held_down():
    metrics = Metrics()

    def answer(source: Source, decoding: Decoding) -> str:
        again = decoding.repetition_penalty > 1
        return "Місто має 12 ліній." if again else "Місто має 13 ліній."

    (result,) = translate(["The city has 12 lines."], answer, metrics=metrics)
    assert result.text == "Місто має 12 ліній."
    assert not result.failed
    retries = metrics.registry.get_sample_value
    assert retries("newsbrief_translation_retries_total", {"target": "uk"}) == 1


def test_a_text_that_stays_wrong_keeps_its_finding():
    (result,) = translate(["The city has 12 lines."], lambda *_: "Місто має 13 ліній.")
    assert result.failed
    assert any("12" in (finding.expected or "") for finding in result.findings)


def test_the_first_try_is_kept_when_the_second_is_worse():
    def answer(source: Source, decoding: Decoding) -> str:
        again = decoding.repetition_penalty > 1
        return "Это 14 линий, и ещё 15." if again else "Місто має 13 ліній."

    (result,) = translate(["The city has 12 lines."], answer)
    assert result.text == "Місто має 13 ліній."


def answers(*ends: str) -> Generated:
    best, *others = (Generated(text, 5, complete=True) for text in ends)
    return replace(best, alternatives=tuple(others))


def test_the_likeliest_end_of_the_search_without_an_error_is_taken_and_nothing_tried_again():
    metrics = Metrics()
    ends = answers("Місто має 13 ліній.", "Місто має 14 ліній.", "Місто має 12 ліній.", "12 ліній.")
    (result,) = translate(["The city has 12 lines."], lambda *_: ends, metrics=metrics)
    assert result.text == "Місто має 12 ліній."
    assert not result.failed
    value = metrics.registry.get_sample_value
    assert not value("newsbrief_translation_retries_total", {"target": "uk"})


def test_a_good_first_end_is_never_exchanged_for_another():
    ends = answers("Місто має 12 ліній.", "У місті 12 ліній.")
    (result,) = translate(["The city has 12 lines."], lambda *_: ends)
    assert result.text == "Місто має 12 ліній."


def test_of_ends_that_are_all_wrong_the_one_with_the_fewest_errors_is_kept():
    ends = answers("Это 14 линий, и ещё 15.", "Місто має 13 ліній.")
    (result,) = translate(["The city has 12 lines."], lambda *_: ends)
    assert result.text == "Місто має 13 ліній."
    assert result.failed


@pytest.mark.parametrize(("one_language", "expected"), [(True, "uk"), (False, None)])
def test_a_batch_has_one_language_where_the_engine_asks_for_it(one_language, expected):
    calls = []
    translate(["One line opens."], engine=WordEngine(one_language=one_language), calls=calls)
    assert [call.language for call in calls] == [expected]


def test_a_good_text_is_not_tried_again_because_its_neighbour_failed():
    seen: list[tuple[str, ...]] = []

    def answer(source: Source, decoding: Decoding) -> str:
        seen.append(source.tokens)
        return "Місто має 12 ліній." if "12" in source.tokens else "Місто має 13 ліній."

    translate(["The city has 12 lines.", "The city has 99 lines."], answer)
    assert sum("12" in tokens for tokens in seen) == 1
    assert sum("99" in tokens for tokens in seen) == 2


def test_a_sentence_too_long_for_the_model_is_cut_and_says_so():
    engine = WordEngine(max_source_tokens=12)
    text = "The city opens a line to the port, and it opens 2 more to the university by 2031."
    (result,) = translate([text], engine=engine)
    assert "2031." in result.text
    assert "2 " in result.text
    (split,) = [finding for finding in result.findings if finding.code == "sentence-split"]
    assert split.severity is Severity.WARNING


def test_short_texts_may_not_grow_into_long_loops():
    engine = WordEngine()
    translate(["One line opens."], engine=engine)
    assert engine.calls[0][0].max_tokens == 2 * len((UKRAINIAN, "One", "line", "opens.", END)) + 16


def test_texts_of_any_length_share_a_batch_with_the_limit_of_the_longest():
    engine = WordEngine()
    long = "The line " + "opens again and " * 20 + "closes."
    translate(["One line opens.", long], engine=engine)
    decoding, texts = engine.calls[0]
    assert (decoding.max_tokens, texts) == (2 * (len(long.split()) + 2) + 16, 2)


def test_the_limit_is_never_above_the_packs_nor_below_its_least():
    call = ModelCall("translation", "words", Decoding(min_tokens=30, max_tokens=40))
    short, long = Source(("One",)), Source(("One",) * 20)
    assert call.decoding_of([short]).max_tokens == 30
    assert call.decoding_of([short, long]).max_tokens == 40


def test_an_engine_failure_is_raised_and_not_taken_for_a_translation():
    with pytest.raises(EngineError):
        translate(["A POISON text."])


def test_outputs_keep_their_order_however_their_batches_end():
    async def ask() -> list[Generated]:
        futures: list[Future[Generated]] = [Future() for _ in range(3)]
        futures[1].set_result(answers("second"))
        asking = asyncio.create_task(outputs_of(futures))
        await asyncio.sleep(0)
        futures[0].set_result(answers("first"))
        futures[2].set_result(answers("third"))
        return await asking

    assert [each.text for each in asyncio.run(ask())] == ["first", "second", "third"]


def test_the_second_try_has_a_fair_beam_and_holds_repetition_down():
    first = Decoding(beam_size=2)
    second = harder(first)
    assert (second.beam_size, harder(Decoding(beam_size=6)).beam_size) == (4, 6)
    assert second.repetition_penalty > first.repetition_penalty
    held_down = Decoding(repetition_penalty=1.3)
    assert harder(held_down).repetition_penalty > held_down.repetition_penalty
    assert second.no_repeat_ngram_size > 0


def test_a_text_is_cut_at_a_semicolon_before_a_comma_before_a_space():
    assert halves("one, two three; four, five six") == ("one, two three;", "four, five six")
    assert halves("one two three, four five six") == ("one two three,", "four five six")
    assert halves("one two three four") == ("one two", "three four")


@given(st.text(min_size=2).map(str.strip).filter(lambda text: len(text) > 1))
def test_cutting_loses_nothing_but_blanks_and_gets_shorter(text):
    left, right = halves(text)
    assert "".join((left + right).split()) == "".join(text.split())
    assert len(left) < len(text)
    assert len(right) < len(text)
