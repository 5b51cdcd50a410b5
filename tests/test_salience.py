"""What words are worth in one article."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.salience import Salience, overlap, stems

SENTENCES = st.lists(
    st.lists(
        st.sampled_from("ferry Ferry's ferries island board the of Ida 12 harbour’s on".split()),
        max_size=8,
    ).map(" ".join),
    max_size=8,
)


def test_forms_of_a_word_share_a_stem_and_function_words_have_none():
    assert stems("The harbour’s ferries, and Harbour No 3") == {"harbou", "ferrie", "3"}


def test_words_that_come_back_are_worth_more_and_those_of_the_headline_most():
    salience = Salience(["Ferry stops.", "Ferry repaired.", "Pier closed."], "Harbour pier")
    ferry, closed, pier = (salience.worth(stems(word)) for word in ("ferry", "closed", "pier"))
    assert closed == 0
    assert ferry == pytest.approx(0.693, abs=0.001)
    assert pier == 1


def test_overlap_is_the_share_of_the_smaller_set():
    assert overlap(stems("ferry island"), stems("island board pier")) == 0.5
    assert overlap(stems(""), stems("island")) == 0


@given(SENTENCES)
def test_no_choice_among_stems_is_worth_more_than_the_most(sentences):
    salience = Salience(sentences, "Ferry to the island")
    for sentence in sentences:
        found = salience.stems(sentence)
        assert found == stems(sentence)
        most = salience.most(found)
        best = max(
            salience.worth(frozenset(some))
            for count in range(len(found) + 1)
            for some in combinations(found, count)
        )
        assert most == pytest.approx(best)
