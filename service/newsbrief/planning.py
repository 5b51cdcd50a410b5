"""A request -> a plan: understood, checked and priced, with nothing computed by a model yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from newsbrief.article import MOST_HIGHLIGHTS, Article, Part, Sentence
from newsbrief.errors import InputError
from newsbrief.language_id import detect_language
from newsbrief.sentences import split_sentences

CHARS_PER_TOKEN = 3  # on the safe side of what English costs in pieces: for admission only
TAGS = 3  # tokens that a model adds to each text
SURE = 0.9  # of another language, before an article is refused for it


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller asks for; `targets` None means all that the pack has.

    `strict` withholds every text that has a finding of severity error.
    """

    targets: tuple[str, ...] | None = None
    max_highlights: int = 3
    translate: tuple[Part, ...] = (Part.HEADLINE, Part.HIGHLIGHTS)
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for one article. `tokens` is the price in source tokens, estimated."""

    id: str
    article: Article
    sentences: tuple[Sentence, ...]
    options: Options
    targets: tuple[str, ...]
    highlight_chars: int
    tokens: int


def make_plan(
    article: Article,
    options: Options,
    *,
    origin: str,
    source_languages: Sequence[str],
    directions: Sequence[tuple[str, str]],
    summarised: bool,
    highlight_chars: int,
) -> Plan:
    """Checks a request against what the pack can do, and prices it.

    `origin` names what answers: the pack and the code; the id of the plan is a digest of it too.
    `directions` are the pack's (source, target) languages, of which it may have none and write
    highlights only; `summarised` says whether a model reads the body for its highlights. Raises
    `InputError` naming the field at fault.
    """
    check_source_language(article.source_language, source_languages)
    targets = check_targets(article.source_language, options.targets, directions)
    if not 1 <= options.max_highlights <= MOST_HIGHLIGHTS:
        raise InputError(
            "max_highlights",
            f"must be from 1 to {MOST_HIGHLIGHTS}, and is {options.max_highlights}",
            limit=MOST_HIGHLIGHTS,
            value=options.max_highlights,
        )
    detected, confidence = detect_language(article.body)
    if detected != article.source_language and confidence >= SURE:
        raise InputError(
            "source_language",
            f"the body looks like '{detected}' but was sent as '{article.source_language}'",
            value=detected,
        )
    options = replace(options, targets=targets)
    content = [asdict(article), asdict(options), highlight_chars, origin]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode())
    return Plan(
        id=digest.hexdigest()[:32],
        article=article,
        sentences=tuple(split_sentences(article)),
        options=options,
        targets=targets,
        highlight_chars=highlight_chars,
        tokens=_price(article, options, len(targets), highlight_chars, summarised),
    )


def check_source_language(source: str, known: Sequence[str]) -> None:
    """Raises `InputError` if the language is not among those that the pack reads."""
    if source not in known:
        raise InputError(
            "source_language",
            f"this pack reads {', '.join(known)}, not '{source}'",
            limit=", ".join(known),
            value=source,
        )


def check_targets(
    source: str, wanted: Sequence[str] | None, directions: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """The targets in the pack's order, all of them for None. Raises `InputError`."""
    known = [target for each, target in directions if each == source]
    if wanted is None:
        return tuple(known)
    for target in wanted:
        if target not in known:
            raise InputError(
                "targets",
                f"this pack translates '{source}' into {', '.join(known) or 'no language'}, "
                f"not '{target}'",
                limit=", ".join(known),
                value=target,
            )
    return tuple(target for target in known if target in wanted)


def price_texts(texts: Iterable[str]) -> int:
    """Source tokens of translating the texts once, estimated."""
    return sum(len(text) // CHARS_PER_TOKEN + TAGS for text in texts)


def _price(
    article: Article, options: Options, targets: int, highlight_chars: int, summarised: bool
) -> int:
    once = 0
    if Part.HEADLINE in options.translate and article.headline:
        once += price_texts([article.headline])
    if Part.HIGHLIGHTS in options.translate:
        once += options.max_highlights * (highlight_chars // CHARS_PER_TOKEN + TAGS)
    if Part.BODY in options.translate:
        once += price_texts(article.paragraphs)
    read = price_texts(article.paragraphs) if summarised else 0
    return max(1, once * targets + read)
