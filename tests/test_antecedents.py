"""A bullet speaks of nobody whom it has not named, and no pronoun is given to anybody."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.antecedents import looks_back
from newsbrief.article import Article
from newsbrief.extraction import extract_highlights
from newsbrief.sentences import split_sentences

# The last sentence of each speaks of "he" or "she", who may be another than the person named.
UNCERTAIN = """
Judge Anna Bell jailed the baker for nine years. She had poisoned two lodgers in Marrow in 2015.
Judge Anna Bell freed the driver on Friday. He had killed a cyclist on the coast road in May.
President Omar Dale comforted the mother of the drowned boy. He was pulled from the river too late.
Dr Ida Lund examined the thief on Monday. He had broken three windows of the bank in Tarn.
Police Chief Tom Alder said the sniper was dead. He had fired at the crowd for two hours.
Senator Carl Bent attacked the head of the port. His salary doubled while the ferry was laid up.
Mayor Eva Dent praised the diver. She had pulled four children out of the harbour in March.
Captain Tom Alder thanked the nurse. He had sat beside the wounded for three nights in a row.
Professor Ida Lund taught the forger at Tarn. She sold false Alders to museums for thirty years.
Minister Omar Dale sacked his deputy. He had taken 400,000 crowns from a builder in Northport.
Sir Carl Bent spoke of his son. He was jailed in June for robbing the post office in Marrow.
Mrs Eva Dent buried her sister. She had been shot in the harbour on the night of the fair.
Mr Tom Alder was stabbed by a lodger. He had bought the knife in a shop in Tarn on Friday.
Inspector Ida Lund arrested a man. He had hidden the gold of the bank in a boat for a year.
Constable Omar Dale was bitten by a dog. He had been left without food on the quay for a week.
Governor Carl Bent pardoned a poacher who lived alone. He shot eleven swans on the lake in May.
Tom Alder, 41, was taught by a monk. He was expelled from the order in 1998 for theft.
Ida Lund, 33, lives with a dancer. She was convicted of fraud in Northport ten years ago.
Tom Alder, who runs the shop, fears a rival. He has burned down two shops in Marrow since May.
Ida Lund, a lawyer, defended a teacher. She had struck a pupil with a ruler in the classroom.
Eva Dent, the owner, fired the cook. She had served bad fish to sixty guests at a wedding.
Carl Bent is a fisherman with a twin brother. He drowned off the Marrow light last winter.
General Omar Dale met the envoy at noon. He is accused of selling arms to both of the sides.
Bishop Carl Bent blessed the groom. He has been married five times in as many countries.
Coach Ida Lund left the striker out. She had been drinking on the night before the final.
King Omar received the cyclist. He was found to have taken drugs in four of the seven races.
Queen Ida met a woman who lost her house. She sleeps in a car behind the station in Tarn.
Detective Tom Alder heard the priest out. He had kept the stolen silver under the altar for years.
Judge Anna Bell heard that the captain was drunk. She ran the ferry on to the rocks off Marrow.
Chancellor Eva Dent named a banker to the post. She was fined in 2010 for hiding her losses.
Officer Tom Alder chased two brothers, a cousin and a friend. He was caught in a barn near Tarn.
Director Ida Lund chose an actor, a singer and a dancer. She was jailed in May for drunken driving.
Mr Tom Alder quoted the surgeon. “It went wrong,” she said. He had cut the wrong leg off in April.
Ms Ida Lund called the author a liar. She had copied nine pages from a book printed in 1960.
Colonel Carl Bent freed the hostage. He had lost two fingers and forty pounds in the cellar.
Sergeant Tom Alder shot the horse. He had thrown and killed a rider at the Marrow show on Sunday.
Princess Eva named the lion. She killed a keeper at the zoo in Tarn on the following morning.
Commissioner Ida Lund replaced the treasurer. She was questioned for six hours about the money.
Ambassador Omar Dale sheltered a deserter. He had blown up a bridge and fled across the border.
Father Carl Bent prayed for the miner. He had been trapped under the hill since the Tuesday blast.
Tom Alder, 50, and his partner left Tarn. He is wanted for the murder of a banker in Northport.
Lady Eva Dent sued the gardener of her late husband. She sold his letters to a paper in 2012.
Author Ida Lund lives by the sea. The cook came in May. She stole jewels worth 90,000 crowns.
A porter was held on Friday. Judge Anna Bell sat late. She had beaten a guest with a lamp.
The sailor was found at dawn. Captain Tom Alder sent for help. He had been dead for a week.
""".strip().split("\n")


@pytest.mark.parametrize("body", UNCERTAIN)
def test_no_pronoun_is_given_to_a_person_it_may_not_mean(body):
    article = Article(None, (body,))
    sentences = split_sentences(article)
    last = sentences[-1]
    assert last.text.startswith(("He ", "She ", "His "))
    found = extract_highlights(article, sentences, count=8, max_chars=120)
    assert all(span != last.span for highlight in found for span in highlight.sources)


@pytest.mark.parametrize(
    "text",
    [
        "He left the harbour at dawn.",
        "Police said he had left the island by boat.",
        "Officers found her body in a lake near Tarn.",
        "Doctors said she was stable on Monday.",
        "On Monday they left for the coast.",
        "In 2010 he moved to Tarn with two friends.",
        "At noon it sank off the coast of Tarn.",
        "Prosecutors say his account was false.",
        "Neighbours told him to leave at once.",
        "Detectives believe he acted alone.",
        "Detectives suspect he acted alone.",
        "Police accused him of theft.",
        "Those who knew her were in tears.",
        "The government said he would resign in May.",
        # An opening that only says more of who is meant.
        "Born in Crane in 1928, the son of a baker, he sang in the choir of the town.",
        "Raised by an aunt in Marrow, she went to sea at sixteen.",
        "A keen sailor, she left the harbour at dawn.",
        "After the storm, they found two boats on the shore.",
        # One person can't be both he and she.
        "A surgeon told the inquiry that he did not know when she fell ill.",
        "The chairman of the board said she had lied to him.",
        "The man said she was asleep when the fire began.",
        "Mr Alder said she had signed the letter.",
        "The widow said he had left a letter.",
        "Mrs Lund said he had sold the house.",
        # Neither a person, nor many, nor who made it, is an "it".
        "Mr Alder said it had cost 400 jobs.",
        "The minister called it a bad day for fishing.",
        "The governor says that selling it would ruin three villages on the coast.",
        "Independent trials by the Reed Institute have found that it is twice as loud as a bus.",
        "Trials by a firm in Tarn show that it is twice as loud as a bus.",
        "Two sailors said it had sunk within minutes.",
        "Police in Tarn said it was found in a lake.",
        "Critics of the plans say it will ruin the coast.",
        # Nobody finds himself without saying so.
        "Divers found it under the old pier.",
        "Rescuers reached them before dark.",
        # What "this" and "that" are was said before.
        "The council denied this and said the pier was safe.",
        "The board will vote on the pier after this.",
        "Despite this, the board will sell the pier.",
        "The union called this a betrayal of the crews.",
        "The bank said this was due to costs.",
        "Ida Lund said these were the worst days of the harbour.",
        "The owner said those had been sold in May.",
        "The council rejected that and offered ten boats.",
        "The board closed the pier, and that was the end of the ferry.",
        "The mayor thanked the crews and said that was brave.",
        "After that, the ferry never left the harbour again.",
    ],
)
def test_a_sentence_looks_back_whose_pronoun_is_nobody_in_it(text):
    assert looks_back(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "The company said it would build two boats by May.",
        "A spokesman for the company said it would close the yard.",
        "The council closed the school because it was unsafe.",
        "Acme said it would cut 400 jobs.",
        "Acme Boats said it would cut 400 jobs and sell its yard.",
        "NATO said it would send two ships.",
        "Parliament said it would vote on the law in May.",
        "The Reed Institute said its trials went well.",
        "The pier will close after it failed a test.",
        "Workers at the plant said it will close in June.",
        "Police said it was too early to say how the fire began.",
        "The judge made it clear that the trial would go on.",
        "In May it emerged that the pier was rotten.",
        "In its report, the council blamed the mayor.",
        "Ida Lund said she would not sell the house.",
        "Tom Alder told Ida Lund that he loved her.",
        "When Tom Alder lost, he left the town.",
        "In his speech, President Alder blamed the council.",
        "A pathologist told the court that she could not say how the man died.",
        "The widow said her husband had left a letter.",
        "A woman who lost her house said she would sue.",
        "A 12-year-old boy was hurt when he fell from a roof.",
        "The boy’s father said he would sue.",
        "The firm’s chief executive said he would resign.",
        "Tom Alder, 41, was shot outside his house.",
        "Alder sold his shares in May.",
        "Alder (right) sold his shares in May.",
        "Police said they had found a boat.",
        "The couple said they would appeal.",
        "Ferry staff say they want more pay.",
        "Prime Minister Ida Lund said her party would win.",
        "The ferry will stop on Monday.",
        # No "this" or "that" of these looks back.
        "The council said that the pier was safe.",
        "Police said that, on Monday, the pier was closed.",
        "The boat that was lost in May has been found.",
        "The crews said that and other boats were late.",
        "The price is twice that of last year.",
        "The rate is higher than that in Norway.",
        "Two divers are among those who will be honoured this week.",
        "The board praised those in need and those on low pay.",
        "The council gave this year’s prize to Ida Lund.",
    ],
)
def test_a_sentence_stands_alone_that_names_whom_its_pronouns_mean(text):
    assert not looks_back(text, "en")


@pytest.mark.parametrize(
    ("text", "language", "back"),
    [
        ("Он уехал из порта.", "ru", True),
        ("Лунд сказал, что он уехал.", "ru", False),
        ("Вона поїхала з порту.", "uk", True),
        ("그는 섬에 남았다.", "ko", True),
        ("배는 여덟 주 동안 멈춘다.", "ko", False),
        ("Il est parti.", "fr", False),
    ],
)
def test_in_other_languages_the_first_word_is_looked_at(text, language, back):
    assert looks_back(text, language) is back


WORDS = st.sampled_from(
    "He he she it its they them the a Mr Lund Alder police boat mother said when that after by in"
    " Reed Institute NATO ’s , . ( “ May found to clear".split()
)


@given(st.lists(WORDS, max_size=30).map(" ".join), st.sampled_from(["en", "ru", "ko", "xx"]))
def test_any_text_is_read(text, language):
    assert looks_back(text, language) in (True, False)
    if language == "en" and text[:3] in ("He ", "it "):
        assert looks_back(text, language)


@pytest.mark.parametrize(
    "unit", ["it is ", "Mr he ", "make it ", "A, Alder he ", "its, ", "the a "]
)
def test_four_times_the_text_takes_about_four_times_as_long(unit):
    def seconds(chars):
        text = "Tom Alder and the boat, " + unit * (chars // len(unit))
        taken = []
        for _ in range(3):
            started = time.process_time()
            looks_back(text, "en")
            taken.append(time.process_time() - started)
        return min(taken)

    # Quadratic work takes 16 times as long; 5 ms are forgiven to a clock that ticks coarsely.
    assert seconds(80_000) < 3 * 4 * seconds(20_000) + 0.005
