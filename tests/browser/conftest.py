"""Debian's Chromium, driven by Playwright, against the service on a real port.

The server runs in a thread of the test, so that a test holds the engine's gate in its hand.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from newsbrief.app import create_app
from newsbrief.settings import Settings
from tests.browser.engine import LanguageEngine, open_briefer

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PATIENCE = 10_000  # milliseconds until a test gives up


@dataclass
class Service:
    """Where it listens, and its engine."""

    url: str
    engine: LanguageEngine


@contextmanager
def serving(**settings) -> Iterator[Service]:
    engine = LanguageEngine()
    app = create_app(
        Settings(**settings), opener=lambda given, metrics: open_briefer(given, metrics, engine)
    )
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="warning", lifespan="on", ws="none")
    )
    server.install_signal_handlers = lambda: None
    ready = threading.Event()
    startup = server.startup

    async def startup_and_tell(sockets=None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = startup_and_tell
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(20), "the service did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Service(f"http://127.0.0.1:{port}", engine)
    finally:
        engine.open()
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "there is no Chromium: install Debian's package, or name one in $CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS.split(), handle_sigint=False
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def shared() -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def service(shared: Service) -> Iterator[Service]:
    shared.engine.reset()
    yield shared
    shared.engine.open()


@pytest.fixture(scope="package")
def context(browser: Browser, shared: Service) -> Iterator[BrowserContext]:
    """One for all tests, so that the page's files are fetched once."""
    context = browser.new_context(locale="en-GB", base_url=shared.url)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, service: Service) -> Iterator[Page]:
    """The page, which must come through the test without an error or a breach of its policy."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda said: (
            wrong.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    page.goto("/")
    yield page
    page.goto("/livez")  # what the page keeps when it is left is cleared with the rest
    page.evaluate("localStorage.clear()")
    for each in context.pages:
        each.close()
    assert wrong == []
