"""Rows of an archive -> briefs, by a running service in its backfill lane.

It is a good neighbour: it says that its work may wait, does as `Retry-After` says, and keeps no
more requests under way than the service takes without refusing.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import Any

import httpx

from newsbrief import __version__
from newsbrief.article import Article
from newsbrief.errors import ConfigurationError, DrainingError, InputError, UnreachableError
from newsbrief.pacing import Pace
from newsbrief.planning import Options
from newsbrief.rows import Answer, Failure, Row

AT_ONCE = 16
PATIENCE = 300.0  # seconds without one answer, after which the run stops
TRIES = 4  # of a row that the service fails on or never answers in time
PAUSE = 1.0  # seconds before the next try, where the service names none
LONGEST = 330.0  # seconds for one answer: beyond what any service allows itself

log = logging.getLogger("newsbrief")

_NOT_NOW = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_GATEWAY}
_OF_A_PROXY = 520  # and above: what content networks say of a service that they can't reach
_MAYBE_THE_ROW: dict[int, str] = {
    HTTPStatus.INTERNAL_SERVER_ERROR: "engine",
    HTTPStatus.GATEWAY_TIMEOUT: "deadline",
    HTTPStatus.REQUEST_TIMEOUT: "deadline",
}
_THE_ROW = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}


_PARTS = {"highlights", "translations", "findings", "pack"}  # of a brief: what is read of it


class ServiceWorker:
    """Briefs rows by `POST /v1/briefs`; `open_service` makes it.

    `pack` is what the service had when it was opened. An answer of another pack stops the run:
    rows of two packs must not be mixed.
    """

    side_by_side = 1  # its requests overlap by themselves

    def __init__(
        self,
        pack: str,
        url: str,
        headers: dict[str, str],
        options: Options,
        *,
        at_once: int = AT_ONCE,
        patience: float = PATIENCE,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.pack = pack
        self._url = url
        self._headers = headers
        self._at_once = at_once
        self._patience = patience
        self._transport = transport
        self._asked: dict[str, Any] = {
            "max_highlights": options.max_highlights,
            "translate": [part.value for part in options.translate],
            "strict": options.strict,
        }
        if options.targets is not None:
            self._asked["targets"] = list(options.targets)
        self._allowed = 1.0
        self._lock = threading.Lock()
        self._closed = False
        self._give_up: Callable[[], object] | None = None

    def brief(self, rows: Sequence[Row]) -> tuple[list[Answer], dict[str, int]]:
        """The answers of one shard, in order, and no counts.

        Raises `UnreachableError` when the service gave no answer for `patience` seconds,
        `ConfigurationError` when it wants a key or has changed its pack, and `DrainingError` after
        `close`.
        """
        try:
            return asyncio.run(self._until_closed(rows)), {}
        except asyncio.CancelledError:
            raise DrainingError("the backfill was stopped") from None

    def close(self) -> None:
        """Gives up the requests that are under way; may be called by any thread."""
        with self._lock:
            self._closed = True
            if self._give_up:
                self._give_up()

    async def _until_closed(self, rows: Sequence[Row]) -> list[Answer]:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(self._brief(rows))
        with self._lock:
            self._give_up = partial(loop.call_soon_threadsafe, task.cancel)
            if self._closed:
                task.cancel()
        try:
            return await task
        finally:
            with self._lock:
                self._give_up = None

    async def _brief(self, rows: Sequence[Row]) -> list[Answer]:
        pace = Pace(self._at_once)
        pace.allowed = self._allowed
        answers: list[Answer | None] = [None] * len(rows)
        waiting = iter(enumerate(rows))
        self._last_answer = time.monotonic()

        async def work(client: httpx.AsyncClient) -> None:
            for index, row in waiting:
                answers[index] = await self._ask(client, pace, row)

        async with httpx.AsyncClient(
            base_url=self._url,
            headers=self._headers,
            timeout=httpx.Timeout(LONGEST, connect=10),
            transport=self._transport,
        ) as client:
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(self._at_once):
                        group.create_task(work(client))
            except ExceptionGroup as several:
                raise several.exceptions[0] from None
        self._allowed = pace.allowed
        return [answer for answer in answers if answer is not None]

    async def _ask(self, client: httpx.AsyncClient, pace: Pace, row: Row) -> Answer:
        tries = 0
        while True:
            async with pace:
                try:
                    async with asyncio.timeout(LONGEST):
                        answer = await client.post("/v1/briefs", json=self._request(row.article))
                except (httpx.RequestError, TimeoutError) as error:
                    self._not_now(pace, PAUSE, f"{type(error).__name__}: {error}")
                    continue
            status = answer.status_code
            if status == HTTPStatus.OK:
                brief = _brief(answer)
                if brief is None:  # such as the page that a proxy shows during maintenance
                    self._not_now(pace, PAUSE, "200 with something else than a brief")
                    continue
                self._last_answer = time.monotonic()
                pace.answered()
                return self._checked(brief)
            problem = _problem(answer)
            if status in _NOT_NOW or status >= _OF_A_PROXY:
                self._not_now(pace, _retry_after(answer), problem["detail"])
            elif reason := _MAYBE_THE_ROW.get(status):
                tries += 1
                if tries >= TRIES:
                    return Failure(row.id, row.place, reason, problem["detail"], row.raw)
                self._not_now(pace, PAUSE, problem["detail"])
            elif status in _THE_ROW:
                reason = str(problem.get("field") or "too-large")
                return Failure(row.id, row.place, reason, problem["detail"], row.raw)
            else:
                raise ConfigurationError(f"the service answered {status}: {problem['detail']}")

    def _request(self, article: Article) -> dict[str, Any]:
        return {
            "headline": article.headline,
            "body": article.body,
            "source_language": article.source_language,
            **self._asked,
        }

    def _checked(self, brief: dict[str, Any]) -> dict[str, Any]:
        pack = "{name}@{version}".format_map(brief["pack"])
        if pack != self.pack:
            raise ConfigurationError(
                f"the service has changed from pack {self.pack} to {pack} during the run; rows of "
                "both must not be mixed"
            )
        return brief

    def _not_now(self, pace: Pace, seconds: float, why: str) -> None:
        if time.monotonic() - self._last_answer > self._patience:
            raise UnreachableError(
                f"the service gave no answer for {self._patience:g} s; last: {why}"
            )
        pace.refused(min(seconds, self._patience))


def open_service(
    url: str,
    options: Options,
    *,
    key: str | None = None,
    at_once: int = AT_ONCE,
    patience: float = PATIENCE,
) -> ServiceWorker:
    """Waits until a service answers there, which may have scaled to zero, and asks for its pack.

    Raises `InputError` for a URL or a key that is none, and what `ask_pack` raises after `patience`
    seconds.
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise InputError("--through", f"a URL such as http://newsbrief:8000 is needed, not {url!r}")
    headers = {"X-Lane": "backfill", "User-Agent": f"newsbrief-backfill/{__version__}"}
    if key:
        if not (key.isascii() and key.isprintable()):
            raise InputError("--key-file", "one line of printable ASCII characters is needed")
        headers["Authorization"] = f"Bearer {key}"
    end = time.monotonic() + patience
    with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
        for tries in count():
            try:
                pack = ask_pack(client)
                break
            except UnreachableError as error:
                if time.monotonic() >= end:
                    raise
                if tries == 0:
                    log.warning("waiting up to %.0f s for a service: %s", patience, error)
                time.sleep(PAUSE)
    return ServiceWorker(pack, url, headers, options, at_once=at_once, patience=patience)


def ask_pack(client: httpx.Client) -> str:
    """The pack of the service that answers there, as `name@version`.

    Raises `UnreachableError` when nothing answers or it is not ready, `ConfigurationError` when it
    is not a Newsbrief service or refuses the key.
    """
    try:
        answer = client.get("/v1/pack")
    except httpx.RequestError as error:
        raise UnreachableError(f"nothing answers at {client.base_url}: {error}") from error
    if answer.status_code in _NOT_NOW or answer.status_code >= _OF_A_PROXY:
        raise UnreachableError(f"{client.base_url} is not ready: {_problem(answer)['detail']}")
    if answer.status_code == HTTPStatus.OK:
        try:
            return "{name}@{version}".format_map(answer.json())
        except (ValueError, KeyError, TypeError):
            pass
    elif answer.status_code == HTTPStatus.UNAUTHORIZED:
        raise ConfigurationError(f"the service says: {_problem(answer)['detail']}")
    raise ConfigurationError(f"{client.base_url} is not a Newsbrief service")


def _brief(answer: httpx.Response) -> dict[str, Any] | None:
    """The brief, None where the answer is something else."""
    try:
        found = answer.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.keys() >= _PARTS else None


def _problem(answer: httpx.Response) -> dict[str, Any]:
    """The problem document, or one made of the status where something else answered."""
    try:
        problem = answer.json()
        return {**problem, "detail": str(problem["detail"])}
    except (ValueError, KeyError, TypeError):
        return {"detail": f"{answer.status_code} {answer.reason_phrase}"}


def _retry_after(answer: httpx.Response) -> float:
    try:
        return max(0.0, float(answer.headers["retry-after"]))
    except (KeyError, ValueError):
        return PAUSE
