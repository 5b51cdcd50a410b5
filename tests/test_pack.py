"""Packs: what a description must hold, and that no changed byte of a model gets by."""

import hashlib
import json
import os
import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.article import PackName
from newsbrief.errors import PackCorruptError, PackNotFoundError
from newsbrief.pack import (
    Decoding,
    HubSource,
    find_pack,
    inventory,
    known_packs,
    open_pack,
    read_description,
    read_pack,
    shipped_packs,
)

COMMIT = "a" * 40
TEXT = f"""
format = 1
name = "coast"
version = "1.2.0"
description = "A pack for tests."
source_languages = ["en"]

[highlights]
method = "extractive"

[[directions]]
source = "en"
target = "uk"
model = "east"
source_prefix = [">>ukr<<"]

[models.east]
family = "marian"
licence = "CC-BY-4.0"
commercial_use = true
attribution = "The makers of East."
folder = "east"
max_source_tokens = 512
decoding = {{ beam_size = 6, length_penalty = 1 }}

[models.east.source]
kind = "hub"
repository = "makers/east"
revision = "{COMMIT}"
"""
OWN = TEXT.replace('kind = "hub"', 'kind = "own"\nrecipe = "make weights"').replace(
    f'repository = "makers/east"\nrevision = "{COMMIT}"', ""
)
FILES = {"model.bin": b"weights" * 1000, "source.spm": b"pieces"}


def write(folder: Path, text: str = TEXT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    return folder


def own_pack(folder: Path) -> Path:
    """A whole pack of our own weights: its files are listed in its pack.toml."""
    entries = []
    for name, content in FILES.items():
        path = folder / "east" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        entries.append(
            "[[models.east.files]]\n"
            f'path = "east/{name}"\nbytes = {len(content)}\nsha256 = "{digest}"\n'
        )
    return write(folder, OWN + "\n".join(entries))


def pulled_pack(folder: Path) -> Path:
    """A whole pack as a pull leaves it: its files are listed in its pack.lock."""
    own_pack(folder)
    source = tomllib.loads(TEXT)["models"]["east"]["source"]
    files = [json.loads(file.model_dump_json()) for file in inventory(folder, "east")]
    lock = {
        "format": 1,
        "pack": "coast",
        "version": "1.2.0",
        "date": "2024-05-03T06:30:00+00:00",
        "tools": {"newsbrief": "0"},
        "models": {"east": {"source": source, "upstream": [], "files": files}},
    }
    (folder / "pack.lock").write_text(json.dumps(lock), encoding="utf-8")
    return write(folder)


def refusal(folder: Path) -> str:
    with pytest.raises(PackCorruptError) as caught:
        read_description(folder)
    return str(caught.value)


def test_a_description_says_what_the_file_says(tmp_path):
    pack = read_description(write(tmp_path))
    assert pack.models["east"].source == HubSource(
        kind="hub", repository="makers/east", revision=COMMIT
    )
    assert pack.models["east"].decoding == Decoding(beam_size=6, length_penalty=1.0)
    assert pack.directions[0].source_prefix == (">>ukr<<",)


@pytest.mark.parametrize(
    ("line", "replaced", "said"),
    [
        ('name = "coast"', "", "name: is missing"),
        (
            'name = "coast"',
            'name = "Coast"',
            "name: must be lower-case letters, digits and hyphens",
        ),
        ('version = "1.2.0"', 'version = "1.2"', "version: must be a version such as 1.2.0"),
        ("format = 1", "format = 2", "format: must be 1, not 2"),
        ('method = "extractive"', 'method = "magic"', "must be 'extractive' or 'seq2seq'"),
        ('licence = "CC-BY-4.0"', 'license = "CC-BY-4.0"', "models.east.licence: is missing"),
        ('licence = "CC-BY-4.0"', 'licence = " "', "models.east.licence: must not be empty"),
        ("commercial_use = true", 'commercial_use = "yes"', "must be true or false, not 'yes'"),
        ("max_source_tokens = 512", "max_source_tokens = 4", "must be at least 8, not 4"),
        ("beam_size = 6", "beam_size = 60", "models.east.decoding.beam_size: must be at most 16"),
        ("beam_size = 6", "beams = 6", "models.east.decoding.beams: is not a key"),
        ('folder = "east"', 'folder = "../east"', "models.east.folder: must be a plain relative"),
        ('folder = "east"', 'folder = "/east"', "models.east.folder: must be a plain relative"),
        (COMMIT, "main", "models.east.source.revision: must be a full commit"),
        ('kind = "hub"', 'kind = "ftp"', "models.east.source.kind: must be one of 'hub'"),
        ('kind = "hub"', "", "models.east.source.kind: is missing"),
        ('model = "east"', 'model = "west"', "directions[0].model: there is no table models.west"),
        ('source = "en"', 'source = "fr"', "directions[0].source: 'fr' is not among"),
        ('target = "uk"', 'target = "en"', "directions[0].target: must differ from the source"),
        ('method = "extractive"', 'method = "seq2seq"', "highlights.model: is missing"),
        (
            'method = "extractive"',
            'method = "seq2seq"\nmodel = "brief"',
            "highlights.model: there is no table models.brief",
        ),
        (
            'method = "extractive"',
            'method = "extractive"\nmodel = "east"',
            "highlights: the method extractive takes neither model",
        ),
        (
            'licence = "CC-BY-4.0"',
            'licence = "CC-BY-NC-4.0"',
            "models.east.commercial_use: must be false under the licence CC-BY-NC-4.0",
        ),
        ("length_penalty = 1", "min_tokens = 300", "models.east.decoding.min_tokens: must not"),
        ("source_languages = ", "source_languages = [] # ", "source_languages: must not be empty"),
    ],
)
def test_a_description_that_is_wrong_is_refused_by_file_key_and_what_it_takes(
    tmp_path, line, replaced, said
):
    assert line in TEXT
    message = refusal(write(tmp_path, TEXT.replace(line, replaced, 1)))
    assert message.startswith(f"{tmp_path}/pack.toml")
    assert said in message
    assert "pydantic" not in message
    assert "validation error" not in message.lower()


def test_several_problems_are_told_at_once(tmp_path):
    text = TEXT.replace('name = "coast"', "").replace("beam_size = 6", 'beam_size = "6"')
    message = refusal(write(tmp_path, text + '\nextra = "x"\n'))
    assert "has 3 problems:" in message
    assert "  name: is missing" in message
    assert "  models.east.decoding.beam_size: must be a whole number, not '6'" in message
    assert "  models.east.source.extra: is not a key" in message


def test_a_direction_given_twice_is_refused(tmp_path):
    again = '\n[[directions]]\nsource = "en"\ntarget = "uk"\nmodel = "east"\n'
    assert "directions: en to uk is given 2 times" in refusal(write(tmp_path, TEXT + again))


def test_a_model_that_nothing_uses_is_refused(tmp_path):
    spare = TEXT[TEXT.index("[models.east]") :].replace("models.east", "models.spare")
    message = refusal(write(tmp_path, TEXT + spare.replace('folder = "east"', 'folder = "spare"')))
    assert "models.spare: no direction and no highlights use it" in message


def test_models_may_not_share_a_folder(tmp_path):
    west = TEXT[TEXT.index("[models.east]") :].replace("models.east", "models.west")
    direction = '\n[[directions]]\nsource = "en"\ntarget = "ru"\nmodel = "west"\n'
    for folder in ("east", "east/inner"):
        text = TEXT + west.replace('folder = "east"', f'folder = "{folder}"') + direction
        assert "must not share a folder" in refusal(write(tmp_path, text))


def test_a_listed_file_must_lie_in_its_models_folder(tmp_path):
    files = f'\n[[models.east.files]]\npath = "card.txt"\nbytes = 1\nsha256 = "{"0" * 64}"\n'
    message = refusal(write(tmp_path, TEXT + files))
    assert "models.east.files: 'card.txt' must lie in 'east/'" in message


def test_a_figure_needs_what_it_takes_to_check_it(tmp_path):
    figure = """
[[quality]]
task = "translation"
languages = "en-uk"
test_set = "FLORES-200"
metric = "chrF"
value = 60.1
"""
    message = refusal(write(tmp_path, TEXT + figure))
    assert "quality[0].command: is missing; a figure measured needs it" in message
    message = refusal(write(tmp_path, TEXT + figure + 'origin = "published"\n'))
    assert "quality[0].reference: is missing; a figure published needs it" in message
    whole = figure + 'origin = "published"\nreference = "the leaderboard"\n'
    assert read_description(write(tmp_path, TEXT + whole)).quality[0].value == 60.1


def test_a_file_that_is_not_toml_is_refused_with_the_line(tmp_path):
    assert "is not valid TOML" in refusal(write(tmp_path, "name = \n"))
    assert "line 1" in refusal(write(tmp_path, "name = \n"))
    (tmp_path / "pack.toml").write_bytes(b"name = '\xff'")
    assert "is not UTF-8" in refusal(tmp_path)
    (tmp_path / "pack.toml").write_bytes(b"#" * 1_000_001)
    assert "is larger than 1,000,000 bytes" in refusal(tmp_path)


@pytest.mark.parametrize("value", ["[" * 50_000, "9" * 5_000])
def test_a_value_beyond_what_python_reads_is_refused(tmp_path, value):
    assert "is not valid TOML" in refusal(write(tmp_path, f"name = {value}"))


@given(
    st.text(max_size=200) | st.from_regex(r"([a-z_.\[\]]+ ?=? ?[\w\"\[\]{},.]*\n)*", fullmatch=True)
)
def test_any_text_is_read_or_refused_but_never_fails_otherwise(text):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pack.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(PackCorruptError):
            read_description(Path(folder))


def test_a_folder_without_a_description_is_no_pack(tmp_path):
    with pytest.raises(PackNotFoundError, match=r"has no pack\.toml"):
        read_description(tmp_path)


@pytest.mark.parametrize("make", [own_pack, pulled_pack])
def test_a_whole_pack_opens(tmp_path, make):
    pack = open_pack(make(tmp_path / "coast"))
    assert pack.name == PackName("coast", "1.2.0")
    assert str(pack.name) == "coast@1.2.0"
    assert pack.installed
    assert [file.path for file in pack.files["east"]] == ["east/model.bin", "east/source.spm"]
    assert pack.bytes == 7006


def swap(folder: Path) -> None:
    first, second = folder / "east/model.bin", folder / "east/source.spm"
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)


def flip(folder: Path) -> None:
    path = folder / "east/model.bin"
    content = bytearray(path.read_bytes())
    content[3500] ^= 1
    path.write_bytes(content)


def shorten(folder: Path) -> None:
    os.truncate(folder / "east/model.bin", 6999)


def lose(folder: Path) -> None:
    (folder / "east/source.spm").unlink()


def add(folder: Path) -> None:
    (folder / "east/inner").mkdir()
    (folder / "east/inner/shared_vocabulary.json").write_text("[]")


def link_out(folder: Path) -> None:
    outside = folder.parent / "outside"
    (folder / "east/model.bin").rename(outside)
    (folder / "east/model.bin").symlink_to(outside)


def link_folder_out(folder: Path) -> None:
    outside = folder.parent / "outside"
    (folder / "east").rename(outside)
    (folder / "east").symlink_to(outside)


def make_pipe(folder: Path) -> None:
    (folder / "east/model.bin").unlink()
    os.mkfifo(folder / "east/model.bin")


def link_to_itself(folder: Path) -> None:
    (folder / "east/model.bin").unlink()
    (folder / "east/model.bin").symlink_to("model.bin")


@pytest.mark.parametrize("make", [own_pack, pulled_pack])
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (swap, "has 6 bytes and should have 7,000"),
        (flip, "should have " + hashlib.sha256(FILES["model.bin"]).hexdigest()),
        (shorten, "has 6,999 bytes and should have 7,000"),
        (lose, "'east/source.spm' of models.east is missing"),
        (add, "'east/inner/shared_vocabulary.json' is not a listed file"),
        (link_out, "'east/model.bin' is a link that leads out of the pack"),
        (link_folder_out, "'east' is a link that leads out of the pack"),
        (make_pipe, "'east/model.bin' is neither a file nor a folder"),
        (link_to_itself, "'east/model.bin' is neither a file nor a folder"),
    ],
)
def test_a_spoilt_pack_does_not_open(tmp_path, make, spoil, said):
    folder = make(tmp_path / "coast")
    spoil(folder)
    with pytest.raises(PackCorruptError) as caught:
        open_pack(folder)
    assert said in str(caught.value)


def test_without_verifying_only_contents_are_taken_on_trust(tmp_path):
    folder = own_pack(tmp_path / "coast")
    flip(folder)
    assert open_pack(folder, verify=False).bytes == 7006
    shorten(folder)
    with pytest.raises(PackCorruptError, match="6,999 bytes"):
        open_pack(folder, verify=False)


def test_a_link_within_the_pack_is_followed(tmp_path):
    folder = own_pack(tmp_path / "coast")
    (folder / "east/model.bin").rename(folder / "weights")
    (folder / "east/model.bin").symlink_to("../weights")
    assert open_pack(folder).installed


def test_a_pack_behind_a_link_opens(tmp_path):
    (tmp_path / "coast").symlink_to(own_pack(tmp_path / "real"))
    assert open_pack(tmp_path / "coast").installed


def test_a_recipe_is_known_but_does_not_open(tmp_path):
    folder = write(tmp_path / "coast")
    assert not read_pack(folder).installed
    with pytest.raises(PackNotFoundError, match="`newsbrief packs pull coast` installs it"):
        open_pack(folder)


def test_our_own_weights_that_are_not_built_are_told_apart(tmp_path):
    with pytest.raises(PackNotFoundError, match="the models of 'coast' are not built yet"):
        open_pack(write(tmp_path / "coast", OWN))


def test_a_lock_of_another_pack_version_or_source_is_refused(tmp_path):
    folder = pulled_pack(tmp_path / "coast")
    write(folder, TEXT.replace('version = "1.2.0"', 'version = "1.3.0"'))
    with pytest.raises(PackCorruptError, match=r"the lock of coast@1\.2\.0, not of coast@1\.3\.0"):
        open_pack(folder)
    write(folder, TEXT.replace(COMMIT, "b" * 40))
    with pytest.raises(PackCorruptError, match=r"not made from the source of models\.east"):
        open_pack(folder)
    write(folder)
    (folder / "pack.lock").write_text("{")
    with pytest.raises(PackCorruptError, match=r"pack\.lock: is not valid JSON"):
        open_pack(folder)


def test_a_pack_is_found_by_name_where_it_is_installed(tmp_path):
    write(tmp_path / "recipes" / "coast")
    installed = own_pack(tmp_path / "pulled" / "coast")
    assert find_pack("coast", [tmp_path / "recipes", tmp_path / "pulled"]) == installed
    assert find_pack("coast", [tmp_path / "absent", tmp_path / "pulled"]) == installed


def test_a_pack_is_found_by_path(tmp_path):
    folder = own_pack(tmp_path / "anything")
    assert find_pack(str(folder)) == folder
    with pytest.raises(PackNotFoundError, match="is not a pack"):
        find_pack(str(tmp_path))


def test_a_pack_that_is_not_installed_is_told_how_to_get(tmp_path):
    write(tmp_path / "coast")
    with pytest.raises(PackNotFoundError, match="not installed; `newsbrief packs pull coast`"):
        find_pack("coast", [tmp_path])


@pytest.mark.parametrize("name", ["inland", "", "INLAND", "../coast/.", "pack.toml"])
def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own_pack(tmp_path / "coast")
    with pytest.raises(PackNotFoundError) as caught:
        find_pack(name, [tmp_path])
    assert "coast" in str(caught.value)


def test_a_folder_that_holds_another_pack_is_refused(tmp_path):
    own_pack(tmp_path / "inland")
    with pytest.raises(PackCorruptError, match="holds the pack coast"):
        find_pack("inland", [tmp_path])


def test_half_made_packs_are_not_listed(tmp_path):
    own_pack(tmp_path / ".coast.incomplete")
    (tmp_path / "notes").mkdir()
    own_pack(tmp_path / "coast")
    assert [folder for folder in known_packs([tmp_path]) if folder.parent == tmp_path] == [
        tmp_path / "coast"
    ]


def test_what_ships_lies_in_the_installed_package_or_else_in_the_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr("newsbrief.pack.__file__", str(tmp_path / "service/newsbrief/pack.py"))
    assert shipped_packs() == tmp_path / "models/packs"
    (tmp_path / "service/newsbrief/packs").mkdir(parents=True)
    assert shipped_packs() == tmp_path / "service/newsbrief/packs"


def test_the_packs_that_ship_are_in_order():
    shipped = [folder for folder in known_packs() if folder.parent == shipped_packs()]
    assert {"newsroom", "m2m100", "nllb"} <= {folder.name for folder in shipped}
    for folder in shipped:
        pack = read_pack(folder)
        assert pack.description.name == folder.name
        card = (folder / "README.md").read_text("utf-8")
        for slug, model in pack.description.models.items():
            assert model.licence in card, f"{folder.name}: the card lacks the licence of {slug}"
            if isinstance(model.source, HubSource):
                assert model.source.revision in card
        if pack.installed:
            open_pack(folder)


def test_only_nllb_is_kept_from_commercial_use():
    limited = {
        folder.name
        for folder in known_packs()
        if not all(model.commercial_use for model in read_description(folder).models.values())
    }
    assert limited == {"nllb"}
