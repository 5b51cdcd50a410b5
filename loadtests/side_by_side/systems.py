"""The systems: how each is started and asked, and with which settings.

All get the same cores. Newsbrief runs as installed, with its defaults. LibreTranslate has no
setting for such a machine, so both of its ways are there: what its image runs (gunicorn), with a
worker for each core in place of its default of four, and what `pip install` runs (waitress).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from loadtests.side_by_side.environments import ROOT
from loadtests.side_by_side.load import Ask

APPS = "loadtests.side_by_side.apps"


@dataclass(frozen=True)
class Models:
    """One model in each system's form, and how it is to be run.

    `fixed` says that its weights are random and each output has `max_tokens` tokens; `summary` that
    it writes highlights of articles, not translations.
    """

    name: str
    pack: Path
    argos: Path
    model: Path
    checkpoint: Path
    tags: Mapping[str, str]
    beam: int
    max_tokens: int
    cores: int
    fixed: bool = False
    summary: bool = False

    def as_json(self) -> str:
        """What the compared services read from their environment."""
        return json.dumps(asdict(self) | {"tags": dict(self.tags)}, default=str)


@dataclass(frozen=True)
class System:
    """One system. `settings` says in words what a reader must know of how it runs."""

    name: str
    title: str
    environment: str
    settings: str
    command: Callable[[Models, Path, int], list[str]]
    variables: Callable[[Models], dict[str, str]]
    ask: Ask
    summary: Ask | None = None

    def start(self, models: Models, environment: Path, port: int) -> list[str]:
        """The command line, for an environment and a port."""
        return self.command(models, environment / "bin", port)


def _newsbrief(models: Models, programs: Path, port: int) -> list[str]:
    if models.fixed:
        return _newsbrief_once(models, programs, port)
    return [str(programs / "newsbrief"), *_serve(models, port)]


def _newsbrief_once(models: Models, programs: Path, port: int) -> list[str]:
    return [str(programs / "python"), "-m", f"{APPS}.unretried", *_serve(models, port)]


def _serve(models: Models, port: int) -> list[str]:
    return ["serve", "--port", str(port), "--pack", str(models.pack)]


def _uvicorn(application: str) -> Callable[[Models, Path, int], list[str]]:
    def command(_: Models, programs: Path, port: int) -> list[str]:
        where = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
        return [str(programs / "uvicorn"), f"{APPS}.{application}:app", *where]

    return command


def _libretranslate_image(models: Models, programs: Path, port: int) -> list[str]:
    return [
        str(programs / "gunicorn"),
        *("--workers", str(models.cores), "--timeout", "2400"),
        *("--bind", f"127.0.0.1:{port}", f"{APPS}.libretranslate:app()"),
    ]


def _libretranslate_pip(_: Models, programs: Path, port: int) -> list[str]:
    where = ["--host", "127.0.0.1", "--port", str(port)]
    return [str(programs / "python"), "-m", f"{APPS}.libretranslate", *where, "--threads", "4"]


def _own(models: Models) -> dict[str, str]:
    return {"SIDE_BY_SIDE": models.as_json(), "PYTHONPATH": str(ROOT)}


def _argos(models: Models, *, translators: int) -> dict[str, str]:
    return _own(models) | {
        "ARGOS_PACKAGES_DIR": str(models.argos),
        "ARGOS_CHUNK_TYPE": "MINISBD",
        "ARGOS_BEAM_SIZE": str(models.beam),
        "ARGOS_COMPUTE_TYPE": "int8",
        "ARGOS_INTER_THREADS": str(translators),
        "ARGOS_INTRA_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


NEWSBRIEF = Ask(
    "/v1/translations",
    lambda text, target: {"texts": [text], "targets": [target]},
    lambda answer, target: answer["translations"][target]["texts"][0]["text"],
)
GENERATE = Ask(
    "/generate",
    lambda text, target: {"text": text, "target": target},
    lambda answer, _: answer["text"],
)
LIBRETRANSLATE = Ask(
    "/translate",
    lambda text, target: {"q": text, "source": "en", "target": target, "format": "text"},
    lambda answer, _: answer["translatedText"],
)

SYSTEMS = (
    System(
        "newsbrief",
        "Newsbrief",
        "newsbrief",
        "`newsbrief serve`, every setting at its default; int8; a runner a core; every output "
        "checked, and tried again if it fails (with random weights: not again)",
        _newsbrief,
        lambda models: _own(models) if models.fixed else {},
        NEWSBRIEF,
        Ask(
            "/v1/briefs",
            lambda text, _: {"body": text, "translate": []},
            lambda answer, _: answer["highlights"][0]["text"],
        ),
    ),
    System(
        "newsbrief-once",
        "Newsbrief, one try",
        "newsbrief",
        "as above; every output is checked, but none is tried again",
        _newsbrief_once,
        _own,
        NEWSBRIEF,
    ),
    System(
        "libretranslate",
        "LibreTranslate (gunicorn)",
        "libretranslate",
        "its image's gunicorn, a sync worker a core, OMP_NUM_THREADS=1; int8; the sentence "
        "splitter's model replaced by a regular expression",
        _libretranslate_image,
        lambda models: _argos(models, translators=1),
        LIBRETRANSLATE,
    ),
    System(
        "libretranslate-pip",
        "LibreTranslate (waitress)",
        "libretranslate",
        "`libretranslate --threads 4` (its default), a translator a core; otherwise as above",
        _libretranslate_pip,
        lambda models: _argos(models, translators=models.cores),
        LIBRETRANSLATE,
    ),
    System(
        "one-call",
        "one call a text",
        "one_call",
        "FastAPI and CTranslate2, int8, a translator a core, one call of the engine for each "
        "text from FastAPI's thread pool, as nllb-api does; but beams, where nllb-api is greedy",
        _uvicorn("one_call"),
        _own,
        GENERATE,
        GENERATE,
    ),
    System(
        "plain",
        "FastAPI + Transformers",
        "plain",
        "float32, `model.generate` of one text in FastAPI's thread pool, a torch thread a core",
        _uvicorn("plain"),
        lambda models: _own(models) | {"OMP_NUM_THREADS": str(models.cores)},
        GENERATE,
        GENERATE,
    ),
)
"""The first is what the others are compared with."""


def asked(system: System, models: Models) -> Ask | None:
    """How this system is asked for what the model writes; None where it takes no part.

    With random weights Newsbrief never tries again, so there is but one of it.
    """
    if models.fixed and system.name == "newsbrief-once":
        return None
    return system.summary if models.summary else system.ask


def variables(system: System, models: Models, home: Path) -> dict[str, Any]:
    """The whole environment of a system's process: nothing is inherited but the path."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "HF_HUB_OFFLINE": "1",
        **system.variables(models),
    }
