"""The command line's `backfill`: an archive in, shards of checked briefs out."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from newsbrief.backfill_options import Asked, with_options
from newsbrief.stopping import stop_on_signal

if TYPE_CHECKING:
    from newsbrief.backfill import Worker
    from newsbrief.backfill_progress import Progress
    from newsbrief.inputs import InputFile
    from newsbrief.planned import Plan
    from newsbrief.settings import Settings
    from newsbrief.shards import Commit, Output

ROWS_FAILED = 5
STOPPED = 6
GOES_ON = "stopped before the end; the same call goes on from here"


@click.command(
    epilog="Exit codes: 0 every row is done; 1 a fault of ours; 2 wrong usage or input; 3 a pack "
    "that can't be used; 4 the storage failed (a full disk too), or the service that --through "
    "names gave no answer; 5 finished, but some rows failed; 6 stopped before the end, or --verify "
    "found damage. After 1, 4 and 6 the same call goes on."
)
@with_options
def backfill(source: str, output: str, **given: Any) -> None:
    """Brief every article of INPUT, and write the briefs to the folder OUTPUT.

    INPUT is a .jsonl, .csv or .parquet file, a folder or pattern of such files, or a folder of
    .txt, .html or .json documents. Both may be URLs of object storage, such as s3://bucket/folder.
    A run that was stopped or killed goes on when it is called again: nothing is lost or done twice.
    """
    from newsbrief.inputs import find_files
    from newsbrief.settings import read_settings
    from newsbrief.shards import open_output

    asked = Asked(**given)
    _check(asked)
    if not source or not output:  # a variable of a script that is not set
        raise click.UsageError("INPUT and OUTPUT must not be empty")
    if asked.verify:
        sys.exit(_verify(asked, output))
    _check_apart(source, output)
    settings = read_settings(pack=asked.pack)
    if asked.dry_run:
        _estimate(settings, asked, source)
        return
    folder = open_output(output, asked.format)
    if not folder.plans():
        _check_fields(find_files(source), asked)
    folder.begin(_identity(settings, asked))
    plans = _plans(folder, source, asked)
    if asked.plan:
        for plan in plans:
            click.echo(
                f"plan {plan.generation}: {plan.records} records in {len(plan.shards)} shards, "
                f"{plan.left_out} left out"
            )
        return
    sys.exit(_work(settings, asked, folder, output, plans))


def _check(asked: Asked) -> None:
    """Refuses options that contradict each other. Raises `click.UsageError`."""
    if asked.part >= asked.parts:
        raise click.UsageError(f"--part {asked.part}: the parts are 0 to {asked.parts - 1}")
    if asked.only_missing and asked.retry_failed:
        raise click.UsageError(
            "--only-missing and --retry-failed are two runs, one after the other"
        )
    if asked.verify and (asked.plan or asked.dry_run or asked.selection != "all"):
        raise click.UsageError(
            "--verify is a run of its own, without --plan, --dry-run, "
            "--only-missing and --retry-failed"
        )
    if asked.parts > 1 and asked.selection != "all" and not asked.plan:
        raise click.UsageError(
            "with --parts, write the new plan first (the same call with --plan and without "
            "--parts); every part then works on it"
        )
    if asked.through and asked.engine == "ray":
        raise click.UsageError("--through and --engine ray: either a service does it or a cluster")
    if asked.through == "":
        raise click.UsageError("--through: a URL is needed, not nothing")
    if asked.key_file and not asked.through:
        raise click.UsageError("--key-file is for --through")


def _verify(asked: Asked, output: str) -> int:
    """Compares what is committed with its checksums; the exit code."""
    from newsbrief.errors import InputError
    from newsbrief.shards import open_output

    begun = open_output(output).identity()
    if begun is None:
        raise InputError("OUTPUT", f"no backfill was begun in {output}")
    folder = open_output(output, begun["rows"])
    whole = damaged = 0
    for plan in folder.plans():
        bad = folder.verify(plan.generation, asked.part, asked.parts)
        for shard in bad:
            click.echo(f"damaged or gone: shard {shard} of generation {plan.generation}", err=True)
        damaged += len(bad)
        planned = sum(1 for _ in plan.part(asked.part, asked.parts))
        whole += planned - len(folder.left(plan, asked.part, asked.parts))
    click.echo(f"{whole} shards are whole, {damaged} are not")
    if damaged:
        click.echo("the same call without --verify does them again", err=True)
    return STOPPED if damaged else 0


def _check_apart(source: str, output: str) -> None:
    """Refuses an output that would be read as input by the next call."""
    from fsspec.implementations.local import LocalFileSystem

    from newsbrief.storage import open_url

    (read, inside), (written, folder) = open_url(source), open_url(output)
    inside = inside.partition("**")[0]  # a pattern with it reaches to the bottom
    if isinstance(read, LocalFileSystem):
        inside, folder = os.path.realpath(inside), os.path.realpath(folder)
    if type(read) is type(written) and f"{folder}/".startswith(f"{inside.rstrip('/')}/"):
        raise click.UsageError(f"OUTPUT {output} lies in INPUT {source}: give a folder beside it")


def _check_fields(files: Sequence[InputFile], asked: Asked) -> None:
    """Refuses names of fields that the input lacks, and tells of those that it may lack."""
    from newsbrief.field_names import check_fields

    if note := check_fields(files, asked.fields, asked.filters):
        click.echo(f"note: {note}", err=True)


def _identity(settings: Settings, asked: Asked) -> dict[str, Any]:
    """What may not change between the calls of one run."""
    return {
        "format": 1,
        **_pack(settings, asked),
        "options": {**asdict(asked.options), "highlight_chars": settings.highlight_chars},
        "max_body_chars": settings.max_body_chars,
        "fields": asdict(asked.fields),
        "rows": asked.format,
        "shard_rows": asked.shard_rows,
    }


def _pack(settings: Settings, asked: Asked) -> dict[str, Any]:
    if asked.through:
        return {"engine": "service", "pack": _open_worker(settings, asked).pack}
    from newsbrief.origin import code_digest
    from newsbrief.pack import find_pack, read_pack

    pack = read_pack(find_pack(settings.pack, [settings.packs_dir.expanduser()]))
    return {
        "engine": {  # what its arithmetic can depend on
            "device": settings.device,
            "compute_type": settings.compute_type or "as the pack says",
            "threads_per_runner": settings.threads_per_runner,
        },
        "pack": str(pack.name),
        "pack_digest": pack.digest,
        "code": code_digest(),
    }


def _plans(folder: Output, source: str, asked: Asked) -> list[Plan]:
    from newsbrief.generations import choose_plans

    def planned(records: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\rplanning: {records} records read", nl=False, err=True)

    plans = choose_plans(
        folder,
        source,
        asked.fields,
        selection=asked.selection,
        shard_rows=asked.shard_rows,
        filters=asked.filters,
        limit=asked.limit,
        progress=planned,
    )
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)
    return plans


def _open_worker(settings: Settings, asked: Asked) -> Worker:
    if asked.through:
        from newsbrief.through import open_service

        key = asked.key_file.read_text("utf-8", "replace").strip() if asked.key_file else None
        return open_service(asked.through, asked.options, key=key, at_once=asked.concurrency)
    from newsbrief.local_worker import open_local

    return open_local(settings, asked.options)


def _estimate(settings: Settings, asked: Asked, source: str) -> None:
    from newsbrief.dividing import make_plan
    from newsbrief.estimating import as_text, estimate
    from newsbrief.inputs import find_files

    files = find_files(source)
    _check_fields(files, asked)
    plan = make_plan(
        files,
        asked.fields,
        shard_rows=asked.shard_rows,
        filters=asked.filters,
        limit=asked.limit,
    )
    worker = _open_worker(settings, asked)
    found = estimate(
        plan, worker, asked.fields, sample=asked.sample, max_chars=settings.max_body_chars
    )
    worker.close()
    text = as_text(found, parts=asked.parts, hourly_cost=asked.hourly_cost) if found else ""
    click.echo(text or "there is nothing to do: no record is taken")


def _work(settings: Settings, asked: Asked, folder: Output, output: str, plans: list[Plan]) -> int:
    """Does what is left of the plans; the exit code."""
    from newsbrief.backfill_progress import Progress, summary
    from newsbrief.errors import RefusedError

    began = time.monotonic()
    todo = [(plan, folder.left(plan, asked.part, asked.parts)) for plan in plans]
    progress = Progress(sum(shard.records for _, shards in todo for shard in shards))
    with stop_on_signal() as stop:
        try:
            for plan, shards in todo:
                if shards and not stop.is_set():
                    _run(settings, asked, folder, output, plan, stop, progress)
        except RefusedError:
            click.echo(GOES_ON, err=True)
            raise
        finally:
            progress.close()
    commits = [
        commit
        for plan in plans
        for commit in folder.commits(plan.generation)
        if commit.shard % asked.parts == asked.part
    ]
    planned = [shard for plan in plans for shard in plan.part(asked.part, asked.parts)]
    records = sum(shard.records for shard in planned)
    click.echo(summary(commits, records=records, seconds=time.monotonic() - began))
    if left_out := 0 if records else sum(plan.left_out for plan in plans):
        click.echo(f"note: no record is taken, {left_out} are left out", err=True)
    if stop.is_set() or len(commits) < len(planned):
        click.echo(GOES_ON, err=True)
        return STOPPED
    return ROWS_FAILED if not asked.accept_failures and _failed(folder, asked, commits) else 0


def _run(
    settings: Settings,
    asked: Asked,
    folder: Output,
    output: str,
    plan: Plan,
    stop: threading.Event,
    progress: Progress,
) -> None:
    if asked.engine == "ray":
        from newsbrief.ray_engine import Task, run_on_ray

        run_on_ray(
            plan,
            Task(output, asked.format, plan.generation, settings, asked.options, asked.fields),
            workers=asked.workers,
            stop=stop,
            part=asked.part,
            parts=asked.parts,
            committed=progress.committed,
        )
        return
    from newsbrief.backfill import run

    worker = _open_worker(settings, asked)
    run(
        plan,
        folder,
        worker,
        asked.fields,
        stop=stop,
        max_chars=settings.max_body_chars,
        part=asked.part,
        parts=asked.parts,
        committed=progress.committed,
    )
    worker.close()


def _failed(folder: Output, asked: Asked, commits: Sequence[Commit]) -> bool:
    """Whether dead letters are open: of this part, or of the whole output if there are no parts."""
    if asked.parts > 1:
        return any(commit.failed for commit in commits)
    from newsbrief.deadletters import live_failures

    return next(live_failures(folder), None) is not None
