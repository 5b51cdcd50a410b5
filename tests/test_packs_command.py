"""`newsbrief packs`: what it prints and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsbrief.errors import LicenceError, PackCorruptError, PackError, PackNotFoundError
from newsbrief.packs_command import PlainBar, Terminal, packs
from newsbrief.units import in_units
from tests.standin_hub import REVISION, Fault, Hub, running_hub
from tests.test_hub import NON_COMMERCIAL, RECIPE, REPOSITORY
from tests.test_pack import own_pack

DRIVER = """
import sys, types
from tests.test_hub import converter
conversion = types.ModuleType("newsbrief.conversion")
conversion.convert = converter
sys.modules["newsbrief.conversion"] = conversion
from newsbrief import cli
from newsbrief.packs_command import packs
cli.newsbrief.add_command(packs)
cli.main()
"""


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What comes with Newsbrief: `coast` with its weights, the recipes `inland` and `limited`."""
    folder = tmp_path / "shipped"
    own_pack(folder / "coast")
    for name, text in (("inland", RECIPE), ("limited", NON_COMMERCIAL)):
        (folder / name).mkdir()
        text = text.replace('name = "coast"', f'name = "{name}"')
        (folder / name / "pack.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("newsbrief.pack.shipped_packs", lambda: folder)
    monkeypatch.setattr("newsbrief.hub.shipped_packs", lambda: folder)
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "pulled"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as running:
        running.repositories["makers/east"] = dict(REPOSITORY)
        yield running


def run(place: Path, *arguments: str) -> Result:
    return CliRunner().invoke(packs, ["--packs-dir", str(place), *arguments])


def installed(place: Path, name: str = "inland") -> Path:
    """A pack of our own weights under a name, where pulled packs lie."""
    folder = own_pack(place / name)
    text = (folder / "pack.toml").read_text("utf-8")
    (folder / "pack.toml").write_text(text.replace('"coast"', f'"{name}"'), encoding="utf-8")
    return folder


def start(hub: Hub, place: Path, *arguments: str) -> subprocess.Popen[str]:
    """The whole command in a process of its own, with the real hub client."""
    root = Path(__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, "packs", *arguments],
        env={
            **os.environ,
            "HF_ENDPOINT": hub.address,
            "NEWSBRIEF_PACKS_DIR": str(place),
            "PYTHONPATH": os.pathsep.join([str(root), str(root / "service")]),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    with process:
        stdout, stderr = process.communicate()
    return process.returncode, stdout, stderr


def test_list_is_an_aligned_table(shipped, place):
    installed(place)
    assert run(place, "list").stdout == (
        "NAME     VERSION  STATE          HIGHLIGHTS  TRANSLATES  COMMERCIAL USE  SIZE\n"
        "coast    1.2.0    installed      extractive  uk          yes             7.0 kB\n"
        "inland   1.2.0    installed      extractive  uk          yes             7.0 kB\n"
        "limited  1.0.0    not installed  extractive  uk          no              -\n"
    )


def test_list_as_json_gives_the_same(shipped, place):
    listed = {each["name"]: each for each in json.loads(run(place, "list", "--json").stdout)}
    assert set(listed) == {"coast", "inland", "limited"}
    assert listed["coast"] == {
        "name": "coast",
        "version": "1.2.0",
        "installed": True,
        "folder": str(shipped / "coast"),
        "description": "A pack for tests.",
        "source_languages": ["en"],
        "targets": ["uk"],
        "highlights": "extractive",
        "commercial_use": True,
        "licences": ["CC-BY-4.0"],
        "licence_notes": [],
        "draft": False,
        "bytes": 7006,
    }
    assert (listed["limited"]["commercial_use"], listed["limited"]["bytes"]) == (False, None)


def test_list_goes_on_after_a_pack_that_can_not_be_read(shipped, place):
    (place / "broken").mkdir(parents=True)
    (place / "broken/pack.toml").write_text("name = 3")
    result = run(place, "list")
    assert result.exit_code == 0
    assert "coast " in result.stdout
    assert f"newsbrief: {place}/broken/pack.toml has" in result.stderr


def test_show_tells_licence_attribution_source_and_size(shipped, place):
    text = run(place, "show", "coast").stdout
    assert text.startswith("coast@1.2.0\nA pack for tests.\n")
    for line in (
        "  State           installed, 7.0 kB",
        "  Translates      en to uk",
        "  Highlights      extractive, without a model",
        "  Commercial use  yes",
        "Model east",
        "  Family          marian, served in int8",
        "  Licence         CC-BY-4.0",
        "  Attribution     The makers of East.",
        "  Source          trained by this project: make weights",
        "  Files           2 in east/, 7.0 kB",
    ):
        assert f"{line}\n" in text


def test_what_a_lawyer_should_know_stands_where_the_licence_does(shipped, place):
    description = shipped / "coast" / "pack.toml"
    noted = 'licence_note = "Half of its text had none."\nlicence = "CC-BY-4.0"'
    description.write_text(description.read_text().replace('licence = "CC-BY-4.0"', noted))
    assert "  yes, see note  " in run(place, "list").stdout
    text = run(place, "show", "coast").stdout
    assert "  Commercial use  yes, see note\n" in text
    assert "  Licence note    Half of its text had none.\n" in text
    (coast,) = (
        each for each in json.loads(run(place, "list", "--json").stdout) if each["name"] == "coast"
    )
    assert coast["licence_notes"] == ["Half of its text had none."]


def test_show_tells_what_a_recipe_would_bring(shipped, place):
    text = run(place, "show", "limited").stdout
    assert "  State           not installed\n" in text
    assert "  Licence         CC-BY-NC-4.0 (no commercial use)\n" in text
    assert "  Source          hub repository makers/east\n" in text
    assert f"  Source          commit {REVISION}\n" in text


def test_show_marks_figures_that_are_not_ours(place):
    text = run(place, "show", "newsroom").stdout
    assert text[text.index("\nQuality\n") :] == (
        "\nQuality\n"
        "  published, not measured by us: Helsinki-NLP/Tatoeba-Challenge, models/eng-kor\n"
        "    en-ko  FLORES-101 devtest  chrF     36.4\n"
        "  published, not measured by us: Helsinki-NLP/Tatoeba-Challenge, models/eng-zle\n"
        "    en-ru  FLORES-200 devtest  chrF     59.7\n"
        "    en-uk  FLORES-200 devtest  chrF     60.1\n"
        "  published, not measured by us: facebook/bart-large-cnn, model card\n"
        "    en     CNN/DailyMail       ROUGE-L  30.6\n"
    )


def test_no_line_of_a_card_is_wider_than_it_must_be(place):
    for name in ("newsroom", "m2m100", "nllb"):
        text = run(place, "show", name).stdout
        wide = [line for line in text[: text.index("\nQuality\n")].splitlines() if len(line) > 96]
        assert all(line.split()[-1].startswith("http") for line in wide)


def test_show_as_json_holds_description_and_lock(shipped, place):
    shown = json.loads(run(place, "show", "coast", "--json").stdout)
    assert shown["pack"]["models"]["east"]["attribution"] == "The makers of East."
    assert shown["lock"] is None


def test_show_takes_a_path(shipped, place):
    assert "coast@1.2.0" in run(place, "show", f"{shipped}/coast").stdout


def test_an_unknown_pack_is_told(shipped, place):
    result = run(place, "show", "mountain")
    assert isinstance(result.exception, PackNotFoundError)
    assert str(result.exception) == (
        "no pack is called 'mountain'; there are: coast, inland, limited"
    )


def test_verify_checks_all_that_is_installed(shipped, place):
    installed(place)
    result = run(place, "verify")
    assert result.exit_code == 0
    assert result.stdout == (
        "coast@1.2.0: 2 files, 7.0 kB, all as listed\n"
        "inland@1.2.0: 2 files, 7.0 kB, all as listed\n"
    )


def test_verify_tells_of_every_pack_that_is_not_as_listed(shipped, place):
    for name in ("first", "second"):
        (installed(place, name) / "east/source.spm").write_bytes(b"PIECES")
    result = run(place, "verify")
    assert isinstance(result.exception, PackCorruptError)
    assert "coast@1.2.0: 2 files, 7.0 kB, all as listed\n" in result.stdout
    assert f"newsbrief: {place}/first/east/source.spm has SHA-256" in result.stderr
    assert f"{place}/second/east/source.spm has SHA-256" in str(result.exception)


def test_verify_of_a_recipe_says_that_it_is_not_installed(shipped, place):
    result = run(place, "verify", "inland")
    assert isinstance(result.exception, PackNotFoundError)
    assert "`newsbrief packs pull inland` installs it" in str(result.exception)


def test_remove_frees_the_disk(shipped, place):
    folder = installed(place)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert run(place, "remove", "inland").stdout == f"inland is removed ({in_units(size)} freed)\n"
    assert not folder.exists()


def test_remove_keeps_what_ships(shipped, place):
    result = run(place, "remove", "coast")
    assert isinstance(result.exception, PackError)
    assert "ships with Newsbrief" in str(result.exception)


def test_pull_refuses_a_licence_that_was_not_accepted(shipped, place):
    result = run(place, "pull", "limited")
    assert isinstance(result.exception, LicenceError)


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """The folder of a recipe called `coast`."""
    folder = tmp_path / "coast"
    folder.mkdir()
    (folder / "pack.toml").write_text(RECIPE, encoding="utf-8")
    return folder


def test_pull_in_a_real_process_installs_and_says_where(hub, recipe, place):
    code, stdout, stderr = finish(start(hub, place, "pull", f"{recipe}/"))
    assert (code, stdout) == (0, f"coast@1.0.0 is installed in {place}/coast (10.3 kB)\n"), stderr
    assert stderr.splitlines() == [
        "Pulling coast@1.0.0: 10.3 kB from the hub",
        "makers/east: model.safetensors: 10.2 kB",
        "makers/east: model.safetensors: 100 %",
        "makers/east: config.json: 24 bytes",
        "makers/east: config.json: 100 %",
        "makers/east: source.spm: 6 bytes",
        "makers/east: source.spm: 100 %",
        "makers/east: LICENSE: 28 bytes",
        "makers/east: LICENSE: 100 %",
        "Converting east to int8",
    ]
    listed = finish(start(hub, place, "list"))[1]
    assert "coast     1.0.0    installed      extractive" in listed


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (Fault(status=401, code="GatedRepo"), 3, "the model is gated; accept its terms"),
        (Fault(page=True), 3, "the answer is not that of a model hub"),
        (Fault(status=503), 3, "the server is not able to answer now (503)"),
    ],
)
def test_a_failed_pull_is_one_line_and_an_exit_code(hub, recipe, place, fault, code, said):
    hub.faults["api"] = fault
    ended, stdout, stderr = finish(start(hub, place, "pull", f"{recipe}/"))
    assert (ended, stdout) == (code, "")
    [line] = stderr.splitlines()
    assert line.startswith("newsbrief: makers/east@01234567: ")
    assert said in line


def test_ctrl_c_says_that_nothing_was_installed(hub, recipe, place):
    stall = Fault(stall=5000)
    hub.faults["GET model.safetensors"] = stall
    process = start(hub, place, "pull", f"{recipe}/")
    assert stall.stalled.wait(60)
    process.send_signal(signal.SIGINT)
    code, stdout, stderr = finish(process)
    assert (code, stdout) == (130, ""), stderr
    assert "Interrupted: nothing was installed. Pulling again goes on" in stderr
    assert "Traceback" not in stderr
    assert not (place / "coast").exists()


def test_off_a_terminal_progress_is_a_line_for_each_quarter(capsys):
    bar = PlainBar("weights", 1_000_000, 300_000)
    for _ in range(7):
        bar.update(100_000)
    bar.close()
    assert capsys.readouterr().err.splitlines() == [
        "weights: 1.0 MB, going on from 300.0 kB",
        "weights: 50 %",
        "weights: 75 %",
        "weights: 100 %",
    ]


def test_on_a_terminal_progress_is_a_bar(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    bar = Terminal().bar("weights", 2000, 500)
    bar.update(1500)
    bar.close()
    assert "weights: 100%|" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_940, "999.9 kB"),
        (999_960, "1.0 MB"),
        (1_625_222_120, "1.6 GB"),
        (3_000_000_000_000, "3000.0 GB"),
    ],
)
def test_sizes_are_in_decimal_units(count, text):
    assert in_units(count) == text
