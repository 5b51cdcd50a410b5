"""What the README tells a newcomer to type works as it stands."""

import re
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from newsbrief.app import create_app
from newsbrief.article import Part
from newsbrief.checks import SourceText
from newsbrief.cli import main
from newsbrief.settings import Settings
from newsbrief.wire import FindingAnswer
from tests.examples import ANY, assert_alike, curl, examples

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
NETWORK = ("pull", "serve")  # tested in test_hub and test_faults

commands = [
    line
    for line in re.findall(r"^\$ \.venv/bin/newsbrief (.+?)(?: +#.*)?$", README, re.MULTILINE)
    if not set(line.split()) & set(NETWORK)
]


@pytest.mark.parametrize("command", commands)
def test_a_command_of_the_readme_runs(command, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(ROOT)
    command = command.replace(" briefs ", f" {tmp_path} ")  # what it writes stays out of the tree
    monkeypatch.setattr(sys, "argv", ["newsbrief", *shlex.split(command)])
    with pytest.raises(SystemExit) as caught:
        main()
    assert not caught.value.code
    assert capsys.readouterr().out


def test_the_request_of_the_readme_is_answered_as_it_says():
    (body,) = curl("README.md")
    with TestClient(create_app(Settings())) as client:
        answer = client.post("/v1/briefs", json=body).json()
    assert_alike(examples("README.md")[0], answer)


def test_the_finding_of_the_readme_is_what_the_checks_say():
    answer, shown = examples("README.md")
    (translation,) = re.findall(r"^Of a second bullet \"(.*)\"", README, re.MULTILINE)
    place = {"part": Part.HIGHLIGHTS.value, "index": shown["index"]}
    source = SourceText(answer["highlights"][shown["index"]]["text"], "en")
    (finding,) = source.check(translation, "uk")
    found = {key: value for key, value in asdict(finding).items() if value is not None}
    assert found | place == shown
    assert_alike(dict.fromkeys(FindingAnswer.model_fields, ANY), shown)


def test_the_container_of_the_readme_shows_the_port_that_its_image_serves_on():
    (port,) = re.findall(
        r"^\$ docker run .*-p 127\.0\.0\.1:8000:(\d+) newsbrief$", README, re.MULTILINE
    )
    assert f"\nEXPOSE {port}\n" in (ROOT / "Dockerfile").read_text("utf-8")


def test_the_two_commands_of_the_readme_are_targets_of_make():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^\$ make (\w+)", README, re.MULTILINE):
        assert f"\n{target}: " in makefile
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")
