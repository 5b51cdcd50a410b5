"""Loops, remnants and broken ends are found wherever they stand: the quick tests let none pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.checks_text import breaks_off, loop, remnant

WORDS = st.text("абвгде", min_size=1, max_size=4)
TEXT = st.text("абв 12.,-\n", max_size=30)


@given(TEXT, st.text("абв", min_size=1, max_size=6), st.integers(5, 9), TEXT)
def test_one_to_six_letters_five_times_over_are_a_loop(before, letters, times, after):
    assert loop(before + letters * times + after, "") is not None


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, min_size=1, max_size=12), st.lists(WORDS))
def test_words_said_again_at_once_are_a_loop(before, words, after):
    again = words * (2 if len(words) > 2 else 3)
    text = " ".join([*before, *again, *after])
    start, end = loop(text, "")
    assert 0 <= start < end <= len(text)


@given(st.lists(WORDS, min_size=4, max_size=4), st.lists(WORDS, min_size=3, max_size=3))
def test_four_words_that_come_four_times_are_a_loop(words, between):
    text = " ".join([*words, between[0], *words, between[1], *words, between[2], *words])
    assert loop(text, "") is not None


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("Заседание Совета Совета прошло в понедельник.", "Совета Совета"),
        ("새 훈련 훈련 훈련 과정을 받았다.", "훈련 훈련 훈련"),
        ("По данным агентства, 15 солдат, по данным агентства, прибыли.", "По данным агентства"),
        ("Министр Кнннн сказал.", "нннн"),
        ("Он в том, чтобы петь в хоре, мастер, чтобы петь в хоре.", "чтобы петь в"),
        ("Сено для старых лошадей привезли в приют для старых лошадей.", "для старых лошадей"),
    ],
)
def test_a_word_at_once_again_or_three_words_in_a_short_text_are_a_loop(text, repeated):
    start, end = loop(text, "The minister said that some of them had come.")
    assert text[start:end] == repeated


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Он знал, что что-то не так.", "He knew that something was wrong."),
        ("Нам звонят, звонят днём и ночью.", "They call us day and night."),
        ("Он очень очень рад.", "He is very very glad."),
        ("Жара до 30 30 дней.", "Heat of 30 for 30 days."),
        ("Ввв и ссс.", "Www and sss."),
        ("Цель не в том, чтобы петь, а в том, чтобы плясать.", "Not to sing but to dance."),
        ("Пел после того, как сел, ел после того, как встал.", "He sang seated and ate standing."),
        ("Мета не в тому, щоб співати, а в тому, щоб танцювати.", "Not to sing but to dance."),
        ("Выросло до 81,1 года у сов и 87,1 года у цапель.", "Owls reach 81.1 years, herons 87.1."),
        (
            """Приют для старых лошадей не нашёл сена, и никто из соседей не захотел помочь ему,
            хотя все знали, что значит зима для старых лошадей.""",
            "The stable found no hay, though all knew what winter means for the old.",
        ),
        ("Рост в Японии у мужчин и рост в Японии у женщин.", "A rise in Japan, a rise in Asia."),
    ],
)
def test_what_is_said_twice_for_a_reason_is_no_loop(text, source):
    assert loop(text, source) is None


def test_words_that_merely_come_again_are_no_loop():
    text = "В понедельник в порту и в городе, а во вторник и в порту, и в городе дул ветер."
    assert loop(text, "") is None


@pytest.mark.parametrize(
    "mark",
    "⁇ \ufffd ▁ <s> </s> <unk> <pad> <mask> <n> <bos> <eos> >>ukr<< __ru__ <2ko> <extra_id_7> "
    "ukr_Cyrl &quot; &#39; @-@".split(),
)
def test_every_remnant_is_found_but_where_the_source_has_it(mark):
    text = f"Мост {mark} закрыт"
    start, end = remnant(text, "")
    assert text[start:end] == mark
    assert remnant(text, f"A {mark}") is None


@given(
    st.text(max_size=30),
    st.sampled_from(["their", "a", "WHICH", "которые", "і", "а,", "мост —", "("]),
)
def test_an_end_that_ends_nothing_is_seen_behind_any_text(text, end):
    assert breaks_off(f"{text} {end}")
    assert breaks_off(f"{text} {end} \n")
    assert not breaks_off(f"{text} {end}.")
