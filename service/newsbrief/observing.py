"""Around every request: its id, trace context, security headers, metrics, and one log line.

Around every fault too: one that nothing else foresaw is answered and counted here like the others.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsbrief.lifecycle import Lifecycle
from newsbrief.metrics import Metrics
from newsbrief.problems import answer, record

log = logging.getLogger("newsbrief.access")

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
TRACE_PARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
STATIC = "/static"
QUIET = frozenset({"/livez", "/readyz", "/metrics", STATIC})  # many, and they say nothing


class Observing:
    """Pure ASGI, outermost. Handlers add to `scope["state"]["outcome"]` what the log should say."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, lifecycle: Lifecycle, json_log: bool):
        self._app = app
        self._metrics = metrics
        self._lifecycle = lifecycle
        self._json = json_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; what is not HTTP passes untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        trace = headers.get("traceparent", "")
        outcome: dict[str, Any] = {}
        scope.setdefault("state", {}).update(request_id=request_id, outcome=outcome)
        began, status, sent, whole = time.monotonic(), 0, 0, False

        async def observed(message: Message) -> None:
            nonlocal status, sent, whole
            if message["type"] == "http.response.start":
                status = message["status"]
                told = MutableHeaders(scope=message)
                told["X-Request-ID"] = request_id
                if TRACE_PARENT.fullmatch(trace):
                    told["traceparent"] = trace
                for name, value in SECURITY_HEADERS.items():
                    told.setdefault(name, value)
                if self._lifecycle.draining:
                    # Clients with open connections should find another process now.
                    told["Connection"] = "close"
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
                whole = not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except ClientDisconnect:
            pass  # which is no fault, and leaves nobody to be told
        except Exception as error:
            # What no handler took would be logged by the server with its text, and uncounted.
            problem = record(Request(scope), error)
            if status:
                status, whole = problem["status"], True
            else:
                await answer(problem)(scope, receive, observed)
        finally:
            # 499 is nginx's number for a client that left before the end of its answer.
            self._note(scope, status if whole else 499, sent, time.monotonic() - began, trace)

    def _note(
        self, scope: MutableMapping[str, Any], status: int, sent: int, seconds: float, trace: str
    ) -> None:
        route = getattr(scope.get("route"), "path", "other")
        if scope["path"].startswith(f"{STATIC}/"):
            route = STATIC
        self._metrics.requests.labels(route, str(status)).inc()
        lane = scope["state"]["outcome"].get("lane", "")
        self._metrics.request_seconds.labels(route, lane).observe(seconds)
        if route in QUIET:
            return
        line = {
            "request_id": scope["state"]["request_id"],
            "method": scope["method"],
            "route": route,
            "status": status,
            "seconds": round(seconds, 4),
            "bytes_out": sent,
            **({"traceparent": trace} if TRACE_PARENT.fullmatch(trace) else {}),
            **scope["state"]["outcome"],
        }
        if self._json:
            log.info(json.dumps(line))
        else:
            log.info(" ".join(f"{key}={value}" for key, value in line.items()))
