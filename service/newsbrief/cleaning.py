"""What a CMS sends -> an `Article`: characters made safe, boilerplate dropped, paragraphs kept."""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import chain, islice
from typing import Literal

from newsbrief.article import Article
from newsbrief.boilerplate import read_story
from newsbrief.errors import InputError, TooLargeError
from newsbrief.markup import read_markup

MAX_CHARS = 200_000
MARKUP_FACTOR = 5  # markup may be this many times longer than the text it may hold
MAX_HEADLINE_CHARS = 500
MAX_WORD_CHARS = 250
MIN_WORDS = 3

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\x01-\x08\x0e-\x1b\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ufe00-\ufe0f\ufeff\ufff9-\uffff]"
)
_REFUSED = re.compile("[\0\ud800-\udfff]")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x7f-\x9f]")
_CONTROLS_ALLOWED = 0.01  # of all characters; beyond, the thing is not text
# Scripts that put no spaces between words are no reason to refuse.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_LONG_WORD = re.compile(rf"[^\s{_UNSPACED}]{{{MAX_WORD_CHARS + 1},}}")
_LONG_ADDRESS = re.compile(rf"(?:https?://|www\.)\S{{{MAX_WORD_CHARS},}}")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_]+")
_SOURCE_LANGUAGE = re.compile(r"[a-z]{2,3}")


def clean_text(
    text: str,
    *,
    headline: str | None = None,
    source_language: str = "en",
    max_chars: int = MAX_CHARS,
) -> Article:
    """An article from plain text as a CMS holds it.

    Without `headline`, the last title-like line before the story becomes it. `max_chars` bounds
    the text as sent. Raises `InputError` (`TooLargeError` for size) naming `body` or `headline`.
    """
    return _article("body", text, headline, None, source_language, max_chars)


def clean_html(
    html: str,
    *,
    headline: str | None = None,
    source_language: str = "en",
    max_chars: int = MAX_CHARS,
) -> Article:
    """An article from the HTML a CMS exports: a fragment or a whole page. Nothing is fetched.

    Without `headline`, the first `<h1>` or else the `<title>` becomes it. `max_chars` bounds the
    text read from the markup, which itself may be `MARKUP_FACTOR` times as long. Raises
    `InputError` (`TooLargeError` for size) naming `body_html` or `headline`.
    """
    _check_size("body_html", html, max_chars * MARKUP_FACTOR)
    page = read_markup(_safe("body_html", html))
    found = page.headline
    if found is not None and len(found) > MAX_HEADLINE_CHARS:
        found = None
    return _article("body_html", page.text, headline, found, source_language, max_chars)


def read_document(
    data: bytes,
    *,
    kind: Literal["txt", "html", "json"],
    headline: str | None = None,
    source_language: str = "en",
    max_chars: int = MAX_CHARS,
) -> Article:
    """An article from the bytes of a file, in UTF-8 with or without a byte order mark.

    JSON is an object with `body` or `body_html`, and `headline` and `source_language` if it likes;
    those win over the arguments. Other keys of a CMS export are passed over. Raises `InputError`.
    """
    if len(data) > 4 * MARKUP_FACTOR * max_chars:
        limit = 4 * MARKUP_FACTOR * max_chars
        raise TooLargeError(
            "document", f"{len(data)} bytes; at most {limit}", limit=limit, value=len(data)
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "document",
            f"is not UTF-8 text: byte {error.object[error.start]:#04x} at offset {error.start}",
            value=error.start,
        ) from None
    if kind == "json":
        return _read_json(text, headline, source_language, max_chars)
    clean = clean_html if kind == "html" else clean_text
    return clean(text, headline=headline, source_language=source_language, max_chars=max_chars)


def _read_json(text: str, headline: str | None, source_language: str, max_chars: int) -> Article:
    try:
        value = json.loads(text)
    except RecursionError:
        raise InputError("document", "is JSON nested too deeply") from None
    except ValueError as error:
        raise InputError("document", f"is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise InputError("document", "must be a JSON object with `body` or `body_html`")
    fields: dict[str, str] = {}
    for name in ("headline", "body", "body_html", "source_language"):
        if value.get(name) is None:
            continue
        if not isinstance(value[name], str):
            raise InputError(name, "must be text", value=type(value[name]).__name__)
        fields[name] = value[name]
    if ("body" in fields) == ("body_html" in fields):
        raise InputError("body", "give either `body` or `body_html`, one of them")
    headline = fields.get("headline", headline)
    source_language = fields.get("source_language", source_language)
    if "body" in fields:
        return clean_text(
            fields["body"],
            headline=headline,
            source_language=source_language,
            max_chars=max_chars,
        )
    return clean_html(
        fields["body_html"],
        headline=headline,
        source_language=source_language,
        max_chars=max_chars,
    )


def _article(
    field: str,
    text: str,
    headline: str | None,
    found: str | None,
    source_language: str,
    max_chars: int,
) -> Article:
    """`headline` was given and is checked; `found` stood in the markup and is taken as it is."""
    if not _SOURCE_LANGUAGE.fullmatch(source_language):
        raise InputError(
            "source_language",
            "must be a language code of two or three small letters, such as `en`",
            value=source_language[:20],
        )
    if headline is not None:
        headline = _clean_headline(headline)
    _check_size(field, text, max_chars)
    if not text.strip():
        raise InputError(field, "is empty", limit=MIN_WORDS, value=0)
    text = _LONG_ADDRESS.sub("", _safe(field, text))
    title, paragraphs = read_story(text, headline or found)
    for paragraph in paragraphs:
        _check_words(field, paragraph)
    prose = chain.from_iterable(map(_WORD.finditer, paragraphs))
    words = len(list(islice(prose, MIN_WORDS)))
    if words < MIN_WORDS:
        raise InputError(
            field,
            f"too short for a brief: words of prose: {words}; at least {MIN_WORDS}",
            limit=MIN_WORDS,
            value=words,
        )
    return Article(title, paragraphs, source_language)


def _clean_headline(headline: str) -> str | None:
    _check_size("headline", headline, MAX_HEADLINE_CHARS)
    headline = " ".join(_safe("headline", headline).split())
    _check_words("headline", headline)
    return headline or None


def _check_size(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise TooLargeError(
            field, f"{len(text)} characters; at most {limit}", limit=limit, value=len(text)
        )


def _check_words(field: str, text: str) -> None:
    longest = max(map(len, _LONG_WORD.findall(text)), default=0)
    if longest:
        raise InputError(
            field,
            f"holds {longest} characters without a space; at most {MAX_WORD_CHARS}",
            limit=MAX_WORD_CHARS,
            value=longest,
        )


def _safe(field: str, text: str) -> str:
    """The text in NFC, with plain newlines and blanks and without what can't be seen."""
    refused = _REFUSED.search(text)
    if refused:
        what = "a NUL character: binary" if refused[0] == "\0" else "a lone surrogate"
        position = refused.start()
        raise InputError(field, f"holds {what} at position {position}", value=position)
    controls = len(_CONTROLS.findall(text))
    if controls > _CONTROLS_ALLOWED * len(text) + 1:
        raise InputError(
            field, f"is not text: {controls} control characters", limit="1 in 100", value=controls
        )
    text = _BLANKS.sub(" ", _NEWLINES.sub("\n", text))
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
