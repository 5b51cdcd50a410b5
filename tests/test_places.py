"""Places are read in every language and form; one that becomes another is found."""

import json
import time
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.checks import Pair
from models.evaluation.damage import place
from models.evaluation.places import damaged
from newsbrief import gazetteer_en, gazetteer_ko, gazetteer_ru, gazetteer_uk
from newsbrief.article import Finding, Severity
from newsbrief.checks_places import SourcePlaces
from newsbrief.places import hinted, places, rows
from tests.counting import steps

AUTHORED = Path(__file__).parents[1] / "models" / "training" / "authored"
TARGETS = ("ko", "ru", "uk")
GAZETTEERS = {"en": gazetteer_en, "ko": gazetteer_ko, "ru": gazetteer_ru, "uk": gazetteer_uk}
# ISO 3166-1: the members of the United Nations, its two observers, Kosovo and Taiwan.
STATES = """
ad ae af ag al am ao ar at au az ba bb bd be bf bg bh bi bj bn bo br bs bt bw by bz ca cd cf cg ch
ci cl cm cn co cr cu cv cy cz de dj dk dm do dz ec ee eg er es et fi fj fm fr ga gb gd ge gh gm gn
gq gr gt gw gy hn hr ht hu id ie il in iq ir is it jm jo jp ke kg kh ki km kn kp kr kw kz la lb lc
li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mr mt mu mv mw mx my mz na ne ng ni nl no np
nr nz om pa pe pg ph pk pl ps pt pw py qa ro rs ru rw sa sb sc sd se sg si sk sl sm sn so sr ss st
sv sy sz td tg th tj tl tm tn to tr tt tv tw tz ua ug us uy uz va vc ve vn vu ws xk ye za zm zw
"""
KOREAN_ONLY = {"handover"}  # 인도 is India, or the delivery of something


def compare(source: str, target: str, language: str) -> list[Finding]:
    return SourcePlaces(source, "en").compare(target, language)


def read(text: str, language: str) -> list[tuple[str, str]]:
    """The first code of each place, and the words."""
    return [(each.codes[0], text[each.start : each.end]) for each in places(text, language)]


@pytest.mark.parametrize("language", GAZETTEERS)
def test_every_state_has_a_name_in_every_language(language):
    named = {code for codes, _ in rows(GAZETTEERS[language].NAMES) for code in codes}
    assert len(STATES.split()) == 197
    assert set(STATES.split()) <= named
    english = {code for codes, _ in rows(gazetteer_en.NAMES) for code in codes}
    assert named - KOREAN_ONLY == english


@pytest.mark.parametrize("language", GAZETTEERS)
def test_every_form_of_a_gazetteer_is_read_as_its_place(language):
    for codes, forms in rows(GAZETTEERS[language].NAMES):
        for form in forms:
            stem, slash, endings = form.rstrip("!").partition("/")
            text = stem + endings.split(",")[0]
            if language == "ko":
                text = form.rstrip("!").partition("-")[0]
            found = [each.codes for each in places(text, language)]
            assert found == ([] if codes == ("-",) else [codes]), (form, slash)


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("US-led talks", "en", [("us", "US")]),
        ("The U.S. and the UK", "en", [("us", "U.S."), ("gb", "UK")]),
        ("PAPUA NEW GUINEA, Bissau", "en", [("pg", "PAPUA NEW GUINEA"), ("gw", "Bissau")]),
        ("They left us a turkey and polish in china", "en", []),
        ("New Mexico and Mexico", "en", [("mx", "Mexico")]),
        ("A Pole at the South Pole", "en", [("pl", "Pole")]),
        ("Niger, Nigerians", "en", [("ne", "Niger"), ("ng", "Nigerians")]),
        ("в Южной Корее", "ru", [("kr", "Южной Корее")]),
        ("российско-украинской", "ru", [("ru", "российско"), ("ua", "украинской")]),
        ("мало чада и кубок, индивидуальный", "ru", []),
        ("Кот-д’Ивуаром, поляков", "ru", [("ci", "Кот-д’Ивуаром"), ("pl", "поляков")]),
        ("на узбережжі, індустрія", "uk", []),
        ("У В'єтнамі й В’єтнамом", "uk", [("vn", "В'єтнамі"), ("vn", "В’єтнамом")]),
        ("грецькій, Празі, киян", "uk", [("gr", "грецькій"), ("cz", "Празі"), ("ua", "киян")]),
        ("미국은 한국과", "ko", [("us", "미국"), ("kr", "한국")]),
        ("인도네시아, 인도적 지원, 인도에서", "ko", [("id", "인도네시아"), ("in", "인도")]),
        ("호주머니, 12대만 통과, 말리다", "ko", []),
    ],
)  # fmt: skip
def test_places_are_read_where_they_stand(text, language, found):
    assert read(text, language) == found


SOURCE = "Zambia and South Korea sign a trade agreement in Geneva"
RIGHT = {
    "ko": "잠비아와 한국이 제네바에서 무역협정에 서명하다",
    "ru": "Замбия и Южная Корея подписывают в Женеве торговое соглашение",
    "uk": "Замбія та Південна Корея підписують у Женеві торговельну угоду",
}


@pytest.mark.parametrize("language", TARGETS)
def test_a_right_translation_has_no_findings(language):
    assert compare(SOURCE, RIGHT[language], language) == []


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("ko", "잠비아", "사우디아라비아"),
        ("ko", "한국", "북한"),
        ("ru", "Замбия", "Саудовская Аравия"),
        ("ru", "Южная Корея", "КНДР"),
        ("uk", "Замбія", "Саудівська Аравія"),
        ("uk", "Південна Корея", "Північна Корея"),
    ],
)
def test_a_country_that_becomes_another_is_an_error_where_it_stands(language, before, after):
    target = RIGHT[language].replace(before, after)
    (finding,) = compare(SOURCE, target, language)
    assert (finding.code, finding.severity) == ("place-changed", Severity.ERROR)
    assert finding.found == after == target[finding.start : finding.end]
    assert finding.expected in SOURCE
    assert finding.message == f"'{finding.expected}' became '{after}'"


def test_a_country_that_is_named_once_less_became_the_other():
    source = "Ukrainian officials say Ukraine will sign"
    (finding,) = compare(source, "Российские чиновники говорят, что Украина подпишет", "ru")
    assert (finding.code, finding.expected) == ("place-changed", "Ukrainian")


def test_of_two_countries_one_may_not_become_the_other():
    target = "Иордания и Иордания соединяют сети Египта"
    (finding,) = compare("Iraq and Jordan link the grids of Egypt", target, "ru")
    assert finding.code == "place-missing"
    (finding,) = compare("Iraq and Syria link the grids of Egypt", "Сирия и Сирия с Египтом", "ru")
    assert (finding.code, finding.expected) == ("place-changed", "Iraq")


@pytest.mark.parametrize(
    ("source", "language", "target"),
    [
        ("Moscow denies it", "ru", "Россия это отрицает"),
        ("Washington and Beijing talk", "ko", "미중 대화"),
        ("US troops in Korea", "ko", "주한미군"),
        ("The North fires a missile", "ko", "북한, 미사일 발사"),
        ("Brussels approves the budget", "uk", "ЄС схвалює бюджет"),
        ("The Kremlin is silent", "uk", "Росія мовчить"),
        ("Shares listed in Shanghai", "ru", "Акции на китайских биржах"),
        ("Georgia votes", "ru", "В Джорджии голосуют"),
        ("Georgia votes", "uk", "У Грузії голосують"),
        ("Michael Jordan retires", "ru", "Майкл Джордан уходит"),
        ("Germany delivers two systems", "ko", "독일, 2기 인도"),
        ("Exports to Belarus halve", "ko", "대벨라루스 수출 절반"),
        ("Air France strike", "ru", "Забастовка Air France"),
    ],
)
def test_what_one_language_says_otherwise_is_no_other_place(source, language, target):
    assert compare(source, target, language) == []


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("The ministry objects", "Министерство Польши возражает", "place-added"),
        ("The Polish ministry objects", "Министерство возражает", "place-missing"),
    ],
)
def test_a_place_that_is_only_added_or_missing_is_a_warning(source, target, code):
    (finding,) = compare(source, target, "ru")
    assert (finding.code, finding.severity) == (code, Severity.WARNING)
    assert (finding.start is None) == (code == "place-missing")


def test_parts_of_a_country_do_not_answer_each_other():
    (finding,) = compare("Strike in Gaza", "Удар на Западном берегу", "ru")
    assert finding.code == "place-changed"
    assert compare("Strike in Gaza", "Удар по палестинцам", "ru") == []


def test_in_an_unknown_language_nothing_is_named():
    assert places("Frankreich", "de") == hinted("Frankreich", "de") == ()
    assert SourcePlaces("Frankreich", "de").compare("Польша", "ru")[0].code == "place-added"


@pytest.mark.parametrize("language", TARGETS)
def test_hardly_a_right_pair_raises_an_alarm_and_most_swaps_do(language):
    lines = [
        json.loads(line)
        for path in sorted(AUTHORED.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()[::5]
    ]
    right = [Pair(line["en"], line[language], language) for line in lines]
    swapped = damaged(right, place)
    assert len(swapped) > 200
    assert changed(right) <= 0.001 * len(right)
    assert changed(swapped) >= 0.9 * len(swapped)


def changed(found: list[Pair]) -> int:
    """How many have a place that became another."""
    return sum(any(finding.code == "place-changed" for finding in compare(*pair)) for pair in found)


WORDS = [
    "Иран", "южная", "Коре", "Южн", "Южн Южн ", "китай", "сектор ", "В'", "united ", "U.S.", "New ",
    "Republic of ", "인도", "대만", "미국", "북", "İ", "ß", "’", "-", " ", "\u00a0", "Georgia",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map("".join))


@given(TEXTS, TEXTS, st.sampled_from([*GAZETTEERS, "de", ""]))
def test_any_texts_can_be_compared_and_places_lie_inside(source, target, language):
    for finding in compare(source, target, language):
        if finding.start is not None:
            assert finding.found == target[finding.start : finding.end] != ""
    for text in (source, target):
        ends = 0
        for each in places(text, language):
            assert ends <= each.start < each.end <= len(text)
            ends = each.end
        for each in hinted(text, language):
            assert 0 <= each.start < each.end <= len(text)


@given(TEXTS, st.sampled_from(list(GAZETTEERS)))
def test_a_text_names_what_it_names_itself(text, language):
    assert SourcePlaces(text, language).compare(text, language) == []


def swap_of(draw: st.DrawFn) -> tuple[str, str, str]:
    one, other = draw(st.permutations(["Kenya", "Peru", "Nepal"]))[:2]
    return one, other, draw(st.text("abcde \n.,", max_size=30))


@given(st.data())
def test_one_country_for_another_is_found_in_any_company(data):
    names = {"Kenya": "Кения", "Peru": "Перу", "Nepal": "Непал"}
    one, other, company = swap_of(data.draw)
    (finding,) = compare(f"{company} {one} {company}", f"{company} {names[other]}.", "ru")
    assert (finding.code, finding.expected, finding.found) == ("place-changed", one, names[other])


REPEATED = ["Южн ", "ЮжнЮжн", "Республик Конго ", "인도 ", "인도인도", "New ", "В'"]


@pytest.mark.parametrize("language", TARGETS)
@pytest.mark.parametrize("piece", REPEATED)
def test_the_work_grows_no_faster_than_the_text(piece, language):
    def work(times: int) -> None:
        compare("Peru " + piece * times, "Чад " + piece * times, language)

    def seconds(times: int) -> float:
        start = time.thread_time()
        work(times)
        return time.thread_time() - start

    work(1)  # compiles the patterns
    assert steps(partial(work, 240)) < 5 * steps(partial(work, 60)) + 200

    most = 9 * min(seconds(200) for _ in range(5)) + 0.002  # 16 where it grows with the square
    assert any(seconds(800) < most for _ in range(5))
