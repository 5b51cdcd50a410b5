"""Sentences are slices of the body, in order, and end where a reader would end them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.article import Article
from newsbrief.sentences import split_sentences


def texts(paragraph, language="en"):
    return [s.text for s in split_sentences(Article(None, (paragraph,), language))]


@pytest.mark.parametrize(
    "sentence",
    [
        "Kim J. Hong met Mr. Alder in the U.S. on Monday.",
        "The U.S. Army paid Dr. Lund $3.5 million for No. 5 pier at 5 p.m. on Jan. 5.",
        "St. John’s harbour belongs to Alder & Sons Ltd. of Northport.",
        "“We were told on Friday,” said Ida Lund.",
        "“Why now?” asked Ida Lund.",
        '"No way!" he said, and left.',
        "She paused … and then signed.",
        "What did the board know?",
    ],
)
def test_an_english_sentence_is_not_cut_inside(sentence):
    assert texts(f"{sentence} Then it rained.") == [sentence, "Then it rained."]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["“We were told.”", "Ida left.", "She paused...", "Then she signed."]),
        ("ko", ["김 차관은 “즉각 철수하라.”고 말했다.", "수출은 3.5% 올랐다.", "고양이는 갔다."]),
        (
            "ru",
            ["«Уходите!» — сказал он.", "А. С. Лунд заплатил 5 тыс. руб. в г. Норт.", "Он ушёл."],
        ),
        ("uk", ["«Ідіть!» — сказав він.", "Т. Г. Лунд сплатив 5 млн. гривень.", "Він пішов."]),
    ],
)
def test_each_language_is_split_by_its_own_rules(language, sentences):
    assert texts(" ".join(sentences), language) == sentences


def test_a_long_quotation_is_split_at_the_sentences_inside_it():
    inner = ["The slipway has been failing for years and everyone knew about it."] * 6
    quotation = "“" + " ".join(inner) + "”"
    assert texts(quotation) == ["“" + inner[0], *inner[1:5], inner[5] + "”"]


def test_sentences_know_their_paragraph_and_their_place():
    article = Article(None, ("It rained. It stopped.", "Ida left."))
    found = split_sentences(article)
    assert [(s.text, s.paragraph) for s in found] == [
        ("It rained.", 0),
        ("It stopped.", 0),
        ("Ida left.", 1),
    ]
    assert [(s.start, s.end) for s in found] == [(0, 10), (11, 22), (24, 33)]


PARAGRAPHS = st.text(
    alphabet="aBz я Я 가다。U.S.Mr .!?…\"'“”‘’«»—(),5 \U0001f600", min_size=1, max_size=80
).map(lambda text: " ".join(text.split()))


@given(
    st.lists(PARAGRAPHS.filter(bool), max_size=5),
    st.sampled_from(["en", "ko", "ru", "uk", "zh", "xx"]),
)
def test_sentences_cover_the_body_in_order_and_leave_out_blanks_alone(paragraphs, language):
    article = Article(None, tuple(paragraphs), language)
    position = 0
    for sentence in split_sentences(article):
        assert sentence.text == article.body[sentence.start : sentence.end] != ""
        assert article.body[position : sentence.start].strip() == ""
        assert sentence.text in article.paragraphs[sentence.paragraph]
        position = sentence.end
    assert article.body[position:].strip() == ""
