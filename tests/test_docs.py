"""What the documentation lists is what the code has: settings, metrics, routes, options, checks."""

import json
import re
import shlex
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import click
import httpx
import pytest
from fastapi.testclient import TestClient

from newsbrief.app import create_app
from newsbrief.checks import CHECKS
from newsbrief.cleaning import MARKUP_FACTOR, MAX_HEADLINE_CHARS, MAX_WORD_CHARS, MIN_WORDS
from newsbrief.cli import newsbrief
from newsbrief.markup import MAX_TAGS
from newsbrief.metrics import Metrics
from newsbrief.problems import NAMES, STATUS
from newsbrief.queueing import BACKFILL_TURN
from newsbrief.serving import KEEP_ALIVE
from newsbrief.settings import PREFIX, Settings
from newsbrief.wire import BriefRequest, TranslationRequest
from newsbrief.worker import HEADER_BYTES
from tests.dockerfile import read_stages
from tests.examples import assert_alike, blocks, curl, examples
from tests.manifests import COMPONENTS, OVERLAYS

ROOT = Path(__file__).parents[1]
API = "docs/api.md"
PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in [
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md")),
    ]
)


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
    for page in PAGES:
        text = (ROOT / page).read_text("utf-8")
        for target, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text):
            if not target.startswith("http"):
                linked = (ROOT / page).parent / target if target else ROOT / page
                assert linked.exists(), f"{page} links to {target}"
                assert not anchor or anchor in anchors(linked), f"{page} links to #{anchor}"


def anchors(page: Path) -> set[str]:
    """As hosting platforms name headings: small letters, digits and hyphens."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def typed() -> Iterator[tuple[str, list[str]]]:
    """(page, words) of each command in a block of a page; continued lines are one."""
    for page in PAGES:
        for block in (*blocks(page, "sh"), *blocks(page, "console")):
            bare = re.sub(r"(?m)(?:^|(?<=\s))#.*", "", block).replace("\\\n", " ")
            lines = re.sub(r"'[^']*'", lambda quoted: quoted[0].replace("\n", " "), bare)
            for line in lines.splitlines():
                words = shlex.split(line.removeprefix("$ "))
                while words and re.match(r"[A-Z_]+=", words[0]):
                    words.pop(0)
                if words:
                    yield page, words


def test_every_command_that_is_shown_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = {"newsbrief": 0, "python": 0, "make": 0, "docker": 0}
    for page, (program, *words) in typed():
        program = program.removeprefix(".venv/bin/")
        where = f"{page}: {program} {' '.join(words)}"
        known[program] = known.get(program, 0) + 1
        if program == "newsbrief":
            command: click.Command = newsbrief
            while isinstance(command, click.Group):
                found = command.get_command(click.Context(command), words.pop(0))
                assert found, where
                command = found
            options = {option for each in command.params for option in each.opts}
            assert {word for word in words if word.startswith("-")} <= options, where
        elif program == "python":
            assert words[0] == "-m", where
            assert find_spec(words[1]), where
        elif program == "make":
            assert f"\n{words[0]}: " in makefile, where
        elif program == "docker" and "--target" in words:
            assert words[words.index("--target") + 1] in read_stages(), where
        elif program == "kubectl" and "-k" in words:
            folder = ROOT / words[words.index("-k") + 1]
            assert folder.is_dir() or folder.name == "yours", where
    assert all(known.values()), known


def test_extras_are_installed_from_this_tree_and_exist():
    """No such package is on the public index: whoever took its name would be installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for page in PAGES:
        text = (ROOT / page).read_text("utf-8")
        assert "newsbrief[" not in text, page
        named = re.findall(r"\.venv/bin/pip install -e '\.\[(\w+)\]'", text)
        assert len(named) == text.count("pip install"), page
        assert {*named, *re.findall(r"\bextra\s`(\w+)`", text)} <= extras.keys(), page


def test_how_often_the_archive_gets_a_turn_is_said_as_it_is():
    runbook, backfill = (
        " ".join((ROOT / "docs" / name).read_text("utf-8").split())
        for name in ("runbooks.md", "backfill.md")
    )
    assert f"it gets one batch in {BACKFILL_TURN} while people wait" in runbook
    assert f"begins no batch but one of every {BACKFILL_TURN}," in backfill


def test_every_component_and_overlay_is_described():
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    rows = "".join(line for line in page.splitlines() if line.startswith("| `"))
    for component in COMPONENTS:
        assert f"`components/{component}`" in rows, component
    for overlay in OVERLAYS:
        assert re.search(rf"`(overlays/)?{overlay}`", rows), overlay


@pytest.fixture(scope="module")
def bundled():
    with TestClient(create_app(Settings())) as client:
        yield client


def test_the_requests_of_the_api_page_are_answered_as_it_says(bundled):
    requests, answers = curl(API), examples(API)
    paths = re.findall(r"curl -s http://127\.0\.0\.1:8000(\S+)", (ROOT / API).read_text("utf-8"))
    assert len(requests) == len(answers) == len(paths) == 3
    for path, body, shown in zip(paths, requests, answers, strict=True):
        answer = bundled.post(path, json=body)
        assert_alike(shown, answer.json())
        assert answer.status_code == shown.get("status", 200)


def test_the_events_of_the_api_page_are_those_that_come(bundled):
    (shown,) = re.findall(r"```\n(event: [^`]*)```", (ROOT / API).read_text("utf-8"))
    headers = {"Accept": "text/event-stream"}
    came = events(bundled.post("/v1/briefs", json=curl(API)[0], headers=headers).text)
    assert [name for name, _ in came] == [name for name, _ in events(shown)]
    for (name, data), (_, example) in zip(came, events(shown), strict=True):
        assert_alike(example, data, name)


def events(stream: str) -> list[tuple[str, dict]]:
    found = re.findall(r"event: (\w+)\ndata: (.*)", stream)
    return [(name, json.loads(data)) for name, data in found]


def test_the_client_of_the_api_page_works_and_waits_as_it_is_asked_to(bundled, monkeypatch, capsys):
    (code,) = blocks(API, "python")
    batcher = bundled.app.state.lifecycle.briefer.batcher
    full, waited = ExitStack(), []

    def sleep(seconds: int) -> None:
        waited.append(seconds)
        full.close()

    full.enter_context(batcher.admit(10**12))
    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(httpx, "Client", lambda **_: nullcontext(bundled))
    exec(code, {})  # noqa: S102 - the page's own
    assert waited
    assert waited[0] >= 1
    assert re.findall(r"^(\w\w) \[", capsys.readouterr().out, re.MULTILINE) == ["ko", "ru", "uk"]


def test_the_client_of_the_api_page_says_what_was_wrong(bundled, monkeypatch):
    (code,) = blocks(API, "python")
    monkeypatch.setattr(httpx, "Client", lambda **_: nullcontext(bundled))
    exec(code, names := {})  # noqa: S102 - the page's own
    with pytest.raises(RuntimeError, match=r"not 'de' \(request \w+\)"):
        names["brief"](bundled, curl(API)[2])


def test_the_limits_of_the_api_page_are_those_of_the_code():
    settings = Settings()
    asked = {**BriefRequest.model_fields, **TranslationRequest.model_fields}

    def most(field: str, kind: str = "max_length") -> int:
        return next(getattr(each, kind) for each in asked[field].metadata if hasattr(each, kind))

    (text,) = get_args(asked["texts"].annotation)
    (chars,) = (each.max_length for each in get_args(text) if hasattr(each, "max_length"))
    limits = {
        "request body": (settings.request_bytes,),
        "headers": (HEADER_BYTES,),
        "`body`": (settings.max_body_chars,),
        "`body_html`": (MARKUP_FACTOR, MAX_TAGS),
        "`headline`": (MAX_HEADLINE_CHARS,),
        "a word": (MAX_WORD_CHARS,),
        "words of prose in an article": (MIN_WORDS,),
        "`max_highlights`": (most("max_highlights", "ge"), most("max_highlights", "le")),
        "`targets`": (most("targets"),),
        "`texts`": (most("texts"),),
        "one of `texts`": (chars,),
        "time to send the headers, and again the body": (int(settings.read_seconds),),
        "time for an answer": (int(settings.request_seconds),),
        "work that waits in a lane": (int(settings.queue_seconds),),
        "requests a minute": (),
        "an idle connection": (KEEP_ALIVE,),
    }
    section = (ROOT / API).read_text("utf-8").split("\n## Limits\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:2] == "| "]
    assert {
        what: tuple(int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*", limit))
        for what, limit, _ in rows[1:]
    } == limits
