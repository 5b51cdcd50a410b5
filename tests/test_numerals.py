"""Numbers, dates and measures have the same values however a language writes them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbrief import lexicon_en, lexicon_ru, lexicon_uk
from newsbrief.checks import SourceText
from newsbrief.lexicon import APOSTROPHES, Kind, Weight
from newsbrief.numerals import numerals

LANGUAGES = ("en", "ko", "ru", "uk", "de")


def only(text: str, language: str):
    """The one numeral of the text, hints left out."""
    found = [each for each in numerals(text, language) if each.weight > Weight.HINT]
    assert len(found) == 1, found
    return found[0]


def values(text: str, language: str) -> set[Decimal]:
    return {reading for each in numerals(text, language) for reading in each.readings}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "about 13,000 seats"),
        ("en", "thirteen thousand seats"),
        ("en", "13k seats"),
        ("ru", "около 13 000 мест"),
        ("ru", "около 13\u00a0000 мест"),
        ("ru", "около 13 тыс. мест"),
        ("ru", "тринадцать тысяч мест"),
        ("uk", "близько 13 тис. місць"),
        ("uk", "тринадцяти тисяч місць"),
        ("ko", "좌석 약 1만3000개"),
        ("ko", "좌석 약 1만 3000개"),
        ("ko", "좌석 약 1만3천 개"),
        ("ko", "좌석 13,000개"),
        ("de", "etwa 13 000 Sitze"),
    ],
)
def test_thirteen_thousand_is_read_in_every_style(language, text):
    assert Decimal(13_000) in only(text, language).readings


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "$2.3bn", "2300000000"),
        ("en", "2.3-billion-dollar", "2300000000"),
        ("en", "half a million", "500000"),
        ("en", "two and a half million", "2500000"),
        ("en", "a million", "1000000"),
        ("en", "two hundred and twenty-five thousand", "225000"),
        ("en", "one hundred and seven", "107"),
        ("en", "twenty-first", "21"),
        ("en", "1 million 200 thousand", "1200000"),
        ("en", "2,06,737", "206737"),
        ("en", "12.5 per cent", "12.5"),
        ("ru", "60-тысячный", "60000"),
        ("ru", "2,3 млрд долларов", "2300000000"),
        ("ru", "двести двадцать пять тысяч", "225000"),
        ("ru", "двадцать первый", "21"),
        ("ru", "двое", "2"),
        ("ru", "тремястами", "300"),
        ("ru", "шестеро", "6"),
        ("ru", "два с половиной миллиона", "2500000"),
        ("ru", "12,5 %", "12.5"),
        ("ru", "1 млн 200 тыс.", "1200000"),
        ("uk", "2,3 мільярда доларів", "2300000000"),
        ("uk", "двісті двадцять п’ять тисяч", "225000"),
        ("uk", "двадцять перший", "21"),
        ("uk", "двоє", "2"),
        ("uk", "п'ятьома", "5"),
        ("uk", "два з половиною мільйони", "2500000"),
        ("uk", "12,5 відсотка", "12.5"),
        ("ko", "23억 달러", "2300000000"),
        ("ko", "2억 3천만 원", "230000000"),
        ("ko", "3천500만 명", "35000000"),
        ("ko", "1조2000억 원", "1200000000000"),
        ("ko", "150 만 명", "1500000"),
        ("ko", "12.5퍼센트", "12.5"),
        ("ko", "열두 명", "12"),
        ("ko", "여섯 차례", "6"),
        ("ko", "사흘", "3"),
        ("ko", "19초74", "19.74"),
    ],
)
def test_a_number_is_read_as_its_value(language, text, value):
    assert Decimal(value) in only(text, language).readings


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "October 8", {(Kind.MONTH, 10), (Kind.NUMBER, 8)}),
        ("en", "8 and 13 October", {(Kind.NUMBER, 8), (Kind.NUMBER, 13), (Kind.MONTH, 10)}),
        ("en", "on 3 May", {(Kind.NUMBER, 3), (Kind.MONTH, 5)}),
        ("en", "Monday", {(Kind.WEEKDAY, 1)}),
        ("ru", "8 октября", {(Kind.NUMBER, 8), (Kind.MONTH, 10)}),
        ("ru", "к маю", {(Kind.MONTH, 5)}),
        ("ru", "в пятницу", {(Kind.WEEKDAY, 5)}),
        ("uk", "8 жовтня", {(Kind.NUMBER, 8), (Kind.MONTH, 10)}),
        ("uk", "у лютому", {(Kind.MONTH, 2)}),
        ("uk", "у неділю", {(Kind.WEEKDAY, 7)}),
        ("ko", "10월 8일", {(Kind.MONTH, 10), (Kind.NUMBER, 8)}),
        ("ko", "1~3월", {(Kind.MONTH, 1), (Kind.MONTH, 3)}),
        ("ko", "10개월", {(Kind.NUMBER, 10)}),
        ("ko", "수요일", {(Kind.WEEKDAY, 3)}),
        ("ru", "13.10.2024", {(Kind.NUMBER, 13), (Kind.NUMBER, 10), (Kind.NUMBER, 2024)}),
    ],
)
def test_dates_are_read_as_days_months_and_weekdays(language, text, expected):
    found = {(each.kind, int(min(each.readings))) for each in numerals(text, language)}
    assert found == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "3.30 p.m."),
        ("en", "3:30 in the afternoon"),
        ("en", "3:30 p.m."),
        ("ko", "오후 3시 30분"),
        ("ru", "15:30"),
        ("uk", "о 3:30 пополудні"),
    ],
)
def test_half_past_three_in_the_afternoon_is_also_half_past_fifteen(language, text):
    assert {Decimal(15), Decimal(30)} <= values(text, language)


def test_separators_of_english_may_be_left_in_russian_and_ukrainian():
    for language in ("ru", "uk"):
        assert only("13,000", language).readings == {Decimal(13_000), Decimal(13)}
    assert only("13,000", "en").readings == {Decimal(13_000)}


def test_the_first_end_of_a_range_may_share_the_scale_of_the_second():
    for language, text in [
        ("en", "2-3 million"),
        ("en", "$2 to $3 million"),
        ("ru", "от 2 до 3 млн"),
        ("uk", "від 2 до 3 млн"),
        ("ko", "200만∼300만"),
    ]:
        assert {Decimal(2_000_000), Decimal(3_000_000)} <= values(text, language), text


def test_a_decade_is_read_with_its_century_and_without():
    for language, text in [("en", "1990s"), ("ru", "90-е годы"), ("ko", "1990년대")]:
        assert {Decimal(90), Decimal(1990)} <= values(text, language), text


def test_a_season_gets_the_century_of_its_first_year():
    assert Decimal(2025) in values("the 2024-25 season", "en")


def test_words_that_only_sound_like_numbers_prove_nothing():
    for language, text in [
        ("en", "a boat and one may march on"),
        ("ru", "один раз Марта видела окружающую среду"),
        ("uk", "одного разу друга пара"),
        ("ko", "한 사람이 처음 반대했다"),
    ]:
        found = [each.text for each in numerals(text, language) if each.weight > Weight.HINT]
        assert found in ([], ["среду"]), text


@pytest.mark.parametrize(
    ("language", "text", "unit"),
    [
        ("en", "$5 million", "dollar"),
        ("en", "5 per cent", "percent"),
        ("en", "five miles", "mile"),
        ("ru", "5 млн долларов", "dollar"),
        ("ru", "7,3 тыс. га", "hectare"),
        ("uk", "5 відсотків", "percent"),
        ("uk", "8 кілометрів", "kilometre"),
        ("ko", "5억 달러", "dollar"),
        ("ko", "90m까지", "metre"),
        ("ko", "3000세대", None),
    ],
)
def test_a_number_knows_its_unit(language, text, unit):
    assert only(text, language).unit == unit


@pytest.mark.parametrize(
    ("language", "lexicon"),
    [("en", lexicon_en.LEXICON), ("ru", lexicon_ru.LEXICON), ("uk", lexicon_uk.LEXICON)],
)
def test_every_word_of_a_lexicon_is_read_whatever_its_apostrophe(language, lexicon):
    compounds = [f"{stem}дневный" for stem in lexicon.compounds]
    possessives = [f"{word}'s" for word in lexicon.words]
    for word in (*lexicon.words, *possessives, *lexicon.stems, *compounds):
        for apostrophe in APOSTROPHES:
            written = word.replace("'", apostrophe).capitalize()
            if not written.endswith("ʼs"):
                assert numerals(f"({written})", language), written


def korean(number: int, thousand: str = "") -> str:
    """만 and 억 as the agencies write them: 1만3000, or 1만3천."""
    parts = []
    for size, word in ((10**12, "조"), (10**8, "억"), (10**4, "만")):
        if number >= size:
            parts.append(f"{number // size}{word}")
            number %= size
    if number:
        short = thousand and number >= 1000 and number % 1000 == 0
        parts.append(f"{number // 1000}{thousand}" if short else str(number))
    return "".join(parts)


def styles(number: int) -> list[tuple[str, str]]:
    spaced = f"{number:,}".replace(",", " ")
    return [
        ("en", f"{number:,}"),
        ("en", str(number)),
        ("ru", spaced),
        ("ru", spaced.replace(" ", "\u00a0")),
        ("uk", spaced.replace(" ", "\u202f")),
        ("uk", str(number)),
        ("ko", korean(number)),
        ("ko", korean(number, "천")),
        ("ko", f"{number:,}"),
    ]


@settings(deadline=None)
@given(st.integers(2, 10**14))
def test_a_whole_number_has_one_value_in_all_styles(number):
    for language, text in styles(number):
        assert Decimal(number) in only(f"({text})", language).readings, (language, text)


@settings(deadline=None)
@given(st.integers(11, 9999), st.sampled_from([6, 9]))
def test_millions_and_billions_have_one_value_in_all_languages(tenths, zeros):
    value = Decimal(tenths) / 10 * 10**zeros
    point, comma = f"{tenths / 10:.1f}", f"{tenths / 10:.1f}".replace(".", ",")
    names = {
        6: ("million", "млн", "мільйонів"),
        9: ("billion", "миллиардов", "млрд"),
    }[zeros]
    for language, text in [
        ("en", f"{point} {names[0]}"),
        ("ru", f"{comma} {names[1]}"),
        ("uk", f"{comma} {names[2]}"),
        ("ko", korean(int(value))),
    ]:
        assert value in only(text, language).readings, (language, text)


@settings(deadline=None)
@given(st.text(max_size=200) | st.text("0123456789.,:- 만억천년월일млнтиhalfp.m$%I", max_size=80))
def test_any_text_can_be_read_and_places_lie_in_it(text):
    for language in LANGUAGES:
        for each in numerals(text, language):
            assert 0 <= each.start < each.end <= len(text)
            assert each.text in text
            assert each.readings


def test_a_long_run_of_figures_can_be_read():
    for text in ("1" * 40_000, "1," * 10_000, "1 111 " * 5_000, "1.111" * 5_000):
        assert numerals(text, "ko")
        assert numerals(text, "ru")


@pytest.mark.parametrize(
    ("source", "language", "target"),
    [
        ("Losses top 1 tln won", "ru", "Ущерб превысил 1 трлн вон"),
        ("Brown and four others left", "ko", "브라운 등 5명이 떠났다"),
        ("Brown and four others left", "ru", "Браун и еще четверо уехали"),
        ("Two dozen people are missing", "ko", "20여 명이 실종됐다"),
        ("The thousandth transplant", "ko", "1000번째 이식"),
        ("A tenth of a point less", "ko", "0.1포인트 낮다"),
        ("Weddings may not have more than 150 guests", "uk", "На весіллі не більш ніж 150 гостей"),
    ],
)
def test_what_the_press_writes_otherwise_is_the_same_number(source, language, target):
    findings = SourceText(source, "en").check(target, language)
    assert [each for each in findings if each.code.startswith("number")] == []


def test_and_others_does_not_let_any_number_pass():
    codes = {each.code for each in SourceText("Brown and four others", "en").check("6명", "ko")}
    assert "number-changed" in codes


@pytest.mark.parametrize(
    ("source", "language", "target"),
    [
        ("It will close from Monday.", "uk", "Вона закриється з понеділка з понеділка."),
        ("It opened in January.", "ru", "Он открылся в январе в январе."),
    ],
)
def test_the_first_day_and_the_first_month_may_not_be_said_twice_either(source, language, target):
    codes = [each.code for each in SourceText(source, "en").check(target, language)]
    assert codes == ["number-added"]


@pytest.mark.parametrize(
    ("source", "language", "target"),
    [
        ("The rope is half a kilometre long.", "ko", "밧줄 길이는 500m다."),
        ("The rope is half a kilometre long.", "ru", "Длина верёвки — 500 метров."),
        ("The rope is 500 metres long.", "ru", "Длина верёвки — полкилометра."),
        ("The rope is 500 metres long.", "uk", "Довжина мотузки — пів кілометра."),
        ("The rope is 500 metres long.", "uk", "Довжина мотузки — півкілометра."),
        ("A quarter of a kilo of tea is gone.", "ko", "차 250g이 사라졌다."),
        ("250 kilos of wool were sold.", "uk", "Продали чверть тонни вовни."),
        ("Half a mile of the path is closed.", "ko", "산책로 800m가 폐쇄됐다."),
        ("They rowed for 30 minutes.", "ru", "Они гребли полчаса."),
        ("They rowed for a year and a half.", "ko", "이들은 18개월 동안 노를 저었다."),
        ("They rowed for an hour and a half.", "ru", "Они гребли 90 минут."),
        ("They rowed for 90 minutes.", "ru", "Они гребли полтора часа."),
        ("They rowed for 90 minutes.", "ko", "이들은 1시간 30분 동안 노를 저었다."),
        ("They rowed for 90 minutes.", "ko", "이들은 1시간 반 동안 노를 저었다."),
        ("They rowed for 18 months.", "uk", "Вони веслували 1 рік 6 місяців."),
        ("They rowed for two weeks.", "ko", "이들은 14일 동안 노를 저었다."),
        ("They rowed for 48 hours.", "ko", "이들은 이틀 동안 노를 저었다."),
        ("They rowed for half a day.", "ko", "이들은 12시간 동안 노를 저었다."),
        ("Monks lived here for five centuries.", "ko", "수도사들이 500년 동안 이곳에 살았다."),
        ("Monks lived here for 500 years.", "ko", "수도사들이 5세기 동안 이곳에 살았다."),
        ("Monks lived here for 500 years.", "ru", "Монахи жили здесь пять веков."),
        ("Monks lived here for two millennia.", "ko", "수도사들이 2000년 동안 이곳에 살았다."),
        ("Monks lived here for 2,000 years.", "uk", "Ченці жили тут два тисячоліття."),
        ("Three quarters of the monks left.", "ru", "Ушли 75% монахов."),
        ("They rowed for 3.5 years.", "ko", "이들은 3년 6개월 동안 노를 저었다."),
        ("They rowed for three and a half years.", "uk", "Вони веслували 3 роки і 6 місяців."),
        ("They rowed for 2.5 hours.", "ko", "이들은 2시간 30분 동안 노를 저었다."),
        ("A century and a half passed.", "ko", "150년이 지났다."),
        ("They left a decade and a half ago.", "ko", "이들은 15년 전에 떠났다."),
        ("Two dozen monks left.", "uk", "Пішли два десятки ченців."),
        ("Twenty monks left.", "ru", "Ушли два десятка монахов."),
        ("Between 12,000 and 15,000 monks left.", "ru", "Ушли 12-15 000 монахов."),
        ("They left on the night of 7 August.", "ru", "Они ушли в ночь с 7 на 8 августа."),
        ("They left on the night of 7 August.", "uk", "Вони пішли в ніч на 8 серпня."),
        ("They left on the night of 31 July.", "ru", "Они ушли в ночь на 1 августа."),
        ("They left on the night of 31 December.", "uk", "Вони пішли в ніч на 1 січня."),
        ("On the night of 3 May it is minus 2.", "ru", "В ночь на 3 мая будет минус 2."),
        ("The wind blew at 40 metres per second.", "ko", "바람이 초속 40m로 불었다."),
        ("They left for the second time.", "uk", "Вони пішли вдруге."),
        ("They left in the second half of the year.", "ko", "이들은 하반기에 떠났다."),
        ("They left on Sunday night.", "uk", "Вони пішли в ніч із неділі на понеділок."),
        ("The gate (6.30-10am) is shut.", "ko", "문(오전 6시30분-10시)은 닫혔다."),
    ],
)
def test_parts_and_multiples_of_a_measure_have_the_value_of_smaller_or_greater_ones(
    source, language, target
):
    findings = SourceText(source, "en").check(target, language)
    assert [each for each in findings if each.code.startswith(("number", "date"))] == []


@pytest.mark.parametrize(
    ("source", "language", "target"),
    [
        ("The rope is half a kilometre long.", "ko", "밧줄 길이는 600m다."),
        ("The rope is 500 metres long.", "uk", "Довжина мотузки — пів метра."),
        ("They rowed for 90 minutes.", "ru", "Они гребли полчаса."),
        ("They rowed for 90 minutes.", "ko", "이들은 1시간 반에서 20분 모자라게 노를 저었다."),
        ("They rowed for 90 minutes.", "ko", "이들은 1시간 20분 동안 노를 저었다."),
        ("They rowed for 1 hour.", "ko", "이들은 1시간 30분 동안 노를 저었다."),
        ("They rowed for three and a half years.", "ko", "이들은 3년 5개월 동안 노를 저었다."),
        ("A century and a half passed.", "ko", "250년이 지났다."),
        ("They left on 31 July.", "uk", "Вони пішли 1 серпня."),
        ("They left on the night of 30 July.", "ru", "Они ушли в ночь на 2 августа."),
        ("On the night of 3 May it is minus 2.", "ru", "В ночь на 3 мая будет минус 2, 2."),
        ("The wind blew at 40 metres the second day.", "ru", "Ветер дул 40 метров в секунду."),
        ("Monks lived here for five centuries.", "ko", "수도사들이 50년 동안 이곳에 살았다."),
        ("Monks lived here for 500 years.", "ru", "Монахи жили здесь шесть веков."),
        ("Two dozen monks left.", "ru", "Ушли три десятка монахов."),
        ("Between 12,000 and 15,000 monks left.", "ru", "Ушли 13-15 000 монахов."),
        ("They left on the night of 7 August.", "ru", "Они ушли в ночь на 9 августа."),
        ("They left on the night of 7 August.", "uk", "Вони пішли вночі 8 серпня."),
    ],
)
def test_another_value_of_a_part_or_a_multiple_is_found(source, language, target):
    findings = SourceText(source, "en").check(target, language)
    assert [each.code for each in findings if each.code.startswith("number")]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ru", "два миллиона раз", 2_000_000),
        ("ru", "двадцать раз", 20),
        ("ru", "тремя сотнями", 300),
        ("ru", "двух дюжин", 24),
        ("uk", "двома дюжинами", 24),
        ("uk", "двадцять першокурсників", 20),
        ("en", "six hundred twins", 600),
        ("en", "two thousand solo flights", 2_000),
        ("en", "forty pairs of skis", 40),
    ],
)
def test_what_is_counted_is_no_part_of_the_number(language, text, value):
    assert Decimal(value) in only(text, language).readings
    assert len(only(text, language).readings) <= 2


@pytest.mark.parametrize(
    ("text", "value"), [("two hundred a day", 200), ("a billion a year", 10**9)]
)
def test_an_article_behind_a_number_is_no_part_of_it(text, value):
    number, article = numerals(text, "en")
    assert number.readings == {Decimal(value)}
    assert article.text == "a"


def test_a_dozen_is_ten_or_twelve_and_of_thousands_twelve():
    assert only("two dozen boats", "en").readings == {Decimal(24), Decimal(20)}
    assert only("two dozen thousand boats", "en").readings == {Decimal(24_000)}


def test_an_ordinal_behind_a_blank_is_a_part_of_the_number_or_none():
    assert only("twenty-first day", "en").readings == {Decimal(21)}
    assert only("twenty first readers", "en").readings == {Decimal(20), Decimal(21)}
    assert Decimal(21) in only("двадцать первый", "ru").readings
    assert Decimal(22) in only("двадцять другий", "uk").readings


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("trilogy", 3),
        ("hat-trick", 3),
        ("tetralogy", 4),
        ("quintet", 5),
        ("sextet", 6),
        ("octet", 8),
        ("decathlon", 10),
        ("octogenarian", 80),
        ("centenary", 100),
        ("bicentennial", 200),
    ],
)
def test_a_word_that_counts_is_answered_by_its_figure_and_by_no_other(word, value):
    def number_codes(figure: int) -> list[str]:
        findings = SourceText(f"The {word} is in May.", "en").check(f"5월의 {figure}부", "ko")
        return [each.code for each in findings if each.code.startswith("number")]

    assert number_codes(value) == []
    assert number_codes(value + 1) == ["number-added"]


@pytest.mark.parametrize("noun", "석방 석권 세대 세척 두건 두개골 열대 열병식 보름달".split())
def test_a_korean_noun_that_begins_as_a_number_is_none(noun):
    found = numerals(f"그 {noun} 이야기", "ko")
    assert [each for each in found if each.weight > Weight.HINT] == []


def test_a_korean_number_before_its_counter_is_still_one():
    for text, value in [("석 달", 3), ("세 대", 3), ("세 척", 3), ("두 개", 2), ("보름 뒤", 15)]:
        assert Decimal(value) in only(text, "ko").readings


def test_pieces_are_no_trillions_and_a_vaccine_is_no_hundred():
    assert only("900조각", "ko").readings == {Decimal(900)}
    assert only("3천조각", "ko").readings == {Decimal(3_000)}
    assert only("코로나19백신", "ko").readings == {Decimal(19)}
    assert only("900조 원", "ko").readings == {Decimal(900 * 10**12)}
    source = SourceText("The mosaic has 900 pieces.", "en")
    assert {each.code for each in source.check("모자이크는 900조다.", "ko")} == {"number-changed"}
