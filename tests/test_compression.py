"""Shorter sentences stay sentences, stay true, and lose whole clauses, never half of one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief import attribution
from newsbrief.attribution import find_attribution
from newsbrief.clauses import INSTEAD, find_cuts
from newsbrief.compression import compress, is_fragment, trim
from newsbrief.marks import is_balanced
from newsbrief.salience import stems

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@pytest.mark.parametrize(
    ("sentence", "shorter"),
    [
        (
            "NORTHPORT (Reuters) - The ferry to Marrow Island will stop on Monday.",
            "The ferry to Marrow Island will stop on Monday.",
        ),
        (
            "NORTHPORT — The ferry to Marrow Island will stop on Monday.",
            "The ferry to Marrow Island will stop on Monday.",
        ),
        (
            "However, the ferry to Marrow Island will stop on Monday.",
            "The ferry to Marrow Island will stop on Monday.",
        ),
        (
            "But the board wants a new slipway this year.",
            "The board wants a new slipway this year.",
        ),
        (
            "In the aftermath of these developments, the board ordered a new slipway.",
            "The board ordered a new slipway.",
        ),
        (
            "The slipway (pictured) has carried the island ferry since 1931.",
            "The slipway has carried the island ferry since 1931.",
        ),
        (
            "The board also ordered a new slipway for the ferry.",
            "The board ordered a new slipway for the ferry.",
        ),
        (
            "The board ordered a second slipway, highlighting its fear of another winter.",
            "The board ordered a second slipway.",
        ),
        (
            "The ferry will stop for eight weeks, the harbour board said on Tuesday.",
            "The ferry will stop for eight weeks.",
        ),
        (
            "The company said on Monday that the ferry will stop for eight weeks.",
            "The ferry will stop for eight weeks.",
        ),
    ],
)
def test_what_a_bullet_never_needs_is_dropped(sentence, shorter):
    assert compress(sentence) == shorter


NEWS = "The bank raised its main rate to 4.5 per cent and warned of more to come."


@pytest.mark.parametrize(
    "dateline",
    [
        "LONDON, March 4 (Reuters) - ",
        "New York, March 4 (Reuters) - ",
        "LONDON, 4 March (Reuters) - ",
        "Paris, March 4, 2026 (AFP) – ",
        "KYIV (AFP/Reuters) — ",
        "GENEVA/ZURICH, Oct 3 (Agency) - ",
        "SEOUL, South Korea (AP) — ",
        "WASHINGTON, D.C., March 4 (AP) — ",
        "SÃO PAULO, Sept. 4 (Xinhua) -- ",
        "ST. JOHN'S, Newfoundland (AP) -",
        "Berlin (dpa) - ",
        "Port-au-Prince (Harbour News) – ",
        "March 4 (Interfax) - ",  # what is left of "MOSCOW. March 4 (Interfax) - "
        "Brenport, 4 March – ",
        "BRUSSELS, 4 Mar. 2026 - ",
        "WASHINGTON — ",
        "MEXICO CITY—",
    ],
)
def test_a_dateline_goes_whole(dateline):
    assert compress(dateline + NEWS) == NEWS


@pytest.mark.parametrize(
    "sentence",
    [
        "NATO–Russia talks on the harbour ended on Friday without a result.",
        "NASA – Norhaven's agency for space – will send a probe to the moon.",
        "UEFA - which runs the cup - has fined the club of Brenport for the smoke.",
        "Ida Lund – Tarn's mayor since 2019 – lost her seat on Thursday.",
        "AC Brenport – Inter Norhaven was the match of the day on the island.",
        "Monday, 4 March – The day the pier fell – is remembered on the island.",
        "On Monday, March 4 - the last day of the season - the ferry sank.",
        "March 4 - the day of the vote - is a holiday on the island of Marrow.",
        "Norhaven, 4 March 1931 – Marrow's worst day – is remembered on the island.",
        "London, March 4 is a date that the bank of Brenport will remember.",
        "Brenport, home of the ferry – and of the tram – will vote on Friday.",
        "OPINION — The council of Brenport should close the pier at once.",
        "FALSE — The bank of Brenport closed its doors to all on Friday.",
    ],
)
def test_an_opening_that_is_no_dateline_stays(sentence):
    assert compress(sentence) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "The director stole the ferry money, police said on Tuesday.",
        "The bridge was not hit, the army said on Tuesday.",
        "Some 1,500 soldiers have landed on the island, the spy agency said.",
        "The slipway is worthless, said Ida Lund, who runs the shop.",
        "The ferry will not sail unless the board pays for the slipway.",
        "The (party) will decide on the slipway next week.",
        "iPhone sales fell by a tenth on Marrow Island last year.",
    ],
)
def test_what_carries_the_truth_of_a_sentence_stays(sentence):
    assert compress(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("The director stole the money in the winter of 1962, police said on Tuesday.", "police"),
        ("The bridge was not hit in the night of the storm, the army said.", "not hit, the army"),
        ("Soldiers landed on the island in the night, the spy agency said.", "the spy agency said"),
        ("The ferry, which is old, will not sail unless the board pays.", "not sail unless"),
        ("The board hopes, Ida Lund said, that it will not be the last boat.", "hopes"),
    ],
)
def test_source_negation_and_condition_outlast_every_cut(sentence, kept):
    for limit in range(20, len(sentence)):
        shorter = trim(compress(sentence), limit)
        assert shorter is None or kept in shorter


# A sentence, and what no shorter form of it may lack.
CARRIED = [
    # a contrast
    (
        "The islanders had long thought the pier safe, but a diver found on Friday it was not.",
        "but",
    ),
    (
        "The board approved the slipway by nine votes to eight, but a judge stopped it on Friday.",
        "but",
    ),
    (
        "The pier is as sound as ever, the owner wrote, though the divers were never let near.",
        "though",
    ),
    (
        "Ferries will sail as usual in the winter, yet the crews have been sent home for good.",
        "yet",
    ),
    ("The skipper said that the hull was sound, while the yard had asked for a new one.", "while"),
    ("The council plans a second pier for the island; however, it has no money for it.", "however"),
    # what clears or retracts
    ("Mr Alder, who was acquitted by a jury in Northport, took the ferry money.", "acquitted"),
    (
        "The survey, which was withdrawn in 2019 by its authors, showed that the pier was safe.",
        "withd",
    ),
    (
        "The permit, which a court in Northport has annulled, lets the yard build a slipway.",
        "annulled",
    ),
    ("Mr Vale, whose appeal was upheld by three judges, had to leave the harbour board.", "upheld"),
    (
        "The letter, which is a forgery by a clerk of the yard, tells the skippers to stay.",
        "forgery",
    ),
    (
        "The board closed the old pier and later apologised to the crews of both ferries.",
        "apologis",
    ),
    # who accuses or claims
    ("The skipper groped a passenger on the last boat, a report said on Tuesday.", "a report said"),
    (
        "The yard falsified its tests on purpose for years, company officials said.",
        "officials said",
    ),
    ("The shed was set on fire on purpose by its owner, the harbour board said.", "board said"),
    ("Nothing was wrong with the hull of the ferry, the company said on Monday.", "company said"),
    ("The fares could double within a year on both routes, a former skipper said.", "skipper said"),
    ("The village was taken in the night by boat, army officials said.", "officials said"),
    ("The pier will cure the island of its ills, the council said on Friday.", "the council said"),
    ("The director hid the cracks in the pier for years, as the prosecution claimed.", "claimed"),
    # what a statement holds of
    ("The island must be firmer in its demands on the board of the harbour.", "in its demands on"),
    (
        "More ferries sank in the bay in the first half than in the whole of 1962.",
        "than in the whole",
    ),
    (
        "Before the war, the yard in Northport built most of the boats on the coast.",
        "Before the war",
    ),
    ("In Wales, all the ferries must carry a doctor from the first of May.", "In Wales"),
    ("The board has barred dogs from the upper decks of ferries in the summer.", "in the summer"),
    ("The ferry will sail again when the board has paid for all of the repairs.", "when the board"),
    ("Last year half of the boats on Monday ran late, the most since 1962.", "on Monday"),
    ("Passengers may board the ferry after a doctor has seen them on the pier.", "after"),
    ("The ferry will sail again after the board of the harbour has paid the yard.", "after"),
    # a main clause of its own: by its subject, a number or a day
    ("Talks about pay ended without a deal, and the drivers will walk out on Monday.", "walk out"),
    ("The talks on the pay of the drivers are over, and the union calls them a farce.", "farce"),
    ("Rain fell on the island for most of the night, so the ferry stayed in Northport.", "stayed"),
    ("The council closed the old pier in the winter; the ferry sails from the new one.", "sails"),
    ("The council closed the old pier in the winter – the yard of Northport owns it.", "owns it"),
    ("The board closed the old pier of Northport and hired 40 divers for the winter.", "40 divers"),
    ("The board closed the old pier for repairs and will open it again on Monday.", "on Monday"),
    (
        "The tram stopped, after the crews had met in the winter, and drivers went home.",
        "drivers went",
    ),
    # deaths, injuries, verdicts, sums
    ("The skipper tried to stop the fight and suffered a fatal fall on the pier.", "fatal"),
    ("A boat hit the pier in thick fog, killing two of its crew and a diver.", "killing two"),
    ("The clerk left the board on Friday and was jailed for the theft in the spring.", "jailed"),
    ("The yard closed its gates in May, leaving debts of 40 million euros behind.", "40 million"),
]


@pytest.mark.parametrize(("sentence", "kept"), CARRIED)
def test_a_cut_never_changes_what_a_sentence_says(sentence, kept):
    assert kept in compress(sentence)
    for limit in range(20, len(sentence)):
        shorter = trim(compress(sentence), limit)
        assert shorter is None or kept in shorter


FRAGMENTED = (
    (
        "Ida Lund, the skipper who steered two royal barges and once walked off the bridge after a "
        "quarrel, has died."
    ),
    (
        "The skipper was found by two divers on Sunday, a day after his rival, the former skipper "
        "Tom Alder, had vanished."
    ),
    (
        "The board accused the yard of lying about the length of the pier, which is 90 metres, not "
        "the 120 metres that it had claimed."
    ),
    "Ida Lund is survived by her husband, the painter Tom Alder, two sons and a sister.",
    "The ferry, the tram, the bus, the pier and the slipway were shut on the island on Friday.",
    "“The ferry is late on Monday, and it is dear,” the skipper of the tug told the board.",
)


@pytest.mark.parametrize("sentence", FRAGMENTED)
def test_what_is_left_is_never_a_fragment(sentence):
    # Told by hand: no shorter form of these but the one that ends where a clause does.
    allowed = {None, "The skipper was found by two divers on Sunday."}
    assert {trim(sentence, limit) for limit in range(20, len(sentence))} <= allowed


@pytest.mark.parametrize(
    ("sentence", "fragment"),
    [
        ("Despite admitting it will be difficult.", True),
        ("Although the board had voted for the slipway.", True),
        ("Despite the fog, the ferry left at six.", False),
        ("The board has voted for the slipway.", False),
    ],
)
def test_an_opening_alone_is_a_fragment(sentence, fragment):
    assert is_fragment(sentence) is fragment


def test_what_somebody_said_is_quoted_word_for_word():
    quoted = '"The pier is old, but it also brings us our bread," Ida Lund told the board.'
    assert compress(quoted) == quoted
    assert find_cuts(quoted) == []


def test_a_sentence_that_ends_with_an_abbreviation_has_one_full_stop():
    sentence = "The board said the ferry would sail at 6 p.m. and asked the islanders to wait."
    assert trim(sentence, 60) == "The board said the ferry would sail at 6 p.m."


def test_a_sentence_may_stay_longer_where_nothing_can_go():
    sentence = "More ferries sank in the bay in the first half than in the whole of 1962."
    assert trim(sentence, 60) is None
    assert trim(sentence, 60, at_most=80) == sentence
    assert trim(sentence, 60, at_most=70) is None


@pytest.mark.parametrize(
    ("sentence", "limit", "shorter"),
    [
        (
            "About 400 islanders, who depend on the boat for food and for school, met on Friday.",
            60,
            "About 400 islanders met on Friday.",
        ),
        (
            "Ida Lund, who runs the island shop and its post office, asked the board for a boat.",
            60,
            "Ida Lund asked the board for a boat.",
        ),
        (
            "Despite the storm warning of the previous night, the ferry left Northport at six.",
            50,
            "The ferry left Northport at six.",
        ),
        (
            "The board has sent the island containers filled with rice, oil, and other food.",
            70,
            "The board has sent the island containers filled with food.",
        ),
        (
            "In a letter, Ida Lund described the winter of 1962, urging the board to hire a boat.",
            45,
            "Ida Lund urged the board to hire a boat.",
        ),
        (
            "Crews found cracks in the pier and are waiting for help, according to Ida Lund.",
            60,
            "Crews found cracks in the pier, according to Ida Lund.",
        ),
        (
            "Harbour director Henrik Vale said the company would pay for the second slipway.",
            70,
            "Henrik Vale said the company would pay for the second slipway.",
        ),
    ],
)
def test_a_long_sentence_loses_a_clause(sentence, limit, shorter):
    assert trim(sentence, limit) == shorter


@pytest.mark.parametrize(
    ("sentence", "limit"),
    [
        ("A skipper who left the harbour at night has been sent to jail.", 50),
        ("The ferry will stop until the board has paid for the repairs to the slipway.", 50),
        ("The board urged Northport to hire a second boat on Friday.", 30),
        ("The pier was built with Ida Lund of Northport among the engineers.", 50),
        ("The works are a threat not only to the pier but to the whole of the harbour.", 60),
        ("“We were told on Friday that the boat would stop, and how,” she said.", 50),
        ("The ferry left Northport at six, but police deny that it was on time.", 40),
        ("The harbour is what the fishing crews of the island live for in Northport.", 65),
        ("The board will decide between a second slipway and a new pier in the spring.", 55),
    ],
)
def test_a_sentence_with_nothing_to_lose_is_left_out_rather_than_broken(sentence, limit):
    assert trim(sentence, limit) is None


def test_a_sentence_that_fits_is_not_touched():
    sentence = "However, the ferry, which is old, will stop."
    assert trim(sentence, len(sentence)) == sentence


def test_a_sentence_beyond_all_limits_is_given_up_at_once():
    sentence = "The ferry, " + "which is old, " * 100 + "will stop."
    assert compress(sentence) == sentence
    assert trim(sentence, 120) is None


def words(text):
    """Its words in small letters; ", urging" may have become "urged"."""
    return WORD.findall(text.casefold().replace("urging", "urged"))


PARTS = st.lists(
    st.sampled_from(
        [
            "The ferry",
            "Ida Lund",
            "Port director Henrik Vale",
            "the board",
            "“the boat”",
            "said",
            "has stopped",
            "will pay",
            "found cracks",
            "and is waiting",
            "who runs the shop,",
            ", ",
            "which is old,",
            "according to police",
            "after eight weeks",
            "in Northport",
            "of 1931",
            "(pictured)",
            "on Monday",
            "not",
            "unless it rains",
            "— a relic —",
            "with",
            "to",
            "that",
            "the islanders’ pier",
            "urging a vote",
            "'no'",
            "12,000",
            "3.5",
            "However,",
            ";",
            "but",
        ]
    ),
    min_size=3,
    max_size=24,
).map(lambda parts: " ".join(parts).replace(" ,", ",") + ".")


@given(PARTS, st.integers(20, 140))
def test_a_shortened_sentence_keeps_whole_words_in_order_and_its_limit(sentence, limit):
    for shorter, longest in ((compress(sentence), len(sentence)), (trim(sentence, limit), limit)):
        if shorter is None or shorter == sentence:
            continue
        assert len(shorter) <= longest
        assert is_balanced(shorter)
        assert shorter[-1] in ".!?”’'"
        left = iter(words(sentence))
        assert all(word in left for word in words(shorter))


@given(PARTS, st.integers(20, 140))
def test_a_trimmed_sentence_keeps_every_negation_and_condition(sentence, limit):
    shorter = trim(sentence, limit)
    if shorter is not None:
        for word in ("not", "unless"):
            count = len(re.findall(rf"\b{word}\b", sentence))
            assert len(re.findall(rf"\b{word}\b", shorter)) == count


@given(PARTS, st.integers(20, 140))
def test_a_shortened_sentence_speaks_of_nothing_that_the_sentence_did_not(sentence, limit):
    shorter = trim(sentence, limit) or sentence
    assert stems(shorter) <= stems(sentence) | stems(" ".join(INSTEAD))
    assert stems(compress(sentence)) <= stems(sentence)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("urging", "urged"),
        ("demanding", "demanded"),
        ("warning", "warned"),
        ("accusing", "accused"),
        ("insisting", "insisted"),
        ("claiming", "claimed"),
        ("vowing", "vowed"),
        ("promising", "promised"),
        ("pledging", "pledged"),
        ("denying", "denied"),
        ("calling for", "called for"),
        ("calling on", "called on"),
    ],
)
def test_what_is_put_in_is_the_past_of_what_somebody_said(now, then):
    sentence = f"Ida Lund wrote to the members of the board, {now} what she had proposed."
    assert {cut.instead for cut in find_cuts(sentence)} - {"", ","} == {then}
    assert then in INSTEAD


VERBS = (
    "said says announced confirmed reported added stated noted revealed found discovered showed "
    "learned acknowledged admitted indicated estimated".split()
)


@pytest.mark.parametrize("verb", [*VERBS, "told reporters"])
def test_whoever_says_it_is_found(verb):
    assert find_attribution(f"The council {verb} that the pier may be closed.")


SAYING = st.lists(
    st.sampled_from(
        [
            "The pier may be closed",
            "the council",
            "According to police,",
            "according to the council",
            "that",
            ",",
            ".",
            "“",
            "on Monday",
            "later",
            *VERBS,
        ]
    ),
    max_size=6,
).map(lambda words: " ".join(words).replace(" ,", ",") + ".")


@given(SAYING)
def test_a_sentence_without_a_word_of_saying_has_no_attribution(sentence):
    found = find_attribution(sentence)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attribution, "_SAYS", re.compile(""))
        assert found == find_attribution(sentence)
