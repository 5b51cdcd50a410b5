"""Headlines in title case become sentences, and names stay names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.letter_case import sentence_case

BODY = (
    "The port of Norhaven will close its old harbour basin after engineers found cracks in a quay "
    "wall. Ministers warned NATO on Monday that troops from Turkey had crossed the border. "
    "Solberg said the council would cut taxes."
)


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (
            "Norhaven Closes Old Harbour Basin After Cracks Found in Quay Wall",
            "Norhaven closes old harbour basin after cracks found in quay wall",
        ),
        ("Council to Cut Taxes, Solberg Says", "Council to cut taxes, Solberg says"),
        ("Ministers Warn NATO Over Turkey Troops", "Ministers warn NATO over Turkey troops"),
        # A word that the body has in no form may be a name.
        ("Ministers Warn Kelmar Over Troops", "Ministers warn Kelmar over troops"),
    ],
)
def test_a_headline_in_title_case_becomes_a_sentence(headline, expected):
    assert sentence_case(headline, BODY) == expected


@pytest.mark.parametrize(
    "headline",
    [
        "Norhaven closes old harbour basin after cracks found",
        "Solberg meets ministers in Turkey",
        "NORHAVEN CLOSES OLD HARBOUR BASIN",
        "Harbour Closes",
    ],
)
def test_any_other_headline_stays_as_it_is(headline):
    assert sentence_case(headline, BODY) == headline


def test_a_word_at_the_start_of_a_sentence_alone_is_no_name():
    body = "Troops crossed the border. “Taxes will fall,” the mayor said. Many troops left."
    assert sentence_case("Mayor: Troops Left Border", body) == "Mayor: troops left border"


@given(st.text(max_size=60), st.text(max_size=200))
def test_nothing_but_the_case_of_letters_changes(headline, body):
    assert sentence_case(headline, body).casefold() == headline.casefold()


@given(
    st.lists(st.sampled_from(["Old", "Harbour", "Turkey", "NATO", "to", "Cracks"]), max_size=9),
)
def test_a_second_pass_changes_nothing(words):
    once = sentence_case(" ".join(words), BODY)
    assert sentence_case(once, BODY) == once
