"""Words with a capital that names of institutions, works and places have, and people's have not."""

from __future__ import annotations

import re

_COMMON = frozenset(
    """
    Academy Act Affairs Age Agency Air Airlines Airport Airways Alliance Amendment American Arms
    Army Arts Assembly Atomic Award Awards Bank Banks Basin Bay Beach Bill Black Blue Board Body
    Bonds Book Border Borders Bridge British Bureau Cabinet Campus Canal Cape Capital Cathedral
    Catholic Cell Center Central Centre Chamber Channel Charter Chief Christian Church Circuit City
    Civil Climate Club Coast College Commerce Committee Common Commons Company Computer Congress
    Constitutional Control Corp Corps Council Country County Court Credit Crescent Criminal Cross
    Crown Cup Customs Data Day Days Deep Defence Defense Democratic Democrats Department Desert
    District Drug East Eastern Economic Editors Education Electronics Embassy Emergency Empire
    Energy European Evening Exchange Express Family Federal Federation Festival Field Film Final
    Finance Financial First Fleet Food Foods Force Forces Foreign Forest Forum Foundation Fund Game
    Games Gas General Global Gold Golden Grand Great Green Greens Group Guard Guide Gulf Hall Harbor
    Harbour Health High Highway Hill Hills Historic Holiday Holdings Holy Home Hospital House Human
    Independence Industries Industry Institute Insurance Interior International Internet Island
    Islands Joint Journal Judicial Justice Kingdom Labor Labour Lake Land Law League Left Legal
    Liberal Library Life Line Lines Local Lord Lower Lunar Main Marine Maritime Market Markets Media
    Medical Medicines Mediterranean Memorial Metal Meteorological Metro Middle Military Mine
    Minister Ministry Monetary Moon Motor Motors Mount Mountain Mountains Movement Museum National
    Nations Natural Naval Navy Network New News North Northern Nuclear Ocean Office Oil Old Olympic
    Olympics Open Opera Orchestra Organisation Organization Pacific Palace Palestinian Park
    Parliament Partners Party Peace People Peoples Plan Plant Plaza Police Policy Popular Port Post
    Power Powers Premier Presidential Press Prime Prize Program Programme Project Province Public
    Railway Railways Real Rebel Red Reform Regiment Region Regional Republic Republican Republicans
    Research Reserve Resources Revolution Rights Ring River Road Route Royal Russian Saint Savings
    School Science Sciences Sea Second Secret Secretary Section Securities Security Senate Series
    Service Services Social Society Solar South Southern Soviet Space Special Square Stadium Staff
    Stars State States Station Statistics Steel Stock Strait Stream Street Summit Sun Super Supreme
    Survey System Systems Task Tax Technologies Technology Telescope Temple Territory Theatre
    Theater Third Times Title Tour Tower Towers Trade Traffic Transport Treasury Treaty Tribunal
    Trust Ukrainian Union United Unity University Upper Valley Veterans View Wall War Watch Water
    Way Week West Western White Wild Winter Witnesses Women Works World Year Yellow Youth Zone
    Art Avenue Ballot Bang Belt Bet Biennale Big Brigade Castle Clean Cold Expressway Far Fountain
    Good Hope Index Lama Late Lough Ltd Mechanised Mechanized Much Peak Plus Prison Shipyard Shoal
    Stone Utd Dear Hello Mention Face Vote Votes Garden Star Wars Hard Boys Proud Sans
    January February March April May June July August September October November December Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday Christmas Easter Eve God Islamic Muslim Jewish
    """.split()
)
FUNCTION_WORDS = frozenset(
    """
    The This That These Those His Her Its Our Their My Your A An In On At For From With By To Of And
    But Or Not No Yes If When While Where What Who Why How After Before Since Until As It He She We
    They You There Here Some Most Many More All Both Each Every Two Three Four Five Six Seven Eight
    Nine Ten One
    """.split()
)
"""English words that have a capital where a sentence begins."""
_COMMON_END = re.compile(
    r"(?:[ts]ion|ment|ness|ity|ism|ing|ings|ships?|hood|ance|ence|ants?|ents|ics|ers|ors|ists|ians"
    r"|ates|ures?|ious|eous|able|ible|ical|ional|wide|based|style|winning|born|backed|led|Com|ly)$"
)
_ADJECTIVE = re.compile(
    r"(?:ый|[внкгхщшжч]ий|ая|яя|ое|ее|ого|его|ому|ему|ым|ую|юю|ые|ие|ых|их|ыми|ими|ій|ої|ій|ією)$"
)
_INSTITUTION = re.compile(
    r"(?:мин|гос|нац|центр|ген)[а-яіїє]{2,}|министер|міністер|управлен|управлін|комисси|комісі|палат"
    r"|совет|рад[аиіоуы]|председател|голов|правительств|уряд|прокур|закон|департамент|агентств|суд"
    r"|дом|союз|парти|парті|служб|лиг|ліг|кубк|игр|ігор|ігри|корол|бог|господ|земл|востог|восток|схід"
    r"|заход|запад|север|отдел|лейборист|консерват|республикан|республікан|демократ|президент"
    r"|чемпионат|чемпіонат|рождеств|різдв|христ|вс[её]|сил|флот|родин",
    re.IGNORECASE,
)
_CYRILLIC_PARTICLES = frozenset("Аль Бен Бин Ван Дель Ден Дер Дос Ибн Ібн Фон".split())
_CONTRACTION = re.compile("['’](?:re|ll|ve|d|m|t)$")
_ODD = re.compile(r"(?<!Mc)(?<!Mac)(?<!Fitz)(?<![ODL]['’])(?<!\b[DL][aeiou])(?<=[^\W\d_])[A-Z]")


def is_common(name: str) -> bool:
    """Whether an English word may be no person's name, by a list, its ending or its form."""
    return (
        name in _COMMON
        or name in FUNCTION_WORDS
        or _COMMON_END.search(name) is not None
        or _ODD.search(name) is not None
        or _CONTRACTION.search(name) is not None
        or not _COMMON.isdisjoint(name.split("-"))
    )


def is_common_cyrillic(word: str) -> bool:
    """The same of a Russian or Ukrainian word: an adjective, a particle, or an institution."""
    return (
        word in _CYRILLIC_PARTICLES
        or _ADJECTIVE.search(word) is not None
        or _INSTITUTION.match(word) is not None
    )
