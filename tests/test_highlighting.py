"""Highlights by a model: windows that fit, bullets that are checked, failed ones replaced."""

import asyncio
from collections.abc import Callable, Sequence

from newsbrief.article import Severity
from newsbrief.batcher import Batcher
from newsbrief.cleaning import clean_text
from newsbrief.engine import Generated, Source
from newsbrief.highlighting import Highlighter
from newsbrief.metrics import Metrics
from newsbrief.pack import Model
from newsbrief.sentences import split_sentences
from tests.service import ARTICLE, DESCRIPTION

MODEL = Model.model_validate(DESCRIPTION["models"]["words"] | {"family": "bart"})
GOOD = "Lindmere opens a 12-kilometre tram line. The project cost 310 million euros."


class Summariser:
    """Reads words, writes what it is told, and remembers what it read."""

    def __init__(self, write: Callable[[str], str], limit: int = 256) -> None:
        self.max_source_tokens = limit
        self.one_language = False
        self.read: list[str] = []
        self._write = write

    def encode(
        self, text: str, *, source_prefix: Sequence[str] = (), target_prefix: Sequence[str] = ()
    ) -> Source:
        return Source((*text.split(), "</s>"))

    def generate(self, sources: Sequence[Source]) -> list[Generated]:
        texts = [" ".join(source.tokens[:-1]) for source in sources]
        self.read += texts
        return [Generated(self._write(text), 5, complete=True) for text in texts]

    def close(self) -> None:
        pass


def highlights(summariser: Summariser | None, *, count: int = 3, prefix: str = "", body: str = ""):
    article = clean_text(body or ARTICLE["body"], headline=ARTICLE["headline"])
    highlighter = (
        Highlighter(name="words", model=MODEL, engine=summariser, source_prefix=prefix)
        if summariser
        else Highlighter()
    )
    batcher = Batcher(
        lambda _, sources: summariser.generate(sources),
        runners=1,
        batch_tokens=1000,
        queue_seconds=60,
        metrics=Metrics(),
    )

    async def write():
        with batcher.admit(100) as work:
            sentences = split_sentences(article)
            return await highlighter.write(article, sentences, work, count=count, max_chars=120)

    try:
        return article, asyncio.run(write())
    finally:
        batcher.close()


def test_a_bullet_longer_than_asked_for_says_so():
    long = "Lindmere opened more tram lines in the first half than in the whole of the year before"
    _, written = highlights(None, body=f"{long}, the transport company of the city told reporters.")
    (highlight,) = written
    assert 120 < len(highlight.text) <= 160
    (finding,) = highlight.findings
    assert (finding.code, finding.severity) == ("highlight-long", Severity.WARNING)


def test_a_models_bullets_are_tied_to_the_sentences_they_rest_on():
    article, written = highlights(Summariser(lambda _: GOOD), count=2)
    assert [highlight.text for highlight in written] == [
        "Lindmere opens a 12-kilometre tram line.",
        "The project cost 310 million euros.",
    ]
    for highlight, word in zip(written, ("12-kilometre", "310"), strict=True):
        assert any(word in article.body[span.start : span.end] for span in highlight.sources)
        assert highlight.findings == ()


def test_a_bullet_with_a_wrong_number_gives_way_to_a_sentence_of_the_article():
    wrong = "Lindmere opens a 13-kilometre tram line. The project cost 310 million euros."
    article, written = highlights(Summariser(lambda _: wrong), count=2)
    assert not any("13" in highlight.text for highlight in written)
    (replaced,) = [highlight for highlight in written if highlight.findings]
    (finding,) = replaced.findings
    assert (finding.code, finding.severity) == ("highlight-extracted", Severity.WARNING)
    assert any(
        replaced.text.rstrip(".") in article.body[span.start : span.end]
        for span in replaced.sources
    )


def test_a_model_that_writes_nothing_of_use_leaves_it_to_extraction():
    _, written = highlights(Summariser(lambda _: "Mars has 99 new colonies."))
    _, extracted = highlights(None)
    assert [highlight.text for highlight in written] == [each.text for each in extracted]


def test_a_long_article_is_read_in_windows_that_fit_and_lose_no_sentence():
    sentences = [f"The number {number} tram passes the harbour today." for number in range(40)]
    summariser = Summariser(lambda _: GOOD, limit=60)
    highlights(summariser, body=" ".join(sentences))
    assert len(summariser.read) > 4
    assert all(len(text.split()) < 60 for text in summariser.read)
    assert all(any(sentence in text for text in summariser.read) for sentence in sentences)


def test_a_sentence_over_the_models_limit_is_read_in_parts_and_not_cut_off():
    words = [f"word{number}" for number in range(100)]
    summariser = Summariser(lambda _: GOOD, limit=30)
    highlights(summariser, body=f"The tram passes {' '.join(words)}. It then stops.")
    assert all(len(text.split()) < 30 for text in summariser.read)
    assert all(any(word in text for text in summariser.read) for word in words)


def test_the_models_prefix_comes_before_every_window():
    summariser = Summariser(lambda _: GOOD)
    highlights(summariser, prefix="summarize: ")
    assert all(text.startswith("summarize: The harbour") for text in summariser.read)
