"""Which ids came before, for any number of them: on disk, in a database that goes by itself."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice

HELD = 20_000  # ids kept back before they are written together
CACHE = 16 * 1024  # KiB of the database in memory; sorting takes as much again


@contextmanager
def scratch_database() -> Iterator[sqlite3.Connection]:
    """A database in a temporary file (`TMPDIR`), which goes by itself; of one thread.

    Raises `OSError` where there is no room for it.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as base:
        base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        try:
            yield base
        except sqlite3.OperationalError as error:
            raise OSError(f"no room for ids in the temporary folder (TMPDIR): {error}") from error


class Identities:
    """Ids with the shard and record number they came at; each is kept as a digest of 16 bytes."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._base.executescript(
            f"PRAGMA cache_size = -{CACHE};"
            "CREATE TABLE come (digest BLOB, shard INT, number INT);"
            "CREATE TABLE done (digest BLOB PRIMARY KEY) WITHOUT ROWID;"
        )
        self._held: list[tuple[bytes, int, int]] = []

    def leave_out(self, ids: Iterable[str]) -> None:
        """Remembers ids for `is_done`."""
        digests = ((_digest(each),) for each in ids)
        while some := sorted(islice(digests, HELD)):
            self._base.executemany("INSERT OR IGNORE INTO done VALUES (?)", some)

    def is_done(self, identity: str) -> bool:
        """Whether it was among those to leave out."""
        found = self._base.execute("SELECT 1 FROM done WHERE digest = ?", (_digest(identity),))
        return found.fetchone() is not None

    def add(self, identity: str, shard: int, number: int) -> None:
        """Notes an id, in the order of the input."""
        self._held.append((_digest(identity), shard, number))
        if len(self._held) == HELD:
            self._write()

    def duplicates(self) -> Iterator[tuple[int, int]]:
        """Shard and number of each id that had come before, in the order of the input."""
        self._write()
        yield from self._base.execute(
            "SELECT shard, number FROM ("
            " SELECT shard, number, row_number() OVER (PARTITION BY digest ORDER BY rowid) AS nth"
            " FROM come) WHERE nth > 1 ORDER BY shard, number"
        )

    def _write(self) -> None:
        self._base.execute("BEGIN")
        self._base.executemany("INSERT INTO come VALUES (?, ?, ?)", self._held)
        self._base.execute("COMMIT")
        self._held.clear()


def _digest(identity: str) -> bytes:
    return hashlib.blake2b(identity.encode(), digest_size=16).digest()
