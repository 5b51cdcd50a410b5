"""gunicorn's worker: uvicorn, with limits on slow and on oversized headers.

Uvicorn's h11 protocol bounds the size of headers, which its httptools one does not; neither bounds
the time that a new connection may take to send them.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn_worker import UvicornWorker

from newsbrief.problems import MEDIA_TYPE, malformed_request
from newsbrief.settings import read_settings

HEADER_BYTES = 32 * 1024
HEARTBEAT_SECONDS = 5.0
# An article has a dozen steps in Python, and each waits until the thread that reads or checks
# another article hands the interpreter on: Python's own 5 ms add up beside a backfill.
SWITCH_SECONDS = 0.0005


class BoundedProtocol(H11Protocol):
    """Closes a connection that is slow to bring a request; what is not HTTP gets a problem."""

    header_seconds = 10.0
    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The clock of the first request starts with the connection."""
        super().connection_made(transport)
        self._start_clock()

    def data_received(self, data: bytes) -> None:
        """The clock of a later one starts with its first byte; it stops with the last header."""
        if self._clock is None and self.conn.their_state is h11.IDLE:
            self._start_clock()
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """No clock outlives its connection."""
        self._stop_clock()
        super().connection_lost(exc)

    def _start_clock(self) -> None:
        self._clock = self.loop.call_later(self.header_seconds, self.transport.close)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def send_400_response(self, msg: str) -> None:
        """Uvicorn's own answer to what is not HTTP, in the shape of all our errors."""
        body = json.dumps(malformed_request(msg)).encode()
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class Worker(UvicornWorker):  # type: ignore[misc]
    """One process: one event loop, one copy of the models."""

    CONFIG_KWARGS: dict[str, Any] = {  # noqa: RUF012 - uvicorn-worker's own name and type
        "loop": "auto",
        "http": BoundedProtocol,
        "h11_max_incomplete_event_size": HEADER_BYTES,
        "server_header": False,
        "access_log": False,
        "ws": "none",
    }

    async def _serve(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        BoundedProtocol.header_seconds = read_settings().read_seconds
        # Loading a large pack takes longer than gunicorn waits for a sign of life.
        heartbeat = asyncio.create_task(self._beat())
        try:
            await super()._serve()
        finally:
            heartbeat.cancel()

    async def _beat(self) -> None:
        while True:
            self.notify()
            await asyncio.sleep(HEARTBEAT_SECONDS)
