"""News articles of any length from our own templates, for every benchmark: same seed, same article.

Names, figures, dates and quotes vary; the people and places are invented.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

LONGEST = 10_000  # words
SENTENCES_A_PARAGRAPH = (2, 4)

_LISTS = {
    "place": "Norhaven Lindmere Tresk Ostfjord Calder Bellmoor Havenby Marlow Stanvik".split(),
    "first": "Ada Marta Henrik Ida Jonas Petra Oskar Lena Tomas Greta Viktor Nora Emil".split(),
    "last": "Brook Lindqvist Solberg Moberg Rehn Dahl Carver Holm Winter Ashby Falk Voss".split(),
    "weekday": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "month": "January February March April May June July September October November".split(),
    "building": (
        "harbour, town hall, central station, north bridge, city museum, stadium, main library, "
        "water works, children's hospital, ferry terminal, concert hall, fish market"
    ).split(", "),
    "body": (
        "city council, port authority, transport office, regional court, health board, "
        "coast guard, housing agency, school board, fire service, statistics bureau"
    ).split(", "),
    "group": (
        "residents, shop owners, fishing crews, students, nurses, farmers, tram drivers, tenants, "
        "small investors, amateur sailors"
    ).split(", "),
    "thing": (
        "tram line, flood barrier, solar park, ferry route, cycle path, heating network, "
        "data centre, school kitchen, night bus, footbridge"
    ).split(", "),
    "cause": (
        "a storm, a power cut, a strike, heavy snow, a burst pipe, a software fault, high prices, "
        "an old contract, a lack of staff"
    ).split(", "),
}

_LEADS = (
    "The {body} of {place} opened a {length}-kilometre {thing} on {weekday}, {few} years late.",
    "The {building} in {place} will close from {weekday} after engineers found {length} cracks.",
    "{place} will spend {money} million euros on a new {thing}, {percent}% more than planned.",
    "About {thousands},{hundreds} people in {place} were without water on {weekday} after {cause}.",
    "The {body} in {place} voted {more} to {fewer} on {weekday} to rebuild the {building}.",
    "Visitors to the {building} in {place} rose by {percent}% to {thousands},{hundreds}.",
)
_BODY = (
    "The project cost {money} million euros, {percent}% more than planned.",
    "Mayor {first} {last} said the city would build {few} more by 20{year}.",
    "“We would rather wait a year than regret it for {long} years,” {last} told reporters.",
    "The {body} has set aside {money} million crowns and will ask the government for the rest.",
    "Some {hundreds} {group} had protested in {month} against the closure of the {building}.",
    "{first} {last}, who chairs the association of {group}, called the plan a mistake.",
    "The {building}, built in 19{year}, draws about {thousands},{hundreds} visitors a year.",
    "The work is expected to last until the end of {month}.",
    "In {month}, {cause} delayed the {thing} between {place} and {place2} by {few} weeks.",
    "“Nobody travels {length} kilometres for that,” said {first} {last}.",
    "The {body} paid {hundreds} of the {group} compensation of {thousands},{hundreds} euros each.",
    "According to the {body}, {percent}% of the {group} in {place} now use the {thing}.",
    "An inquiry found in 20{year} that inspections had been put off because of {cause}.",
    "The price of a ticket will rise from {few} to {length} crowns on {day} {month}.",
    "Temperatures fell to minus {length} degrees in {place2}, the lowest for {long} years.",
    "The company behind the {thing} employs {hundreds} people and plans to hire {long} more.",
    "Police closed the road to the {building} for {few} hours, and nobody was hurt.",
    "{first} {last} of the {body} said the next report was due on {day} {month}.",
    "The {group} want the {body} to publish the contract, which runs for {long} years.",
    "Neighbouring {place2} built a similar {thing} in 20{year} for {money} million euros.",
    "The court will hear the case of the {group} against the {body} on {day} {month}.",
    "“It is a good day for {place},” {last} said, although {group} were not so sure.",
)
_HEADLINES = (
    "{place} opens {thing} after {few} years of work",
    "{building} in {place} to close until {month}",
    "{group} in {place} protest against {money} million euro {thing}",
    "{place} {body} backs plan for new {thing}",
    "{cause} leaves {thousands},{hundreds} people in {place} without water",
    "Visitors to the {place} {building} rise by {percent}%",
)


@dataclass(frozen=True)
class Written:
    """One article; `body` has paragraphs parted by blank lines."""

    headline: str
    body: str

    @property
    def words(self) -> int:
        """Of the body."""
        return len(self.body.split())


def article(seed: int, words: int) -> Written:
    """An article whose body has exactly so many words, from 1 to `LONGEST`."""
    if not 1 <= words <= LONGEST:
        raise ValueError(f"words must be from 1 to {LONGEST}, and is {words}")
    drawn = random.Random(f"{seed} {words}")
    facts = {name: drawn.choice(values) for name, values in _LISTS.items()}
    headline = _capital(drawn.choice(_HEADLINES).format_map(_filled(drawn, facts)))
    paragraphs: list[str] = []
    templates: list[str] = []
    left, first = words, True
    while left:
        sentences: list[str] = []
        for _ in range(drawn.randint(*SENTENCES_A_PARAGRAPH)):
            if not templates:
                templates = drawn.sample(_BODY, len(_BODY))
            template = drawn.choice(_LEADS) if first else templates.pop()
            first = False
            sentence = _capital(template.format_map(_filled(drawn, facts))).split()
            if len(sentence) > left:
                sentence = [*sentence[: left - 1], sentence[left - 1].strip(",.“”") + "."]
            left -= len(sentence)
            sentences.append(" ".join(sentence))
            if not left:
                break
        paragraphs.append(" ".join(sentences))
    return Written(headline, "\n\n".join(paragraphs))


def typical(seed: int) -> Written:
    """An article as long as those of a newsroom: 120 to 1,500 words, half of them under 450."""
    length = random.Random(seed).lognormvariate(6.1, 0.5)
    return article(seed, round(min(1500, max(120, length))))


def _filled(drawn: random.Random, facts: dict[str, str]) -> dict[str, str]:
    """Values for a sentence: mostly the article's own place, people and things, new figures."""
    values = {
        name: drawn.choice(options) if drawn.random() < 0.3 else facts[name]
        for name, options in _LISTS.items()
    }
    return values | {
        "place2": drawn.choice(_LISTS["place"]),
        "few": str(drawn.randint(2, 9)),
        "length": str(drawn.randint(10, 48)),
        "long": str(drawn.randint(15, 90)),
        "percent": str(drawn.randint(2, 60)),
        "money": str(drawn.randint(11, 480)),
        "more": str(drawn.randint(21, 40)),
        "fewer": str(drawn.randint(3, 19)),
        "thousands": str(drawn.randint(1, 90)),
        "hundreds": str(drawn.randint(120, 960)),
        "day": str(drawn.randint(1, 28)),
        "year": str(drawn.randint(27, 48)),
    }


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
