"""Ways to make a right translation wrong, as models do; each returns None where it can't."""

import random
import re
from collections.abc import Callable

FIGURE = re.compile(r"(?<![\d.,])\d[\d.,]*\d(?![\d.,])|(?<![\d.,])\d(?![\d.,])")
MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ko": " ".join(f"{number}월" for number in range(1, 13)),
}
WEEKDAYS = {
    "ru": "понедельник вторник среду четверг пятницу субботу воскресенье",
    "uk": "понеділок вівторок середу четвер п'ятницю суботу неділю",
    "ko": "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
}
NUMBER_WORDS = {
    "ru": "два две двух двое три трёх трое четыре четырёх четверо пять пяти шесть семь восемь",
    "uk": "два дві двох двоє три трьох троє чотири чотирьох четверо п'ять п'яти шість сім вісім",
    "ko": "두 세 네 다섯 여섯 일곱 여덟 아홉",
}
SAME_NUMBER = {
    "ru": ("два две двух двое", "три трёх трое", "четыре четырёх четверо", "пять пяти"),
    "uk": ("два дві двох двоє", "три трьох троє", "чотири чотирьох четверо", "п'ять п'яти"),
    "ko": (),
}
SCALES = {
    "ru": (("тыс.", "млн"), ("млн", "млрд"), ("млрд", "млн"), ("трлн", "млрд")),
    "uk": (("тис.", "млн"), ("млн", "млрд"), ("млрд", "млн"), ("трлн", "млрд")),
    "ko": (("만", "억"), ("억", "만"), ("조", "억")),
}
UNITS = {
    "ru": (("доллар", "фунт"), ("$", "€"), ("евро", "иен"), ("километр", "мил"), ("%", " тонн")),
    "uk": (("долар", "фунт"), ("$", "€"), ("євро", "єн"), ("кілометр", "мил"), ("%", " тонн")),
    "ko": (("달러", "유로"), ("유로", "엔"), ("원", "엔"), ("km", "마일"), ("%", "톤")),
}

# Beginnings that take the same endings, a line each, whether or not the checks know them.
PLACES = {
    "ru": """
Росси Сири Инди Грузи Серби Итали Франци Бельги Турци Япони Испани Германи Ливи Замби Нигери Кени
Иран Ирак Афганистан Пакистан Казахстан Судан Ливан Катар Вьетнам Непал Эквадор Камерун Йемен Алжир
Украин Уганд Канад Аргентин Куб Панам Мальт Ган Ангол Литв
Москв Варшав Анкар Гаван Оттав Манил Джакарт
российск китайск американск украинск французск немецк британск японск индийск польск турецк шведск
россиян англичан датчан египтян
США КНР ОАЭ ЮАР КНДР
""",
    "uk": """
Росі Сирі Інді Грузі Сербі Італі Франці Бельгі Японі Іспані Замбі Нігері Кені Естоні Швеці Австрі
Німеччин Туреччин Угорщин Словаччин Україн
Іран Ірак Афганістан Пакистан Казахстан Судан Ліван Катар В'єтнам Непал Еквадор Камерун Ємен Алжир
Москв Варшав Оттав Женев
російськ китайськ американськ українськ французьк німецьк британськ японськ індійськ польськ турецьк
росіян англійц
США КНР ОАЕ ПАР КНДР
""",
    "ko": """
미국 중국 한국 북한 영국 독일 이란 이스라엘 인도 파키스탄 폴란드 이집트 브라질 대만 베트남 필리핀
태국 스페인 일본 우즈베키스탄 카자흐스탄 예멘
러시아 우크라이나 프랑스 이라크 터키 튀르키예 시리아 캐나다 호주 그리스 이탈리아 잠비아 케냐
모스크바 도쿄 파리 바르샤바 카이로
서울 평양 런던 베를린 브뤼셀 테헤란 워싱턴 베이징
""",
}

Damage = Callable[[str, str, str, random.Random], str | None]


def _swap_word(text: str, words: list[str], draw: random.Random, *, same: tuple[str, ...] = ()):
    pattern = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    places = list(re.finditer(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", text))
    if not places:
        return None
    place = draw.choice(places)
    kin = next((group.split() for group in same if place[0] in group.split()), [place[0]])
    other = draw.choice([word for word in words if word not in kin])
    return text[: place.start()] + other + text[place.end() :]


def digit(_source: str, target: str, _language: str, draw: random.Random) -> str | None:
    """One digit of one figure becomes another."""
    places = [
        i for i, character in enumerate(target) if character.isascii() and character.isdigit()
    ]
    if not places:
        return None
    place = draw.choice(places)
    leading = place == 0 or not target[place - 1].isdigit()
    others = [d for d in ("123456789" if leading else "0123456789") if d != target[place]]
    return target[:place] + draw.choice(others) + target[place + 1 :]


def tenfold(_source: str, target: str, _language: str, draw: random.Random) -> str | None:
    """A figure gets a nought more."""
    places = list(re.finditer(r"(?<![\d.,])[1-9]\d*(?![\d.,]| \d{3})", target))
    if not places:
        return None
    end = draw.choice(places).end()
    return f"{target[:end]}0{target[end:]}"


def scale(_source: str, target: str, language: str, draw: random.Random) -> str | None:
    """Millions become billions, or the like."""
    pairs = [
        (place.start(1), before, after)
        for before, after in SCALES[language]
        for place in re.finditer(rf"\d\s?({re.escape(before)})(?![а-яі])", target)
    ]
    if not pairs:
        return None
    start, before, after = draw.choice(pairs)
    return target[:start] + after + target[start + len(before) :]


def number_lost(_source: str, target: str, _language: str, draw: random.Random) -> str | None:
    """A figure is left out."""
    places = [match for match in FIGURE.finditer(target) if match[0] != "1"]
    if not places:
        return None
    place = draw.choice(places)
    return target[: place.start()] + target[place.end() :].lstrip()


def number_word(_source: str, target: str, language: str, draw: random.Random) -> str | None:
    """A small number in words becomes another."""
    words = NUMBER_WORDS[language].split()
    if language == "ko":
        places = list(
            re.finditer(rf"(?<![가-힣])(?:{'|'.join(words)})(?=\s?[명개번차곳건대])", target)
        )
        if not places:
            return None
        place = draw.choice(places)
        other = draw.choice([word for word in words if word != place[0]])
        return target[: place.start()] + other + target[place.end() :]
    return _swap_word(target, words, draw, same=SAME_NUMBER[language])


def month(_source: str, target: str, language: str, draw: random.Random) -> str | None:
    """Another month."""
    words = MONTHS[language].split()
    if language != "ko":
        return _swap_word(target, words, draw)
    places = list(re.finditer(r"(?<!\d)(?:1[0-2]|[1-9])월", target))
    if not places:
        return None
    place = draw.choice(places)
    other = draw.choice([word for word in words if word != place[0]])
    return target[: place.start()] + other + target[place.end() :]


def weekday(_source: str, target: str, language: str, draw: random.Random) -> str | None:
    """Another day of the week."""
    words = WEEKDAYS[language].split()
    if language != "ko":
        return _swap_word(target, words, draw)
    places = list(re.finditer("|".join(words), target))
    if not places:
        return None
    place = draw.choice(places)
    other = draw.choice([each for each in words if each != place[0]])
    return target[: place.start()] + other + target[place.end() :]


def unit(_source: str, target: str, language: str, draw: random.Random) -> str | None:
    """Dollars become pounds, kilometres miles, per cent tonnes."""
    pairs = [
        (place.start(1), before, after)
        for before, after in UNITS[language]
        for place in re.finditer(rf"(?:\d\s?|млн |млрд |[만억조] ?)({re.escape(before)})", target)
    ]
    if not pairs:
        return None
    start, before, after = draw.choice(pairs)
    return target[:start] + after + target[start + len(before) :]


def place(_source: str, target: str, language: str, draw: random.Random) -> str | None:
    """A country, people or capital becomes another that the text does not name."""
    return _swap_place(target, language, draw, named=False)


def place_beside(_source: str, target: str, language: str, draw: random.Random) -> str | None:
    """A country, people or capital becomes another that the text names too."""
    return _swap_place(target, language, draw, named=True)


def _swap_place(text: str, language: str, draw: random.Random, *, named: bool) -> str | None:
    edge = r"(?<![\w'-])"
    behind = r"(?![가-힣]{2}[가-힣])" if language == "ko" else r"(?=\w{0,4}(?!\w))"
    choices = []
    for stems in map(str.split, PLACES[language].strip().splitlines()):
        found = list(re.finditer(f"{edge}(?:{'|'.join(stems)}){behind}", text))
        present = {match[0] for match in found}
        for match in found:
            others = [stem for stem in stems if (stem in present) is named and stem != match[0]]
            choices += [(match, others)] if others else []
    if not choices:
        return None
    match, others = draw.choice(choices)
    return text[: match.start()] + draw.choice(others) + text[match.end() :]


def repeated(_source: str, target: str, _language: str, draw: random.Random) -> str | None:
    """Three to five words come twice more."""
    words = target.split()
    size = draw.randint(3, 5)
    if len(words) < size + 2:
        return None
    start = draw.randrange(len(words) - size)
    span = words[start : start + size]
    return " ".join([*words[: start + size], *span, *span, *words[start + size :]])


def cut_off(_source: str, target: str, _language: str, draw: random.Random) -> str | None:
    """The last third to two thirds are gone."""
    words = target.split()
    if len(words) < 6:
        return None
    return " ".join(words[: round(len(words) * draw.uniform(1 / 3, 2 / 3))])


def words_lost(_source: str, target: str, _language: str, draw: random.Random) -> str | None:
    """Half of the words are gone, here and there."""
    words = target.split()
    if len(words) < 8:
        return None
    kept = sorted(draw.sample(range(len(words)), len(words) // 2))
    return " ".join(words[index] for index in kept)


def source_left(source: str, target: str, _language: str, _draw: random.Random) -> str | None:
    """The second half is the source's."""
    theirs, words = source.split(), target.split()
    if len(theirs) < 10 or len(words) < 4:
        return None
    return " ".join(words[: len(words) // 2] + theirs[len(theirs) // 2 :])


def untranslated(source: str, _target: str, _language: str, _draw: random.Random) -> str | None:
    """The source as it was."""
    return source


def unknown_token(_source: str, target: str, _language: str, draw: random.Random) -> str | None:
    """A word is an unknown token."""
    words = target.split()
    words[draw.randrange(len(words))] = "⁇"
    return " ".join(words)


def quote_lost(_source: str, target: str, _language: str, draw: random.Random) -> str | None:
    """One quotation mark is gone."""
    places = [index for index, character in enumerate(target) if character in '"«»“”']
    if not places:
        return None
    place = draw.choice(places)
    return target[:place] + target[place + 1 :]


PLACE = frozenset({"place-changed", "place-added"})
NUMBERS = frozenset({"number-changed", "number-missing", "number-added"})
DAMAGES: dict[str, tuple[Damage, frozenset[str]]] = {
    "one digit changed": (digit, NUMBERS | {"date-changed", "unit-converted"}),
    "figure times ten": (tenfold, NUMBERS),
    "scale changed": (scale, NUMBERS),
    "figure left out": (number_lost, frozenset({"number-changed", "number-missing"})),
    "number word changed": (number_word, frozenset({"number-changed", "number-missing"})),
    "month changed": (month, frozenset({"date-changed"})),
    "weekday changed": (weekday, frozenset({"date-changed"})),
    "currency or unit changed": (unit, frozenset({"unit-changed"})),
    "a country changed": (place, PLACE),
    "a country changed for its neighbour": (place_beside, PLACE | {"place-missing"}),
    "words repeated": (repeated, frozenset({"repetition"})),
    "end cut off": (cut_off, frozenset({"truncated", "too-short", "sentence-missing"})),
    "half the words lost": (words_lost, frozenset({"too-short", "sentence-missing"})),
    "half left in English": (source_left, frozenset({"untranslated"})),
    "not translated at all": (untranslated, frozenset({"untranslated", "wrong-script"})),
    "unknown token": (unknown_token, frozenset({"markup-left"})),
    "quotation mark lost": (quote_lost, frozenset({"quotes-unbalanced"})),
}
"""Name -> the damage, and the codes that name it rightly."""
