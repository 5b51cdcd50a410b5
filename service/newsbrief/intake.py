"""What every request to the API passes: key, lane, deadline, content type, size and time."""

from __future__ import annotations

import asyncio
import re
import time
from codecs import BOM_UTF8
from collections.abc import Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from newsbrief.errors import DeadlineError
from newsbrief.keys import Keys
from newsbrief.problems import SHOWN_CHARS, RequestError, ThrottledError
from newsbrief.queueing import Lane
from newsbrief.settings import Settings

JSON = "application/json"
IDENTITY = "identity"  # the one content coding that is taken
# As HTTP writes numbers; Python's own reading takes 1_0, nan and digits of every script besides.
DIGITS = re.compile("[0-9]{1,18}")
DECIMAL = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `deadline` is a time of `time.monotonic`."""

    lane: Lane
    deadline: float


def identify(request: Request) -> Caller:
    """The caller, by `Authorization: Bearer` or `X-API-Key` where keys are configured.

    `X-Lane: backfill` asks for the backfill lane, `X-Request-Timeout` for an answer within so many
    seconds. Raises `RequestError` or `ThrottledError`.
    """
    settings: Settings = request.app.state.settings
    lane = _lane(request)
    keys: Keys | None = request.app.state.keys
    if keys is not None:
        key = keys.find(_secret(request))
        if key is None:
            raise RequestError(
                HTTPStatus.UNAUTHORIZED, "send a valid key as 'Authorization: Bearer KEY'"
            )
        request.state.outcome["key"] = key.name
        if wait := keys.throttle(key):
            raise ThrottledError(
                f"key '{key.name}' may send {key.requests_per_minute} requests a minute",
                retry_after=wait,
            )
        lane = Lane.BACKFILL if key.lane is Lane.BACKFILL else lane
    request.state.outcome["lane"] = lane.value
    return Caller(lane, time.monotonic() + _seconds(request, settings.request_seconds))


async def read_json(request: Request, model: type[M]) -> M:
    """The request's body as `model`. Raises `RequestError` or pydantic's `ValidationError`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise RequestError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"send {JSON}, not {kind or 'a body without a content type'}",
        )
    data = await read_body(request)
    request.state.outcome["bytes_in"] = len(data)
    return model.model_validate_json(data.removeprefix(BOM_UTF8))


async def read_body(request: Request) -> bytes:
    """The body, refused while it is still being read if it is too long or too slow.

    Compressed ones are refused unread: what they would grow to can't be known before.
    """
    settings: Settings = request.app.state.settings
    limit = settings.request_bytes
    coding = ", ".join(request.headers.getlist("content-encoding")).strip().lower()
    if coding not in {"", IDENTITY}:
        raise RequestError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"send the body as it is, without Content-Encoding: {coding[:SHOWN_CHARS]}",
            field="Content-Encoding",
            limit=IDENTITY,
        )
    announced = request.headers.get("content-length", "")
    if DIGITS.fullmatch(announced) and int(announced) > limit:
        raise _too_long(limit, int(announced))
    data = bytearray()
    try:
        async with asyncio.timeout(settings.read_seconds):
            async for chunk in request.stream():
                data += chunk
                if len(data) > limit:
                    raise _too_long(limit, len(data))
    except TimeoutError as error:
        raise RequestError(
            HTTPStatus.REQUEST_TIMEOUT,
            f"the body did not arrive within {settings.read_seconds:g} s",
        ) from error
    return bytes(data)


async def answer_in_time(request: Request, caller: Caller, answering: Coroutine[Any, Any, T]) -> T:
    """Awaits an answer while the client is there and the deadline has not passed.

    Raises `DeadlineError`, or `ClientDisconnect` when nobody waits any more; either way the work
    is cancelled.
    """
    task = asyncio.ensure_future(answering)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait(
            {task, gone},
            timeout=max(0.0, caller.deadline - time.monotonic()),
            return_when=asyncio.FIRST_COMPLETED,
        )
        if task.done():
            return task.result()
        if gone.done():
            raise ClientDisconnect
        raise DeadlineError("there was no answer within the time allowed")
    finally:
        gone.cancel()
        task.cancel()
        await asyncio.gather(gone, task, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _too_long(limit: int, value: int) -> RequestError:
    return RequestError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"the request body may have {limit} bytes and has {value} or more",
        field="body",
        limit=limit,
        value=value,
    )


def _secret(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "")


def _lane(request: Request) -> Lane:
    asked = request.headers.get("x-lane", Lane.INTERACTIVE.value)
    try:
        return Lane(asked)
    except ValueError:
        known = " or ".join(Lane)
        raise RequestError(
            HTTPStatus.BAD_REQUEST, f"X-Lane must be {known}", field="X-Lane", limit=known
        ) from None


def _seconds(request: Request, longest: float) -> float:
    asked = request.headers.get("x-request-timeout")
    if asked is None:
        return longest
    seconds = float(asked) if DECIMAL.fullmatch(asked) else 0.0
    if seconds <= 0:
        raise RequestError(
            HTTPStatus.BAD_REQUEST,
            "X-Request-Timeout must be a number of seconds above 0, such as 20 or 2.5",
            field="X-Request-Timeout",
        )
    return min(seconds, longest)
