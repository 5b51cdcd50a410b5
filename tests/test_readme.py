"""What the README tells a newcomer to type works as it stands."""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from newsbrief.app import create_app
from newsbrief.cli import main
from newsbrief.settings import Settings

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


def test_the_request_of_the_readme_is_answered_by_the_bundled_pack():
    (body,) = re.findall(r"curl .*? -d '(\{.*?\})'", README, re.DOTALL)
    with TestClient(create_app(Settings())) as client:
        answer = client.post("/v1/briefs", json=json.loads(body)).json()
    assert len(answer["highlights"]) == 2
    assert list(answer["translations"]) == ["uk"]
    assert answer["pack"]["name"] == "bundled"


def test_the_two_commands_of_the_readme_are_targets_of_make():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^\$ make (\w+)", README, re.MULTILINE):
        assert f"\n{target}: " in makefile
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")
