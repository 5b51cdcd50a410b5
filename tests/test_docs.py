"""What the documentation lists is what the code has: settings, metrics, routes, options, checks."""

import re
from pathlib import Path

import click
import pytest

from newsbrief.app import create_app
from newsbrief.checks import CHECKS
from newsbrief.cli import newsbrief
from newsbrief.metrics import Metrics
from newsbrief.problems import NAMES, STATUS
from newsbrief.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]


def table(page: str) -> dict[str, str]:
    """The rows of a page's tables: what stands in backquotes first, and the whole row."""
    rows = {}
    for line in (ROOT / "docs" / page).read_text("utf-8").splitlines():
        if line.startswith("| `"):
            for name in re.findall(r"`([^`]+)`", line.split("|")[1]):
                rows[name] = line
    return rows


def test_every_setting_is_listed_with_its_default_and_meaning():
    rows = table("settings.md")
    assert set(rows) == {PREFIX + name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        row = rows[PREFIX + name.upper()]
        assert field.description in row
        if field.default not in ("", None, ()):
            assert f"`{field.default}`" in row


def test_every_metric_is_listed_with_its_labels_and_meaning():
    rows = table("metrics.md")
    metrics = [each for each in vars(Metrics()).values() if hasattr(each, "_documentation")]
    names = {each._name + ("_total" if each._type == "counter" else "") for each in metrics}
    assert set(rows) == names
    for metric in metrics:
        row = next(row for name, row in rows.items() if name.removesuffix("_total") == metric._name)
        assert metric._documentation in row
        assert all(f"`{label}`" in row for label in metric._labelnames)


def test_every_route_is_described():
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    for path, methods in create_app(Settings()).openapi()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in page


def test_every_kind_of_problem_is_described():
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    for name in (*NAMES.values(), *(name for _, name, _ in STATUS)):
        assert f"`{name}`" in page


def commands(group: click.Group, path: str = "newsbrief"):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize(("path", "command"), list(commands(newsbrief)))
def test_every_command_and_option_is_described(path, command):
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert f"`{path}" in page
    section = page.split(f"`{path}", 1)[1].split("\n## ", 1)[0]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert all(f"`{option}`" in section for option in parameter.opts)
        else:
            assert parameter.human_readable_name in section


def test_every_check_is_described():
    rows = table("checks.md")
    assert set(rows) == set(CHECKS)
    for code, meaning in CHECKS.items():
        assert meaning in rows[code]


def test_links_between_pages_lead_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
