"""The command line's `packs`: list | show | pull | verify | remove."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsbrief.errors import PackError, PackNotFoundError
from newsbrief.pack import Pack, known_packs, open_pack, read_pack
from newsbrief.packs_text import as_card, as_data, as_table
from newsbrief.units import in_units

if TYPE_CHECKING:
    from newsbrief.downloads import Bar

INTERRUPTED = 130


@click.group(
    epilog="Exit codes: 0 done; 1 a fault of ours; 2 wrong usage; 3 a pack that is absent, "
    "corrupt, not licensed or could not be pulled; 130 interrupted."
)
@click.option(
    "--packs-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where pulled packs are kept. [NEWSBRIEF_PACKS_DIR]",
)
@click.pass_context
def packs(context: click.Context, packs_dir: Path | None) -> None:
    """Model packs: what there is, whose it is, and getting it."""
    from newsbrief.settings import read_settings

    context.obj = read_settings(packs_dir=packs_dir).packs_dir.expanduser()


@packs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_packs(place: Path, as_json: bool) -> None:
    """List the packs that are installed, and those that can be pulled."""
    known, broken = _known(place)
    if as_json:
        data = [as_data(pack) for pack in known]
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(as_table(known))
    for error in broken:
        click.echo(f"\nnewsbrief: {error}", err=True)


@packs.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def show(place: Path, name: str, as_json: bool) -> None:
    """Show a pack: licences and attribution, sources, sizes, quality.

    NAME is the name of a pack, installed or not, or a path (with a slash) to one.
    """
    pack = _named(name, place)
    if as_json:
        click.echo(json.dumps(as_data(pack, whole=True), ensure_ascii=False, indent=2))
    else:
        click.echo(as_card(pack))


@packs.command()
@click.argument("name")
@click.option(
    "--accept-non-commercial",
    is_flag=True,
    help="Accept licences that forbid commercial use; the pack's lock records it.",
)
@click.option("--again", is_flag=True, help="Pull even if the same is installed and whole.")
@click.pass_context
def pull(context: click.Context, name: str, accept_non_commercial: bool, again: bool) -> None:
    """Download, verify, convert and install a pack.

    NAME is the name of a pack, or a path (with a slash) to the folder of a recipe. An interrupted
    pull installs nothing, and goes on where it stopped when it is run again. HF_ENDPOINT names
    another hub, HF_TOKEN opens gated models.
    """
    from newsbrief.hub import pull as pull_pack

    place: Path = context.obj
    try:
        pack = pull_pack(
            _recipe(name, place),
            place,
            Terminal(),
            accept_non_commercial=accept_non_commercial,
            again=again,
        )
    except KeyboardInterrupt:
        click.echo(
            "\nInterrupted: nothing was installed. Pulling again goes on where this stopped.",
            err=True,
        )
        context.exit(INTERRUPTED)
    click.echo(f"{pack.name} is installed in {pack.folder} ({in_units(pack.bytes)})")


@packs.command()
@click.argument("names", nargs=-1)
@click.pass_obj
def verify(place: Path, names: Sequence[str]) -> None:
    """Check every file of the packs NAMES; by default of all that are installed."""
    known, broken = ([_named(name, place) for name in names], []) if names else _known(place)
    failed: list[PackError] = [*broken]
    for pack in known:
        if not (names or pack.installed):
            continue
        try:
            open_pack(pack.folder)
        except PackError as error:
            failed.append(error)
        else:
            count = sum(len(files) for files in pack.files.values())
            click.echo(f"{pack.name}: {count} files, {in_units(pack.bytes)}, all as listed")
    for problem in failed[:-1]:
        click.echo(f"newsbrief: {problem}", err=True)
    if failed:
        raise failed[-1]


@packs.command()
@click.argument("name")
@click.pass_obj
def remove(place: Path, name: str) -> None:
    """Remove a pulled pack, or what an unfinished pull left."""
    from newsbrief.hub import remove as remove_pack

    click.echo(f"{name} is removed ({in_units(remove_pack(name, place))} freed)")


class Terminal:
    """A pull's report: progress bars on a terminal, plain lines elsewhere; on standard error."""

    def say(self, line: str) -> None:
        """One line of text."""
        click.echo(line, err=True)

    def bar(self, name: str, total: int, done: int) -> Bar:
        """A transfer begins."""
        if not sys.stderr.isatty():
            return PlainBar(name, total, done)
        from tqdm import tqdm

        bar: Bar = tqdm(desc=name, total=total, initial=done, unit="B", unit_scale=True)
        return bar


class PlainBar:
    """A line when a transfer begins and at each further quarter of it."""

    def __init__(self, name: str, total: int, done: int) -> None:
        self._name, self._total, self._done = name, total, done
        self._quarter = self._quarters()
        start = f", going on from {in_units(done)}" if done else ""
        click.echo(f"{name}: {in_units(total)}{start}", err=True)

    def update(self, count: int) -> None:
        """Counts bytes that arrived."""
        self._done += count
        if self._quarters() > self._quarter:
            self._quarter = self._quarters()
            click.echo(f"{self._name}: {25 * self._quarter} %", err=True)

    def close(self) -> None:
        """Needs nothing."""

    def _quarters(self) -> int:
        return 4 * self._done // self._total if self._total else 4


def _known(place: Path) -> tuple[list[Pack], list[PackError]]:
    """All packs, an installed one before its recipe, and what is wrong with unreadable ones."""
    known: dict[str, Pack] = {}
    broken: list[PackError] = []
    for folder in known_packs([place]):
        try:
            pack = read_pack(folder)
        except PackError as error:
            broken.append(error)
            continue
        name = pack.description.name
        if name not in known or (pack.installed and not known[name].installed):
            known[name] = pack
    return [known[name] for name in sorted(known)], broken


def _named(name: str, place: Path) -> Pack:
    """A pack by path or name, installed or not."""
    if "/" in name:
        return read_pack(Path(name).expanduser())
    found = [read_pack(folder) for folder in known_packs([place]) if folder.name == name]
    if not found:
        names = ", ".join(sorted({folder.name for folder in known_packs([place])}))
        raise PackNotFoundError(f"no pack is called '{name}'; there are: {names or 'none'}")
    return next((pack for pack in found if pack.installed), found[0])


def _recipe(name: str, place: Path) -> Pack:
    """What to pull: the recipe that ships with Newsbrief, before what is installed by it."""
    if "/" in name:
        return read_pack(Path(name).expanduser())
    for folder in reversed([*known_packs([place])]):
        if folder.name == name:
            return read_pack(folder)
    return _named(name, place)
