"""The options of `newsbrief backfill`."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from newsbrief.article import MOST_HIGHLIGHTS, Part

if TYPE_CHECKING:
    from newsbrief.planned import Selection
    from newsbrief.planning import Options
    from newsbrief.rows import Fields, Filters

INDEX = "JOB_COMPLETION_INDEX"  # Kubernetes sets it in the pods of an Indexed Job
SHARD_ROWS = 100
MOST_SHARD_ROWS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of one call, named as on the command line."""

    headline: str
    body: str
    body_html: str
    id: str
    date: str
    language: str
    since: datetime.datetime | None
    where: tuple[str, ...]
    limit: int | None
    only_missing: bool
    retry_failed: bool
    format: Literal["jsonl", "parquet"]
    shard_rows: int
    parts: int
    part: int
    plan: bool
    verify: bool
    dry_run: bool
    sample: int
    hourly_cost: float | None
    through: str | None
    key_file: Path | None
    concurrency: int
    engine: Literal["local", "ray"]
    workers: tuple[int, int]
    pack: str | None
    target: tuple[str, ...]
    highlights: int
    translate_body: bool
    strict: bool
    accept_failures: bool

    @property
    def selection(self) -> Selection:
        """Which records the call is about."""
        return "missing" if self.only_missing else "failed" if self.retry_failed else "all"

    @property
    def options(self) -> Options:
        """What is asked for each article."""
        from newsbrief.planning import Options

        body = (Part.BODY,) if self.translate_body else ()
        return Options(
            targets=self.target or None,
            max_highlights=self.highlights,
            translate=(Part.HEADLINE, Part.HIGHLIGHTS, *body),
            strict=self.strict,
        )

    @property
    def fields(self) -> Fields:
        """What the archive calls each field."""
        from newsbrief.rows import Fields

        return Fields(
            headline=self.headline,
            body=self.body,
            body_html=self.body_html,
            id=self.id,
            date=self.date,
            language=self.language,
        )

    @property
    def filters(self) -> Filters:
        """Which records are taken."""
        from newsbrief.rows import Filters

        pairs = tuple((field, value) for field, _, value in (w.partition("=") for w in self.where))
        return Filters(self.since.date() if self.since else None, pairs)


def _pair(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not value.partition("=")[1]:
            raise click.BadParameter(f"FIELD=VALUE is needed, not {value!r}")
    return values


def _finite(_: click.Context, __: click.Parameter, value: float | None) -> float | None:
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(f"a number is needed, not {value}")
    return value


def _range(_: click.Context, __: click.Parameter, value: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)(?::(\d+))?", value)
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= low <= high:
        raise click.BadParameter(f"MIN:MAX is needed, such as 2:8, not {value!r}")
    return low, high


_DECORATORS: tuple[Callable[[Callable[..., None]], Callable[..., None]], ...] = (
    click.argument("source", metavar="INPUT"),
    click.argument("output", metavar="OUTPUT"),
    click.option("--headline", default="headline", help="Field of the headline. [headline]"),
    click.option("--body", default="body", help="Field of the body as plain text. [body]"),
    click.option("--body-html", default="body_html", help="Field of the body as HTML. [body_html]"),
    click.option("--id", default="id", help="Field of the id; '#' takes the record's place. [id]"),
    click.option("--date", default="date", help="Field of the date, for --since. [date]"),
    click.option("--language", default="language", help="Field of the language. [language]"),
    click.option(
        "--since",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="Only records of this day (UTC) or later.",
    ),
    click.option(
        "--where",
        multiple=True,
        metavar="FIELD=VALUE",
        callback=_pair,
        help="Only records with it.",
    ),
    click.option("--limit", type=click.IntRange(1), help="Only the first so many records."),
    click.option(
        "--only-missing", is_flag=True, help="Records of INPUT that OUTPUT has no row of."
    ),
    click.option("--retry-failed", is_flag=True, help="Only records that failed, kept in OUTPUT."),
    click.option(
        "--format",
        type=click.Choice(["jsonl", "parquet"]),
        default="jsonl",
        help="Of rows. [jsonl]",
    ),
    click.option(
        "--shard-rows",
        type=click.IntRange(1, MOST_SHARD_ROWS),
        default=SHARD_ROWS,
        show_default=True,
        help="Records that are batched, committed, and at most lost, together.",
    ),
    click.option(
        "--parts", type=click.IntRange(1), default=1, help="Split the shards over so many."
    ),
    click.option(
        "--part",
        type=click.IntRange(0),
        envvar=INDEX,
        default=0,
        help=f"Which one. [${INDEX}, or 0]",
    ),
    click.option("--plan", is_flag=True, help="Only write the plan."),
    click.option(
        "--verify", is_flag=True, help="Only compare what is committed with its checksums."
    ),
    click.option(
        "--dry-run", is_flag=True, help="Brief a sample, write nothing, estimate the rest."
    ),
    click.option("--sample", type=click.IntRange(1), default=50, help="Rows of a dry run. [50]"),
    click.option(
        "--hourly-cost",
        type=click.FloatRange(0),
        callback=_finite,
        help="Of this machine, for a dry run.",
    ),
    click.option("--through", metavar="URL", help="Have a running service do it, as backfill."),
    click.option(
        "--key-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="File that holds the API key for --through.",
    ),
    click.option("--concurrency", type=click.IntRange(1), default=16, help="Most requests. [16]"),
    click.option(
        "--engine", type=click.Choice(["local", "ray"]), default="local", help="Who works. [local]"
    ),
    click.option(
        "--workers", metavar="MIN:MAX", default="1", callback=_range, help="Of --engine ray. [1]"
    ),
    click.option("--pack", help="Name of an installed pack, or a path to one."),
    click.option("-t", "--target", multiple=True, help="Target language; repeat for more. [all]"),
    click.option(
        "-n",
        "--highlights",
        type=click.IntRange(1, MOST_HIGHLIGHTS),
        default=3,
        help="How many, 1 to 8. [3]",
    ),
    click.option("--translate-body", is_flag=True, help="Translate the body too."),
    click.option("--strict", is_flag=True, help="Withhold every text that fails a check."),
    click.option("--accept-failures", is_flag=True, help="Exit with 0 though some rows failed."),
)


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a function the arguments and options, in the order in which the help lists them."""
    for decorate in reversed(_DECORATORS):
        command = decorate(command)
    return command
