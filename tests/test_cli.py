"""The command line, with the bundled pack: what a person at a terminal sees."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsbrief.cli import main
from newsbrief.keys import Keys

SAMPLES = Path(__file__).parent / "samples"
SHARED = Path(__file__).parents[2] / "shared" / "articles"


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the command line in process; exit code, standard output, standard error."""

    def call(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["newsbrief", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": _Buffer(stdin)}))
        with pytest.raises(SystemExit) as caught:
            main()
        code = caught.value.code
        captured = capsys.readouterr()
        return code or 0, captured.out, captured.err

    return call


class _Buffer:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self) -> bytes:
        return self._data


def bullets(text: str) -> list[str]:
    return re.findall(r"^  • (.+)$", text, re.MULTILINE)


def test_a_brief_is_three_highlights_in_four_languages(run):
    code, out, _ = run("brief", SAMPLES / "harbour.txt")
    assert code == 0
    assert len(bullets(out)) == 12
    assert all(f"{language} (draft)" in out for language in ("Korean", "Russian", "Ukrainian"))
    assert "pack bundled@" in out


@pytest.mark.skipif(not SHARED.exists(), reason="the real article is not part of the repository")
def test_the_real_article_gets_three_true_highlights(run):
    code, out, _ = run("brief", "--json", SHARED / "seoul-withdrawal.txt")
    answer = json.loads(out)
    assert code == 0
    assert answer["headline"].startswith("Seoul Urges")
    assert len(answer["highlights"]) == 3
    for highlight in answer["highlights"]:
        assert highlight["findings"] == []
        assert len(highlight["text"]) <= 120
    assert "Story Highlights" not in answer["body"]
    assert "Related Articles" not in answer["body"]
    for translation in answer["translations"].values():
        assert len(translation["highlights"]) == 3


@pytest.mark.parametrize("name", ["harbour.txt", "clinic.html", "telescope.json"])
def test_text_html_and_json_are_understood(run, name):
    code, out, _ = run("brief", "--json", "--target", "uk", SAMPLES / name)
    answer = json.loads(out)
    assert code == 0
    assert answer["headline"]
    assert len(answer["highlights"]) == 3
    assert "<" not in answer["body"]


def test_standard_input_is_read_and_its_kind_found(run):
    for name in ("harbour.txt", "clinic.html", "telescope.json"):
        data = (SAMPLES / name).read_bytes()
        code, out, _ = run("brief", "-", "--json", "-t", "ru", stdin=data)
        named = run("brief", SAMPLES / name, "--json", "-t", "ru")
        assert (code, out) == named[:2]


def test_options_choose_languages_number_and_body(run):
    _, out, _ = run(
        "brief", "--json", "-n", "1", "-t", "ko", "--body", "--strict", SAMPLES / "harbour.txt"
    )
    answer = json.loads(out)
    assert len(answer["highlights"]) == 1
    assert list(answer["translations"]) == ["ko"]
    paragraphs = answer["body"].split("\n\n")
    assert len(answer["translations"]["ko"]["body"]) == len(paragraphs)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "body: "),
        (b"  \n\n ", "body: "),
        (b"Word", "body: "),
        ("Обычный текст на русском языке о событиях этой недели. ".encode() * 5, "looks like 'ru'"),
        ("ordinary words " * 400_000, "6000000 bytes; at most 4000000"),
        ("ordinary words " * 20_000, "body: "),
        (b"x" * 3000, "body: "),
        (b"Text with \x00 in it, and more of it.", "body: "),
        (b"Latin-1 text with \xe9 in the middle of it.", "byte"),
        (b'{"body": "\\ud800 and some more words of text."}', "surrogate"),
        (b'{"headline": "No body"}', "body"),
        (b'{"body": ', "JSON"),
        (b"<div>" * 20_000, "body"),
    ],
    ids=lambda value: str(value[:20]),
)
def test_bad_input_is_one_line_naming_what_and_where(run, data, says):
    given = data if isinstance(data, bytes) else data.encode()
    code, out, err = run("brief", "-", stdin=given)
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("newsbrief: ")
    assert says in err


def test_a_missing_file_a_missing_pack_and_a_wrong_setting_say_so(run, monkeypatch):
    assert run("brief", "nowhere.txt")[0] == 2
    code, _, err = run("brief", "--pack", "nowhere", SAMPLES / "harbour.txt")
    assert (code, "nowhere" in err) == (3, True)
    monkeypatch.setenv("NEWSBRIEF_RUNNERS", "many")
    code, _, err = run("brief", SAMPLES / "harbour.txt")
    assert (code, "NEWSBRIEF_RUNNERS" in err) == (2, True)


def test_the_command_line_refuses_origins_that_are_no_list_in_one_line(run, monkeypatch):
    monkeypatch.setenv("NEWSBRIEF_CORS_ORIGINS", "foo")
    for command in (("serve",), ("brief", SAMPLES / "harbour.txt")):
        code, out, err = run(*command)
        assert (code, out) == (2, "")
        assert err.startswith("newsbrief: NEWSBRIEF_CORS_ORIGINS: ")
        assert err.count("\n") == 1


def test_a_fresh_key_and_its_entry_belong_together(run, tmp_path):
    code, out, err = run("keys", "new", "cms")
    assert code == 0
    file = tmp_path / "keys.toml"
    file.write_text(out, "utf-8")
    assert Keys(file).find(err.split()[-1]).name == "cms"


@pytest.mark.parametrize("name", ['a"b', ""])
def test_a_key_whose_name_no_file_could_hold_is_not_made(run, name):
    code, out, err = run("keys", "new", name)
    assert (code, out) == (2, "")
    assert err.startswith("newsbrief: NAME: may have 1 to 64 letters")
    assert err.count("\n") == 1


def called(*arguments: object, stdout: object) -> tuple[int, str]:
    """A process of its own, of which the interpreter's end is seen too; its code and its errors."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NEWSBRIEF_")}
    done = subprocess.run(
        [sys.executable, "-m", "newsbrief", *map(str, arguments)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[1] / "service")},
    )
    return done.returncode, done.stderr


PRINTING = [("packs", "list"), ("packs", "show", "bundled"), ("keys", "new", "cms"), ("--help",)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("command", [*PRINTING, ("brief", SAMPLES / "harbour.txt")])
def test_output_that_can_not_be_written_is_one_line_and_a_fault(command):
    with Path("/dev/full").open("w") as full:
        code, err = called(*command, stdout=full)
    assert code == 1
    assert err.startswith("newsbrief: ")
    assert "No space left" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", PRINTING)
def test_a_reader_that_has_enough_is_no_error(command):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        _, err = called(*command, stdout=writer)
    finally:
        os.close(writer)
    assert err == ""


def test_standard_input_that_is_closed_is_named(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["newsbrief", "brief", "-"])
    monkeypatch.setattr(sys, "stdin", None)  # as Python has it after `<&-`
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert capsys.readouterr().err == "newsbrief: file: standard input is closed\n"


def imported_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "service")},
    )
    return set(done.stdout.split())


def test_help_imports_nothing_heavy():
    heavy = {"ctranslate2", "fastapi", "numpy", "pydantic", "sentencepiece", "torch"}
    assert not heavy & imported_by("import newsbrief.cli")


def test_serving_imports_neither_torch_nor_transformers():
    loaded = imported_by("import newsbrief.app, newsbrief.worker, newsbrief.opening")
    assert "ctranslate2" in loaded
    assert not {"torch", "transformers", "huggingface_hub"} & loaded
