"""Extracted bullets are short, true, stand alone, and say where they come from."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.article import Article
from newsbrief.cleaning import clean_text, read_document
from newsbrief.extraction import LONGER, extract_highlights
from newsbrief.sentences import split_sentences

SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
WORD = re.compile(r"[^\W_]+")
OPENS_BACKWARD = re.compile(r"(?:he|she|it|they|this|these|his|her|their|its)\b", re.IGNORECASE)


def extract(article, count=3, max_chars=120):
    return extract_highlights(article, split_sentences(article), count=count, max_chars=max_chars)


def read(name):
    path = Path(__file__).parent / "samples" / name
    return read_document(path.read_bytes(), kind=path.suffix[1:])


def test_the_news_of_the_harbour_is_told_in_three_bullets():
    assert [highlight.text for highlight in extract(read("harbour.txt"))] == [
        ("The port of Norhaven will close its old harbour basin from Monday."),
        (
            "About 1,400 ferry passengers a day will be sent to the container terminal, three "
            "kilometres to the north."
        ),
        (
            "Port director Henrik Solberg said the wall was not in danger of falling, but that "
            "heavy vehicles could widen the cracks."
        ),
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
@pytest.mark.parametrize("count", [1, 3, 8])
def test_every_sample_gives_bullets_that_keep_the_contract(path, count):
    article = read_document(path.read_bytes(), kind=path.suffix[1:])
    highlights = extract(article, count=count)
    assert len(highlights) == count or (count == 8 and len(highlights) >= 5)
    assert sum(len(highlight.text) > 120 for highlight in highlights) <= 1
    for highlight in highlights:
        assert len(highlight.text) <= 120 * LONGER
        assert highlight.text.endswith((".", "”", "’"))
        assert not OPENS_BACKWARD.match(highlight.text)
        source = " ".join(article.body[span.start : span.end] for span in highlight.sources)
        assert set(WORD.findall(highlight.text.casefold())) <= set(WORD.findall(source.casefold()))
    places = [highlight.sources[-1].start for highlight in highlights]
    assert places == sorted(set(places))


def test_the_same_article_gives_the_same_bullets_and_fewer_are_among_more():
    article = read("railway.txt")
    three, five = extract(article), extract(article, count=5)
    assert three == extract(article)
    assert set(three) <= set(five)


def test_what_cannot_stand_alone_is_left_out():
    article = clean_text(
        "He has run the island ferry for forty years without a day of rest. "
        "This makes the ferry the oldest on the whole of the island coast. "
        "“The ferry is our street,” said the skipper of the island ferry. "
        "Why did nobody look at the ferry before the winter came? "
        "I have taken the ferry every day since I came to the island. "
        "Police said he had left the island by the ferry on Monday. "
        "The ferry to the island will stop for eight weeks in the winter."
    )
    assert [highlight.text for highlight in extract(article, count=8)] == [
        "The ferry to the island will stop for eight weeks in the winter."
    ]


@pytest.mark.parametrize(
    "before",
    [
        "Ida Lund, who runs the island shop, wrote to Tom Alder about it.",
        "The island shop, which is old, stands above the harbour.",
        "Mr Alder has run the island shop since his father died.",
    ],
)
def test_a_sentence_that_begins_with_a_pronoun_is_left_out(before):
    article = clean_text(f"{before} She has asked the harbour board for a second boat.")
    assert all("asked the harbour board" not in highlight.text for highlight in extract(article))


def test_two_sentences_that_say_the_same_give_one_bullet():
    article = clean_text(
        "The ferry to Marrow Island will stop on Monday for repairs.\n\n"
        "Repairs mean that the ferry to Marrow Island will stop on Monday.\n\n"
        "Engineers found cracks in the concrete slipway of the old pier."
    )
    texts = [highlight.text for highlight in extract(article)]
    assert len(texts) == 2
    assert texts[1].startswith("Engineers")


QUAKE = (
    "At least 40 people were killed and 200 hurt when an earthquake of magnitude 6.2 struck the "
    "province of Marrow early on Sunday, officials said."
)
ROADS = (
    "Roads to the province of Marrow are closed. The earthquake was felt in the port of Northport. "
    "Officials said schools in the province would open again in May. Two bridges fell in Marrow."
)


def test_the_main_news_is_told_though_its_sentence_is_somewhat_long():
    article = clean_text(f"{QUAKE}\n\n{ROADS}", headline="Earthquake kills 40 in Marrow")
    first, *_ = [highlight.text for highlight in extract(article)]
    assert first == "At least 40 people were killed and 200 hurt, officials said."


LEAD = (
    "The city council of Brenport voted 17 to 12 on Tuesday to make all its buses free from the "
    "first of July, which will cost the city £1.4 million a year."
)
COUNCIL = (
    "Police said the protest before the city council was peaceful. The buses of Brenport carry "
    "41,000 people a day. The city of Brenport has 60 buses. Trams will still cost two pounds."
)


def test_the_news_comes_before_lesser_sentences_though_it_is_somewhat_long():
    assert 120 < len(LEAD) <= 160
    opening = "A brass band played old songs on the pier for most of Tuesday night."
    for body in (f"{LEAD}\n\n{COUNCIL}", f"{opening}\n\n{LEAD}\n\n{COUNCIL}"):
        article = clean_text(body, headline="Brenport council votes to make buses free in July")
        texts = [highlight.text for highlight in extract(article)]
        assert len(texts) == 3
        assert LEAD in texts


def test_the_first_sentence_may_be_long_though_another_says_more():
    article = clean_text(
        f"{LEAD}\n\n{COUNCIL}", headline="Police: protest before city council peaceful"
    )
    texts = [highlight.text for highlight in extract(article)]
    assert texts[:2] == [LEAD, "Police said the protest before the city council was peaceful."]


def test_one_long_sentence_is_enough_where_others_are_short():
    second = LEAD.replace("buses free", "trams dearer").replace("Brenport", "Norhaven")
    article = clean_text(f"{LEAD}\n\n{second}\n\n{COUNCIL}", headline="Norhaven, Brenport vote")
    assert [len(highlight.text) > 120 for highlight in extract(article)].count(True) == 1


def test_a_strike_is_told_with_its_day():
    article = clean_text(
        "Talks between the tram company of Brenport and its drivers ended without a deal on "
        "Friday, and drivers will walk out for 48 hours from 6 a.m. on Monday.\n\n"
        "The company runs 60 trams. The drivers met at noon on the pier. Buses will run as usual."
    )
    assert extract(article)[0].text.endswith("walk out for 48 hours from 6 a.m. on Monday.")


def test_long_bullets_stand_in_where_too_few_are_short():
    lead = QUAKE.replace("when an", "by an").replace(" struck", " in")
    found = extract(clean_text(f"{lead}\n\nThe board of the harbour met on the pier."))
    assert [highlight.text for highlight in found] == [
        lead,
        "The board of the harbour met on the pier.",
    ]


def test_a_correction_is_no_highlight():
    body = (
        "17:30 Nine people have died on the pier of Northport, the harbour police said.\n\n"
        "17:45 Correction: An earlier post gave the number of dead on the pier as twelve. "
        "The harbour police of Northport counted three people twice on the pier.\n\n"
        "18:05 Ferries from Dorvik to the islands will sail from the new slipway until Friday."
    )
    assert [highlight.text for highlight in extract(clean_text(body))] == [
        "Nine people have died on the pier of Northport, the harbour police said.",
        "Ferries from Dorvik to the islands will sail from the new slipway until Friday.",
    ]


def test_what_would_be_if_comes_after_what_is():
    article = clean_text(
        "If the harbour board had any courage, the board would close the harbour pier today. "
        "A diver from Northport looked at some of the old beams in May. "
        "The tide carried two planks to the beach behind the church."
    )
    assert [highlight.text[:1] for highlight in extract(article, count=2)] == ["A", "T"]


def test_a_sentence_in_the_middle_of_a_quotation_is_nobodys_fact():
    article = clean_text(
        "“The board has lied to the island for years. The slipway was rotten when they bought the "
        "island ferry. The island deserves a better slipway than that one. " * 3 + "”"
    )
    assert extract(article) == ()


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("ru", "Паром на остров Марроу остановят на восемь недель.", "Это случилось впервые."),
        ("uk", "Пором на острів Марроу зупинять на вісім тижнів.", "Це сталося вперше."),
        ("ko", "매로섬으로 가는 배는 여덟 주 동안 멈춘다.", "그는 섬에 남았다."),
    ],
)
def test_other_languages_are_taken_whole_or_not_at_all(language, first, second):
    long = " ".join([first[:-1]] * 5) + "."
    article = Article(None, (f"{first} {second}", long), language)
    assert [highlight.text for highlight in extract(article)] == [first]


WORDS = st.sampled_from(
    "the ferry Ida Lund board said that has stopped in Northport who runs on Monday cracks not "
    "island's “yes” 1,400 and He This which is old , ( ) ' \" — . . ? I".split()
)


@given(st.lists(WORDS, min_size=3, max_size=120), st.integers(1, 8), st.integers(40, 200))
def test_any_article_gives_bullets_within_count_and_length(words, count, max_chars):
    article = Article(None, (" ".join(words).replace(" .", ".") + ".",))
    highlights = extract(article, count=count, max_chars=max_chars)
    assert len(highlights) <= count
    for highlight in highlights:
        assert 0 < len(highlight.text) <= max_chars * LONGER
        assert highlight.sources
        assert not OPENS_BACKWARD.match(highlight.text)
