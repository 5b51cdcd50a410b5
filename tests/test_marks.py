"""Quotation marks and brackets have partners; apostrophes need none."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.marks import are_paired, is_balanced, is_quoted, marks_of


@pytest.mark.parametrize(
    ("text", "balanced"),
    [
        ("“Yes,” she said.", True),
        ("She said “yes.", False),
        ("'Yes,' she said of the islanders' boat.", True),
        ("He won.' She lost.", False),
        ("The islanders' boat isn't hers.", True),
        ("It (the boat is old.", False),
        ('"Yes', False),
        ("«Да», — сказал он.", True),
    ],
)
def test_balance_tells_quotation_marks_from_apostrophes(text, balanced):
    assert is_balanced(text) is balanced


@pytest.mark.parametrize("text", ["“It is old,” she said.", '"It is old," she said.'])
def test_a_place_is_quoted_between_the_marks_alone(text):
    assert is_quoted(text, text.index("old"))
    assert not is_quoted(text, text.index("said"))


def test_most_sentences_have_no_marks():
    assert marks_of("The ferry isn’t old, the board said.") == ""


TEXTS = st.text("ab .,!?–_()[]“”«»\"'‘’", max_size=12)


@given(TEXTS, TEXTS)
def test_the_marks_of_two_texts_are_those_of_the_one_and_of_the_other(first, second):
    both = marks_of(f"{first} {second}")
    assert Counter(both) == Counter(marks_of(first) + marks_of(second))
    assert are_paired(marks_of(first) + marks_of(second)) is is_balanced(f"{first} {second}")
