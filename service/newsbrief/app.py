"""The ASGI application: routers, middleware, and the life of its pack."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsbrief import __version__, api, form, openapi, problems
from newsbrief.briefing import Briefer
from newsbrief.keys import Keys
from newsbrief.lifecycle import Lifecycle
from newsbrief.metrics import Metrics
from newsbrief.observing import Observing
from newsbrief.opening import open_briefer
from newsbrief.settings import Settings, read_settings
from newsbrief.tracing import add_tracing

# Of another origin's pages; all that docs/api.md lists.
ALLOWED_HEADERS = (
    "Authorization",
    "Content-Type",
    "If-None-Match",
    "X-API-Key",
    "X-Lane",
    "X-Request-ID",
    "X-Request-Timeout",
    "traceparent",
)
SELF_TEST_SECONDS = 5.0  # between two tries of an engine that counts as broken

log = logging.getLogger("newsbrief")

Opener = Callable[[Settings, Metrics], Briefer]


def create_app(settings: Settings | None = None, *, opener: Opener = open_briefer) -> FastAPI:
    """Makes the application; its pack is loaded when it starts, never before a fork.

    `opener` is for tests that bring their own engine. Raises `ConfigurationError`.
    """
    settings = settings or read_settings()
    metrics = Metrics()
    lifecycle = Lifecycle(
        drain_delay=settings.drain_delay_seconds, stall_seconds=settings.stall_seconds
    )
    app = FastAPI(
        title="Newsbrief",
        version=__version__,
        description=__doc__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # which would send clients to whatever host their request names
        lifespan=_life(settings, metrics, lifecycle, opener),
    )
    app.state.settings = settings
    app.state.metrics = metrics
    app.state.lifecycle = lifecycle
    app.state.keys = Keys(settings.keys_file) if settings.keys_file else None
    app.include_router(api.router)
    app.include_router(form.router)
    _add_probes(app, metrics, lifecycle)
    _add_docs(app)
    problems.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(_HeadAsGet)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=ALLOWED_HEADERS,
            expose_headers=["ETag", "Retry-After", "Server-Timing", "X-Request-ID"],
        )
    if settings.tracing:
        add_tracing(app)
    app.add_middleware(
        Observing, metrics=metrics, lifecycle=lifecycle, json_log=settings.log_format == "json"
    )
    return app


def _life(
    settings: Settings, metrics: Metrics, lifecycle: Lifecycle, opener: Opener
) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        began = time.monotonic()
        briefer = await asyncio.to_thread(opener, settings, metrics)
        await briefer.warm_up()
        metrics.pack_info.labels(briefer.name.name, briefer.name.version).set(1)
        metrics.startup_seconds.labels("total").set(time.monotonic() - began)
        lifecycle.briefer = briefer
        lifecycle.drain_on_sigterm()
        healing = asyncio.create_task(_heal(briefer))
        log.info("ready: pack %s", briefer.name)
        yield
        healing.cancel()
        await asyncio.to_thread(briefer.close)

    return life


async def _heal(briefer: Briefer) -> None:
    """Tries an engine that counts as broken, since no traffic comes that could show it well."""
    while True:
        await asyncio.sleep(SELF_TEST_SECONDS)
        if briefer.batcher.fault():
            try:
                await briefer.warm_up()
            except Exception:
                log.warning("the engine is still broken")


def _add_probes(app: FastAPI, metrics: Metrics, lifecycle: Lifecycle) -> None:
    @app.get("/livez", tags=["probes"])
    async def alive() -> Response:
        """Whether the process answers at all; never asks the model."""
        return JSONResponse({"status": "alive"})

    @app.get("/readyz", tags=["probes"], responses={503: {"description": "Not ready, and why."}})
    async def ready() -> Response:
        """Whether traffic should come: loaded, verified, warm, not broken, not draining."""
        reason = lifecycle.not_ready()
        if reason is None:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready", "reason": reason}, 503)

    @app.get("/metrics", tags=["probes"], response_class=Response)
    async def scrape() -> Response:
        """The figures for Prometheus."""
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4")


class _HeadAsGet:
    """Answers HEAD wherever there is a GET, as RFC 9110 asks: with its headers and no body.

    Not a method of the routes, since FastAPI would list it in the schema beside each GET.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_headers(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        as_get = {**scope, "method": "GET"}
        try:
            await self._app(as_get, receive, send_headers)
        finally:  # the metrics and the log name it
            scope["route"] = as_get.get("route")


class _Fresh(StaticFiles):
    """Has browsers ask each time (answered by ETag), so that no old script meets a new page."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _add_docs(app: FastAPI) -> None:
    """Swagger UI from installed files: no script comes from elsewhere, and none is inline."""
    app.mount("/static/swagger", _Fresh(packages=[("fastapi_offline", "static")]))
    app.mount("/static", _Fresh(packages=[("newsbrief", "static")]), name="static")

    @app.get("/docs", include_in_schema=False)
    async def docs(_: Request) -> HTMLResponse:
        return HTMLResponse(files("newsbrief").joinpath("templates/docs.html").read_text("utf-8"))

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title, version=app.version, routes=app.routes, summary=api.__doc__
            )
            openapi.complete(schema, api.SCHEMAS, keys=app.state.keys is not None)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]
