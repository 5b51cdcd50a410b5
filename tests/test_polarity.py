"""A translation that turns its source round is found, and right ones are left in peace."""

import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.polarity import by_hand
from newsbrief.article import Finding, Severity
from newsbrief.opposites import ENGLISH, TABLES, find_sides
from newsbrief.polarity import Polarity

HELD_OUT = Path(__file__).parents[1] / "models" / "training" / "held_out.jsonl"
TARGETS = ("ko", "ru", "uk")
BY_HAND = list(by_hand())
# Known to be missed: «не хватает» is also how "is short of" is said.
MISSED = {("ru", "The hospital has enough blood, officials said.")}


def compare(source: str, target: str, language: str = "ru") -> list[Finding]:
    return Polarity(source).compare(target, language)


def codes(source: str, target: str, language: str = "ru") -> set[str]:
    return {finding.code for finding in compare(source, target, language)}


@pytest.mark.parametrize("language", TARGETS)
def test_right_translations_by_hand_have_no_findings(language):
    alarms = [
        (each.source, each.right, found)
        for each in BY_HAND
        if each.language == language and (found := codes(each.source, each.right, language))
    ]
    assert alarms == []


@pytest.mark.parametrize("language", TARGETS)
def test_wrong_translations_by_hand_are_found_by_their_code(language):
    chosen = [each for each in BY_HAND if each.language == language]
    missed = {
        (language, each.source)
        for each in chosen
        if each.code not in codes(each.source, each.wrong, language)
    }
    assert len(chosen) >= 60
    assert missed <= MISSED


@pytest.mark.parametrize("language", TARGETS)
def test_right_held_out_translations_have_no_findings(language):
    lines = map(json.loads, HELD_OUT.read_text(encoding="utf-8").splitlines())
    assert [line["en"] for line in lines if codes(line["en"], line[language], language)] == []


def test_a_turned_word_is_an_error_where_it_stands():
    target = "Цены на хлеб упали в мае."
    (finding,) = compare("Bread prices rose in May.", target)
    assert (finding.code, finding.severity) == ("direction-changed", Severity.ERROR)
    assert (finding.expected, finding.found) == ("rose", "упали")
    assert target[finding.start : finding.end] == "упали"


def test_a_lost_negation_names_what_was_denied_and_is_an_error_but_in_korean():
    source = "The minister did not sign the letter."
    (russian,) = compare(source, "Министр подписал письмо.")
    (korean,) = compare(source, "장관이 서한에 서명했다.", "ko")
    assert (russian.code, russian.severity) == ("negation-lost", Severity.ERROR)
    assert russian.expected == "not sign"
    assert (russian.start, russian.end) == (None, None)
    assert korean.severity is Severity.WARNING


def test_an_added_negation_is_a_warning_where_it_stands():
    target = "Міністр не підписав листа."
    (finding,) = compare("The minister signed the letter.", target, "uk")
    assert (finding.code, finding.severity) == ("negation-added", Severity.WARNING)
    assert target[finding.start : finding.end] == "не підписав"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The team failed to win.", "Команда проиграла."),
        ("The team did not win.", "Команда проиграла."),
        ("The shop did not open.", "Магазин остался закрыт."),
        ("The bridge was not safe and never opened.", "Мост был небезопасен и не открылся."),
    ],
)
def test_a_denied_word_may_be_said_by_its_opposite(source, target):
    assert "direction-changed" not in codes(source, target)


def test_a_direction_is_compared_where_both_texts_deny_it():
    assert codes("Prices did not rise in May.", "В мае цены не выросли.") == set()
    assert codes("Prices did not rise in May.", "В мае цены не упали.") == {"direction-changed"}


def test_a_text_with_both_sides_says_nothing():
    assert codes("Imports rose and exports fell.", "Импорт упал, экспорт упал.") == set()
    assert codes("Imports rose.", "Импорт вырос, а экспорт упал.") == set()


def test_a_point_of_the_compass_between_two_is_both():
    source = "The storm moved southeast."
    assert codes(source, "Шторм сместился на восток.") == set()
    assert codes(source, "Шторм сместился на юг.") == set()
    assert codes(source, "Шторм сместился на север.") == {"direction-changed"}


@pytest.mark.parametrize(
    "source",
    [
        "Not only the mayor resigned.",
        "The result, whether or not it stands, was close.",
        "The final list will not be published before Friday.",
        "Nothing is known of the crew.",
        "The two cases are not unrelated.",
        "The change did not go unnoticed.",
        "Take the train, not the car, they say.",
    ],
)
def test_a_turn_of_phrase_is_no_negation_that_must_be_kept(source):
    assert codes(source, "Мэр ушёл в четверг.") == set()


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The strike was averted.", "Забастовки не будет."),
        ("The price remains at 40 roubles.", "Цена не поднимается выше 40 рублей."),
        ("At least nine were hurt.", "Пострадали не менее девяти человек."),
        ("Would you help us?", "Вы не поможете нам?"),
        ("Almost all of them came.", "Чуть не все пришли."),
        ("The states with a coast met in Oslo.", "Страны, не имеющие проблем, собрались в Осло."),
    ],
)
def test_a_translation_may_deny_what_the_source_says_otherwise(source, target):
    assert "negation-added" not in codes(source, target)


def test_a_lexical_negation_keeps_the_denial():
    source = "The minister will not attend the talks."
    for target in ("Министр отказался от участия.", "Министр пропустит переговоры."):
        assert codes(source, target) == set()
    assert codes(source, "장관은 회담에 불참한다.", "ko") == set()


def test_letters_that_grow_when_made_small_do_not_shift_a_place():
    target = "İİİ: цены упали."
    (finding,) = compare("IBC: prices rose.", target)
    assert target[finding.start : finding.end] == finding.found == "упали"


@pytest.mark.parametrize("language", ["en", "fr", ""])
def test_other_target_languages_are_not_compared(language):
    assert compare("Prices did not rise.", "Prices rose, они не упали.", language) == []


def test_every_scale_has_sure_words_on_each_side_in_every_language():
    for scale, languages in TABLES.items():
        assert set(languages) == {"en", "ko", "ru", "uk"}, scale
        sides = {
            language: {each.side for word in words.values() for each in word if each.sure}
            for language, words in languages.items()
        }
        assert all(found == sides["en"] for found in sides.values()), (scale, sides)


def test_no_word_of_the_tables_mixes_scripts():
    scripts = {"en": "LATIN", "ko": "HANGUL", "ru": "CYRILLIC", "uk": "CYRILLIC"}
    for scale, languages in TABLES.items():
        for language, words in languages.items():
            for letter in filter(str.isalpha, "".join(words)):
                assert scripts[language] in unicodedata.name(letter), (scale, letter)


def test_verbs_have_their_regular_forms():
    assert {"approve", "approves", "approved", "approving"} <= set(ENGLISH)
    assert {"rally", "rallies", "rallied", "rallying", "finishes", "destroyed"} <= set(ENGLISH)


def test_the_longest_word_wins_and_a_rate_is_no_rise():
    assert find_sides("물가상승률", "level", "ko") == []
    assert [found.side for found in find_sides("역성장", "level", "ko")] == [1]
    assert [found.side for found in find_sides("незаконный", "law", "ru")] == [1]
    assert find_sides("ростов", "level", "ru") == []


CARRIERS = st.sampled_from(
    [
        *("rose fell did not never won't, approved North İ west is no longer").split(),
        *("выросли упали не нет никто Не север подписал небезопасно").split(),
        *("зросли впали немає відхилив не підписав").split(),
        *("증가했다 하락했다 지 않았다 없다 못했다 안 북부").split(),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(st.one_of(CARRIERS, st.text(max_size=5))).map(" ".join)
)


@given(TEXTS, TEXTS, st.sampled_from(TARGETS))
def test_any_texts_give_findings_inside_the_target(source, target, language):
    for finding in compare(source, target, language):
        if finding.start is None:
            assert finding.code == "negation-lost"
        else:
            assert 0 <= finding.start < finding.end <= len(target)
            assert finding.found == target[finding.start : finding.end]


@given(TEXTS)
def test_a_text_against_itself_gives_nothing(text):
    assert compare(text, text, "en") == []


@given(st.lists(CARRIERS, min_size=1), st.sampled_from(TARGETS))
def test_one_source_read_once_gives_what_a_fresh_one_gives(words, language):
    text = " ".join(words)
    shared = Polarity("Prices did not rise, the court said.")
    shared.compare("Цены не выросли", "ru")
    fresh = Polarity("Prices did not rise, the court said.")
    assert shared.compare(text, language) == fresh.compare(text, language)


@pytest.mark.parametrize("language", TARGETS)
@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("prices rose and the court did not sign ", "не не не не "),
        ("a not b ", "지 않 없 "),
        ("isn't" * 3 + " ", "нннне"),
        ("rose ", "у"),
    ],
)
def test_time_grows_as_the_texts_do(language, source, target):
    def seconds(times: int) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            compare(source * times, target * times, language)
            best = min(best, time.process_time() - start)
        return best

    short, long = seconds(500), seconds(4000)
    assert long < 8 * 4 * short + 0.01


@pytest.mark.parametrize(
    ("source", "language", "target"),
    [
        ("North Korea sends balloons", "ko", "북, 오물풍선 남쪽으로 날려"),
        ("The won gained 14 won", "ko", "원·달러 환율 14원 급락"),
        ("Those downstream moved to higher ground", "ru", "Жившие ниже плотины ушли на холмы"),
        ("They leave him behind", "ru", "Приехал он, и они бросили его"),
        ("It was last done in 2020", "ko", "2020년 이후 처음이다"),
        ("The shares recovered to end the day higher", "ru", "В начале торгов акции выросли"),
        ("The centre that was built in 2008 was torn down", "uk", "Збудований центр знесли"),
        ("Not one of them is left", "uk", "Жодного не лишилося"),
    ],
)
def test_what_a_language_says_the_other_way_round_is_not_turned_round(source, language, target):
    assert Polarity(source).compare(target, language) == []


@pytest.mark.parametrize(
    ("scale", "language", "text"),
    [
        ("level", "ko", "오르간 앞에 줄이 길다"),
        ("trade", "ko", "요리사들이 판매원과 판매대 앞에"),
        ("approval", "ko", "존재가 전통과 다른 반려동물"),
        ("consent", "ko", "중동의"),
        ("contest", "ko", "부패한 결승전"),
        ("custody", "ko", "구속력이 없는"),
        ("height", "ko", "정상회담의 최고위원"),
        ("membership", "ko", "이탈리아가 박탈당했"),
        ("opening", "ko", "재개발"),
        ("survival", "ko", "가죽과 폭죽"),
        ("temperature", "ko", "열차가 무더기로"),
        ("generation", "ko", "아이슬란드의 아이디어"),
        ("journey", "ru", "прибыль прибылью прибыльный"),
        ("result", "ru", "прибыл прибыло прибытие"),
        ("custody", "ru", "задержки"),
        ("strength", "ru", "усилиями"),
        ("level", "ru", "взлётная"),
        ("journey", "uk", "прибуток прибутком"),
        ("result", "uk", "прибуття прибути"),
        ("war", "uk", "наступного"),
        ("strength", "uk", "посилання"),
        ("temperature", "uk", "жартома спектакль морозиво"),
    ],
)
def test_a_word_that_merely_begins_as_another_or_holds_it_is_surely_on_no_side(
    scale, language, text
):
    assert [found for found in find_sides(text, scale, language) if found.sure] == []


@pytest.mark.parametrize(
    ("scale", "language", "text", "side"),
    [
        ("level", "ko", "비용을 줄이고", 1),
        ("trade", "ko", "사들이는", 0),
        ("trade", "ko", "주식을 판매한", 1),
        ("result", "ko", "지난해 재정적자", 1),
        ("balance", "ko", "지난해 재정흑자", 0),
        ("result", "ko", "당기순손실", 1),
        ("permission", "ko", "통행금지", 1),
        ("height", "ko", "평균을 상회", 0),
        ("contest", "ko", "결승에서 패한", 1),
        ("journey", "ru", "прибыла", 0),
        ("journey", "uk", "прибула", 0),
        ("result", "ru", "прибылью", 0),
        ("result", "uk", "прибутку", 0),
        ("admission", "ru", "признать", 0),
        ("sign", "ru", "положительный", 0),
        ("war", "uk", "наступ", 1),
    ],
)
def test_the_word_itself_is_surely_on_its_side(scale, language, text, side):
    assert {found.side for found in find_sides(text, scale, language) if found.sure} == {side}


@pytest.mark.parametrize(
    ("source", "language", "right", "wrong"),
    [
        (
            "The firm did nothing about its unsafe ladders.",
            "ko",
            "회사는 안전하지 않은 사다리를 손보지 않았다.",
            "회사는 안전한 사다리를 손보지 않았다.",
        ),
        (
            "The port closed and never answered letters.",
            "ru",
            "Порт больше не открылся и не отвечал на письма.",
            "Порт открылся и не отвечал на письма.",
        ),
    ],
)
def test_a_denied_opposite_is_no_opposite(source, language, right, wrong):
    assert codes(source, right, language) == set()
    assert codes(source, wrong, language) == {"direction-changed"}


def test_a_denied_opposite_of_what_was_denied_turns_it_round():
    source = "Neither of the two quarries was opened this year."
    assert codes(source, "Ни один из двух карьеров не закрыли.") == {"direction-changed"}


@pytest.mark.parametrize(
    ("source", "language", "right", "wrong"),
    [
        ("The coat was not his.", "ru", "Плащ был чужой.", "Плащ был его."),
        ("The coat was not hers.", "uk", "Плащ був чужий.", "Плащ був її."),
        ("The debt isn't small.", "uk", "Борг чималий.", "Борг дрібний."),
        ("It is not a small debt.", "ru", "Это крупный долг.", "Это мелкий долг."),
        ("The climb is not easy.", "ru", "Подъём тяжёлый.", "Подъём лёгкий."),
        ("Bread isn't cheap here.", "uk", "Хліб тут дорогий.", "Хліб тут доступний."),
        ("The tale is not true.", "uk", "Ця казка — вигадка.", "Ця казка — правда."),
        ("The strike is not over.", "ru", "Забастовка продолжается.", "Забастовка завершилась."),
        ("The pump is not very new.", "ru", "Насос старый.", "Насос современный."),
        ("Some sang, some did not.", "ru", "Одни пели, остальные ушли.", "Одни пели и ушли."),
        ("He chose not to.", "uk", "Він обрав усупереч.", "Він обрав це."),
        ("Bread is not cheap.", "ko", "빵값이 비싸다.", "빵값이 싸다."),
        ("It can't hold more than 9 cars.", "ko", "최대 9대를 싣는다.", "9대 넘게 싣는다."),
        ("The hall was not big.", "ru", "Зал был мал.", "Зал мальчиков был большим."),
        ("The sum was not large.", "uk", "Сума була малою.", "Вони мали велику суму."),
        ("She is not old.", "ru", "Она молода.", "Новости о том, что она стара."),
        ("The strike is not over.", "uk", "Страйк ще триває.", "Страйк щедро завершено."),
        ("Some sang, and some did not.", "ru", "Пели одни, прочие ушли.", "Все прочно спели."),
        ("He did not win.", "ru", "Он проиграл.", "Он выиграл."),
        ("The crew is not alive.", "ru", "Экипаж погиб.", "Экипаж жив."),
    ],
)
def test_what_is_denied_may_be_said_by_a_word_of_its_own(source, language, right, wrong):
    assert codes(source, right, language) == set()
    assert codes(source, wrong, language) == {"negation-lost"}


def test_a_denial_of_what_begins_as_another_short_word_is_found_whole():
    for source, denial in [
        ("The vote was not unanimous.", "not unanimous"),
        ("They did not unload the ship.", "not unload"),
        ("The minister did not order the arrest.", "not order"),
        ("The minister did not answer letters.", "not answer"),
        ("The debt is not a small one.", "not a small"),
    ]:
        (finding,) = compare(source, "Министр сказал об этом.")
        assert (finding.code, finding.expected) == ("negation-lost", denial)


def test_a_direction_is_still_one_beside_a_name():
    (finding,) = Polarity("The storm moved north").compare("Шторм сместился на юг", "ru")
    assert (finding.code, finding.expected) == ("direction-changed", "north")
