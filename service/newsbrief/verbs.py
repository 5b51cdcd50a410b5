"""Whether a finite verb is left in an English clause, so far as its words alone can tell.

Not a parser: lists of the verbs that news uses most, and the endings of the others. It errs towards
`False`, which costs a shorter bullet and never makes a wrong one.
"""

from __future__ import annotations

import re

AUXILIARIES = frozenset(
    "is are was were am has have had will would can could may might must should shall do does "
    "did isn't aren't wasn't weren't hasn't haven't hadn't won't wouldn't can't couldn't "
    "don't doesn't didn't cannot".split()
)
# Past tenses that do not end in -ed, and what 3rd persons do most in the news.
VERBS = frozenset(
    "became began bet bled blew bought bound broke brought built burnt burst came caught "
    "chose clung cost crept cut dealt drank drew drove dug ate fed fell felt fled flew "
    "forbade forgot fought found froze gave got grew heard held hid hit hung hurt kept knelt "
    "knew laid learnt led left lent let lit lost made meant met paid put quit ran rang read "
    "rode rose said sang sank sat saw sent set shone shook shot shrank shut slept slid sold "
    "sought spelt spent spoke sprang spread stood stole stuck struck stung swam swept swore "
    "swung taught thought threw told took tore understood undertook underwent upset went wept "
    "withdrew woke won wore wound wrote agrees aims allows announces appears argues asks "
    "becomes begins believes belongs brings buys calls claims comes contains continues costs "
    "covers creates denies depends describes expects explains faces fails falls feels fights "
    "follows forces gets gives goes grows happens helps holds hopes includes insists involves "
    "joins keeps knows lacks launches leads learns leaves lies likes lives looks loses makes "
    "marks means meets moves needs offers opens owns pays plans plays prepares prevents "
    "promises provides puts raises reaches receives refuses rejects remains reports "
    "represents requires returns rises runs says seeks seems sees sells sends serves shows "
    "sits speaks spends stands starts stays steps stops suffers suggests supports takes tells "
    "thinks threatens tries turns underscores urges uses wants warns welcomes wins wishes "
    "works writes say want need hope believe think feel include remain face seem claim plan "
    "come go live work expect agree insist argue".split()
)
_CONTRACTED = frozenset(
    f"{subject}'{verb}"
    for subject in ("he", "she", "it", "they", "we", "i", "you", "that", "there", "who")
    for verb in ("s", "re", "ve", "ll", "d", "m")
)
_OPENERS = frozenset("while as when after before since if although though because until".split())
_IN_GROUP = frozenset("not also been be being have never now still even just".split())
_NOT_FINITE = frozenset("indeed hundred based aged speed unmarked supposed".split())
DETERMINERS = frozenset("a an the his her its their our my your this that these those".split())
_PREPOSITIONS = frozenset("in by on at from of to for with as under over near during".split())
# Before a preposition these are what somebody did, the rest what was done to something.
_INTRANSITIVE = frozenset(
    "announced claimed confirmed revealed reported told accused agreed appeared appealed "
    "apologised apologized arrived belonged campaigned climbed collapsed competed complained "
    "continued crashed died disappeared dropped emerged ended erupted escaped exploded failed "
    "finished graduated happened headed helped hoped increased insisted jumped landed lasted "
    "listened lived looked moved occurred opened participated passed played pointed rallied "
    "reacted refused remained resigned responded resulted retired returned served settled "
    "slipped soared spiked started stayed stepped stopped struggled succeeded suffered "
    "surfaced surged talked travelled traveled turned tumbled voted waited walked warned "
    "watched worked".split()
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_WORD = re.compile(r"[\w’'-]+")
_SUBORDINATE = re.compile(
    r"^(?:while|as|when|after|before|since|if|until|once|by the time)\b"
    r"|\b(?:who|which|whose|whom|what|that|when|because|although|though|whether|if|how|why"
    r"|(?:said|says|believes?|hopes?|claims?)(?= \w)(?![^,]* that\b)"
    r"|(?:as|after|before|since|while|where|until) (?:he|she|it|they|we|i|you|there))\b",
    re.IGNORECASE,
)


def has_verb(text: str) -> bool:
    """Whether a finite verb is left for the main clause, so far as words tell."""
    text = _QUOTED.sub(" ", text)
    words = [word.replace("’", "'").casefold() for word in _WORD.findall(text)]
    if not words or (words[0] in _OPENERS and "," not in text):
        return False
    finite = 0
    in_group = False  # after "has" or "to", what looks finite is a participle or an infinitive
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if word == "to":
            in_group = True
        elif in_group and (word in _IN_GROUP or word.endswith("ly")):
            continue
        elif is_finite(word, before, after):
            finite += not in_group
            in_group = word in AUXILIARIES or "'" in word
        else:
            in_group = False
    return finite > 0 and finite > len(_SUBORDINATE.findall(text))


def is_finite(word: str, before: str = "", after: str = "") -> bool:
    """Whether a word in small letters, between these two, can be the verb of a clause."""
    if word in AUXILIARIES or word in VERBS or word in _CONTRACTED:
        return True
    if len(word) <= 4 or not word.endswith("ed") or "-" in word or word in _NOT_FINITE:
        return False
    if before in DETERMINERS:
        return False
    return after not in _PREPOSITIONS or word in _INTRANSITIVE
