"""Shards of an archive -> committed rows: read, briefed in waves, counted, written."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, Protocol

from newsbrief.article import Article
from newsbrief.cleaning import MAX_CHARS
from newsbrief.errors import DrainingError, EngineError
from newsbrief.planned import Plan, Shard, read_shard
from newsbrief.rows import Answer, Failure, Fields, Row
from newsbrief.shards import Commit, Output

LOOK = 0.2  # seconds between two looks at whether to stop

# What any engine can brief: when all rows of a shard fail in it, this tells bad rows from a broken
# engine.
PROBE = Row(
    "",
    "",
    Article(
        "New bridge opens in the harbour",
        ("The city opened a new bridge on Monday. It links the harbour with the old town.",),
    ),
    {},
)


class Worker(Protocol):
    """What briefs the rows of a shard: the models in this process, or a running service."""

    @property
    def pack(self) -> str:
        """`name@version`, as the rows will say."""
        ...

    @property
    def side_by_side(self) -> int:
        """How many threads should call `brief`, a shard each."""
        ...

    def brief(self, rows: Sequence[Row]) -> tuple[Sequence[Answer], Mapping[str, int]]:
        """The brief (as the API sends it) or the failure of each row, in order; and counts.

        The counts (`tokens_in`, `tokens_out`, `retried`) may be empty. Raises `RefusedError` or
        `ConfigurationError` when the run can't go on.
        """
        ...

    def close(self) -> None:
        """Gives up what is under way, in any thread: `brief` raises `DrainingError` soon."""
        ...


def run(
    plan: Plan,
    output: Output,
    worker: Worker,
    fields: Fields,
    *,
    stop: threading.Event,
    max_chars: int = MAX_CHARS,
    part: int = 0,
    parts: int = 1,
    committed: Callable[[Commit], None] = lambda _: None,
) -> None:
    """Does every shard of the part that is not committed yet; `committed` hears of each.

    When `stop` is set, and when an error ends the run, the worker is closed and what is in work is
    left uncommitted, to be done by the next run. Raises `EngineError` when the engine is broken,
    `InputError` when the input has changed, and what `Worker.brief` and `Output.commit` raise.
    """
    waiting = iter(output.left(plan, part, parts))
    running: set[Future[Commit]] = set()
    with ThreadPoolExecutor(worker.side_by_side, thread_name_prefix="shard") as threads:
        try:
            while True:
                while len(running) < worker.side_by_side and (shard := next(waiting, None)):
                    running.add(
                        threads.submit(do_shard, plan, shard, output, worker, fields, max_chars)
                    )
                if not running:
                    return
                ended, running = wait(running, LOOK, FIRST_COMPLETED)
                for each in ended:
                    committed(each.result())
                if stop.is_set():
                    break
        except BaseException:
            worker.close()
            raise
        worker.close()
    for each in running:
        if not isinstance(each.exception(), DrainingError):
            committed(each.result())


def do_shard(
    plan: Plan,
    shard: Shard,
    output: Output,
    worker: Worker,
    fields: Fields,
    max_chars: int = MAX_CHARS,
) -> Commit:
    """Briefs the records of one shard and commits them; doing it again gives the same bytes."""
    records = list(read_shard(plan, shard, fields, max_chars=max_chars))
    rows = [record for record in records if isinstance(record, Row)]
    answers, spent = worker.brief(rows) if rows else ((), {})
    if rows and all(_fault(answer) for answer in answers):
        _check_engine(worker, answers)
    answer_of = iter(answers)
    results = [
        (record, next(answer_of) if isinstance(record, Row) else record) for record in records
    ]
    done = [
        row_data(record, answer, worker.pack)
        for record, answer in results
        if isinstance(record, Row) and not isinstance(answer, Failure)
    ]
    failures = [answer for _, answer in results if isinstance(answer, Failure)]
    return output.commit(plan.generation, shard, done, failures, tally(done, failures, spent))


def row_data(row: Row, brief: Mapping[str, Any], pack: str) -> dict[str, Any]:
    """A row of the output: the brief, and all its findings in one list, told their language."""
    found = [(None, finding) for finding in brief["findings"]]
    for highlight in brief["highlights"]:
        found += [(None, finding) for finding in highlight["findings"]]
    for target, translation in brief["translations"].items():
        found += [(target, finding) for finding in translation["findings"]]
    findings = [
        {
            "code": finding["code"],
            "severity": finding["severity"],
            "target": target,
            "part": finding.get("part"),
            "index": finding.get("index"),
        }
        for target, finding in found
    ]
    return {"id": row.id, "pack": pack, "findings": findings, "brief": brief}


def tally(
    rows: Sequence[Mapping[str, Any]], failures: Sequence[Failure], spent: Mapping[str, int]
) -> dict[str, Any]:
    """What a commit says of its shard: numbers, which can be added up over shards.

    `findings` counts by check and then by target, empty for the source language.
    """
    findings: dict[str, Counter[str]] = {}
    for row in rows:
        for finding in row["findings"]:
            findings.setdefault(finding["code"], Counter())[finding["target"] or ""] += 1
    return {
        "done": len(rows),
        "failed": _sorted(Counter(failure.reason for failure in failures)),
        "findings": {code: _sorted(findings[code]) for code in sorted(findings)},
        **spent,
    }


def _fault(answer: Answer) -> bool:
    """Whether it was not the row's own fault that it has no brief."""
    return isinstance(answer, Failure) and answer.reason in ("engine", "fault")


def _check_engine(worker: Worker, failures: Sequence[Answer]) -> None:
    """Raises `EngineError` unless a plain article gets its brief."""
    (answer,), _ = worker.brief([PROBE])
    if isinstance(answer, Failure):
        first = failures[0].message if isinstance(failures[0], Failure) else ""
        raise EngineError(
            f"the engine is broken: it failed on all {len(failures)} rows of a shard (first: "
            f"{first}) and on a plain article ({answer.message}); the shard was not committed"
        )


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: counts[key] for key in sorted(counts)}
