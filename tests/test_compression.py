"""Shorter sentences stay sentences, stay true, and lose whole clauses, never half of one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.compression import compress, is_balanced, trim

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@pytest.mark.parametrize(
    ("sentence", "shorter"),
    [
        (
            "NORTHPORT (Reuters) - The ferry to Marrow Island will stop on Monday.",
            "The ferry to Marrow Island will stop on Monday.",
        ),
        (
            "NORTHPORT — The ferry to Marrow Island will stop on Monday.",
            "The ferry to Marrow Island will stop on Monday.",
        ),
        (
            "However, the ferry to Marrow Island will stop on Monday.",
            "The ferry to Marrow Island will stop on Monday.",
        ),
        (
            "But the board wants a new slipway this year.",
            "The board wants a new slipway this year.",
        ),
        (
            "In the aftermath of these developments, the board ordered a new slipway.",
            "The board ordered a new slipway.",
        ),
        (
            "The slipway (pictured) has carried the island ferry since 1931.",
            "The slipway has carried the island ferry since 1931.",
        ),
        (
            "The board also ordered a new slipway for the ferry.",
            "The board ordered a new slipway for the ferry.",
        ),
        (
            "The board ordered a second slipway, highlighting its fear of another winter.",
            "The board ordered a second slipway.",
        ),
        (
            "The ferry will stop for eight weeks, the harbour board said on Tuesday.",
            "The ferry will stop for eight weeks.",
        ),
        (
            "The company said on Monday that the ferry will stop for eight weeks.",
            "The ferry will stop for eight weeks.",
        ),
    ],
)
def test_what_a_bullet_never_needs_is_dropped(sentence, shorter):
    assert compress(sentence) == shorter


@pytest.mark.parametrize(
    "sentence",
    [
        "The director stole the ferry money, police said on Tuesday.",
        "The bridge was not hit, the army said on Tuesday.",
        "Some 1,500 soldiers have landed on the island, the spy agency said.",
        "The slipway is worthless, said Ida Lund, who runs the shop.",
        "The ferry will not sail unless the board pays for the slipway.",
        "The (party) will decide on the slipway next week.",
        "iPhone sales fell by a tenth on Marrow Island last year.",
    ],
)
def test_what_carries_the_truth_of_a_sentence_stays(sentence):
    assert compress(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("The director stole the money in the winter of 1962, police said on Tuesday.", "police"),
        ("The bridge was not hit in the night of the storm, the army said.", "not hit, the army"),
        ("Soldiers landed on the island in the night, the spy agency said.", "the spy agency said"),
        ("The ferry, which is old, will not sail unless the board pays.", "not sail unless"),
        ("The board hopes, Ida Lund said, that it will not be the last boat.", "hopes"),
    ],
)
def test_source_negation_and_condition_outlast_every_cut(sentence, kept):
    for limit in range(20, len(sentence)):
        shorter = trim(compress(sentence), limit)
        assert shorter is None or kept in shorter


@pytest.mark.parametrize(
    ("sentence", "limit", "shorter"),
    [
        (
            "About 400 islanders, who depend on the boat for food and for school, met on Friday.",
            60,
            "About 400 islanders met on Friday.",
        ),
        (
            "Ida Lund, who runs the island shop and its post office, asked the board for a boat.",
            60,
            "Ida Lund asked the board for a boat.",
        ),
        (
            "Despite the storm warning of the previous night, the ferry left Northport at six.",
            50,
            "The ferry left Northport at six.",
        ),
        (
            "The board has sent the island containers filled with rice, oil, and other food.",
            70,
            "The board has sent the island containers filled with food.",
        ),
        (
            "In a letter, Ida Lund described the winter of 1962, urging the board to hire a boat.",
            45,
            "Ida Lund urged the board to hire a boat.",
        ),
        (
            "Crews found cracks in the pier and are waiting for help, according to Ida Lund.",
            60,
            "Crews found cracks in the pier, according to Ida Lund.",
        ),
        (
            "Harbour director Henrik Vale said the company would pay for the second slipway.",
            70,
            "Henrik Vale said the company would pay for the second slipway.",
        ),
    ],
)
def test_a_long_sentence_loses_a_clause(sentence, limit, shorter):
    assert trim(sentence, limit) == shorter


@pytest.mark.parametrize(
    ("sentence", "limit"),
    [
        ("A skipper who left the harbour at night has been sent to jail.", 50),
        ("The ferry will stop until the board has paid for the repairs to the slipway.", 50),
        ("The board urged Northport to hire a second boat on Friday.", 30),
        ("The pier was built with Ida Lund of Northport among the engineers.", 50),
        ("The works are a threat not only to the pier but to the whole of the harbour.", 60),
        ("“We were told on Friday that the boat would stop, and how,” she said.", 50),
        ("The ferry left Northport at six, but police deny that it was on time.", 40),
        ("The harbour is what the fishing crews of the island live for in Northport.", 65),
        ("The board will decide between a second slipway and a new pier in the spring.", 55),
    ],
)
def test_a_sentence_with_nothing_to_lose_is_left_out_rather_than_broken(sentence, limit):
    assert trim(sentence, limit) is None


def test_a_sentence_that_fits_is_not_touched():
    sentence = "However, the ferry, which is old, will stop."
    assert trim(sentence, len(sentence)) == sentence


def test_a_sentence_beyond_all_limits_is_given_up_at_once():
    sentence = "The ferry, " + "which is old, " * 100 + "will stop."
    assert compress(sentence) == sentence
    assert trim(sentence, 120) is None


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


def words(text):
    """Its words in small letters; ", urging" may have become "urged"."""
    return WORD.findall(text.casefold().replace("urging", "urged"))


PARTS = st.lists(
    st.sampled_from(
        [
            "The ferry",
            "Ida Lund",
            "Port director Henrik Vale",
            "the board",
            "“the boat”",
            "said",
            "has stopped",
            "will pay",
            "found cracks",
            "and is waiting",
            "who runs the shop,",
            ", ",
            "which is old,",
            "according to police",
            "after eight weeks",
            "in Northport",
            "of 1931",
            "(pictured)",
            "on Monday",
            "not",
            "unless it rains",
            "— a relic —",
            "with",
            "to",
            "that",
            "the islanders’ pier",
            "urging a vote",
            "'no'",
            "12,000",
            "3.5",
            "However,",
            ";",
            "but",
        ]
    ),
    min_size=3,
    max_size=24,
).map(lambda parts: " ".join(parts).replace(" ,", ",") + ".")


@given(PARTS, st.integers(20, 140))
def test_a_shortened_sentence_keeps_whole_words_in_order_and_its_limit(sentence, limit):
    for shorter, longest in ((compress(sentence), len(sentence)), (trim(sentence, limit), limit)):
        if shorter is None or shorter == sentence:
            continue
        assert len(shorter) <= longest
        assert is_balanced(shorter)
        assert shorter[-1] in ".!?”’'"
        left = iter(words(sentence))
        assert all(word in left for word in words(shorter))


@given(PARTS, st.integers(20, 140))
def test_a_trimmed_sentence_keeps_every_negation_and_condition(sentence, limit):
    shorter = trim(sentence, limit)
    if shorter is not None:
        for word in ("not", "unless"):
            count = len(re.findall(rf"\b{word}\b", sentence))
            assert len(re.findall(rf"\b{word}\b", shorter)) == count
