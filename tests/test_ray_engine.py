"""A backfill on a Ray cluster: a real one on this machine, with a worker killed midway."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from newsbrief.dividing import make_plan
from newsbrief.errors import ConfigurationError
from newsbrief.inputs import find_files
from newsbrief.planning import Options
from newsbrief.ray_engine import CONNECT_SECONDS, Task, _check_reachable, run_on_ray
from newsbrief.rows import Fields
from newsbrief.settings import Settings
from tests.backfilling import contents, write_archive
from tests.test_backfill import backfill, ended


def task(target: Path) -> Task:
    return Task(str(target), "jsonl", 0, Settings(), Options(), Fields())


def test_importing_the_module_does_not_import_ray():
    code = "import sys, newsbrief.ray_engine; assert 'ray' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_ray_the_message_says_which_extra_has_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    source = write_archive(tmp_path / "in.jsonl", 3)
    plan = make_plan(find_files(str(source)), Fields(), shard_rows=2)
    with pytest.raises(ConfigurationError, match=r"the extra 'ray' of Newsbrief$"):
        run_on_ray(plan, task(tmp_path / "out"), workers=(1, 1), stop=threading.Event())


def test_where_all_is_committed_no_cluster_is_needed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    source = write_archive(tmp_path / "in.jsonl", 3)
    plan = make_plan(find_files(str(source)), Fields(), shard_rows=2, limit=0)
    run_on_ray(plan, task(tmp_path / "out"), workers=(1, 1), stop=threading.Event())


@pytest.mark.skipif(find_spec("ray") is None, reason="needs the ray extra")
@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_an_address_where_nothing_listens_is_told_at_once(tmp_path, monkeypatch, scheme):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("RAY_ADDRESS", f"{scheme}127.0.0.1:{port}")
    source = write_archive(tmp_path / "in.jsonl", 3)
    plan = make_plan(find_files(str(source)), Fields(), shard_rows=2)
    with pytest.raises(ConfigurationError, match=rf"no cluster at .*127.0.0.1:{port}: .*refused"):
        run_on_ray(plan, task(tmp_path / "out"), workers=(1, 1), stop=threading.Event())


@pytest.mark.parametrize("address", ["auto", "local"])
def test_an_address_that_names_no_place_is_left_to_ray(address, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", None)
    _check_reachable(address)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("head.example:6379", ("head.example", 6379)),
        ("ray://head.example:10001", ("head.example", 10001)),
        ("[2001:db8::7]:6379", ("2001:db8::7", 6379)),
    ],
)
def test_the_place_that_an_address_names_is_tried(address, place, monkeypatch):
    tried = []

    def connect(where: tuple[str, int], timeout: float) -> socket.socket:
        tried.append((where, timeout))
        return socket.socket()

    monkeypatch.setattr(socket, "create_connection", connect)
    _check_reachable(address)
    assert tried == [(place, CONNECT_SECONDS)]


def actors(driver: int) -> list[int]:
    """The processes of a driver's Ray cluster that are briefing, by what Ray names them."""
    parents, found = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            name = (folder / "cmdline").read_bytes()
        except OSError:  # it has just ended
            continue
        parents[int(folder.name)] = int(fields[1])
        if name.startswith(b"ray::MapWorker"):
            found.append(int(folder.name))

    def descends(process: int) -> bool:
        return process == driver or (process in parents and descends(parents[process]))

    return [process for process in found if descends(process)]


@pytest.mark.slow
@pytest.mark.skipif(
    find_spec("ray") is None or not Path("/proc").is_dir(),
    reason="needs the ray extra, and Linux to find Ray's processes",
)
def test_a_worker_killed_midway_changes_no_byte(tmp_path):
    source = write_archive(tmp_path / "in.jsonl", 150)
    assert ended(backfill(source, tmp_path / "local")) == 0
    expected = contents(tmp_path / "local")
    driver = backfill(source, tmp_path / "ray", "ray")
    commits = tmp_path / "ray" / "commits"
    while driver.poll() is None and len(list(commits.glob("*.json"))) < 5:
        threading.Event().wait(0.05)
    working = actors(driver.pid)
    assert len(working) == 2
    os.kill(working[0], signal.SIGKILL)
    before = len(list(commits.glob("*.json")))
    assert ended(driver) == 0
    assert before < len(expected) / 2, "it was killed too late to matter"
    assert contents(tmp_path / "ray") == expected
