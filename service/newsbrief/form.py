"""The editors' page: served whole without a script, and brought to life by one.

With JavaScript the page calls API v1 like everyone else. Without it the form is posted here, comes
through the same `Briefer`, and is answered with the same page and the brief in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import ValidationError

from newsbrief.api import admit, loaded_briefer, plan_brief
from newsbrief.article import MOST_HIGHLIGHTS, PARAGRAPH_BREAK, Brief, Part
from newsbrief.errors import NewsbriefError
from newsbrief.intake import answer_in_time, identify, read_body
from newsbrief.interface import LANGUAGES, choose_language, fill, finding_words, read_texts
from newsbrief.observing import SECURITY_HEADERS
from newsbrief.problems import RequestError, record
from newsbrief.rendering import as_data
from newsbrief.settings import Settings
from newsbrief.wire import BriefRequest

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 64
PAGE_HEADERS = {
    # The page's script writes text, never markup: the browser refuses anything else.
    "Content-Security-Policy": SECURITY_HEADERS["Content-Security-Policy"]
    + "; require-trusted-types-for 'script'; trusted-types 'none'",
    # With `no-referrer` a browser posts `Origin: null` even from this page.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields; `targets` None means that nobody has chosen yet."""

    headline: str = ""
    body: str = ""
    html: bool = False
    source_language: str = ""
    targets: tuple[str, ...] | None = None
    max_highlights: str = "3"
    body_too: bool = False
    strict: bool = False
    key: str = ""


@router.get("/")
async def show_form(request: Request) -> Response:
    """The empty page."""
    return _page(request, Typed())


@router.post("/")
async def post_form(request: Request) -> Response:
    """The page with a brief in it, or with what went wrong and everything that was typed."""
    typed = Typed()
    try:
        _check_origin(request)
        typed = await _read_form(request)
        brief = await _brief(request, typed)
    except (NewsbriefError, ValidationError) as error:
        problem = record(request, error)
        return _page(request, typed, problem=problem)
    return _page(request, typed, brief=brief)


def _check_origin(request: Request) -> None:
    """Refuses a form of another site; what sends neither header is no browser."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        own = site in {"same-origin", "none"}
    else:
        own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not own:
        raise RequestError(HTTPStatus.FORBIDDEN, "the form was sent from another site")


async def _read_form(request: Request) -> Typed:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise RequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send {FORM}")
    data = await read_body(request)
    request.state.outcome["bytes_in"] = len(data)
    try:
        fields = parse_qs(data.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise RequestError(HTTPStatus.BAD_REQUEST, "the form can't be read") from error

    def field(name: str, default: str = "") -> str:
        return fields.get(name, [default])[0]

    return Typed(
        headline=field("headline"),
        body=field("body"),
        html=field("format") == "html",
        source_language=field("source_language", "en"),
        targets=tuple(fields.get("targets", ())),
        max_highlights=field("max_highlights", "3"),
        body_too="body_too" in fields,
        strict="strict" in fields,
        key=field("api_key"),
    )


async def _brief(request: Request, typed: Typed) -> Brief:
    if typed.key:
        header = (b"x-api-key", typed.key.encode("utf-8"))
        scope = {**request.scope, "headers": [*request.scope["headers"], header]}
        caller = identify(Request(scope))
    else:
        caller = identify(request)
    wanted = BriefRequest.model_validate(
        {
            "headline": typed.headline or None,
            "body_html" if typed.html else "body": typed.body,
            "source_language": typed.source_language,
            "targets": typed.targets,
            "max_highlights": typed.max_highlights,
            "translate": [Part.HEADLINE, Part.HIGHLIGHTS, *([Part.BODY] if typed.body_too else [])],
            "strict": typed.strict,
        },
        strict=False,  # a form has no numbers, only their digits
    )
    plan = await plan_brief(request, wanted, caller)
    with admit(request, caller, plan) as work:
        finishing = loaded_briefer(request).finish(plan, work)
        return (await answer_in_time(request, caller, finishing)).brief


def _page(
    request: Request,
    typed: Typed,
    *,
    brief: Brief | None = None,
    problem: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    accepted = request.headers.get("accept-language", "")
    language = choose_language(request.query_params.get("lang"), accepted)
    texts = read_texts(language)
    settings: Settings = request.app.state.settings
    briefer = loaded_briefer(request)

    def text(key: str, **values: object) -> str:
        return fill(texts[key], **values)

    def language_name(code: str) -> str:
        return texts.get(f"language.{code}", code)

    html = (
        _environment()
        .get_template("page.html")
        .render(
            t=text,
            language=language,
            languages=LANGUAGES,
            language_name=language_name,
            finding_words=partial(finding_words, language=language),
            sources=briefer.pack.description.source_languages,
            targets=[*dict.fromkeys(target for _, target in briefer.directions)],
            counts=[str(number) for number in range(1, MOST_HIGHLIGHTS + 1)],
            typed=typed,
            keep_days=settings.keep_days,
            pack=briefer.pack.description,
            brief=None if brief is None else as_data(brief),
            paragraphs=[] if brief is None else brief.body.split(PARAGRAPH_BREAK),
            problem=problem,
            problem_text=None if problem is None else _problem_text(problem, texts),
            script={
                "language": language,
                "answered": None if brief is None else as_data(brief),
                "texts": texts,
                "limits": {
                    "body": settings.max_body_chars,
                    "highlight": settings.highlight_chars,
                    "bytes": settings.request_bytes,
                    "keepDays": settings.keep_days,
                },
            },
        )
    )
    headers = {**PAGE_HEADERS, "Content-Language": language}
    if problem is not None and "retry_after" in problem:
        headers["Retry-After"] = str(problem["retry_after"])
    return HTMLResponse(html, HTTPStatus.OK if problem is None else problem["status"], headers)


def _problem_text(problem: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    name = problem["type"].rpartition(":")[2]
    if problem["status"] == HTTPStatus.FORBIDDEN:
        name = "forbidden"
    known = texts.get(f"problem.{name}", texts["problem.other"])
    return fill(known, status=problem["status"])


@lru_cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("newsbrief"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
