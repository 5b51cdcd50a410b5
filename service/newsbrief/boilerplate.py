"""Which lines of an article as a CMS keeps it are its story, and which only stand round it.

Everything here goes by one line or block at a time. What reads as a sentence is kept unless it
matches one of the narrow patterns below, so prose is never lost to a guess.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

_ENDED = re.compile(r"[.!?…:;,。！？][\"'”’»)\]]*$")
_ENDED_INSIDE = re.compile(r"\w{4}[.!?][\"'”’»)\]]* +[\"'“‘«(]*[A-ZА-ЯІЇЄҐ가-힣]")
_ASKED = re.compile(r"[!?！？][\"'”’»)\]]*$")
_TITLE_WORDS = 24
_TITLE_CHARS = 180
_FURNITURE_CHARS = 240
_POINT_CHARS = 160  # an unbulleted line of an existing block of highlights
_WRAP_WIDTH = 100  # text wrapped by hand or by a mailer is no wider

_LEAD_IN = re.compile(
    r"^(?:(?:[•▪◦‣∙●■*·]\s*|[-–]\s+)(?=\S)"
    r"|\((?:CNN|AP|AFP|Reuters|UPI|PA|EPA)\)\s*[-–—]{0,2}\s*(?=\S)"
    r"|[(\[]?(?:[01]?\d|2[0-3])[:.][0-5]\d(?: ?[ap]\.?m\b\.?)?(?: (?:GMT|BST|UTC|[ECMP][SD]?T|CES?T"
    r"|EES?T|KST|MSK))?[)\]]?(?: ?[:|–—-])? +(?=[A-Z\d“\"‘]))+"  # of a live blog
)
_BULLET = re.compile(r"\s*(?:[•▪◦‣∙●■*·]\s*|[-–]\s+)\S")
_BY = re.compile(r"(?:by|(?:written|words|story|reported) by)\s*:?\s+(\S.*)", re.IGNORECASE)
_JOINERS = frozenset(
    "and & in for at of the de da di del der den la le van von bin al | / -".split()
)
_STAMP = re.compile(
    r"(?:first |last |originally )?(?:published|updated|posted|modified|filed)\b\s*:?",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    r"|(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
    r"|gmt|bst|utc|[ecmp][sd]?t|cest|kst|msk|eest|eet|a\.?m\.?|p\.?m\.?|at|on|ago"
    r"|min(?:ute)?s?|hours?|days?|read|[+-]?\d[\d:./-]*(?:st|nd|rd|th|am|pm|z)?"
    r"|\d{4}-\d\d-\d\dt[\d:.+]+z?",
    re.IGNORECASE,
)
_MOMENT_BREAKS = re.compile(r"[\s,|•·()–—-]+")
_CREDIT = re.compile(
    r"[(\[]?(?:(?:(?:file|stock|handout) )?(?:photo(?:graph)?s?|pictures?|images?|video|graphics?"
    r"|illustrations?|credits?|captions?)"
    r"(?: credits?| caption| courtesy(?: of)?| source| by)?\s*[:©]"
    r"|©|\(c\) \d|copyright (?:©|\d{4})|all rights reserved)",
    re.IGNORECASE,
)
_CREDIT_UNENDED = re.compile(
    r"[(\[]?(?:photo|image|picture|video|illustration)s? (?:by|courtesy|credit)\b"
    r"|(?:additional )?(?:reporting|writing|editing) by\b",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"(?:[\w.&' -]{1,40}/ ?)?(?:getty images|reuters|associated press|ap|afp|epa|pa media|yonhap"
    r"|tass|ukrinform|shutterstock|alamy)(?: ?/ ?[\w.&' -]{1,40})?",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:share(?: this)?(?: article| story| page| post)?(?: (?:on|via) .{2,30})?|tweet|e-?mail|x"
    r"|facebook|twitter|whatsapp|telegram|linkedin|print|save|copy link|follow us(?: on .{2,40})?"
    r"|advertisements?|sponsored(?: content)?|skip to (?:main )?content|continue reading.{0,60}"
    r"|scroll down for (?:more|videos?)|click here .{2,100}"
    r"|(?:view |show |\d+ )?comments?(?: \(\d+\))?"
    r"|listen to (?:this|the) (?:article|story)|loading|subscribe(?: now| today)?|sign in|log in"
    r"|back to top|(?:sign up|subscribe) (?:for|to) .{0,60}(?:newsletter|alerts|e-?mails|updates)"
    r".{0,40}"
    r"|\d+ min(?:ute)?s? read|tags?\s*:.{1,200}"
    r"|(?:read (?:more|also|next)|related(?: articles?)?|see also|also read|watch|video|gallery)"
    r"\s*[:|»>].{1,160}|read (?:more|the full story)"
    r"|.{2,160} contributed to this (?:report|story|article)"
    r"|\(?(?:additional )?(?:reporting|writing|editing) by .{2,160}\))[.…!]?",
    re.IGNORECASE,
)
_HIGHLIGHTS = re.compile(
    r"(?:(?:story|article) )?highlights?|key (?:points|takeaways|facts)", re.IGNORECASE
)
_RELATED = re.compile(
    r"related(?: (?:articles?|stories|story|news|links?|content|coverage|topics?|posts?))?"
    r"|more (?:stories|news|on this(?: story| topic)?|like this)|read (?:more|also|next)|see also"
    r"|also read|most (?:read|popular|viewed)|trending(?: now)?|recommended(?: for you)?"
    r"|you (?:may|might) (?:also )?like|don['’]t miss|editors?['’]?s? picks?|topics|tags"
    r"|top stories"
    r"|latest(?: news| stories)?|up next",
    re.IGNORECASE,
)

# A research set's mark for the end of a line that had no full stop: "in the village . He said".
_UNENDED = re.compile(
    r"(?<![^\s.])(?P<word>[^\s.]++(?:\.[^\s.]++)*+) \.(?: (?=[^\s.])|$)", re.MULTILINE
)
_HEADER_CHARS = 80  # "By . Some Reporter . PUBLISHED: . ...": these are lines, never wraps
_UNFINISHED = frozenset(
    "a an the and or but nor of in on at to for from by with as than that which who whose if is was"
    " are were be been being has have had his its their our your my this these Mr Mrs Ms Dr"
    " into over under about since while when where because including".split()
)


def read_story(text: str, headline: str | None) -> tuple[str | None, tuple[str, ...]]:
    """The headline (as given, else the last title-like line before the story) and the paragraphs.

    Blank lines separate paragraphs; so do single newlines, unless the lines of a block were wrapped
    to a width. Kickers, an existing block of highlights, lists of related articles, bylines,
    credits, time stamps and buttons are dropped. Reading what was read changes nothing.
    """
    known = _key(headline) if headline else None
    story: list[str] = []
    for line in _kept(_blocks(_relined(text))):
        if story or known is None or _key(line) != known:
            story.append(line)
    titles = 0
    while titles < len(story) and is_title(story[titles]):
        titles += 1
    if titles == len(story):
        titles = 0
    if headline is None and titles:
        headline = story[titles - 1]
    return headline, tuple(story[titles:])


def is_title(line: str) -> bool:
    """Whether a line is short and unended, as kickers, headlines, crossheads and captions are."""
    short = len(line) <= _TITLE_CHARS and len(line.split()) <= _TITLE_WORDS
    return short and not _ENDED.search(line) and not _ENDED_INSIDE.search(line)


def _is_furniture(line: str) -> bool:
    if len(line) > _FURNITURE_CHARS:
        return False
    if not any(c.isalnum() for c in line):
        return True
    if any(p.fullmatch(line) for p in (_AGENCY, _FURNITURE)) or _CREDIT.match(line):
        return True
    unended = not _ENDED.search(line)
    stamp = _STAMP.match(line)
    if (stamp or unended) and _is_moment(line[stamp.end() :] if stamp else line):
        return True
    return unended and (_is_byline(line) or _CREDIT_UNENDED.match(line) is not None)


def _is_moment(line: str) -> bool:
    words = [word for word in _MOMENT_BREAKS.split(line) if word]
    return all(_MOMENT.fullmatch(word) for word in words)


def _is_byline(line: str) -> bool:
    by = _BY.fullmatch(line)
    if not by:
        return False
    words = by[1].replace(",", " ").split()
    named = words[0][0].isupper() and words[0].lower() not in _JOINERS
    return (
        named
        and len(words) <= 16
        and all(word[0].isupper() or word.lower() in _JOINERS for word in words)
    )


def _key(line: str) -> str:
    return "".join(c for c in line.casefold() if c.isalnum())


def _blocks(text: str) -> Iterator[list[str]]:
    """Lines between blank lines; a block of lines wrapped to one width is one line."""
    block: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.strip():
            block.append(line.strip())
        elif block:
            yield [" ".join(block)] if _is_wrapped(block) else block
            block = []


def _is_wrapped(block: list[str]) -> bool:
    width = max(map(len, block))
    pairs = list(itertools.pairwise(block))
    return (
        bool(pairs)
        and width <= _WRAP_WIDTH
        and not any(_BULLET.match(line) for line in block)
        and not all(_ENDED.search(line) for line, _ in pairs)
        and all(len(line) + 1 + len(after.split()[0]) > width for line, after in pairs)
    )


def _kept(blocks: Iterator[list[str]]) -> Iterator[str]:
    after: str | None = None  # the heading whose list is being dropped
    for block in blocks:
        listed = all(_BULLET.match(line) for line in block)
        if after == "points" and not listed:
            after = None
        if after == "points heading":
            unmarked = len(block) > 1 and all(is_title(line) for line in block)
            after = "points" if listed or unmarked else None
        for raw in block:
            line = _LEAD_IN.sub("", " ".join(raw.split()))
            heading = line.rstrip(": ")
            if _HIGHLIGHTS.fullmatch(heading):
                after = "points heading"
            elif _RELATED.fullmatch(heading):
                after = "related"
            elif heading.casefold() == "by":
                after = "by"
            elif after is None or not _is_of_list(after, raw, line):
                after = None
                if not _is_furniture(line):
                    yield line
            elif after == "by":
                after = None


def _is_of_list(heading: str, raw: str, line: str) -> bool:
    if heading == "by":
        return is_title(line) and len(line.split()) <= 8
    if _BULLET.match(raw):
        return True
    if heading == "related":
        return is_title(line) or (len(line) <= _TITLE_CHARS and _ASKED.search(line) is not None)
    return len(line) <= _POINT_CHARS


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.casefold() not in _UNFINISHED


def _relined(text: str) -> str:
    """Ends lines where the research set marked them; a text set in spaced tokens is closed up."""
    if " ." not in text:
        return text
    if " , " in text:
        return _UNENDED.sub(lambda m: f"{m['word']}. ", text)
    wraps = re.search(r" \. [a-z]", text) is not None
    header = _HEADER_CHARS if text.startswith("By .") else 0

    def relined(match: re.Match[str]) -> str:
        word, after = match["word"], text[match.end() :].partition(" ")[0]
        goes_on = after != "" and (
            after[0].islower()
            or (after[0].isdigit() and word in _UNFINISHED)
            or word.endswith(",")
            or word.strip("'\"‘“(") in _UNFINISHED
            or (wraps and _is_name(word) and _is_name(after))
        )
        return word + (" " if goes_on and match.start() >= header else "\n\n")

    return _UNENDED.sub(relined, text)
