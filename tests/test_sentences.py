"""Sentences are slices of the body, in order, and end where a reader would end them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.article import Article
from newsbrief.sentences import split_sentences


def texts(paragraph, language="en"):
    return [s.text for s in split_sentences(Article(None, (paragraph,), language))]


@pytest.mark.parametrize(
    "sentence",
    [
        "Kim J. Hong met Mr. Alder in the U.S. on Monday.",
        "The U.S. Army paid Dr. Lund $3.5 million for No. 5 pier at 5 p.m. on Jan. 5.",
        "St. John’s harbour belongs to Alder & Sons Ltd. of Northport.",
        "“We were told on Friday,” said Ida Lund.",
        "“Why now?” asked Ida Lund.",
        '"No way!" he said, and left.',
        "She paused … and then signed.",
        "What did the board know?",
    ],
)
def test_an_english_sentence_is_not_cut_inside(sentence):
    assert texts(f"{sentence} Then it rained.") == [sentence, "Then it rained."]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["“We were told.”", "Ida left.", "She paused...", "Then she signed."]),
        ("ko", ["김 차관은 “즉각 철수하라.”고 말했다.", "수출은 3.5% 올랐다.", "고양이는 갔다."]),
        (
            "ru",
            ["«Уходите!» — сказал он.", "А. С. Лунд заплатил 5 тыс. руб. в г. Норт.", "Он ушёл."],
        ),
        ("uk", ["«Ідіть!» — сказав він.", "Т. Г. Лунд сплатив 5 млн. гривень.", "Він пішов."]),
    ],
)
def test_each_language_is_split_by_its_own_rules(language, sentences):
    assert texts(" ".join(sentences), language) == sentences


def test_a_long_quotation_is_split_at_the_sentences_inside_it():
    inner = ["The slipway has been failing for years and everyone knew about it."] * 6
    quotation = "“" + " ".join(inner) + "”"
    assert texts(quotation) == ["“" + inner[0], *inner[1:5], inner[5] + "”"]


def test_sentences_know_their_paragraph_and_their_place():
    article = Article(None, ("It rained. It stopped.", "Ida left."))
    found = split_sentences(article)
    assert [(s.text, s.paragraph) for s in found] == [
        ("It rained.", 0),
        ("It stopped.", 0),
        ("Ida left.", 1),
    ]
    assert [(s.start, s.end) for s in found] == [(0, 10), (11, 22), (24, 33)]


# Whole sentences with a bar between them.
HARD = {
    "en": """
The council met at 5 p.m. Monday.|It adjourned at once.
Doors open at 9 a.m. Saturday and close at noon.|Entry is free.
The vote was due at 11 a.m. Thursday in Tarn.|Nobody came.
The tide turned at 5 p.m.|The boats came home.
The hearing ended at 4 p.m. on Friday.|Ida Lund wept.
He left at 6 p.m.|His brother stayed.
He was to retire in May.|Neighbours said he was a quiet man.
The bridge will close in May.|The council blamed rust.
The school reopens in May.|Parents were told by letter.
The pier opened on May 5.|Crowds came.
Mrs May. Alder agreed.
Tom Alder was born on Jan. 5, 1960, in Tarn.|He went to sea.
The strike began in Oct.|Talks failed.
Prices rose in Sept.|Wages did not.
Rain fell from Aug. to Dec. in the north.|Crops rotted.
In Oct. President Ida Lund met the crew.|They ate.
The law takes effect on Feb. 3.|Fines follow.
Ida Lund sold Acme Inc.|Shares fell.
Ida Lund runs Acme Inc.|The firm builds boats.
The court ruled against Acme Inc.|It will appeal.
Acme Inc. Chairman Tom Alder said no.|He left.
Acme Inc. Chief Executive Ida Lund resigned.|Shares rose.
Acme Corp. shares fell 3%.|Rivals gained.
The tower belongs to Acme Corp.|Tenants pay late.
Alder & Sons Ltd. of Northport built it.|It leaks.
The boats were built by Alder Ltd.|Workers were paid in fish.
He worked for Lund Bros. of Tarn.|He liked it.
The Acme Co. Tower in Tarn burned.|Nobody was hurt.
He owns Acme Co.|Neighbours like him.
Acme Inc. and Lund Corp. will merge.|Jobs will go.
The U.S. Army left the base.|Locals cheered.
The ship sailed to the U.S. in June.|It sank.
He moved to the U.S.|The family followed.
The U.S. Senate voted.|It failed.
Kim J. Hong met Mr. Alder in the U.S. on Monday.|Both smiled.
Dr. Lund saw Mrs. Alder and Prof. Bent.|All agreed.
Gen. Omar Bent and Sgt. Tom Dale were hurt.|Both live.
St. John’s harbour froze.|Boats were stuck.
Sen. Ida Lund and Rep. Tom Dale signed it.|The law passed.
It cost $3.5 million.|Taxpayers paid.
Growth was 2.5 per cent.|Analysts had hoped for more.
See page No. 5 of the report.|It is short.
Lot No. 7 sold.|Lot No. 8 did not.
The road, i.e. the coast road, is shut.|Take the A5.
He sold fish, bread, etc. at the quay.|Trade was good.
They sell rope, tar, etc.|The shop is old.
Lund v. Alder was heard in Tarn.|The judge slept.
“Why now?” asked Ida Lund.|Nobody knew.
“Go home!” he shouted.|They went.
“We were told.”|Ida left.
“We lost,” he said.|“We shall win.”
"No way!" he said, and left.|The door shut.
She paused … and then signed.|It was done.
She paused...|Then she signed.
What did the board know?|It knew all.
It is over!|Go home.
He got a B.A. in history.|Then he taught.
The Ph.D. student left.|She was tired.
He (Mr. Alder) paid.|The bill was small.
The firm (based in Tarn) closed.|Staff wept.
The ship sank at 3.15 a.m. on Sunday.|All were saved.
J. R. Lund wrote it.|It sold well.
The bomb fell at 5.30.|People ran.
Visit www.tarn.example for more.|It is free.
It was 30 C. in the shade.|Nobody worked.
The Alder Jr. team lost.|Fans left.
Tom Alder Jr. won.|His father cried.
He was 6 ft. 2 in. tall.|She was not.
Gov. Bent spoke at 8 p.m. EST.|Few listened.
Capt. Dale steered by night.|The crew slept.
The measure passed in Nov.|But it was repealed.
It fell 5 pct. in March.|April was worse.
The fire began on Oak St. near the mill.|It spread.
""",
    "ko": """
김 차관은 “즉각 철수하라.”고 말했다.|그는 떠났다.
수출은 3.5% 올랐다.|수입은 줄었다.
회의는 5월 3일 열렸다.|결과는 없었다.
“우리는 졌다.”|감독이 말했다.
비가 왔다.|길이 막혔다.
왜 늦었나?|아무도 모른다.
끝났다!|모두 집에 갔다.
A.B. 룬드 회장이 사임했다.|주가는 내렸다.
사고는 오전 9.30에 났다.|다친 사람은 없다.
“비가 온다.”라며 그는 웃었다.|배는 떠났다.
그는 5만 원을 냈다.|표는 두 장이었다.
""",
    "ru": """
«Уходите!» — сказал он.|Все ушли.
А. С. Лунд заплатил 5 тыс. руб. в г. Норт.|Он ушёл.
Дом стоит на ул. Морской.|Он старый.
Цены выросли на 3,5 %.|Зарплаты нет.
Завод построили в 1950 г. на берегу.|Он закрыт.
Почему сейчас?|Никто не знает.
Хватит!|Идите домой.
«Мы проиграли», — сказал он.|Зрители ушли.
Ущерб составил 2 млн. рублей.|Виновных нет.
Совет собрался в 17.30 в порту.|Рыбаки ждали.
И. о. мэра Лунд подписал указ.|Он вступил в силу.
""",
    "uk": """
«Ідіть!» — сказав він.|Усі пішли.
Т. Г. Лунд сплатив 5 млн. гривень.|Він пішов.
Будинок стоїть на вул. Морській.|Він старий.
Ціни зросли на 3,5 %.|Зарплати ні.
Завод збудували в 1950 р. на березі.|Він зачинений.
Чому зараз?|Ніхто не знає.
Досить!|Ідіть додому.
«Ми програли», — сказав він.|Глядачі пішли.
Рада зібралася о 17.30 у порту.|Рибалки чекали.
Мер сказав: «Так».|Усі зраділи.
""",
}


@pytest.mark.parametrize(
    ("language", "line"),
    [(language, line) for language in HARD for line in HARD[language].strip().split("\n")],
)
def test_hard_cases_are_split_where_a_reader_would(language, line):
    sentences = line.split("|")
    assert texts(" ".join(sentences), language) == sentences


SENTENCE = "The harbour board of Northport said on Monday that repairs would take eight weeks."


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_paragraph_of_any_length_is_split_alike(language):
    assert texts(" ".join([SENTENCE] * 200), language) == [SENTENCE] * 200


def test_a_sentence_beyond_what_is_read_at_once_stays_whole():
    sentence = "The list names " + "a red boat and " * 400 + "a pier."
    assert texts(f"{sentence} Then it rained.") == [sentence, "Then it rained."]
    assert "".join(texts("가" * 5000, "ko")) == "가" * 5000


OPENERS = ["“ ", "“", '"', '" ', "' ", "‘ ", "« ", "( ", "[", ". ", ".", "1. ", "A. ", "… ", "! "]
OTHERS = ["“A.” ", "a\u0301 ", "May. A ", "Inc. Ab c ", "p.m. Monday ", "。", "다. ", "Ab cd ef. "]


@pytest.mark.parametrize("unit", OPENERS + OTHERS)
def test_four_times_the_text_takes_about_four_times_as_long(unit):
    def seconds(chars):
        article = Article(None, (unit * (chars // len(unit)),))
        started = time.process_time()
        split_sentences(article)
        return time.process_time() - started

    # Quadratic work takes 16 times as long; 5 ms are forgiven to a clock that ticks coarsely.
    most = 3 * 4 * min(seconds(20_000) for _ in range(3)) + 0.005
    assert any(seconds(80_000) < most for _ in range(3))


PARAGRAPHS = st.text(
    alphabet="aBz я Я 가다。U.S.Mr .!?…\"'“”‘’«»—(),5 \U0001f600", min_size=1, max_size=80
).map(lambda text: " ".join(text.split()))


@given(
    st.lists(PARAGRAPHS.filter(bool), max_size=5),
    st.sampled_from(["en", "ko", "ru", "uk", "zh", "xx"]),
)
def test_sentences_cover_the_body_in_order_and_leave_out_blanks_alone(paragraphs, language):
    article = Article(None, tuple(paragraphs), language)
    position = 0
    for sentence in split_sentences(article):
        assert sentence.text == article.body[sentence.start : sentence.end] != ""
        assert article.body[position : sentence.start].strip() == ""
        assert sentence.text in article.paragraphs[sentence.paragraph]
        position = sentence.end
    assert article.body[position:].strip() == ""


@given(
    st.lists(PARAGRAPHS.filter(bool), min_size=1, max_size=3),
    st.integers(20, 80),
    st.sampled_from(["en", "ko"]),
)
def test_a_paragraph_that_is_cut_to_be_split_loses_nothing(units, times, language):
    paragraph = " ".join(units * times)
    position = 0
    for sentence in split_sentences(Article(None, (paragraph,), language)):
        assert sentence.text == paragraph[sentence.start : sentence.end] != ""
        assert paragraph[position : sentence.start].strip() == ""
        position = sentence.end
    assert paragraph[position:].strip() == ""
