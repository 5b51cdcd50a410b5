"""English number words, months, weekdays and units."""

from __future__ import annotations

import re
from decimal import Decimal

from newsbrief.lexicon import (
    Kind,
    Lexicon,
    Weight,
    Word,
    calendar,
    hints,
    numbers,
    scales,
    units,
)

_CARDINALS: dict[int | str, str] = {
    2: "two twice", 3: "three thrice", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight",
    9: "nine", 10: "ten", 11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen",
    16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen", 20: "twenty", 30: "thirty",
    40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety",
}  # fmt: skip
_ORDINALS: dict[int | str, str] = {
    2: "second secondly", 3: "third thirds", 4: "fourth fourths", 5: "fifth fifths",
    6: "sixth sixths", 7: "seventh sevenths", 8: "eighth eighths", 9: "ninth ninths",
    10: "tenth tenths", 11: "eleventh", 12: "twelfth", 13: "thirteenth", 14: "fourteenth",
    15: "fifteenth", 16: "sixteenth", 17: "seventeenth", 18: "eighteenth", 19: "nineteenth",
    20: "twentieth", 30: "thirtieth", 40: "fortieth", 50: "fiftieth", 60: "sixtieth",
    70: "seventieth", 80: "eightieth", 90: "ninetieth", 100: "hundredth",
}  # fmt: skip
_HINTS = {
    "0": "zero nil scoreless goalless midnight",
    "0.5 50 2 30": "half halves halve halved halving ½",
    "0.25 25 4 3 8 15 45": "quarter quarters quarterly ¼",
    "0.75 75": "¾", "14": "valentine", "24 25": "christmas", "24 31": "eve", "31": "halloween",
    "1": "once single solo sole alone",
    "2": "both couple pair pairs double doubled doubles doubling twofold duo duos duet twin twins "
    "seconds bilateral dual runner twosome either neither brace biennial",
    "3": "triple tripled triples tripling threefold trio trios trilateral triplets thirdly trilogy "
    "trilogies triptych treble trick tricks triathlon",  # a hat-trick is three goals
    "4": "quadruple quadrupled fourfold quartet quartets quadrilateral quadruplets tetralogy",
    "5": "fivefold quintet quintuple quintuplets pentathlon", "6": "sixfold sextet sextuplets",
    "8": "eightfold octet", "9": "ninefold",
    "8 4": "quarterfinal quarterfinals",
    "4 2": "semifinal semifinals semi",
    "7": "weekly sevenfold septet heptathlon",
    "10": "decade decades teenager teenagers teenage teens teen tenfold decathlon",
    "12": "noon midday dozen",
    "14 2": "fortnight fortnights",
    "20": "twenties", "30": "thirties", "40": "forties", "50": "fifties", "60": "sixties",
    "70": "seventies septuagenarian", "80": "eighties octogenarian octogenarians",
    "90": "nineties nonagenarian nonagenarians",
    "24": "clock",
    "100": "century centuries hundredfold hundred hundredths centenary centennial centenarian "
    "centenarians",
    "150": "sesquicentennial", "200": "bicentenary bicentennial", "300": "tercentenary",
    "1000": "thousand thousandth thousandths millennium millennia",
    "1000000": "million",
    "1000000000": "billion",
    "1000000000000": "trillion",
}  # fmt: skip
_MONTHS = (
    "january jan", "february feb", "march", "april", "may", "june", "july",
    "august aug", "september sept", "october oct", "november nov", "december dec",
)  # fmt: skip
_WEEKDAYS = tuple(
    f"{day} {day}s"
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)

_UNITS = {
    "percent": "percent|per cent|%|pct",
    "percentage point": "percentage point|ppt!|ppts!|pp!",
    "dollar": "dollar|bucks",
    "euro": "euro!|euros!",
    "pound": "pound|lb!|lbs!",
    "yen": "yen!",
    "won": "won!",
    "yuan": "yuan|renminbi",
    "rouble": "rouble|ruble",
    "hryvnia": "hryvnia|hryvnya",
    "kilometre": "kilomet|km!|kph!|kmh!",
    "mile": "mile|mph!",
    "nautical mile": "nautical mile",
    "metre": "metre!|meter!|metres!|meters!",
    "centimetre": "centimet|cm!",
    "millimetre": "millimet|mm!",
    "foot": "foot!|feet!|ft!",
    "inch": "inch|+in",
    "yard": "yard",
    "kilogram": "kilogram|kg!|kilo!|kilos!",
    "gram": "gram!|grams!",
    "ton": "tonne|ton!|tons!",
    "ounce": "ounce|oz!",
    "acre": "acre",
    "hectare": "hectare",
    "litre": "litre|liter!|liters!",
    "gallon": "gallon",
    "barrel": "barrel",
    "fahrenheit": "degrees fahrenheit|degree fahrenheit|°f!|°f |fahrenheit|+F",
    "hour": "hour",
    "minute": "minute",
    "day": "day!|days!",
    "week": "week",
    "month": "month",
    "year": "year",
}


# Also a verb and a name: they never prove a change.
_AMBIGUOUS_MONTHS = {"may": 5, "march": 3}

LEXICON = Lexicon(
    words=numbers(_CARDINALS)
    | numbers(_ORDINALS, final=True)
    | numbers({1: "one"}, Weight.HINT)
    | numbers({1: "a an"}, Weight.HINT, alone=True)
    | numbers({1: "first"}, Weight.HINT, final=True)
    | hints(_HINTS)
    | {  # "the tenth", and "a tenth of a point"
        name: Word(frozenset({Decimal(10), Decimal("0.1")}), Weight.SPELLED, final=True)
        for name in ("tenth", "tenths")
    }
    | calendar(Kind.MONTH, _MONTHS)
    | calendar(Kind.WEEKDAY, _WEEKDAYS)
    | {
        name: Word(frozenset({Decimal(number)}), Weight.HINT, Kind.MONTH, final=True)
        for name, number in _AMBIGUOUS_MONTHS.items()
    },
    scales=scales(
        {
            12: "dozen",
            10**5: "lakh lakhs",
            10**7: "crore crores",
            100: "hundred",
            1000: "thousand thousandth",
            10**6: "million millions millionth mln mn",
            10**9: "billion billions billionth bn bln",
            10**12: "trillion trillions tn trn tln",
        }
    ),
    attached_scales=scales({1000: "k", 10**6: "m", 10**9: "b"}),
    possible_scales=scales(
        {
            7: "weeks",
            10: "decade decades",
            24: "days",
            25: "quarters",  # three of them are 75%
            100: "century centuries",
            1000: "millennium millennia",
            10**6: "mcm",
            10**9: "bcm",
        }
    )
    | {"basis": Decimal("0.01")},
    divided=scales(
        {
            10: "decade",
            12: "year",
            24: "day",
            30: "month",
            60: "hour minute",
            100: "century metre meter",
            1000: "kilometre kilometer km kilogram kilo kg tonne ton litre liter",
            1600: "mile",
        }
    ),
    and_a_half=re.compile(r"[\s-]+and[\s-]+a[\s-]+half\b|\s?½", re.IGNORECASE),
    often_omitted=re.compile(r"\b(?:the two|per second|of a second)$", re.IGNORECASE),
    units=units(_UNITS),
    names_are_capitalised=True,
)
