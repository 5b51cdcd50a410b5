"""Words that no cut may take are found whole, in any case, at the places where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.weighty import WEIGHTY, find_kept, is_scoped


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He was Acquitted, but the study was retracted.", ["Acquitted", "but", "retracted"]),
        ("It isn’t 40% of the 3 million dead.", ["n’t", "%", "million", "dead"]),
        ("The board ruled out a heart attack.", ["ruled out", "heart attack"]),
        ("The butler noted the deadline, a nobleman.", []),
    ],
)
def test_words_that_turn_a_sentence_or_are_the_news_are_found(text, words):
    places = find_kept(text)
    assert len(places) == len(words)
    assert all(text[place:].startswith(word) for place, word in zip(places, words, strict=True))


@pytest.mark.parametrize(
    ("text", "scoped"),
    [
        ("Most of the boats were late.", True),
        ("It is older than the pier.", True),
        ("It was the first of its kind.", True),
        ("The forest in the west is old.", False),
    ],
)
def test_shares_and_comparisons_are_scoped(text, scoped):
    assert is_scoped(text) is scoped


@given(st.text(st.sampled_from("notNOIİßbut ’%.")))
def test_the_places_are_those_of_the_text_as_it_is_written(text):
    places = find_kept(text)
    assert all(0 <= place < len(text) for place in places)
    assert all(match.start() in places for match in WEIGHTY.finditer(text) if text.isascii())
