"""gunicorn's worker, without gunicorn."""

import asyncio
import sys

from uvicorn_worker import UvicornWorker

from newsbrief.worker import SWITCH_SECONDS, Worker


def test_while_it_serves_threads_hand_the_interpreter_on_sooner(monkeypatch):
    seen = []

    async def serve(_: UvicornWorker) -> None:
        seen.append(sys.getswitchinterval())

    monkeypatch.setattr(UvicornWorker, "_serve", serve)
    before = sys.getswitchinterval()
    try:
        asyncio.run(object.__new__(Worker)._serve())
    finally:
        sys.setswitchinterval(before)
    assert seen == [SWITCH_SECONDS]
    assert before > SWITCH_SECONDS
