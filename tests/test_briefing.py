"""The story of one article, told with an engine that only replaces words."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from newsbrief.article import Article, Part, Severity
from newsbrief.backlog import FIRST_RATE
from newsbrief.briefing import Briefer
from newsbrief.cleaning import clean_text
from newsbrief.engine import Generated
from newsbrief.errors import EngineError, InputError, OverloadedError
from newsbrief.metrics import Metrics
from newsbrief.pipeline import Finished, HighlightsReady, Pipeline, TranslationReady
from newsbrief.planning import Options
from newsbrief.settings import Settings
from tests.service import ARTICLE, WordEngine, word_briefer, word_pack


def article(**changes: object) -> Article:
    return replace(clean_text(ARTICLE["body"], headline=ARTICLE["headline"]), **changes)


@pytest.fixture
def engine() -> WordEngine:
    return WordEngine()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def briefer(engine, metrics) -> Iterator[Briefer]:
    briefer = word_briefer(Settings(), metrics, engine)
    yield briefer
    briefer.close()


def brief(briefer: Briefer, options: Options | None = None, given: Article | None = None):
    return asyncio.run(briefer.brief(given or article(), options))


def test_every_highlight_names_sentences_of_the_body_that_hold_its_figures(briefer):
    answer = brief(briefer)
    for highlight in answer.highlights:
        source = " ".join(answer.body[span.start : span.end] for span in highlight.sources)
        figures = [word for word in highlight.text.split() if word[0].isdigit()]
        assert all(figure.rstrip(".,") in source for figure in figures)


def test_translations_keep_the_order_of_highlights_and_paragraphs(briefer):
    options = Options(translate=(Part.HEADLINE, Part.HIGHLIGHTS, Part.BODY))
    answer = brief(briefer, options)
    for translation in answer.translations.values():
        for paragraph, translated in zip(article().paragraphs, translation.body, strict=True):
            figures = [word for word in paragraph.split() if word[0].isdigit()]
            assert [word for word in translated.split() if word[0].isdigit()] == figures
        for highlight, translated in zip(answer.highlights, translation.highlights, strict=True):
            figures = [word for word in highlight.text.split() if word[0].isdigit()]
            assert [word for word in translated.split() if word[0].isdigit()] == figures


def test_a_pack_without_translators_writes_highlights_only():
    pack = word_pack()
    description = pack.description.model_copy(update={"directions": ()})
    pipeline = Pipeline(replace(pack, description=description), {}, Metrics(), highlight_chars=120)
    plan = pipeline.plan(article(), Options())
    assert plan.targets == ()
    with pytest.raises(InputError, match="translates 'en' into no language, not 'ru'"):
        pipeline.plan(article(), Options(targets=("ru",)))


def test_only_what_was_asked_for_is_translated(briefer):
    answer = brief(briefer, Options(targets=("ru",), translate=(Part.HEADLINE,)))
    (translation,) = answer.translations.values()
    assert translation.headline
    assert translation.highlights == ()
    assert translation.body is None


def test_an_article_without_a_headline_has_none_in_any_language(briefer):
    answer = brief(briefer, given=article(headline=None))
    assert answer.headline is None
    assert {translation.headline for translation in answer.translations.values()} == {None}


def test_the_steps_come_in_order_and_end_with_the_brief(briefer):
    async def steps():
        plan = briefer.plan(article(), Options())
        with briefer.batcher.admit(plan.tokens) as work:
            return [step async for step in briefer.steps(plan, work)]

    first, *middle, last = asyncio.run(steps())
    assert isinstance(first, HighlightsReady)
    assert {step.translation.target for step in middle} == {"ko", "ru", "uk"}
    assert all(isinstance(step, TranslationReady) for step in middle)
    assert isinstance(last, Finished)
    assert last.brief.highlights == first.highlights
    assert set(last.seconds) == {"queue", "highlights", "translation"}


def test_the_id_depends_on_content_and_options_and_on_nothing_else(briefer):
    ids = {
        briefer.plan(given, options).id
        for given in (article(), article(headline="Another"))
        for options in (Options(), Options(max_highlights=2), Options(strict=True))
    }
    assert len(ids) == 6
    assert briefer.plan(article(), Options()).id == brief(briefer).id
    every = Options(targets=("ko", "ru", "uk"))
    assert briefer.plan(article(), Options()).id == briefer.plan(article(), every).id


def test_another_pack_or_other_code_gives_another_id(briefer, monkeypatch):
    def planned(pack):
        engines = {"words": WordEngine()}
        pipeline = Pipeline(pack, engines, Metrics(), highlight_chars=120)
        return pipeline.plan(article(), Options()).id

    pack = word_pack()
    rebuilt = replace(pack, description=pack.description.model_copy(update={"description": "new"}))
    first = planned(pack)
    assert planned(pack) == first
    assert planned(rebuilt) != first
    monkeypatch.setattr("newsbrief.pipeline.code_digest", lambda: "other")
    assert planned(pack) != first


def test_fewer_highlights_than_asked_for_is_a_finding(briefer):
    given = clean_text("The harbour city opened a tram line on Monday.", headline="Line opens")
    answer = brief(briefer, given=given)
    assert len(answer.highlights) < 3
    (finding,) = answer.findings
    assert (finding.code, finding.severity) == ("few-highlights", Severity.WARNING)


def test_an_article_in_another_language_is_refused_and_the_language_named(briefer):
    german = (
        "Die Hafenstadt hat am Montag eine neue Straßenbahnlinie eröffnet, vier Jahre nach dem "
        "Beginn der Bauarbeiten. Die Linie verbindet den alten Hafen mit der Universität."
    )
    with pytest.raises(InputError, match="looks like 'de' but was sent as 'en'") as caught:
        brief(briefer, given=Article(None, (german,)))
    assert caught.value.field == "source_language"


def test_strict_mode_withholds_a_failed_text_and_keeps_the_finding(briefer, engine):
    replaced = engine._replaced
    engine._replaced = lambda source: (
        Generated("Это было объявлено мэрией города вчера вечером.", 9, complete=True)
        if source.tokens[0] == ">>ukr<<"
        else replaced(source)
    )
    loose = brief(briefer, Options(targets=("uk",))).translations["uk"]
    strict = brief(briefer, Options(targets=("uk",), strict=True)).translations["uk"]
    assert loose.highlights[0]
    assert strict.headline is None
    assert strict.highlights == (None,) * len(loose.highlights)
    assert strict.findings == loose.findings
    finding = next(each for each in strict.findings if each.code == "wrong-language")
    assert (finding.part, finding.index) == (Part.HEADLINE, 0)


def test_extracted_bullets_share_a_batch_with_the_headline(briefer, engine):
    brief(briefer, Options(targets=("uk",)))
    first_tries = [count for decoding, count in engine.calls if decoding.repetition_penalty == 1]
    assert first_tries == [4]


def test_a_headline_in_title_case_is_shown_as_it_is_and_translated_as_a_sentence(briefer, engine):
    read = []
    encode = engine.encode
    engine.encode = lambda text, **prefixes: read.append(text) or encode(text, **prefixes)
    body = "The harbour city opened a tram line on Monday. The city had waited for the line."
    given = clean_text(body, headline="Harbour City Opens Tram Line")
    answer = brief(briefer, Options(targets=("uk",), translate=(Part.HEADLINE,)), given=given)
    assert answer.headline == "Harbour City Opens Tram Line"
    assert read == ["Harbour city opens tram line"]


def test_findings_are_counted_by_check_and_target(briefer, engine, metrics):
    engine._replaced = lambda _: Generated("Это было объявлено вчера.", 5, complete=True)
    brief(briefer, Options(targets=("uk",), translate=(Part.HEADLINE,)))
    labels = {"check": "wrong-language", "target": "uk"}
    assert metrics.registry.get_sample_value("newsbrief_findings_total", labels) == 1


def test_an_engine_failure_is_an_error_and_frees_the_queue(briefer):
    with pytest.raises(EngineError):
        brief(briefer, given=article(headline="POISON in it"))
    assert briefer.batcher.backlog_seconds() == 0
    assert brief(briefer).highlights


def test_an_article_that_does_not_fit_now_is_refused_whole(briefer, engine):
    async def crowd():
        with briefer.batcher.admit(int(31 * FIRST_RATE)):
            await briefer.brief(article(), Options())

    with pytest.raises(OverloadedError):
        asyncio.run(crowd())
    assert engine.calls == []


def test_cancelling_a_brief_takes_its_texts_out_of_the_queue(briefer, engine):
    async def cancel():
        engine.gate.clear()
        task = asyncio.create_task(briefer.brief(article(), Options()))
        await asyncio.to_thread(engine.wait_entered)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert briefer.batcher.backlog_seconds() == 0
        engine.gate.set()

    asyncio.run(cancel())
    assert len(engine.calls) <= 1


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (Options(targets=("fr",)), "targets"),
        (Options(max_highlights=0), "max_highlights"),
        (Options(max_highlights=9), "max_highlights"),
    ],
)
def test_bad_options_name_the_field(briefer, options, field):
    with pytest.raises(InputError) as caught:
        briefer.plan(article(), options)
    assert caught.value.field == field
