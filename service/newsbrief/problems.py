"""The one exception -> status table, and errors as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import logging
import math
import secrets
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from newsbrief.errors import (
    DeadlineError,
    DrainingError,
    EngineError,
    InputError,
    NewsbriefError,
    OverloadedError,
)

MEDIA_TYPE = "application/problem+json"
# The fields whose wrong values an error may quote: none that could hold article text.
SHOWN_FIELDS = frozenset({"max_highlights", "source_language", "strict", "targets", "translate"})
SHOWN_CHARS = 40

NAMES = {
    400: "bad-request",
    401: "unauthorized",
    404: "not-found",
    405: "method-not-allowed",
    408: "request-timeout",
    413: "content-too-large",
    415: "unsupported-media-type",
}

log = logging.getLogger("newsbrief")


class RequestError(NewsbriefError):
    """A request that is wrong as HTTP: the status says how."""

    def __init__(self, status: HTTPStatus, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.extra = extra


class ThrottledError(OverloadedError):
    """A key has used up its requests for now."""


# First match wins. The second column names the problem in `type` and in the refusals metric.
STATUS: tuple[tuple[type[Exception], str, HTTPStatus], ...] = (
    (InputError, "invalid-input", HTTPStatus.UNPROCESSABLE_ENTITY),
    (ThrottledError, "throttled", HTTPStatus.TOO_MANY_REQUESTS),
    (OverloadedError, "overloaded", HTTPStatus.TOO_MANY_REQUESTS),
    (DrainingError, "draining", HTTPStatus.SERVICE_UNAVAILABLE),
    (DeadlineError, "deadline", HTTPStatus.GATEWAY_TIMEOUT),
    (EngineError, "engine", HTTPStatus.INTERNAL_SERVER_ERROR),
)

REFUSALS = frozenset({"throttled", "overloaded", "draining", "deadline"})


def describe(error: Exception, request_id: str) -> dict[str, Any]:
    """The problem document of any exception; what was not raised on purpose says nothing of why."""
    extra: Mapping[str, Any] = {}
    if isinstance(error, RequestError):
        name, status, detail = _name(error.status), error.status, str(error)
        extra = error.extra
    elif isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        name, detail = _name(status), str(error.detail)
    elif isinstance(error, ValidationError) and error.errors()[0]["type"] == "json_invalid":
        name, status = _name(HTTPStatus.BAD_REQUEST), HTTPStatus.BAD_REQUEST
        detail = f"the request body is {error.errors()[0]['msg'].lower()}"
    elif isinstance(error, ValidationError):
        name, status = "invalid-input", HTTPStatus.UNPROCESSABLE_ENTITY
        items = [_item(item) for item in error.errors()]
        extra = {**items[0], "errors": items}
        detail = f"{items[0]['field']}: {extra.pop('message')}"
    else:
        name, status = next(
            ((name, status) for kind, name, status in STATUS if isinstance(error, kind)),
            ("internal", HTTPStatus.INTERNAL_SERVER_ERROR),
        )
        detail = str(error) if isinstance(error, NewsbriefError) else "the service failed"
        if isinstance(error, InputError):
            extra = {"field": error.field, "limit": error.limit, "value": error.value}
        if isinstance(error, OverloadedError):
            extra = {"retry_after": math.ceil(error.retry_after)}
    return {
        "type": f"urn:newsbrief:problem:{name}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "request_id": request_id,
        **{key: value for key, value in extra.items() if value is not None},
    }


def malformed_request(detail: str) -> dict[str, Any]:
    """The problem of bytes that are not HTTP, which no handler ever sees."""
    error = RequestError(HTTPStatus.BAD_REQUEST, detail)
    return describe(error, secrets.token_hex(16))


def record(request: Request, error: Exception) -> dict[str, Any]:
    """The problem of a request that failed; refusals are counted and faults of ours logged."""
    problem = describe(error, request.state.request_id)
    name = problem["type"].rpartition(":")[2]
    request.state.outcome["problem"] = name
    if name in REFUSALS:
        request.app.state.metrics.refusals.labels(name).inc()
    elif problem["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s: %s", name, _trace(error))
    return problem


def answer(problem: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The problem as a response, with the headers in which HTTP would have the same said."""
    headers = dict(headers or {})
    if "retry_after" in problem:
        headers["Retry-After"] = str(problem["retry_after"])
    if problem["status"] == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.get("field") == "Content-Encoding":
        headers["Accept-Encoding"] = problem["limit"]
    if headers.get("Allow") == "GET":
        headers["Allow"] = "GET, HEAD"  # which no route knows of, and the app answers
    return JSONResponse(dict(problem), problem["status"], headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Makes the errors that the app knows, the framework's own included, problem documents.

    Any other is left to `Observing`: the framework would handle it outside of all middleware.
    """

    async def handle(request: Request, error: Exception) -> JSONResponse:
        headers = error.headers if isinstance(error, HTTPException) else None
        return answer(record(request, error), headers)

    for kind in (NewsbriefError, HTTPException, ValidationError):
        app.add_exception_handler(kind, handle)


def _trace(error: BaseException) -> str:
    """Kinds of the error and its causes, and where in the code; their texts may quote articles."""
    own = f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
    return own if error.__cause__ is None else f"{own}caused by {_trace(error.__cause__)}"


def _name(status: HTTPStatus) -> str:
    return NAMES.get(status, f"http-{status:d}")


def _item(error: Mapping[str, Any]) -> dict[str, Any]:
    path = [str(part) for part in error["loc"]] or ["body"]
    context = error.get("ctx", {})
    limits = [context[key] for key in ("le", "ge", "max_length", "min_length") if key in context]
    value = error.get("input") if path[0] in SHOWN_FIELDS else None
    shown = type(value) is int or (isinstance(value, str) and len(value) <= SHOWN_CHARS)
    message = error["msg"].removeprefix("Value error, ")
    item = {
        "field": ".".join(path),
        "message": message[:1].lower() + message[1:],
        "limit": limits[0] if limits else None,
        "value": value if shown else None,
    }
    return {key: value for key, value in item.items() if value is not None}
