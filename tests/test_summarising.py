"""Windows cover an article; a summariser's words become bullets that know their sentences."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.article import Article
from newsbrief.sentences import split_sentences
from newsbrief.summarising import highlights_from_summaries, plan_windows

ARTICLE = Article(
    None,
    (
        (
            "The ferry to Marrow Island will stop for eight weeks from Monday. Engineers found "
            "cracks up to 12 metres long in the slipway."
        ),
        (
            "Ida Lund, who runs the island shop, asked the harbour board for a second boat. Some "
            "400 islanders depend on the ferry."
        ),
        "Repairs may cost 48 million crowns. The council votes on 22 March.",
    ),
)
SENTENCES = split_sentences(ARTICLE)


def bullets(*summaries, count=3, max_chars=120):
    return highlights_from_summaries(summaries, SENTENCES, count=count, max_chars=max_chars)


def texts(*summaries, **options):
    return [highlight.text for highlight in bullets(*summaries, **options)]


@pytest.mark.parametrize(
    ("lengths", "limit", "overlap", "windows"),
    [
        ([], 10, 2, []),
        ([5, 5, 5], 20, 2, [(0, 3)]),
        ([5] * 10, 30, 2, [(0, 6), (4, 10)]),
        ([5] * 10, 30, 0, [(0, 6), (6, 10)]),
        ([20, 20, 20], 30, 2, [(0, 1), (1, 2), (2, 3)]),
        ([5, 99, 5, 5], 30, 2, [(0, 1), (1, 2), (2, 4)]),
    ],
)
def test_windows_hold_whole_sentences_within_the_limit(lengths, limit, overlap, windows):
    assert plan_windows(lengths, limit, overlap) == [range(a, b) for a, b in windows]


@given(st.lists(st.integers(1, 60), max_size=60), st.integers(10, 100), st.integers(0, 6))
def test_windows_cover_every_sentence_and_always_move_on(lengths, limit, overlap):
    windows = plan_windows(lengths, limit, overlap)
    assert sorted({index for window in windows for index in window}) == list(range(len(lengths)))
    for window in windows:
        assert len(window) == 1 or sum(lengths[i] for i in window) <= limit
    for before, after in itertools.pairwise(windows):
        assert before.stop < after.stop
        assert before.start < after.start <= before.stop
        assert before.stop - after.start <= overlap


@pytest.mark.parametrize(
    "summary",
    [
        "The ferry will stop for eight weeks.<n>Repairs may cost 48 million crowns.",
        "The ferry will stop for eight weeks . Repairs may cost 48 million crowns .",
        "<s>the ferry will stop for eight weeks.\nrepairs may cost 48 million crowns</s>",
    ],
)
def test_every_familys_way_of_ending_sentences_is_read(summary):
    assert texts(summary, max_chars=60)[0] == "The ferry will stop for eight weeks."


def test_each_bullet_names_the_sentences_it_rests_on():
    found = bullets(
        "The ferry stops for eight weeks after engineers found 12 metre cracks. "
        "The council votes on 22 March."
    )
    sources = [[ARTICLE.body[s.start : s.end][:13] for s in one.sources] for one in found]
    assert sources == [["The ferry to ", "Engineers fou"], ["The council v"]]


def test_a_bullet_about_nothing_in_the_article_is_dropped():
    assert texts("Bananas ripen quickly. The council votes on 22 March.") == [
        "The council votes on 22 March."
    ]


def test_a_bullet_is_trimmed_at_a_clause_or_left_out():
    summary = (
        "Ida Lund, who runs the island shop and its post office, asked the board for a boat. "
        "Engineers who found cracks in the slipway want a new slipway for the ferry."
    )
    assert texts(summary, max_chars=60) == ["Ida Lund asked the board for a boat."]


def test_windows_that_say_the_same_give_one_bullet():
    found = texts(
        "The ferry to Marrow Island will stop from Monday.",
        "The ferry to Marrow Island stops on Monday. Repairs may cost 48 million crowns.",
    )
    assert found == [
        "The ferry to Marrow Island will stop from Monday.",
        "Repairs may cost 48 million crowns.",
    ]


def test_a_sentence_that_the_token_limit_cut_off_is_left_out():
    assert texts("The council votes on 22 March. Repairs may cost 48 million") == [
        "The council votes on 22 March."
    ]
    assert texts("the council votes on 22 March") == ["The council votes on 22 March."]


def test_a_bullet_that_begins_with_a_pronoun_is_left_out():
    assert texts("Ida Lund, who runs the shop, lives there. She asked for a second boat.") == [
        "Ida Lund, who runs the shop, lives there."
    ]
    assert texts("They asked the board for a second boat.") == []


def test_the_first_sentences_of_the_first_window_win_when_there_are_too_many():
    summary = " ".join(sentence.text for sentence in SENTENCES)
    assert texts(summary, count=1) == [SENTENCES[0].text]
    assert len(texts(summary, count=2)) == 2


def test_no_summaries_give_no_bullets():
    assert bullets() == ()
    assert bullets("", " <n> ") == ()
    assert highlights_from_summaries(["A ferry stops."], [], count=3, max_chars=120) == ()


@given(st.lists(st.text(max_size=120), max_size=4), st.integers(1, 8), st.integers(20, 140))
def test_any_output_gives_bullets_within_count_and_length(summaries, count, max_chars):
    for highlight in bullets(*summaries, count=count, max_chars=max_chars):
        assert 0 < len(highlight.text) <= max_chars
        assert 1 <= len(highlight.sources) <= 2
        assert set(highlight.sources) <= {sentence.span for sentence in SENTENCES}
