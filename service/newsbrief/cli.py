"""The command line: `newsbrief brief | serve | packs | backfill`.

Heavy modules are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from newsbrief import __version__
from newsbrief.article import Part
from newsbrief.errors import (
    ConfigurationError,
    InputError,
    NewsbriefError,
    PackError,
    PullError,
    RefusedError,
)

if TYPE_CHECKING:
    from newsbrief.article import Article, Brief
    from newsbrief.planning import Options
    from newsbrief.settings import Settings

Kind = Literal["txt", "html", "json"]

# 0 done, 1 a fault of ours, 2 wrong usage, settings or input, 3 a pack that can't be used,
# 4 try later.
EXIT_CODES = (
    (InputError, 2),
    (ConfigurationError, 2),
    (PackError, 3),
    (PullError, 3),
    (RefusedError, 4),
)
FORMATS: dict[str, Kind] = {".txt": "txt", ".html": "html", ".htm": "html", ".json": "json"}


# Commands with a module of their own, and their line in the help.
ELSEWHERE = {
    "backfill": "Brief a whole archive, shard by shard.",
    "packs": "List, show, pull, verify and remove model packs.",
}


class _Commands(click.Group):
    """Imports commands that have a module of their own when they are called, not for the help."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of this name, or None."""
        if name not in ELSEWHERE:
            return super().get_command(context, name)
        module = importlib.import_module(f"newsbrief.{name}_command")
        command: click.Command = getattr(module, name)
        return command

    def list_commands(self, context: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted([*super().list_commands(context), *ELSEWHERE])

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands with one line of help each."""
        lines = {name: command.get_short_help_str(80) for name, command in self.commands.items()}
        lines |= ELSEWHERE
        with formatter.section("Commands"):
            formatter.write_dl(sorted(lines.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newsbrief")
def newsbrief() -> None:
    """Story highlights and checked translations for newsrooms."""


@newsbrief.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["txt", "html", "json"]),
    help="What FILE holds; by default its ending or first character tells.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole brief as JSON.")
@click.option("--pack", help="Name of an installed pack, or a path to one.")
@click.option(
    "-t", "--target", "targets", multiple=True, help="Target language; repeat for more. [all]"
)
@click.option("-n", "--highlights", default=3, show_default=True, help="How many, 1 to 8.")
@click.option("--body", is_flag=True, help="Translate the body too.")
@click.option("--strict", is_flag=True, help="Withhold every text that fails a check.")
def brief(
    file: Path,
    kind: Kind | None,
    as_json: bool,
    pack: str | None,
    targets: tuple[str, ...],
    highlights: int,
    body: bool,
    strict: bool,
) -> None:
    """Print highlights of the article in FILE, and their translations.

    FILE is text, HTML, or JSON with "headline" and "body" or "body_html"; - reads standard input.
    """
    from newsbrief.cleaning import read_document
    from newsbrief.planning import Options
    from newsbrief.rendering import as_data, as_text
    from newsbrief.settings import read_settings

    settings = read_settings(pack=pack)
    data = _read(file)
    article = read_document(data, kind=kind or _kind(file, data), max_chars=settings.max_body_chars)
    options = Options(
        targets=targets or None,
        max_highlights=highlights,
        translate=(Part.HEADLINE, Part.HIGHLIGHTS, *([Part.BODY] if body else [])),
        strict=strict,
    )
    answer = _brief(settings, article, options)
    click.echo(
        json.dumps(as_data(answer), ensure_ascii=False, indent=2) if as_json else as_text(answer)
    )


@newsbrief.command()
@click.option("--host", help="Address to listen on. [127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on. [8000]")
@click.option("--workers", type=int, help="Processes, each with its own models. [1]")
@click.option("--pack", help="Name of an installed pack, or a path to one.")
def serve(host: str | None, port: int | None, workers: int | None, pack: str | None) -> None:
    """Serve the HTTP API and the editors' page.

    Every other setting is read from the environment; docs/settings.md lists them.
    """
    from newsbrief.settings import read_settings

    given = {"host": host, "port": port, "workers": workers, "pack": pack}
    settings = read_settings(**given)
    _serve(settings)


def _serve(settings: Settings) -> None:
    from gunicorn.app.base import BaseApplication

    from newsbrief.serving import gunicorn_options

    options = gunicorn_options(settings)

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            from newsbrief.app import create_app

            return create_app(settings)

    Server().run()


@newsbrief.group()
def keys() -> None:
    """Make API keys."""


@keys.command("new")
@click.argument("name")
def new(name: str) -> None:
    """Print a fresh key for NAME, and the entry that the keys file needs."""
    from newsbrief.keys import file_entry, new_key

    secret, digest = new_key()
    click.echo(file_entry(name, digest))
    click.echo(f"# Give this to {name}; it is not kept anywhere: {secret}", err=True)


def _brief(settings: Settings, article: Article, options: Options) -> Brief:
    from newsbrief.metrics import Metrics
    from newsbrief.opening import open_briefer

    briefer = open_briefer(settings, Metrics())
    try:
        return asyncio.run(briefer.brief(article, options))
    finally:
        briefer.close()


def _read(file: Path) -> bytes:
    if str(file) == "-":
        if sys.stdin is None:
            raise InputError("file", "standard input is closed")
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError("file", f"can't read {file}: {error.strerror}") from error


def _kind(file: Path, data: bytes) -> Kind:
    if known := FORMATS.get(file.suffix.lower()):
        return known
    first = data.lstrip()[:1]
    return "json" if first == b"{" else "html" if first == b"<" else "txt"


def main() -> None:
    """The entry point: errors become one line on standard error and an exit code."""
    try:
        newsbrief()
    except NewsbriefError as error:
        click.echo(f"newsbrief: {error}", err=True)
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1))
    except OSError as error:  # a closed pipe is click's: it says nothing, and exits with 1
        click.echo(f"newsbrief: {error}", err=True)
        sys.exit(1)
