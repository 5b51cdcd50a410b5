"""What has a say in an answer: our code and the libraries it calls."""

import importlib.metadata
import shutil
from pathlib import Path

import pytest

from newsbrief import origin
from newsbrief.origin import LIBRARIES, code_digest


def test_the_digest_of_the_code_is_short_and_always_the_same():
    assert code_digest() == code_digest.__wrapped__()
    assert len(code_digest()) == 16
    int(code_digest(), 16)


def test_a_changed_or_an_added_module_changes_it(monkeypatch, tmp_path):
    package = Path(origin.__file__).parent
    for module in package.glob("*.py"):
        shutil.copyfile(module, tmp_path / module.name)
    monkeypatch.setattr(origin, "__file__", str(tmp_path / "origin.py"))
    assert code_digest.__wrapped__() == code_digest()
    with (tmp_path / "checks.py").open("a") as module:
        module.write("# \n")
    changed = code_digest.__wrapped__()
    (tmp_path / "added.py").touch()
    assert len({code_digest(), changed, code_digest.__wrapped__()}) == 3


@pytest.mark.parametrize("library", LIBRARIES)
def test_another_version_of_a_library_changes_it(monkeypatch, library):
    def version(name):
        return "0.0.0" if name == library else importlib.metadata.version(name)

    monkeypatch.setattr(origin, "version", version)
    assert code_digest.__wrapped__() != code_digest()
