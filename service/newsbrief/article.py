"""The nouns of Newsbrief: what goes in, what comes out, and what was found on the way.

Everything is frozen: a value is made once, and a changed one is a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

PARAGRAPH_BREAK = "\n\n"
MOST_HIGHLIGHTS = 8


class Severity(StrEnum):
    """How much a finding weighs: strict mode withholds a text that has an `ERROR`."""

    ERROR = "error"
    WARNING = "warning"


class Part(StrEnum):
    """The parts of an article that are written or translated."""

    HEADLINE = "headline"
    HIGHLIGHTS = "highlights"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `Article.body`: code points from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the body; `text == body[start:end]`, `paragraph` counts from 0."""

    text: str
    start: int
    end: int
    paragraph: int

    @property
    def span(self) -> Span:
        """Where the sentence lies in the body."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article: paragraphs of plain text, boilerplate gone."""

    headline: str | None
    paragraphs: tuple[str, ...]
    source_language: str = "en"

    @property
    def body(self) -> str:
        """The paragraphs joined by blank lines: the text that every `Span` refers to."""
        return PARAGRAPH_BREAK.join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw: data on the answer, never an exception.

    `code` is stable and machine-readable (`number-changed`); `message` is for people and quotes
    no more than the few words concerned. `expected` and `found` hold those words where there are
    any. `part` and `index` say which text it concerns (bullet or paragraph `index`, from 0);
    `start` and `end` are code points within that text, where the place is known.
    """

    code: str
    severity: Severity
    message: str
    expected: str | None = None
    found: str | None = None
    start: int | None = None
    end: int | None = None
    part: Part | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Highlight:
    """One bullet, the body sentences it rests on, and what the checks say of it.

    `text` is None only where strict mode withheld it.
    """

    text: str | None
    sources: tuple[Span, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """One target language; a text that strict mode withheld is None, with its finding kept.

    `body` has one entry a paragraph of the article, or is None when it was not asked for.
    `draft` marks the work of a model whose card says it is not good enough to publish from.
    """

    target: str
    headline: str | None
    highlights: tuple[str | None, ...]
    body: tuple[str | None, ...] | None = None
    draft: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PackName:
    """Where an answer came from: the pack and its version."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole answer for one article.

    `id` is a digest of content, options and pack: the same request gives the same id. `body` is
    the cleaned text that the highlights' spans refer to.
    """

    id: str
    headline: str | None
    body: str
    source_language: str
    highlights: tuple[Highlight, ...]
    translations: dict[str, Translation]
    pack: PackName
    findings: tuple[Finding, ...] = field(default=())
