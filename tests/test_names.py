"""Names of people are compared by ear: what became another, was lost or was invented is found."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.checks import Pair
from models.evaluation.names import OTHERS, damaged
from newsbrief.article import Finding, Severity
from newsbrief.checks import SourceText
from newsbrief.checks_names import LIMITS, SourceNames
from newsbrief.transcription import cyrillic, distance, hangul, latin, weight
from tests.servers import ROOT

AUTHORED = ROOT / "models" / "training" / "authored"
SOURCE = "The ferry was late again, Captain Olena Kovalenko said on Monday in Lindmouth."
RIGHT = {
    "ko": "린드머스의 올레나 코발렌코 선장은 월요일 여객선이 또 늦었다고 말했다.",
    "ru": "Паром снова опоздал, сказала в понедельник в Линдмуте капитан Елена Коваленко.",
    "uk": "Пором знову запізнився, сказала в понеділок у Ліндмуті капітанка Олена Коваленко.",
}


def compare(source: str, target: str, language: str) -> list[Finding]:
    return SourceNames(source).compare(target, language)


def near(name: str, word: str) -> bool:
    if word[0] >= "가":
        return distance(latin(name), hangul(word), 6) <= LIMITS["ko"]
    return distance(latin(name), cyrillic(word)) <= LIMITS["ru"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Kovalenko", "Коваленко Коваленка Коваленком 코발렌코는"),
        ("Wright", "Райт Райта 라이트가"),
        ("Smith", "Смит Смитами Сміт 스미스는"),
        ("Johnson", "Джонсон Джонсоном 존슨"),
        ("Xi", "Си Сі 시는"),
        ("Jimenez", "Хименес Хіменес 히메네스"),
        ("Szczęsny", "Щенсный"),
        ("Nguyen", "Нгуен 응우옌은"),
        ("Zhang", "Чжан 장은"),
        ("Wrona", "Врона"),
        ("Aksoy", "Аксой 악소이"),
        ("Łódź", "Лодзь"),
        ("Alexei", "Алексей Олексій 알렉세이"),
        ("Macron", "Макрон 마크롱"),
        ("Dubois", "Дюбуа 뒤부아는"),
        ("Nowicki", "Новицкий 노비츠키"),
        ("Magyar", "Мадьяр 머저르"),
        ("Helena", "헬레나"),
        ("Ridge", "Ридж"),
    ],
)
def test_transcriptions_of_a_name_sound_like_it(name, words):
    assert [word for word in words.split() if not near(name, word)] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Kovalenko", "Петренко Шевченко Иванов 셰우첸코"),
        ("Smith", "Браун Джонсон 존슨"),
        ("Xi", "Ким Ли"),
        ("Macron", "Шольц Мерц 숄츠"),
    ],
)
def test_other_names_do_not(name, words):
    assert [word for word in words.split() if near(name, word)] == []


@pytest.mark.parametrize("language", LIMITS)
def test_a_right_translation_has_no_findings(language):
    assert compare(SOURCE, RIGHT[language], language) == []


@pytest.mark.parametrize(
    ("language", "other"), [("ru", "Петренко"), ("ru", "Бергстрём"), ("uk", "Шевчук")]
)
def test_a_name_that_becomes_another_is_an_error_where_it_stands(language, other):
    target = RIGHT[language].replace("Коваленко", other)
    (finding,) = compare(SOURCE, target, language)
    assert (finding.code, finding.severity) == ("name-changed", Severity.ERROR)
    assert finding.expected == "Olena Kovalenko"
    assert finding.found == other == target[finding.start : finding.end]
    assert finding.message == f"'Olena Kovalenko' became '{other}'"


@pytest.mark.parametrize(("language", "given"), [("ru", "Елена"), ("uk", "Олена")])
def test_another_given_name_before_the_right_surname_is_another_person(language, given):
    target = RIGHT[language].replace(given, "Марина")
    (finding,) = compare(SOURCE, target, language)
    assert (finding.code, finding.severity) == ("name-changed", Severity.ERROR)
    assert (finding.expected, finding.found) == ("Olena Kovalenko", "Марина Коваленко")
    assert compare(SOURCE, RIGHT[language].replace(f"{given} ", ""), language) == []


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (
            "The British Prime Minister Keir Starmer left the house in the evening",
            "Премьер Великобритании Риши Сунак ушел вечером",
            "Keir Starmer",
        ),
        ("Thomas O'Neill, a father of three, died", "Умер Томас Мюррей", "Thomas O'Neill"),
        ("Wang Yi said talks would go on", "Переговоры продолжит Ли Цян", "Wang Yi"),
    ],
)
def test_other_ways_to_name_a_person_are_read_too(source, target, expected):
    assert expected in [person.text for person in SourceNames(source).people]
    found = [finding.expected for finding in compare(source, target, "ru")]
    assert found == [expected] or "O'" in expected  # the given name alone may do


def test_after_an_article_an_invented_person_is_still_found():
    source = "The mayor said that the road would be closed for a week."
    (finding,) = compare(source, "Мэр Сергей Собянин сообщил, что дорогу закроют на неделю.", "ru")
    assert (finding.code, finding.found) == ("name-added", "Сергей Собянин")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("A" * 100_000, "А" * 100_000),
        ("President " + "Bada" * 20_000, "Када" * 20_000),
        ("President Anna Weber said it was good for us. " * 2_000, "Анна Петрова пела. " * 5_000),
        (" ".join(f"Mr Aa{'b' * (n % 60)}er was at home," for n in range(3_000)), "Иван " * 300),
        ("al-Sisi " * 9_000, "ас-Сиси " * 9_000),
    ],
)
@pytest.mark.parametrize("language", LIMITS)
def test_hostile_texts_take_no_time(source, target, language):
    before = time.process_time()
    compare(source, target, language)
    assert time.process_time() - before < 5


def test_a_name_that_is_gone_is_a_warning():
    target = "Паром снова опоздал, сказала в понедельник в Линдмуте капитан."
    (finding,) = compare(SOURCE, target, "ru")
    assert (finding.code, finding.severity) == ("name-missing", Severity.WARNING)
    assert (finding.expected, finding.found, finding.start) == ("Olena Kovalenko", None, None)


def test_in_korean_another_name_is_a_missing_one():
    (finding,) = compare(SOURCE, RIGHT["ko"].replace("코발렌코", "야마구치"), "ko")
    assert (finding.code, finding.expected) == ("name-missing", "Olena Kovalenko")


def test_a_surname_that_is_a_common_word_too_is_a_name_before_a_korean_given_one():
    assert compare("Park Min-jae left the park", "Пак Мин Чжэ ушел из парка", "ru") == []
    (finding,) = compare("Park Min-jae left the park", "박지훈은 공원을 떠났다", "ko")
    assert (finding.code, finding.expected) == ("name-missing", "Park Min-jae")


def test_an_invented_person_is_an_error():
    target = "Об этом в понедельник сообщил Анатолий Берестов, выйдя на пристань."
    (finding,) = compare("The ferry was late again, officials said on Monday.", target, "ru")
    assert (finding.code, finding.severity) == ("name-added", Severity.ERROR)
    assert target[finding.start : finding.end] == finding.found == "Анатолий Берестов"


@pytest.mark.parametrize(
    ("source", "language", "target"),
    [
        ("Kim Hong-gyun led the talks", "ru", "Переговоры вел Ким Хон Гюн"),
        ("Kim Hong-gyun led the talks", "ko", "김홍균이 회담을 이끌었다"),
        ("Do Min-seok won", "uk", "Переміг То Мін Сок"),
        ("Machu Picchu reopens", "ru", "Мачу-Пикчу снова открыт"),
        ("Eight die on Mont Blanc", "ru", "Восемь погибли на Монблане"),
        ("Police on Rustaveli Avenue", "ru", "Полиция на проспекте Руставели"),
        ("The World Health Organization says so", "ru", "Так говорит ВОЗ"),
        ("Foreign Minister Ana Ruiz resigns", "ru", "Глава МИД Ана Руис уходит в отставку"),
        ("The Red Crescent appealed", "uk", "Червоний Півмісяць попросив допомоги"),
        ("They met in the White House", "ru", "Они встретились в Белом доме"),
        ("John Smith Jr, 64, agreed", "ru", "64-летний Джон Смит-младший согласился"),
        ("Mr Brown said he was told", "ru", "Браун сказал, что ему говорили"),
        ("Director Paula Lindqvist of Norvane", "ru", "Глава Norvane Paula Lindqvist"),
        ("MINISTER ANNA WEBER RESIGNS", "ru", "Министр ушла в отставку"),
        ("Dr O'Brien's method", "ru", "Метод доктора О'Брайена"),
        ("The Far East needs roads", "ru", "Дальнему Востоку нужны дороги"),
        ("Former leader Bashar al-Assad fled", "ru", "Бывший лидер Асад бежал"),
        ("President Abdel Fattah al-Sisi said so", "ru", "Так сказал президент ас-Сиси"),
        ("Former minister Mykola Azarov said so", "ru", "Так сказал экс-министр Николай Азаров"),
        ("King Charles visited the school", "ru", "Король Карл посетил школу"),
        ("Pope John Paul II visited the city", "uk", "Папа Іван Павло II відвідав місто"),
        ("Judge Juan M. Merchan ruled so", "ru", "Так решил судья Мерчан"),
        ("Juan Martin del Potro said so", "ru", "Так сказал Дель Потро"),
        ("Aung San Suu Kyi said so", "ru", "Так сказала Су Чжи"),
        ("Syngman Rhee left the country", "ru", "Страну покинул Ли Сын Ман"),
        ("The drugmaker Pfizer said so", "ko", "화이자는 그렇게 말했다"),
        ("The coach Bob Bradley said so", "ru", "Так сказал тренер Роберт Брэдли"),
    ],
)
def test_what_is_written_otherwise_or_names_no_person_is_no_finding(source, language, target):
    assert compare(source, target, language) == []


def test_a_text_of_any_other_language_is_not_compared():
    assert compare(SOURCE, "Kapitänin Petra Vogel", "de") == []
    assert SourceText("Olena Kovalenko sprach", "de").check("Говорила Анна Петренко", "ru") == ()


def test_names_are_among_the_checks_of_a_translation():
    findings = SourceText(SOURCE, "en").check(RIGHT["ru"].replace("Коваленко", "Петренко"), "ru")
    assert [finding.code for finding in findings] == ["name-changed"]


@pytest.mark.parametrize(("language", "least"), [("ko", 0.4), ("ru", 0.7), ("uk", 0.7)])
def test_hardly_a_right_pair_raises_an_alarm_and_most_other_names_do(language, least):
    right = [
        Pair(line["en"], line[language], language)
        for path in sorted(AUTHORED.glob("*.jsonl"))
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()[::2])
    ]
    changed = list(damaged(right, change=True))
    assert len(changed) > 150
    assert sum(bool(compare(*pair)) for pair in right) <= 0.002 * len(right)
    assert sum(bool(compare(*pair)) for pair in changed) >= least * len(changed)


WORDS = [
    "Anna ", "Kovalenko", "Mr ", " said", ", 52,", "Анна ", "Коваленко", " - ", "'s", "Ким Хон ",
    "김홍균", "은 ", "van ", "MP ", "McAdam ", "Министр ", "Москва ", "«", ". ", "\u00a0", "İ", "ё",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map("".join))


@given(TEXTS, TEXTS, st.sampled_from([*LIMITS, "de", ""]))
def test_any_texts_can_be_compared_and_names_lie_inside(source, target, language):
    for finding in compare(source, target, language):
        if finding.start is not None:
            assert finding.found == target[finding.start : finding.end] != ""
    for person in SourceNames(source).people:
        assert person.text == source[person.start : person.end] != ""


@given(st.text(max_size=20), st.text(max_size=20))
def test_every_word_sounds_like_itself_and_no_distance_is_negative(one, other):
    for read in (latin, cyrillic, hangul):
        assert distance(read(one), read(one)) == 0 or 0 in read(one)  # no letters of the script
        assert distance(read(one), read(other)) >= 0
        assert 0 <= weight(read(one)) <= 2 * len(read(one))


@pytest.mark.parametrize("language", LIMITS)
def test_the_names_of_the_measurement_are_told_apart(language):
    read = hangul if language == "ko" else cyrillic
    words = OTHERS[language].split()
    alike = [
        (one, other)
        for one in words
        for other in words
        if one < other and distance(read(one), read(other), 0) <= LIMITS[language]
    ]
    assert len(alike) <= 3
