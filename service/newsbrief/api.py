"""The JSON routes of API v1: briefs, translations, and the pack they come from."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from newsbrief import __version__
from newsbrief.article import Article
from newsbrief.briefing import Briefer
from newsbrief.cleaning import clean_html, clean_text
from newsbrief.errors import DeadlineError, DrainingError
from newsbrief.intake import Caller, answer_in_time, identify, read_json
from newsbrief.openapi import EVENTS_CONTENT
from newsbrief.origin import code_digest
from newsbrief.pipeline import Finished, HighlightsReady, Step
from newsbrief.planning import Options, Plan
from newsbrief.problems import MEDIA_TYPE, record
from newsbrief.rendering import as_data, highlight_data, text_data, translation_data
from newsbrief.settings import Settings
from newsbrief.sources import read_text
from newsbrief.translating import Work
from newsbrief.wire import (
    BriefAnswer,
    BriefRequest,
    ModelAnswer,
    PackDetails,
    Problem,
    TranslationRequest,
    TranslationsAnswer,
)

EVENT_STREAM = "text/event-stream"

router = APIRouter(prefix="/v1", tags=["v1"])


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def _body(model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


WORK_PROBLEMS = _problems(400, 401, 408, 413, 415, 422, 429, 500, 503, 504)


@router.post(
    "/briefs",
    response_model=BriefAnswer,
    responses={
        200: {"content": {EVENT_STREAM: EVENTS_CONTENT}},
        304: {"description": "The answer that `If-None-Match` names is still right."},
        **WORK_PROBLEMS,
    },
    openapi_extra=_body(BriefRequest),
)
async def create_brief(request: Request) -> Response:
    """Highlights of one article and their translations.

    With `Accept: text/event-stream` the answer comes in steps: `highlights`, one `translation` a
    language as each is ready, and `brief`, the whole; `problem` ends a stream that failed.
    """
    caller = identify(request)
    wanted = await read_json(request, BriefRequest)
    known = ", ".join(request.headers.getlist("if-none-match"))
    plan = await plan_brief(request, wanted, caller, needs_room=not known)
    etag = f'"{plan.id}"'
    if etag in known:  # its quotes bound it, and a weak tag says as much here
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    work = admit(request, caller, plan)
    briefer = loaded_briefer(request)
    if EVENT_STREAM in request.headers.get("accept", ""):
        events = _events(request, briefer, plan, work, caller)
        return _AdmittedStream(work, events, {"ETag": etag, "Cache-Control": "no-store"})
    with work:
        finished = await answer_in_time(request, caller, briefer.finish(plan, work))
    return JSONResponse(
        as_data(finished.brief),
        headers={"ETag": etag, "Server-Timing": _timing(finished.seconds)},
    )


@router.post(
    "/translations",
    response_model=TranslationsAnswer,
    responses=WORK_PROBLEMS,
    openapi_extra=_body(TranslationRequest),
)
async def create_translations(request: Request) -> Response:
    """Translations of a few texts, such as bullets that an editor has changed."""
    caller = identify(request)
    wanted = await read_json(request, TranslationRequest)
    briefer = loaded_briefer(request)
    texts = wanted.texts
    targets, tokens = briefer.plan_texts(texts, wanted.source_language, wanted.targets)
    request.state.outcome.update(tokens=tokens, targets=",".join(targets))

    async def translate(work: Work) -> dict[str, Any]:
        sources = [read_text(text, wanted.source_language) for text in texts]
        languages = await asyncio.gather(
            *(
                briefer.translate(sources, target, work, source_language=wanted.source_language)
                for target in targets
            )
        )
        return {
            target: {
                "texts": [text_data(each, strict=wanted.strict) for each in translated],
                "draft": briefer.is_draft(wanted.source_language, target),
            }
            for target, translated in zip(targets, languages, strict=True)
        }

    began = time.monotonic()
    with briefer.batcher.admit(tokens, lane=caller.lane, deadline=caller.deadline) as work:
        translations = await answer_in_time(request, caller, translate(work))
    seconds = {"queue": work.waited, "translation": time.monotonic() - began}
    pack = {"name": briefer.name.name, "version": briefer.name.version}
    return JSONResponse(
        {"translations": translations, "pack": pack},
        headers={"Server-Timing": _timing(seconds)},
    )


@router.get("/pack", response_model=PackDetails, responses=_problems(400, 401, 429, 503))
async def show_pack(request: Request) -> Response:
    """The pack that is loaded: languages, models, licences and what they ask to be said."""
    identify(request)
    description = loaded_briefer(request).pack.description
    return JSONResponse(
        {
            "name": description.name,
            "version": description.version,
            "description": description.description,
            "highlights": description.highlights.method,
            "directions": [
                {"source": each.source, "target": each.target, "model": each.model}
                for each in description.directions
            ],
            "models": {
                name: model.model_dump(include=set(ModelAnswer.model_fields))
                for name, model in description.models.items()
            },
            "service": {"version": __version__, "code": code_digest()},
        }
    )


SCHEMAS: tuple[type[BaseModel], ...] = (BriefRequest, TranslationRequest, Problem)


class _AdmittedStream(StreamingResponse):
    """Holds its admission exactly as long as it is being sent, or the client is there."""

    def __init__(
        self, work: Work, events: AsyncIterator[bytes], headers: Mapping[str, str]
    ) -> None:
        super().__init__(events, media_type=EVENT_STREAM, headers=headers)
        self._work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._work:
            await super().__call__(scope, receive, send)


async def _events(
    request: Request, briefer: Briefer, plan: Plan, work: Work, caller: Caller
) -> AsyncIterator[bytes]:
    try:
        async with (
            asyncio.timeout(max(0.0, caller.deadline - time.monotonic())),
            aclosing(briefer.steps(plan, work)) as steps,
        ):
            async for step in steps:
                yield _event(step, plan)
    except TimeoutError:
        error = DeadlineError("there was no answer within the time allowed")
        yield _named("problem", record(request, error))
    except Exception as error:  # the status is long sent: what went wrong must be in the stream
        yield _named("problem", record(request, error))


def _event(step: Step, plan: Plan) -> bytes:
    if isinstance(step, HighlightsReady):
        article = {"headline": plan.article.headline, "body": plan.article.body}
        highlights = [*map(highlight_data, step.highlights)]
        return _named("highlights", {**article, "highlights": highlights})
    if isinstance(step, Finished):
        return _named("brief", as_data(step.brief))
    return _named(
        "translation",
        {"target": step.translation.target, **translation_data(step.translation)},
    )


def _named(event: str, data: Mapping[str, Any]) -> bytes:
    return format_sse_event(event=event, data_str=json.dumps(data, ensure_ascii=False))


async def plan_brief(
    request: Request, wanted: BriefRequest, caller: Caller, *, needs_room: bool = True
) -> Plan:
    """The article cleaned, the request checked and priced; in a thread of its own.

    Raises `InputError`, `OverloadedError` before any work where it `needs_room`, and what
    `answer_in_time` raises.
    """
    settings: Settings = request.app.state.settings
    briefer = loaded_briefer(request)
    if needs_room:
        briefer.batcher.check_room(caller.lane)
    options = Options(
        targets=None if wanted.targets is None else tuple(wanted.targets),
        max_highlights=wanted.max_highlights,
        translate=tuple(dict.fromkeys(wanted.translate)),
        strict=wanted.strict,
    )

    def plan() -> Plan:
        return briefer.plan(_article(wanted, settings.max_body_chars), options)

    return await answer_in_time(request, caller, asyncio.to_thread(plan))


def admit(request: Request, caller: Caller, plan: Plan) -> Work:
    """Room for a planned brief, noted in the log. Raises `RefusedError`."""
    request.state.outcome.update(tokens=plan.tokens, targets=",".join(plan.targets))
    batcher = loaded_briefer(request).batcher
    return batcher.admit(plan.tokens, lane=caller.lane, deadline=caller.deadline)


def _article(wanted: BriefRequest, max_chars: int) -> Article:
    clean, body = (
        (clean_html, wanted.body_html) if wanted.body is None else (clean_text, wanted.body)
    )
    return clean(
        body or "",
        headline=wanted.headline,
        source_language=wanted.source_language,
        max_chars=max_chars,
    )


def loaded_briefer(request: Request) -> Briefer:
    """The briefer of a service that has loaded its pack. Raises `DrainingError` before."""
    briefer: Briefer | None = request.app.state.lifecycle.briefer
    if briefer is None:
        raise DrainingError("the pack is not loaded")
    return briefer


def _timing(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{stage};dur={spent * 1000:.1f}" for stage, spent in seconds.items())
