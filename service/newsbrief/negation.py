"""Finds negations: those that a translation must keep, and all that may be one in another language.

The first are closed lists with their exceptions ("not only"); the second are as wide as right
translations need: "did not attend" may be «отсутствовал», "unchanged" may be «не изменилось».
"""

from __future__ import annotations

import re

_QUICK = ("not", "n't", "n’t", "never", "longer")
# "not only", "whether or not" and the like deny nothing; nor do set phrases ("don't miss").
_DENIAL = re.compile(
    r"\b(?<!or )(?<!if )(?<!why )(?<!than )(?<!, )(?:not\b"
    r"(?!-so|\W+(?:only|just|least|merely|simply|solely|until|to mention|so much|even|necessarily"
    r"|guilty|more|less|fewer|long|far|to be|yet|enough|(?:go |be |pass )?un(?!animous|cover"
    r"|der|earth|fold|i|leash|load|lock|pack|til|veil)[a-z]{4,}|without|alone|but|keep|stop|miss"
    r"|since|because|for|all|every|always|everyone|everything|as|in line)\b)"
    r"|cannot|never(?! ending|-ending| before| been so| mind)|no longer"
    r"|(?:do|does|did|is|are|was|were|has|have|had|wo|would|ca|could|should)n['’]t\b"
    r"(?!-| (?:just|only|forget|worry|help|miss|hesitate|until|stop|keep|have|know|wait|mind|even"
    r"|need|yet|enough|all|take|be more|be happier|it|he|she|they|you|we|i)\b))"
    # "not before May" is said as "only in May".
    r"(?![^.;]{0,60}\b(?:before|until)\b)(?: (?:an?|so|that|too|very|quite)\b)?"
    r"(?: (?!(?:and|or|but)\b)[\w’'-]+)?"
)
# What a denied word is said by without a negation: "not theirs" is «чужой».
_INSTEAD = {
    "mine yours his hers ours theirs": {"ru": "чуж", "uk": "чуж", "ko": "남의"},
    "small little low few": {"ru": "больш[оу]|крупн|высок|значит", "uk": "чимал|велик|висок|значн"},
    "big large great high": {"ru": "мал(?!а[йв]|ь[чт])|низк", "uk": "мал(?:е|и[йм]|о[їю])|низьк"},
    "cheap": {"ru": "дорог|дорож", "uk": "дорог|дорож", "ko": "비[싸싼쌌]"},
    "expensive": {"ru": "дешев|дешёв", "uk": "дешев"},
    "easy simple": {"ru": "тяжел|тяжёл|слож|нелегк", "uk": "тяжк|склад", "ko": "어[려렵]|힘[들든]"},
    "bad": {"ru": "хорош|удачн|нормальн", "uk": "добр|гарн|вдал|нормальн"},
    "good well": {"ru": "дурн|скверн", "uk": r"кепськ|зле\b"},
    "true": {"ru": r"лож(?:н|ь\b)|лжив|выдум|вымыс|врань", "uk": "брех|вигад|хибн"},
    "new": {"ru": "давн|стар(?!т)", "uk": "давн|стар(?!т)"},
    "old": {"ru": "молод|нов(?!ост)", "uk": "молод|нов(?!ин)"},
    "young": {"ru": "пожил|стар|в возрасте", "uk": "літн|стар"},
    "alive": {"ru": "мертв|мёртв|погиб|умер|скончал", "uk": "мертв|загин|помер"},
    "open": {"ru": "закры", "uk": "закри|зачин"},
    "safe": {"ru": "опасн|риск", "uk": "ризик"},
    "win": {"ru": "проигр|уступ", "uk": "програ[влє]|поступи", "ko": "패배|패[했하]|졌"},
    "not": {"ru": r"остальн|проч(?:и[ехм]|ее)", "uk": "решт|інш"},  # "those who were not"
    "to": {"ru": "вопреки", "uk": "всупереч|усупереч"},  # "having promised not to"
    "over": {
        "ru": "продолж|впереди|ещ[её]",
        "uk": r"трива|продовж|попереду|ще\b",
        "ko": "계속|진행",
    },
}
_ANY = {
    "ru": r"\bне(?!дел|скольк|котор|давн|фт|м[ец]|бес|бо|рв|движ|обход|посред|погод|подвиж)"
    r"|\bни(?:\b|кто|кого|кому|кем|чего|чему|чем|что|где|куда|когда|как|скольк|чь)"
    r"|\b(?:нет|нель|без(?!оп)|бес(?!пил|ед)|вне|отказ|откаж|отриц|отверг|отклон|опров|запре"
    r"|лиш|кроме|вряд|едва|против|избе|избав|предотвр|предостер|переста|прекра|бойкот|провал"
    r"|отсутств|воздерж|пропу|упус|исключ|только|помеш|мешат|остан|трудно|сложно|отмен|мало"
    r"|редк|вместо|разв|иначе|хватит|далек|сомн|утра|потер|скры|молч|отлож|сорв|чужд|бросил"
    r"|слишком|рано|свобод|наконец|впервые|плох|наруш|ушел от|уклон|меньше|минус|отлич"
    r"|по-разному|прежн|максимум|наоборот|от ответа|промолч)",
    "uk": r"\bне(?!діл|щодав|давн|бес|бо|рв|рух|обхід|погод)"
    r"|\bні(?:\b|хто|кого|кому|ким|чого|чим|що|де|куди|коли|як|скільк|чий)"
    r"|\b(?:нема|без(?!пе|піл)|ані|поза|відмов|запереч|спросту|відкид|відкин|відхил|заборон"
    r"|позбав|крім|окрім|навряд|ледве|проти|уник|запоб|застер|переста|припин|бойкот|провал"
    r"|відсут|утрим|пропус|виключ|тільки|лише|заваж|важко|скасув|мало|рідк|замість|інакше|хіба"
    r"|далек|сумнів|втра|прихов|мовч|зірв|занадто|надто|вперше|кинув|зупин|брак|поган|поруш"
    r"|ухил|менше|мінус|відріз|по-різному|колишн|жодн|щонайбільш|максимум|навпаки|від відповіді"
    r"|промовч)",
    "ko": r"않|못|없|최대 ?\d|까지만|아니|아냐|아닌|\b안\b|안되|안돼|말라|말아|말고|말 것"
    r"|불(?:가|허|참|편|만|법|투|응|확|신|명)"
    r"|비(?:공|현|정|우)|미(?:지|정|확|완|달|흡)|무(?:산|죄|혐|효|관)|거부|부인|거절|반대|금지|실패"
    r"|그치|모르|모른|몰랐|몰라|모를|드물|제외|뿐|부족|어렵|힘들|막(?:았|아|혀|는|을)|중단|여전|잃"
    r"|포기|피하|취소|덜|미만|외면|반박|일축|부정|배제|자제|동결|그대로|낮|끊|벗어|넘겼|처음|상이|정전"
    r"|삼가|유보|보류|달리|다르|회피|배척|면했|대신|보다는|기보다|이견|무소속|불출|다른|이후에",
}
_PLAIN = {
    "ru": r"нет?\b(?<!\wне)(?<!\wнет)",
    "uk": r"не(?:має)?\b(?<!\wне)(?<!\wнемає)",
    "ko": r"[않못없]|아니|아닌|아냐|(?<!\w)안 ",
}
# No turn of phrase ("не менее", "не раньше", "сошли на нет") and no participle ("не имеющих").
_SAID = {
    "ru": r"\b(?:(?<!бы )(?<!чуть )(?<!едва )не (?!только|мен[ее]|бол"
    r"|больш|раньш|ранее|поз[дж]|хвата|стоит|смотря|считая|раз\b|покладая|удив|обойд|исключен|мог\b|могли\b|так|без|очень|совсем|все|заб[уы]"
    r"|пропус|дожд|поддав|име[юе]|слишком|ниже|выше|вполне|терпит|поддел|нужд|допус|допущ|дать"
    r"|да[её]т|ждать|прекращ|перест|может не|(?:до|в|на|по|с|к|за|о|у|об|из|под)\b)"
    r"[а-яё]++(?<!щих)(?<!щий)(?<!щая)(?<!щие)(?<!ясь)(?<!вшись)|(?<!на )нет\b(?! и\b))",
    "uk": r"\b(?:(?<!б )(?<!би )(?<!чи )(?<!ледь )не (?!тільки|лише"
    r"|менш|більш|раніш|пізніш|вистача|варто|чекаю|зважаю|враховую|раз\b|див|обійд|виключен|міг\b|могли\b|так|без|дуже|зовсім|все|усі|надто"
    r"|заб[уі]|пропус|дочек|піддав|ма[юєл]|нижч|вищ|цілком|потреб|допус|допущ|дати|дає|чекати"
    r"|припин|перест|покладаю|(?:до|в|у|на|по|з|за|про|із|під)\b)"
    r"[а-яіїєґ'’]++(?<!чих)(?<!чий)(?<!ча)(?<!чі)(?<!чись)(?<!вшись)|немає\b(?! [йі]\b))",
    "ko": r"지 ?(?:는|도)? ?않(?!고 있|을까|나)[가-힣]*|[은는이가도] 없(?:다|었다|는)"
    r"|지 ?(?:는|도)? ?못했[가-힣]*|아니(?:다|라고)",
}
# English that right translations turn into a negation: "remain" may be «не покидать».
_GIVING = re.compile(
    r"n['’]t\b|\b(?:no|not|non|none|nor|neither|never|nothing|nobody|nowhere|cannot|without"
    r"|unless|until|till|only|just|few\w*|little|less|least|hardly|barely|scarcely|rarely|seldom"
    r"|otherwise|zero|avert\w*|out of|apart|aged|surplus|last seen"
    r"|ever|before|behind|rul(?:e|es|ed|ing) out|tune out|outside|dunno|fail\w*"
    r"|refus\w*|avoid\w*|prevent\w*|fears?|feared|lest|den(?:y|ie)\w*|lack\w*|miss(?:es|ed|ing)?"
    r"|reject\w*|declin\w*|stop\w*|ban(?:s|ned|ning)?|barr?(?:s|ed|ing)?|block\w*|against"
    r"|wrong\w*|away|unlike\w*|instead|rather|too|yet|still|remain\w*|keep\w*|kept|even|any\w*"
    r"|except|however|nonetheless|although|though|despite|regardless|if|whether|off|free|stay\w*"
    r"|safe\w*|difficult\w*|hard\w*|struggl\w*|abandon\w*|cancel\w*|scrap\w*|drop\w*|end(?:s|ed)?"
    r"|ignor\w*|neglect\w*|empty|loss|los[et]\w*|low\w*|short\w*|minor|poor\w*|weak\w*|bad\w*"
    r"|reluctan\w*|hesita\w*|doubt\w*|disput\w*|beyond|under(?:age|est|min|paid|staff)\w*|within"
    r"|forg[eo]t\w*|leav\w*|left|pull\w*|worr\w*|shut\w*|halt\w*|resist\w*|exclu\w*"
    r"|oppos(?:e|es|ed|ing)|critic\w*|hate\w*|quit\w*|withdr\w*|skip\w*|spare\w*|idle|vacant"
    r"|overdue|outstanding|pending|warn\w*|deter\w*|discourag\w*|forb\w*|prohibit\w*|restrict\w*"
    r"|despair|innocent|acquit\w*|steady|flat|unchanged|refrain\w*|spurn\w*|shun\w*|snub\w*"
    r"|defy\w*|defi\w*|ground(?:s|ed)|offset\w*|curb\w*|strand\w*|stuck|stall\w*|play\w* down"
    r"|absen\w*|abstain\w*|anti\w*|escap\w*|exempt\w*|postpon\w*|delay\w*|suspen\w*|hold off"
    r"|depriv\w*|gone|remember|deadlock|vow\w*|secre(?:t|tly|cy)|anonym\w*|clear\w*|constant\w*"
    r"|landlocked|un(?!der|it|ion|ivers|cle)\w+|in(?:ab|ac[ct]|ad[ev]|ap|cap|cor|compl|conc|conv"
    r"|cred|def|dep|dir|eff|elig|eq|exp|sec|sig|stab|suf|tol|val|vis|vol)\w+"
    r"|im(?:mo|pa[rst]|per|pos|prop|mun)\w*|dis(?!tri|cus|play|tan|cover|pat|h)\w+|ir[re]\w+"
    r"|ill\w*|mis(?!si)\w+|\w+less|\w+-free)\b"
)
_SAID_IN = {language: re.compile(pattern) for language, pattern in _SAID.items()}
_ANY_IN = {language: re.compile(pattern) for language, pattern in _ANY.items()}
_INSTEAD_OF = {word: said for words, said in _INSTEAD.items() for word in words.split()}
_PLAIN_IN = {language: re.compile(pattern) for language, pattern in _PLAIN.items()}
LANGUAGES = frozenset(_PLAIN)


def find_denial(text: str) -> str | None:
    """The first words of an English text, in small letters, whose loss would turn it round."""
    if not any(mark in text for mark in _QUICK):
        return None
    match = _DENIAL.search(text)
    return match[0] if match else None


def says_instead(denial: str, text: str, language: str) -> bool:
    """Whether a translation, in small letters, says what is denied by a word of its own."""
    stems = _INSTEAD_OF.get(denial.rsplit(maxsplit=1)[-1], {}).get(language)
    return stems is not None and re.search(rf"\b(?:{stems})", text) is not None


def may_give_negation(text: str) -> bool:
    """Whether an English text, in small letters, has words that others say with a negation."""
    return _GIVING.search(text) is not None


def has_any(text: str, language: str) -> bool:
    """Whether a translation, in small letters, has anything that may stand for a negation."""
    return _ANY_IN[language].search(text) is not None


def says_no(text: str, language: str) -> bool:
    """Whether a translation, in small letters, has the language's plain negation anywhere."""
    return _PLAIN_IN[language].search(text) is not None


def find_said(text: str, language: str) -> tuple[int, int] | None:
    """Where a translation, in small letters, plainly denies something (code points)."""
    match = _SAID_IN[language].search(text)
    return match.span() if match else None
