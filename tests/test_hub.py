"""Pulling: the real hub client against a stand-in hub that breaks off and that lies."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub.constants
import huggingface_hub.file_download
import pytest

from newsbrief import downloads, installing
from newsbrief import hub as hub_module
from newsbrief.errors import (
    DiskError,
    GatedError,
    LicenceError,
    NetworkError,
    PackCorruptError,
    PackError,
    PackNotFoundError,
    PullError,
)
from newsbrief.hub import pull, remove
from newsbrief.pack import Pack, open_pack, read_pack
from tests.standin_hub import REVISION, Fault, Hub, running_hub

CHUNK = 1000
WEIGHTS = bytes(range(256)) * 40  # 10,240 bytes: ten chunks and a bit
REPOSITORY = {
    "model.safetensors": WEIGHTS,
    "config.json": b'{"model_type": "marian"}',
    "source.spm": b"pieces",
    "LICENSE": b"Do as you like, and name us.",
    "pytorch_model.bin": b"a pickle",
    "README.md": b"upstream card",
    "onnx/model.safetensors": b"another",
    "old/source.spm": b"older pieces",
}
NEEDED = {"model.safetensors", "config.json", "source.spm", "LICENSE"}

RECIPE = f"""
format = 1
name = "coast"
version = "1.0.0"
description = "A recipe for tests."
source_languages = ["en"]
highlights = {{ method = "extractive" }}

[[directions]]
source = "en"
target = "uk"
model = "east"

[models.east]
family = "marian"
licence = "CC-BY-4.0"
commercial_use = true
attribution = "The makers of East."
folder = "east"
max_source_tokens = 512

[models.east.source]
kind = "hub"
repository = "makers/east"
revision = "{REVISION}"
"""


class Told:
    """A report that remembers: what was said, and for each transfer where it began and ended."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.bars: list[ToldBar] = []

    def say(self, line: str) -> None:
        self.lines.append(line)

    def bar(self, name: str, total: int, done: int) -> ToldBar:
        self.bars.append(ToldBar(name, total, done))
        return self.bars[-1]


class ToldBar:
    def __init__(self, name: str, total: int, done: int) -> None:
        self.name, self.total, self.began, self.done, self.closed = name, total, done, done, False

    def update(self, count: int) -> None:
        self.done += count

    def close(self) -> None:
        self.closed = True


def converter(checkpoint: Path, family: str, out: Path, quantization: str) -> None:
    """Stands in for the conversion: the engine's folder is made of the checkpoint's bytes."""
    out.mkdir()
    parts = (
        *checkpoint.glob("*.safetensors"),
        *checkpoint.glob("*.np*"),
        checkpoint / "source.spm",
    )
    weights = b"".join(path.read_bytes() for path in parts)
    (out / "model.bin").write_bytes(f"{family} {quantization} ".encode() + weights)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with one repository; the client writes small chunks and does not wait to retry."""
    monkeypatch.setattr(huggingface_hub.constants, "DOWNLOAD_CHUNK_SIZE", CHUNK)
    monkeypatch.setattr(huggingface_hub.file_download.time, "sleep", lambda _: None)
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    with running_hub() as running:
        running.repositories["makers/east"] = dict(REPOSITORY)
        yield running


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return tmp_path / "packs"


def recipe(tmp_path: Path, text: str = RECIPE) -> Pack:
    folder = tmp_path / "recipes" / "coast"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    (folder / "README.md").write_text("The card of Coast.", encoding="utf-8")
    return read_pack(folder)


def pull_from(hub: Hub, pack: Pack, packs: Path, **options: object) -> Pack:
    options = {"report": Told(), "converter": converter, **options}
    return pull(pack, packs, endpoint=hub.address, **options)  # type: ignore[arg-type]


def leftovers(packs: Path) -> list[str]:
    """What lies beside the installed packs, the lock files of processes aside."""
    found = sorted(path.name for path in packs.iterdir() if path.name.startswith("."))
    return [name for name in found if not name.endswith(".lock")]


def arrived(packs: Path) -> dict[str, bytes]:
    """The files of unfinished downloads, parts included."""
    folder = packs / ".coast.downloads"
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What a pull makes


def test_a_pulled_pack_opens_and_holds_what_was_converted(hub, tmp_path, packs):
    pack = pull_from(hub, recipe(tmp_path), packs)
    assert pack.folder == packs / "coast"
    opened = open_pack(packs / "coast")
    assert opened.installed
    assert (packs / "coast/east/model.bin").read_bytes() == b"marian int8 " + WEIGHTS + b"pieces"
    assert (packs / "coast/README.md").read_text() == "The card of Coast."
    assert (packs / "coast/east/LICENSE").read_bytes() == REPOSITORY["LICENSE"]
    assert leftovers(packs) == []


def test_only_the_files_that_a_conversion_needs_are_asked_for(hub, tmp_path, packs):
    pull_from(hub, recipe(tmp_path), packs)
    gets = {
        request.path
        for request in hub.requests
        if request.method == "GET" and "/resolve/" in request.path
    }
    assert gets == {f"/makers/east/resolve/{REVISION}/{name}" for name in NEEDED}


def test_the_lock_records_what_came_and_what_was_made_of_it(hub, tmp_path, packs):
    pull_from(hub, recipe(tmp_path), packs)
    lock = json.loads((packs / "coast/pack.lock").read_text())
    assert (lock["pack"], lock["version"], lock["accepted"]) == ("coast", "1.0.0", [])
    assert lock["date"].endswith("+00:00")
    assert set(lock["tools"]) >= {"newsbrief", "ctranslate2", "huggingface-hub"}
    east = lock["models"]["east"]
    assert east["source"]["revision"] == REVISION
    assert {file["path"]: (file["bytes"], file["sha256"]) for file in east["upstream"]} == {
        name: (len(REPOSITORY[name]), hashlib.sha256(REPOSITORY[name]).hexdigest())
        for name in NEEDED
    }
    assert [file["path"] for file in east["files"]] == ["east/LICENSE", "east/model.bin"]


def test_a_whole_pack_is_not_pulled_again_unless_asked(hub, tmp_path, packs):
    pull_from(hub, recipe(tmp_path), packs)
    asked = len(hub.requests)
    pull_from(hub, recipe(tmp_path), packs)
    assert len(hub.requests) == asked
    pull_from(hub, recipe(tmp_path), packs, again=True)
    assert len(hub.gets("model.safetensors")) == 2


def test_a_spoilt_pack_is_pulled_again(hub, tmp_path, packs):
    pull_from(hub, recipe(tmp_path), packs)
    (packs / "coast/east/model.bin").write_bytes(b"spoilt")
    report = Told()
    pull_from(hub, recipe(tmp_path), packs, report=report)
    assert open_pack(packs / "coast").installed
    assert any("will be replaced" in line and "model.bin" in line for line in report.lines)


def test_a_newer_recipe_replaces_the_pack(hub, tmp_path, packs):
    pull_from(hub, recipe(tmp_path), packs)
    newer = RECIPE.replace('version = "1.0.0"', 'version = "1.1.0"').replace(
        "max_source_tokens", 'quantization = "float32"\nmax_source_tokens'
    )
    assert pull_from(hub, recipe(tmp_path, newer), packs).name.version == "1.1.0"
    assert (packs / "coast/east/model.bin").read_bytes().startswith(b"marian float32 ")
    assert leftovers(packs) == []


def test_the_accounts_token_goes_to_the_hub(hub, tmp_path, packs, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    pull_from(hub, recipe(tmp_path), packs)
    assert {request.authorization for request in hub.requests} == {"Bearer hf_secret"}


@pytest.fixture
def network(hub: Hub) -> Iterator[Hub]:
    """A content network that holds the weights, as the public hub's does."""
    with running_hub() as running:
        running.plain["model.safetensors"] = WEIGHTS
        hub.elsewhere["model.safetensors"] = running
        yield running


def test_weights_come_from_a_content_network_that_never_sees_the_token(
    hub, network, tmp_path, packs, monkeypatch
):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    pull_from(hub, recipe(tmp_path), packs)
    assert open_pack(packs / "coast").installed
    (request,) = network.gets("model.safetensors")
    assert request.sent == len(WEIGHTS)
    assert {request.authorization for request in network.requests} == {None}
    assert {request.authorization for request in hub.requests} == {"Bearer hf_secret"}


def test_a_transfer_that_broke_off_there_goes_on_there(hub, network, tmp_path, packs):
    network.faults["GET model.safetensors"] = Fault(times=1, cut=4500)
    pull_from(hub, recipe(tmp_path), packs)
    assert [each.range for each in network.gets("model.safetensors")] == [None, "bytes=4000-"]
    assert open_pack(packs / "coast").installed


def test_other_bytes_from_a_content_network_are_thrown_away(hub, network, tmp_path, packs):
    network.plain["model.safetensors"] = bytes(len(WEIGHTS))
    assert "has SHA-256" in refused(hub, recipe(tmp_path), packs, PackCorruptError)
    assert "model.safetensors" not in arrived(packs)


def test_a_report_hears_of_every_byte(hub, tmp_path, packs):
    report = Told()
    pull_from(hub, recipe(tmp_path), packs, report=report)
    assert {bar.name for bar in report.bars} == {f"makers/east: {name}" for name in NEEDED}
    assert all(bar.closed and bar.done == bar.total for bar in report.bars)
    assert report.lines == ["Pulling coast@1.0.0: 10.3 kB from the hub", "Converting east to int8"]


# Interrupted transfers


def test_a_broken_transfer_goes_on_within_the_same_pull(hub, tmp_path, packs):
    hub.faults["GET model.safetensors"] = Fault(times=1, cut=4500)
    pull_from(hub, recipe(tmp_path), packs)
    first, second = hub.gets("model.safetensors")
    assert (first.range, second.range) == (None, "bytes=4000-")
    assert (first.sent, second.sent) == (4500, 6240)
    assert open_pack(packs / "coast").installed


def test_a_pull_that_lost_the_hub_goes_on_later_where_it_stopped(hub, tmp_path, packs):
    hub.faults["GET model.safetensors"] = Fault(times=1, cut=4500)
    hub.faults["model.safetensors"] = Fault(times=6, status=503)
    hub.faults["HEAD model.safetensors"] = Fault(times=1)
    with pytest.raises(NetworkError, match="503"):
        pull_from(hub, recipe(tmp_path), packs)
    assert not (packs / "coast").exists()
    assert leftovers(packs) == [".coast.downloads"]
    assert [len(content) for name, content in arrived(packs).items() if "safetensors" in name] == [
        4000
    ]
    hub.faults.clear()
    report = Told()
    pull_from(hub, recipe(tmp_path), packs, report=report)
    last = hub.gets("model.safetensors")[-1]
    assert (last.range, last.sent) == ("bytes=4000-", 6240)
    assert [bar.began for bar in report.bars if "safetensors" in bar.name] == [4000]
    assert open_pack(packs / "coast").installed


def test_files_that_had_arrived_whole_are_not_fetched_again(hub, tmp_path, packs):
    hub.faults["source.spm"] = Fault(status=500)
    with pytest.raises(NetworkError):
        pull_from(hub, recipe(tmp_path), packs)
    hub.faults.clear()
    pull_from(hub, recipe(tmp_path), packs)
    assert len(hub.gets("model.safetensors")) == 1
    assert open_pack(packs / "coast").installed


def test_a_server_that_ignores_ranges_sends_all_again(hub, tmp_path, packs):
    hub.faults["GET model.safetensors"] = Fault(times=1, cut=4500)
    hub.faults["model.safetensors"] = Fault(times=2, whole=True)
    report = Told()
    pull_from(hub, recipe(tmp_path), packs, report=report)
    second = hub.gets("model.safetensors")[1]
    assert (second.range, second.sent) == ("bytes=4000-", len(WEIGHTS))
    assert open_pack(packs / "coast").installed
    assert all(bar.done == bar.total for bar in report.bars)


def test_what_was_fetched_of_another_version_is_not_built_upon(hub, tmp_path, packs):
    hub.faults["GET model.safetensors"] = Fault(times=1, cut=4500)
    hub.faults["model.safetensors"] = Fault(times=6, status=503)
    hub.faults["HEAD model.safetensors"] = Fault(times=1)
    with pytest.raises(NetworkError):
        pull_from(hub, recipe(tmp_path), packs)
    assert any(name.endswith(".part") for name in arrived(packs))
    hub.faults = {"config.json": Fault(status=500)}
    hub.repositories["makers/east"]["model.safetensors"] = WEIGHTS[::-1]
    with pytest.raises(NetworkError):
        pull_from(hub, recipe(tmp_path), packs)
    last = hub.gets("model.safetensors")[-1]
    assert (last.range, last.sent) == (None, len(WEIGHTS))
    assert arrived(packs) == {"model.safetensors": WEIGHTS[::-1]}


DRIVER = """
import sys
from pathlib import Path
from newsbrief.hub import pull
from newsbrief.pack import read_pack
from tests.test_hub import Told, ToldBar, converter

class Bar(ToldBar):
    def update(self, count):
        super().update(count)
        print(self.name, self.done, flush=True)

class Report(Told):
    def bar(self, name, total, done):
        print(name, "begins", done, flush=True)
        return Bar(name, total, done)

def convert(*args):
    converter(*args)
    if "stop" in sys.argv:
        print("converted", flush=True)
        sys.stdin.read()

pull(read_pack(Path(sys.argv[1])), Path(sys.argv[2]), Report(), converter=convert)
"""


def start_pull(hub: Hub, pack: Pack, packs: Path, *options: str) -> subprocess.Popen[str]:
    """A pull in a process of its own, with the client as it comes; prints its progress."""
    root = Path(__file__).parents[1]
    environment = {
        **os.environ,
        "HF_ENDPOINT": hub.address,
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "service")]),
    }
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(pack.folder), str(packs), *options],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_pull_killed_midway_installs_nothing_and_goes_on_from_there(hub, tmp_path, packs):
    # The client as it comes writes in chunks of 10 MiB.
    chunk = 10 * 1024 * 1024
    weights = os.urandom(1024) * (3 * 1024 * 10)
    hub.repositories["makers/east"]["model.safetensors"] = weights
    stall = Fault(times=1, stall=2 * chunk + 5000)
    hub.faults["GET model.safetensors"] = stall
    with start_pull(hub, recipe(tmp_path), packs) as process:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        for line in lines:
            if line.split()[-1] == str(2 * chunk):
                break
        process.send_signal(signal.SIGKILL)
        process.wait()
    stall.released.set()
    assert not (packs / "coast").exists()
    hub.requests.clear()
    with start_pull(hub, recipe(tmp_path), packs) as process:
        said, errors = process.communicate()
        assert process.returncode == 0, errors
    # The client reports a chunk just before it writes it: of the last one, any part may be there.
    began = int(said.splitlines()[0].removeprefix("makers/east: model.safetensors begins "))
    assert chunk <= began <= 2 * chunk
    [request] = hub.gets("model.safetensors")
    assert (request.range, request.sent) == (f"bytes={began}-", len(weights) - began)
    assert open_pack(packs / "coast").installed
    assert leftovers(packs) == []


def test_a_pull_killed_while_converting_leaves_the_old_pack_as_it_was(hub, tmp_path, packs):
    pull_from(hub, recipe(tmp_path), packs)
    before = (packs / "coast/pack.lock").read_bytes()
    newer = recipe(tmp_path, RECIPE.replace('version = "1.0.0"', 'version = "1.1.0"'))
    with start_pull(hub, newer, packs, "stop") as process:
        assert process.stdout
        assert "converted\n" in iter(process.stdout.readline, "")
        # While it runs, nobody else may touch the pack.
        with pytest.raises(PullError, match="another process is pulling or removing 'coast'"):
            pull_from(hub, newer, packs)
        with pytest.raises(PullError, match="another process"):
            remove("coast", packs)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (packs / "coast/pack.lock").read_bytes() == before
    assert open_pack(packs / "coast").name.version == "1.0.0"
    assert ".coast.incomplete" in leftovers(packs)
    asked = len(hub.gets("model.safetensors"))
    assert pull_from(hub, newer, packs).name.version == "1.1.0"
    assert len(hub.gets("model.safetensors")) == asked, "it had arrived and is not fetched again"
    assert leftovers(packs) == []


def test_a_pack_moved_aside_by_a_killed_pull_comes_back(hub, tmp_path, packs):
    pull_from(hub, recipe(tmp_path), packs)
    (packs / "coast").rename(packs / ".coast.old")
    asked = len(hub.requests)
    pull_from(hub, recipe(tmp_path), packs)
    assert len(hub.requests) == asked
    assert open_pack(packs / "coast").installed


def test_an_installation_that_fails_puts_the_old_pack_back(hub, tmp_path, packs, monkeypatch):
    pull_from(hub, recipe(tmp_path), packs)
    newer = recipe(tmp_path, RECIPE.replace('version = "1.0.0"', 'version = "1.1.0"'))
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name.endswith(".incomplete"):
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(installing.Path, "rename", failing)
    with pytest.raises(KeyboardInterrupt):
        pull_from(hub, newer, packs)
    assert open_pack(packs / "coast").name.version == "1.0.0"


def test_ctrl_c_keeps_what_arrived_and_installs_nothing(hub, tmp_path, packs):
    class Impatient(Told):
        def bar(self, name: str, total: int, done: int) -> ToldBar:
            bar = super().bar(name, total, done)
            if "safetensors" in name:
                bar.update = self.interrupt  # type: ignore[method-assign]
            return bar

        def interrupt(self, count: int) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull_from(hub, recipe(tmp_path), packs, report=Impatient())
    assert leftovers(packs) == [".coast.downloads"]
    assert not (packs / "coast").exists()


# Servers that lie


def refused(hub: Hub, pack: Pack, packs: Path, kind: type[Exception]) -> str:
    """The pull's error; it must have installed nothing and left no half-made pack."""
    with pytest.raises(kind) as caught:
        pull_from(hub, pack, packs)
    assert not (packs / "coast").exists()
    assert leftovers(packs) in ([], [".coast.downloads"])
    return str(caught.value)


def test_wrong_bytes_of_the_right_length_are_thrown_away(hub, tmp_path, packs):
    hub.faults["GET model.safetensors"] = Fault(content=b"x" * len(WEIGHTS))
    said = refused(hub, recipe(tmp_path), packs, PackCorruptError)
    assert f"should have {hashlib.sha256(WEIGHTS).hexdigest()}" in said
    assert "it was thrown away" in said
    assert not any("safetensors" in name for name in arrived(packs))
    hub.faults.clear()
    pull_from(hub, recipe(tmp_path), packs)
    assert open_pack(packs / "coast").installed


def test_wrong_bytes_of_a_small_file_are_known_by_its_git_object(hub, tmp_path, packs):
    hub.faults["GET config.json"] = Fault(content=b'{"model_type": "Marian"}')
    said = refused(hub, recipe(tmp_path), packs, PackCorruptError)
    assert "config.json is not the object" in said


def test_a_pinned_checksum_stands_above_what_the_hub_says(hub, tmp_path, packs):
    pinned = RECIPE + f'sha256 = {{ "model.safetensors" = "{"0" * 64}" }}\n'
    said = refused(hub, recipe(tmp_path, pinned), packs, PackCorruptError)
    assert "0" * 64 in said
    assert "is pinned" in said
    hub.with_lfs = False
    said = refused(hub, recipe(tmp_path, pinned), packs, PackCorruptError)
    assert f"should have {'0' * 64}" in said


def test_a_pinned_file_that_the_commit_lacks_is_told(hub, tmp_path, packs):
    pinned = RECIPE + f'sha256 = {{ "vocab.json" = "{"0" * 64}" }}\n'
    said = refused(hub, recipe(tmp_path, pinned), packs, PackCorruptError)
    assert "lacks 'vocab.json', whose checksum is pinned" in said


def test_other_files_than_the_recipes_lock_records_are_refused(hub, tmp_path, packs):
    pull_from(hub, recipe(tmp_path), packs)
    shutil.copyfile(packs / "coast/pack.lock", tmp_path / "recipes/coast/pack.lock")
    shutil.rmtree(packs / "coast")
    hub.repositories["makers/east"]["source.spm"] = b"PIECES"
    said = refused(hub, recipe(tmp_path), packs, PackCorruptError)
    assert "'source.spm' of models.east has SHA-256" in said
    hub.repositories["makers/east"]["source.spm"] = b"pieces"
    assert pull_from(hub, recipe(tmp_path), packs).installed


def test_pulling_again_is_held_to_the_lock_of_the_first_time(hub, tmp_path, packs):
    pull_from(hub, recipe(tmp_path), packs)
    hub.repositories["makers/east"]["model.safetensors"] = WEIGHTS[::-1]
    with pytest.raises(PackCorruptError, match=r"'model\.safetensors' of models\.east"):
        pull_from(hub, recipe(tmp_path), packs, again=True)
    assert open_pack(packs / "coast").installed


def test_another_commit_than_the_pinned_one_is_refused(hub, tmp_path, packs):
    hub.commit = "f" * 40
    said = refused(hub, recipe(tmp_path), packs, PackCorruptError)
    assert f"answered with the commit {'f' * 40}" in said
    hub.commit = REVISION
    hub.faults["config.json"] = Fault(commit="e" * 40)
    said = refused(hub, recipe(tmp_path), packs, PackCorruptError)
    assert f"answered with the commit {'e' * 40}" in said


def test_a_body_shorter_than_the_hub_listed_is_not_taken(hub, tmp_path, packs):
    hub.faults["GET model.safetensors"] = Fault(announced=5000)
    said = refused(hub, recipe(tmp_path), packs, NetworkError)
    assert "sent less than it announced" in said


def test_a_server_that_does_not_stop_sending_is_cut_off(hub, tmp_path, packs):
    hub.faults["GET model.safetensors"] = Fault(endless=True)
    said = refused(hub, recipe(tmp_path), packs, PackCorruptError)
    assert "sends more than the 10,240 bytes it announced" in said
    assert arrived(packs) == {}, "what it sent is of no use"


def test_a_file_longer_than_listed_is_refused_before_it_is_fetched(hub, tmp_path, packs):
    hub.faults["HEAD model.safetensors"] = Fault(announced=5)
    files = hub.repositories["makers/east"]
    hub.faults["api"] = Fault(
        content=json.dumps(
            {
                **hub.info("makers/east"),
                "siblings": [
                    {"rfilename": name, "size": len(content) + 1} for name, content in files.items()
                ],
            }
        ).encode()
    )
    said = refused(hub, recipe(tmp_path), packs, PackCorruptError)
    assert "the hub gives two sizes" in said
    assert not hub.gets("model.safetensors")


@pytest.mark.parametrize("where", ["api", "model.safetensors"])
def test_a_web_page_in_place_of_an_answer_is_no_model(hub, tmp_path, packs, where):
    hub.faults[where] = Fault(page=True)
    said = refused(hub, recipe(tmp_path), packs, PullError if where == "api" else PackError)
    assert "not that of a model hub" in said or "answered with the commit None" in said


@pytest.mark.parametrize("answer", [b"[]", b'{"sha": 3}', b'{"id": "x", "siblings": [1]}'])
def test_an_answer_of_another_shape_is_no_model(hub, tmp_path, packs, answer):
    hub.faults["api"] = Fault(content=answer)
    with pytest.raises((PullError, PackCorruptError), match=r"the hub answered|not that of a"):
        pull_from(hub, recipe(tmp_path), packs)


# Hubs that refuse, and no hub


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("where", ["api", "model.safetensors"])
def test_a_gated_model_says_what_to_do(hub, tmp_path, packs, status, where):
    hub.faults[where] = Fault(status=status, code="GatedRepo")
    said = refused(hub, recipe(tmp_path), packs, GatedError)
    assert "accept its terms on the hub, then set HF_TOKEN" in said


def test_a_token_that_is_not_enough_is_told(hub, tmp_path, packs):
    hub.faults["model.safetensors"] = Fault(status=403)
    assert "access is refused (403)" in refused(hub, recipe(tmp_path), packs, GatedError)


def test_an_unknown_repository_is_told(hub, tmp_path, packs):
    hub.repositories.clear()
    said = refused(hub, recipe(tmp_path), packs, PullError)
    assert "makers/east@01234567: there is no such repository" in said


def test_an_unknown_commit_is_told(hub, tmp_path, packs):
    text = RECIPE.replace(REVISION, "d" * 40)
    assert "no such commit" in refused(hub, recipe(tmp_path, text), packs, PullError)


def test_a_file_with_an_odd_name_is_refused(hub, tmp_path, packs):
    hub.repositories["makers/east"]["LICENSE\0"] = b"odd"
    assert r"a file called 'LICENSE\x00'" in refused(hub, recipe(tmp_path), packs, PullError)


def test_a_repository_of_pickles_is_refused_without_fetching_one(hub, tmp_path, packs):
    del hub.repositories["makers/east"]["model.safetensors"]
    said = refused(hub, recipe(tmp_path), packs, PullError)
    assert "only pytorch_model.bin: a pickle, which is never loaded" in said
    assert not hub.gets("pytorch_model.bin")


def test_no_network_is_told_plainly(tmp_path, packs):
    with running_hub() as gone:
        pass
    said = refused(gone, recipe(tmp_path), packs, NetworkError)
    assert "no connection" in said
    assert "pulling again goes on from there" in said


def test_an_offline_client_says_what_forbids_it(tmp_path, packs):
    process = subprocess.run(
        [sys.executable, "-c", DRIVER, str(recipe(tmp_path).folder), str(packs)],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "NetworkError: makers/east@01234567: HF_HUB_OFFLINE forbids" in process.stderr


@pytest.mark.parametrize("library", ["huggingface_hub", "torch"])
def test_without_its_libraries_it_says_which_extra_has_them(tmp_path, packs, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(PullError, match=f"the extra 'convert' of Newsbrief: {library} is missing"):
        pull(recipe(tmp_path), packs, Told(), converter=converter)


# Disks


def full(free: int) -> object:
    return lambda _: namedtuple("Usage", "total used free")(free, 0, free)


def test_too_little_room_is_told_before_the_first_byte(hub, tmp_path, packs, monkeypatch):
    monkeypatch.setattr(downloads.shutil, "disk_usage", full(9_000))
    said = refused(hub, recipe(tmp_path), packs, DiskError)
    assert "needs 10.3 kB free and has 9.0 kB" in said
    assert not hub.gets("model.safetensors")


def test_a_disk_that_fills_midway_keeps_what_arrived(hub, tmp_path, packs, monkeypatch):
    real = huggingface_hub.file_download.http_get

    def filling(url: str, file: io.BufferedWriter, **options: object) -> None:
        if not url.endswith("model.safetensors"):
            return real(url, file, **options)  # type: ignore[arg-type]
        file.write(WEIGHTS[:3000])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(huggingface_hub.file_download, "http_get", filling)
    said = refused(hub, recipe(tmp_path), packs, DiskError)
    assert "model.safetensors: the disk is full" in said
    monkeypatch.setattr(huggingface_hub.file_download, "http_get", real)
    pull_from(hub, recipe(tmp_path), packs)
    assert hub.gets("model.safetensors")[-1].range == "bytes=3000-"


def test_a_disk_that_fills_while_converting_is_told(hub, tmp_path, packs):
    def filling(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskError, match="coast: the disk is full"):
        pull_from(hub, recipe(tmp_path), packs, converter=filling)
    assert leftovers(packs) == [".coast.downloads"]


def test_a_place_that_can_not_be_written_is_told(hub, tmp_path):
    (tmp_path / "packs").write_text("in the way")
    with pytest.raises(PullError, match="coast: "):
        pull_from(hub, recipe(tmp_path), tmp_path / "packs")


def test_a_conversion_that_fails_installs_nothing(hub, tmp_path, packs):
    def failing(*_: object) -> None:
        raise PackCorruptError("the checkpoint is not what its family has")

    with pytest.raises(PackCorruptError, match="not what its family has"):
        pull_from(hub, recipe(tmp_path), packs, converter=failing)
    assert leftovers(packs) == [".coast.downloads"]
    with pytest.raises(PullError, match="the conversion of east made no files"):
        pull_from(hub, recipe(tmp_path), packs, converter=lambda *args: args[2].mkdir())


# Licences, and what can't be pulled


NON_COMMERCIAL = RECIPE.replace("CC-BY-4.0", "CC-BY-NC-4.0").replace("= true", "= false")


def test_a_licence_without_commercial_use_must_be_accepted(hub, tmp_path, packs):
    with pytest.raises(LicenceError) as caught:
        pull_from(hub, recipe(tmp_path, NON_COMMERCIAL), packs)
    assert "east (CC-BY-NC-4.0)" in str(caught.value)
    assert "--accept-non-commercial" in str(caught.value)
    assert hub.requests == []
    pack = pull_from(hub, recipe(tmp_path, NON_COMMERCIAL), packs, accept_non_commercial=True)
    assert pack.lock
    assert [(each.model, each.licence) for each in pack.lock.accepted] == [("east", "CC-BY-NC-4.0")]


def test_our_own_weights_can_not_be_pulled(hub, tmp_path, packs):
    text = RECIPE[: RECIPE.index("[models.east.source]")]
    own = text + '[models.east.source]\nkind = "own"\nrecipe = "make weights"\n'
    with pytest.raises(PullError, match="ships with Newsbrief: there is nothing to pull"):
        pull_from(hub, recipe(tmp_path, own), packs)


# Archives


def release(files: dict[str, bytes] | None = None) -> bytes:
    """A Marian release, zipped."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in (files or RELEASE).items():
            archive.writestr(name, data)
    return content.getvalue()


RELEASE = {
    "model.best.npz": WEIGHTS,
    "decoder.yml": b"models: [model.best.npz]",
    "source.spm": b"pieces",
    "opus.src.vocab": b"<unk>: 0",
    "LICENSE": b"Name us.",
    "README.md": b"A release.",
    "postprocess.sh": b"rm -rf /",
}


def archive_recipe(tmp_path: Path, hub: Hub, content: bytes, name: str = "release.zip") -> Pack:
    hub.plain[name] = content
    source = f"""[models.east.source]
kind = "archive"
url = "{hub.address}/files/{name}"
sha256 = "{hashlib.sha256(content).hexdigest()}"
"""
    return recipe(tmp_path, RECIPE[: RECIPE.index("[models.east.source]")] + source)


def test_an_archive_is_fetched_unpacked_and_converted(hub, tmp_path, packs):
    content = release()
    seen: list[set[str]] = []

    def looking(checkpoint: Path, family: str, out: Path, quantization: str) -> None:
        seen.append({path.name for path in checkpoint.iterdir()})
        converter(checkpoint, family, out, quantization)

    pack = pull_from(hub, archive_recipe(tmp_path, hub, content), packs, converter=looking)
    assert seen == [set(RELEASE) - {"README.md", "postprocess.sh"}]
    assert open_pack(pack.folder).installed
    assert (pack.folder / "east/LICENSE").read_bytes() == b"Name us."
    assert pack.lock
    [upstream] = pack.lock.models["east"].upstream
    assert (upstream.path, upstream.bytes) == ("release.zip", len(content))


def test_a_release_inside_a_folder_is_found(hub, tmp_path, packs):
    content = release({f"opus/{name}": data for name, data in RELEASE.items()})
    pack = pull_from(hub, archive_recipe(tmp_path, hub, content), packs)
    assert (pack.folder / "east/model.bin").read_bytes() == b"marian int8 " + WEIGHTS + b"pieces"


def test_a_broken_archive_goes_on_where_it_stopped(hub, tmp_path, packs):
    content = release()
    pack = archive_recipe(tmp_path, hub, content)
    hub.faults["GET release.zip"] = Fault(times=1, cut=4500)
    hub.faults["release.zip"] = Fault(times=6, status=502)
    hub.faults["HEAD release.zip"] = Fault(times=1)
    assert "502" in refused(hub, pack, packs, NetworkError)
    hub.faults.clear()
    pull_from(hub, pack, packs)
    last = hub.gets("release.zip")[-1]
    assert (last.range, last.sent) == ("bytes=4000-", len(content) - 4000)


def test_an_archive_with_another_checksum_is_thrown_away(hub, tmp_path, packs):
    pack = archive_recipe(tmp_path, hub, release())
    hub.plain["release.zip"] = release({**RELEASE, "model.best.npz": WEIGHTS[::-1]})
    assert "should have" in refused(hub, pack, packs, PackCorruptError)
    assert not any("zip" in name for name in arrived(packs))


def test_an_archive_that_is_not_there_is_told(hub, tmp_path, packs):
    pack = archive_recipe(tmp_path, hub, release())
    hub.plain.clear()
    assert "release.zip: " in refused(hub, pack, packs, PullError)


def test_an_archive_of_unknown_length_is_not_begun(hub, tmp_path, packs):
    pack = archive_recipe(tmp_path, hub, release())
    hub.faults["release.zip"] = Fault(endless=True)
    said = refused(hub, pack, packs, PullError)
    assert "release.zip: the server does not say how long it is" in said
    assert not any(arrived(packs).values())


def link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("vocab.yml")
    info.external_attr = 0o120777 << 16
    archive.writestr(info, "/etc/passwd")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../evil.npz", "leads out of the archive"),
        ("/evil.npz", "leads out of the archive"),
        ("a\\..\\evil.npz", "leads out of the archive"),
        ("C:/evil.npz", "leads out of the archive"),
        ("second.npz", "should hold one .npz and holds 2"),
    ],
)
def test_an_archive_that_leads_astray_is_refused(hub, tmp_path, packs, name, said):
    pack = archive_recipe(tmp_path, hub, release({**RELEASE, name: b"evil"}))
    assert said in refused(hub, pack, packs, PackCorruptError)
    assert not list(tmp_path.rglob("evil.npz"))


def test_an_archive_with_a_link_is_refused(hub, tmp_path, packs):
    content = io.BytesIO(release())
    with zipfile.ZipFile(content, "a") as archive:
        link(archive)
    pack = archive_recipe(tmp_path, hub, content.getvalue())
    assert "'vocab.yml' is a link" in refused(hub, pack, packs, PackCorruptError)


def test_an_archive_that_unpacks_to_a_flood_is_refused(hub, tmp_path, packs):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.npz", bytes(50_000_000))
    pack = archive_recipe(tmp_path, hub, content.getvalue())
    assert "would unpack to 50.0 MB" in refused(hub, pack, packs, PackCorruptError)


def test_an_archive_of_too_many_files_is_refused(hub, tmp_path, packs):
    files = {f"{number}.yml": b"" for number in range(1001)}
    pack = archive_recipe(tmp_path, hub, release(files))
    assert "more than 1,000 files" in refused(hub, pack, packs, PackCorruptError)


@pytest.mark.parametrize("content", [b"<html>404</html>", release()[:-30], b""])
def test_what_is_no_zip_archive_is_refused(hub, tmp_path, packs, content):
    pack = archive_recipe(tmp_path, hub, content)
    assert "not a zip archive we can read" in refused(hub, pack, packs, PackCorruptError)


def test_a_damaged_member_is_noticed(hub, tmp_path, packs):
    content = bytearray(release())
    content[2000] ^= 1
    pack = archive_recipe(tmp_path, hub, bytes(content))
    assert "not a zip archive we can read" in refused(hub, pack, packs, PackCorruptError)


# Removing


def test_a_pulled_pack_can_be_removed(hub, tmp_path, packs):
    pack = pull_from(hub, recipe(tmp_path), packs)
    size = sum(path.stat().st_size for path in pack.folder.rglob("*") if path.is_file())
    assert remove("coast", packs) == size
    assert not pack.folder.exists()
    assert leftovers(packs) == []
    with pytest.raises(PackNotFoundError, match="no pack called 'coast' is installed"):
        remove("coast", packs)


def test_what_an_unfinished_pull_left_can_be_removed(hub, tmp_path, packs):
    hub.faults["config.json"] = Fault(status=500)
    with pytest.raises(NetworkError):
        pull_from(hub, recipe(tmp_path), packs)
    size = sum(map(len, arrived(packs).values()))
    assert remove("coast", packs) == size == len(WEIGHTS)
    assert arrived(packs) == {}


def test_a_pack_that_ships_can_not_be_removed(tmp_path, packs, monkeypatch):
    monkeypatch.setattr(hub_module, "shipped_packs", lambda: tmp_path / "recipes")
    pack = recipe(tmp_path)
    with pytest.raises(PackNotFoundError, match="no pack called 'coast' is installed in"):
        remove("coast", packs)
    text = RECIPE[: RECIPE.index("\n[[directions]]")]
    assert recipe(tmp_path, text).installed
    with pytest.raises(PackError, match="the pack 'coast' ships with Newsbrief and can't be"):
        remove("coast", packs)
    assert pack.folder.is_dir()


@pytest.mark.parametrize("name", ["../recipes", "..", ".", "/", "", ".coast.downloads", "COAST"])
def test_only_packs_can_be_removed(tmp_path, packs, name):
    (tmp_path / "recipes").mkdir()
    (packs / ".coast.downloads").mkdir(parents=True)
    with pytest.raises(PackNotFoundError):
        remove(name, packs)
    assert (tmp_path / "recipes").is_dir()
    assert (packs / ".coast.downloads").is_dir()
