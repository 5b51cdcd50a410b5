"""Imports point down, and importing a module does nothing."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "service" / "newsbrief"

# Top to bottom: a module imports only from the lines below its own, never from its own line.
LAYERS = """
    __main__
    cli
    app worker backfill_command
    form serving tracing backfill_options backfill_progress ray_engine estimating
    api packs_command backfill generations
    observing hub packs_text local_worker through deadletters field_names
    lifecycle opening intake openapi rendering conversion waves shards dividing
    briefing
    pipeline conversion_checks checkpoints problems planned identities encoding
    assembling highlighting reference_engine repositories archives rows
    translating records sources
    extraction summarising checks planning batcher engine vocabulary downloads csv_table
    checks_numbers checks_text checks_article polarity compression cleaning tokenisation installing
    clauses boilerplate markup antecedents salience conversions numerals language_id sentences
    opposites negation
    attribution asides coordination leaning numerals_ko numerals_words qualifiers pack keys parsing
    streams parquet backlog checks_places checks_names
    people
    places
    transcription institutions gazetteer_en gazetteer_ko gazetteer_ru gazetteer_uk
    opposites_deeds opposites_states
    verbs figures lexicon_en lexicon_ko lexicon_ru lexicon_uk queueing pack_schema pack_problems
    lexicon interface settings wire lines inputs pacing halving precedence stopping letter_case
    changed
    article metrics threads units storage word_forms marks persons weighty
    errors origin
"""


def layers() -> dict[str, int]:
    lines = LAYERS.split("\n")
    return {module: -number for number, line in enumerate(lines) for module in line.split()}


def modules() -> dict[str, Path]:
    return {path.stem: path for path in PACKAGE.glob("*.py") if path.stem != "__init__"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            package, _, module = node.module.partition(".")
            if package == "newsbrief":
                found |= {module} if module else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {each.name.split(".")[1] for each in node.names if "newsbrief." in each.name}
    return found - {"__version__"}


def test_every_module_has_one_place():
    assert sorted(LAYERS.split()) == sorted(modules())


def test_the_map_in_the_documentation_names_every_module_once():
    page = (PACKAGE.parents[1] / "docs" / "architecture.md").read_text("utf-8")
    listing = page.split("\n## The modules\n")[1].split("\n## ")[0]
    assert sorted(re.findall(r"`(\w+)`", listing)) == sorted(modules())
    assert set(re.findall(r"`([a-z_]+)(?:\.\w+)?`", page)) == set(modules())


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_point_down(module):
    place = layers()
    upward = {other for other in imports(modules()[module]) if place[other] >= place[module]}
    assert not upward


def test_only_packs_may_reach_the_network_or_torch():
    reaching = {"conversion", "hub"}
    users = {module for module, path in modules().items() if imports(path) & reaching}
    assert users <= {"hub", "packs_command"}


def test_every_file_says_its_one_duty_in_its_first_line():
    for path in modules().values():
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path.name


def test_importing_everything_reads_no_setting_and_starts_no_thread():
    code = (
        "import importlib, sys, threading\n"
        "for name in sys.argv[1:]: importlib.import_module('newsbrief.' + name)\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules\n"
    )
    names = sorted(set(modules()) - {"__main__"})
    environment = {"PYTHONPATH": str(PACKAGE.parent), "NEWSBRIEF_PORT": "not a port"}
    done = subprocess.run(
        [sys.executable, "-c", code, *names], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
