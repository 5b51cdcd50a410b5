"""Which plans a call of `newsbrief backfill` works on: those that are there, or a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from newsbrief.deadletters import live_failures
from newsbrief.dividing import make_plan
from newsbrief.errors import ConfigurationError
from newsbrief.inputs import InputFile, find_files
from newsbrief.planned import Plan, Selection, check_unchanged
from newsbrief.rows import Fields, Filters
from newsbrief.shards import Output


def choose_plans(
    output: Output,
    source: str,
    fields: Fields,
    *,
    selection: Selection,
    shard_rows: int,
    filters: Filters,
    limit: int | None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Plan]:
    """The plans to work on, oldest first; a new one is written to the output.

    "all" goes on with what was planned, and plans when nothing was. "missing" plans anew over the
    input as it is now, which takes the place of all plans before it, unless just that is under
    way. "failed" adds a plan of the dead letters that are open. Raises `InputError` when the input
    is not what was planned, `ConfigurationError` for other filters than those, or for retries
    before the end.
    """
    plans = output.plans()
    current = _current(plans)
    if selection == "failed":
        return _retry(output, plans, current, fields, shard_rows)
    files = find_files(source)
    new = not current or (selection == "missing" and not _under_way(output, current, files))
    if new:
        done_ids = output.done_ids() if plans else None
        plan = make_plan(
            files,
            fields,
            shard_rows=shard_rows,
            filters=filters,
            limit=limit,
            generation=len(plans),
            kind="missing" if plans else "all",
            done_ids=done_ids,
            progress=progress,
        )
        output.save_plan(plan)
        return [plan]
    check_unchanged(current[0], files)
    planned = current[0].filters, current[0].limit
    if (filters, limit) != planned:
        raise ConfigurationError(
            "--since, --where and --limit are not what the run was planned with; give the same "
            "again, --only-missing to plan anew, or another OUTPUT"
        )
    return current


def unfinished(output: Output, plans: Sequence[Plan]) -> int:
    """How many shards of these plans are not committed."""
    return sum(len(output.left(plan)) for plan in plans)


def _current(plans: list[Plan]) -> list[Plan]:
    """The newest plan over the input, and the retries that came after it."""
    newest = max((plan.generation for plan in plans if plan.kind != "failed"), default=0)
    return [plan for plan in plans if plan.generation >= newest]


def _under_way(output: Output, current: list[Plan], files: list[InputFile]) -> bool:
    return (
        current[0].kind == "missing"
        and list(current[0].files) == files
        and unfinished(output, current) > 0
    )


def _retry(
    output: Output, plans: list[Plan], current: list[Plan], fields: Fields, shard_rows: int
) -> list[Plan]:
    if not plans:
        raise ConfigurationError("--retry-failed: nothing was done in this OUTPUT yet")
    left = unfinished(output, current)
    if left and current[-1].kind != "failed":
        raise ConfigurationError(
            f"--retry-failed: the run is not finished, shards still to be done: {left}; call it "
            "without --retry-failed first"
        )
    if left:
        return current[-1:]
    generation = len(plans)
    letters = (letter for letter in live_failures(output) if letter["row"] is not None)
    first = next(letters, None)
    if first is None:
        return []
    plan = make_plan(
        [output.keep_letters(generation, chain([first], letters))],
        fields,
        shard_rows=shard_rows,
        generation=generation,
        kind="failed",
        done_ids=output.done_ids(),  # without duplicates of what is done
    )
    if not plan.records:
        return []
    output.save_plan(plan)
    return [plan]
