"""API keys: a file of hashes, reread when it changes; each key has a lane and a rate.

    [[keys]]
    name = "cms"
    sha256 = "…"                 # of the key; `newsbrief keys new NAME` prints both
    lane = "interactive"         # or "backfill", which then is the only lane it gets
    requests_per_minute = 600    # 0: no limit

Keys are random and long, so a plain SHA-256 keeps them as well as a slow hash would.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
import threading
import time
import tomllib
from pathlib import Path
from typing import Annotated

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from newsbrief.errors import ConfigurationError, InputError
from newsbrief.queueing import Lane

NAME = "[A-Za-z0-9._-]{1,64}"  # the same in a TOML string and in a line of the log

log = logging.getLogger("newsbrief")


class Key(BaseModel):
    """One caller, as the file describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=f"^{NAME}$")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    lane: Lane = Lane.INTERACTIVE
    requests_per_minute: int = Field(0, ge=0)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    keys: list[Key] = Field(min_length=1)


class Keys:
    """The keys of one file. Raises `ConfigurationError` if it can't be read at the start.

    A file that later becomes unreadable or wrong leaves the keys as they were.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._stamp = self._stat()
        self._keys = _read(file)
        self.problem: str | None = None

    def find(self, presented: str) -> Key | None:
        """The key with this secret, or None. Takes the same time whichever key it is."""
        self._reload()
        digest = hashlib.sha256(presented.encode(errors="surrogateescape")).hexdigest()
        found = None
        for key in self._keys:
            if hmac.compare_digest(key.sha256, digest):
                found = key
        return found

    def throttle(self, key: Key) -> float:
        """Counts one request of the key; seconds to wait if it is one too many, else 0."""
        if key.requests_per_minute == 0:
            return 0.0
        limit = RateLimitItemPerMinute(key.requests_per_minute)
        if self._limiter.hit(limit, key.name):
            return 0.0
        window = self._limiter.get_window_stats(limit, key.name)
        return max(1.0, window.reset_time - time.time())

    def _reload(self) -> None:
        with self._lock:
            stamp = self._stat()
            if stamp == self._stamp:
                return
            self._stamp = stamp
            try:
                self._keys, self.problem = _read(self._file), None
            except ConfigurationError as error:
                self.problem = str(error)
                log.warning("the API keys stay as they were: %s", error)

    def _stat(self) -> tuple[int, int, int] | None:
        try:
            stat = self._file.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino


def new_key() -> tuple[str, str]:
    """A fresh secret and its hash, as the file wants it."""
    secret = f"nb_{secrets.token_urlsafe(32)}"
    return secret, hashlib.sha256(secret.encode()).hexdigest()


def file_entry(name: str, digest: str) -> str:
    """What a keys file needs for a key. Raises `InputError` for a name that it could not hold."""
    if not re.fullmatch(NAME, name):
        limit = "1 to 64 letters A-Z and a-z, digits and ._-"
        raise InputError("NAME", f"may have {limit}, and is {name!r}", limit=limit)
    return f'[[keys]]\nname = "{name}"\nsha256 = "{digest}"\nlane = "{Lane.INTERACTIVE.value}"'


def _read(file: Path) -> tuple[Key, ...]:
    try:
        keys = tuple(_File.model_validate(tomllib.loads(file.read_text("utf-8"))).keys)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"keys file {file}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"keys file {file}: {place}: {first['msg']}") from error
    names = [key.name for key in keys]
    if len(set(names)) < len(names):
        raise ConfigurationError(f"keys file {file}: two keys have the same name")
    return keys
