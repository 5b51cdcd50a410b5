"""API keys: found by hash, reread when the file changes, throttled each for itself."""

import os
from pathlib import Path

import pytest

from newsbrief.errors import ConfigurationError, InputError
from newsbrief.keys import Keys, file_entry, new_key
from newsbrief.queueing import Lane


def write(file: Path, *entries: dict) -> Path:
    lines = []
    for entry in entries:
        lines.append("[[keys]]")
        lines += [
            f"{k} = {v!r}" if isinstance(v, int) else f'{k} = "{v}"' for k, v in entry.items()
        ]
    file.write_text("\n".join(lines), "utf-8")
    return file


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "keys.toml"


def test_a_key_is_found_by_its_secret_and_by_no_other(file):
    secret, digest = new_key()
    other, _ = new_key()
    keys = Keys(write(file, {"name": "cms", "sha256": digest}))
    assert keys.find(secret).name == "cms"
    assert keys.find(other) is None
    assert keys.find("") is None
    assert keys.find("\udcff") is None


def test_the_file_holds_no_secret(file):
    secret, digest = new_key()
    write(file, {"name": "cms", "sha256": digest})
    assert secret not in file.read_text("utf-8")


@pytest.mark.parametrize("name", ["cms", "A.b_c-9", "k" * 64])
def test_entries_that_were_made_one_after_the_other_are_a_file(file, name):
    (first, one), (second, two) = new_key(), new_key()
    file.write_text(f"{file_entry(name, one)}\n{file_entry('other', two)}\n", "utf-8")
    keys = Keys(file)
    assert (keys.find(first).name, keys.find(second).name) == (name, "other")
    assert keys.find(first).lane is Lane.INTERACTIVE


@pytest.mark.parametrize("name", ["", 'a"b', "a b", "a\nb", "a\n", "ключ", "k" * 65, "a\\b"])
def test_a_name_that_the_file_could_not_hold_is_refused_and_quoted(name):
    with pytest.raises(InputError, match="NAME: may have 1 to 64 letters") as caught:
        file_entry(name, "0" * 64)
    assert repr(name) in str(caught.value)


def test_a_changed_file_is_reread(file):
    (first, one), (second, two) = new_key(), new_key()
    keys = Keys(write(file, {"name": "cms", "sha256": one}))
    write(file, {"name": "cms", "sha256": two})
    os.utime(file, ns=(1, 1))
    assert keys.find(first) is None
    assert keys.find(second).name == "cms"


def test_a_file_that_became_wrong_leaves_the_keys_and_says_so(file, caplog):
    secret, digest = new_key()
    keys = Keys(write(file, {"name": "cms", "sha256": digest}))
    file.write_text("[[keys]", "utf-8")
    assert keys.find(secret).name == "cms"
    assert "keys.toml" in keys.problem
    assert "keys.toml" in caplog.text
    file.unlink()
    assert keys.find(secret).name == "cms"


def test_each_key_is_throttled_for_itself(file):
    (first, one), (second, two) = new_key(), new_key()
    keys = Keys(
        write(
            file,
            {"name": "few", "sha256": one, "requests_per_minute": 2},
            {"name": "many", "sha256": two},
        )
    )
    few, many = keys.find(first), keys.find(second)
    assert [keys.throttle(few) for _ in range(2)] == [0, 0]
    assert 1 <= keys.throttle(few) <= 60
    assert [keys.throttle(many) for _ in range(100)] == [0] * 100


def test_a_key_can_be_bound_to_the_backfill_lane(file):
    secret, digest = new_key()
    keys = Keys(write(file, {"name": "archive", "sha256": digest, "lane": "backfill"}))
    assert keys.find(secret).lane is Lane.BACKFILL


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([{"name": "cms", "sha256": "short"}], "keys.0.sha256"),
        ([{"name": "cms", "sha256": "0" * 64, "colour": "red"}], "keys.0.colour"),
        ([{"name": "a b", "sha256": "0" * 64}], "keys.0.name"),
        ([{"name": "cms", "sha256": "0" * 64}] * 2, "same name"),
        ([], "keys"),
    ],
)
def test_a_wrong_file_is_refused_at_the_start_naming_the_place(file, entries, says):
    with pytest.raises(ConfigurationError, match=says):
        Keys(write(file, *entries))


def test_a_missing_file_is_refused_at_the_start(file):
    with pytest.raises(ConfigurationError, match=r"keys\.toml"):
        Keys(file)
