"""API v1 on the wire: what requests may hold, and what answers look like."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from newsbrief.article import MOST_HIGHLIGHTS, Part, Severity

LanguageCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}$"), Field(description="ISO 639 code.")
]

ARTICLE_EXAMPLE: dict[str, Any] = {
    "headline": "Harbour city opens new tram line after four years of work",
    "body": (
        "The harbour city of Lindmere opened a 12-kilometre tram line on Monday, four years after "
        "construction began. The line links the old docks with the university and will carry "
        "about 40,000 passengers a day, the transport office said.\n\n"
        "The project cost 310 million euros, 8% more than planned. Mayor Ada Brook said the city "
        "would build two more lines by 2031.\n\n"
        "Shop owners along the route had protested in May against the long closure of Market "
        "Street. The city paid 140 of them compensation."
    ),
}
TEXTS_EXAMPLE: dict[str, Any] = {
    "texts": ["The harbour city opens a 12-kilometre tram line."],
    "targets": ["ko", "uk"],
}


# All that are neither blanks nor breaks of a line.
_CONTROL = re.compile("[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")


def _readable(text: str) -> str:
    if found := _CONTROL.search(text):
        character, place = ord(found[0]), found.start()
        raise ValueError(f"holds a control character (U+{character:04X}) at position {place}")
    if not any(character.isprintable() and not character.isspace() for character in text):
        raise ValueError("is blank")
    return text


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class BriefRequest(_Request):
    """One article, and what is wanted of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [ARTICLE_EXAMPLE]})

    headline: str | None = Field(None, description="Plain text; found in the body when missing.")
    body: str | None = Field(None, description="Plain text, paragraphs parted by blank lines.")
    body_html: str | None = Field(None, description="The body as HTML, instead of `body`.")
    source_language: LanguageCode = "en"
    targets: list[LanguageCode] | None = Field(
        None, max_length=32, description="Languages to translate into; all of the pack's if null."
    )
    max_highlights: int = Field(3, ge=1, le=MOST_HIGHLIGHTS)
    translate: list[Part] = Field(
        [Part.HEADLINE, Part.HIGHLIGHTS], description="What is translated.", max_length=3
    )
    strict: bool = Field(False, description="Withhold every text with a finding of severity error.")

    @model_validator(mode="after")
    def _one_body(self) -> BriefRequest:
        if self.body is None and self.body_html is None:
            raise ValueError("give body or body_html")
        if self.body is not None and self.body_html is not None:
            raise ValueError("give either body or body_html, not both")
        return self


class TranslationRequest(_Request):
    """A few texts, such as bullets that an editor has changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [TEXTS_EXAMPLE]})

    texts: list[
        Annotated[
            str, StringConstraints(min_length=1, max_length=10_000), AfterValidator(_readable)
        ]
    ] = Field(min_length=1, max_length=64)
    source_language: LanguageCode = "en"
    targets: list[LanguageCode] = Field(min_length=1, max_length=32)
    strict: bool = False


class SpanAnswer(BaseModel):
    """Code points of the answer's `body`, from `start` up to, not including, `end`."""

    start: int
    end: int


class FindingAnswer(BaseModel):
    """What a check saw; `docs/checks.md` lists the codes."""

    code: str
    severity: Severity
    message: str
    expected: str | None = None
    found: str | None = None
    start: int | None = None
    end: int | None = None
    part: Part | None = None
    index: int | None = None


class HighlightAnswer(BaseModel):
    """One bullet and the sentences it rests on; `text` is null where strict mode withheld it."""

    text: str | None
    sources: list[SpanAnswer]
    findings: list[FindingAnswer]


class TranslationAnswer(BaseModel):
    """One language; a text that strict mode withheld is null."""

    headline: str | None
    highlights: list[str | None]
    body: list[str | None] | None = Field(None, description="One entry a paragraph, if asked for.")
    draft: bool = Field(description="Whether the model is not yet good enough to publish from.")
    findings: list[FindingAnswer]


class PackAnswer(BaseModel):
    """Where the answer came from."""

    name: str
    version: str


class BriefAnswer(BaseModel):
    """The brief of one article."""

    id: str
    headline: str | None
    body: str = Field(description="The cleaned text that `sources` refer to.")
    source_language: str
    highlights: list[HighlightAnswer]
    translations: dict[str, TranslationAnswer]
    pack: PackAnswer
    findings: list[FindingAnswer]


class TextAnswer(BaseModel):
    """One translated text."""

    text: str | None
    findings: list[FindingAnswer]


class TextsAnswer(BaseModel):
    """One language's translations, in the order of the request's texts."""

    texts: list[TextAnswer]
    draft: bool


class TranslationsAnswer(BaseModel):
    """The answer of `POST /v1/translations`."""

    translations: dict[str, TextsAnswer]
    pack: PackAnswer


class ModelAnswer(BaseModel):
    """One model of the pack, with what its licence asks to be said."""

    family: str
    licence: str
    licence_note: str | None
    commercial_use: bool
    attribution: str
    draft: bool


class DirectionAnswer(BaseModel):
    """One source and target language."""

    source: str
    target: str
    model: str


class ServiceAnswer(BaseModel):
    """The service that answers."""

    version: str
    code: str = Field(description="Changes with anything of ours that may change an answer.")


class PackDetails(BaseModel):
    """The pack that is loaded."""

    name: str
    version: str
    description: str
    highlights: Literal["extractive", "seq2seq"]
    directions: list[DirectionAnswer]
    models: dict[str, ModelAnswer]
    service: ServiceAnswer


class ProblemItem(BaseModel):
    """One thing that is wrong with a request."""

    field: str
    message: str
    limit: int | str | None = None
    value: int | str | None = None


class Problem(BaseModel):
    """Every error of this service, as RFC 9457 (`application/problem+json`)."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    field: str | None = None
    limit: int | str | None = None
    value: int | str | None = None
    retry_after: int | None = Field(None, description="Seconds, as in the Retry-After header.")
    errors: list[ProblemItem] | None = None
