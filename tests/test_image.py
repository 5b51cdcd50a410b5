"""The image: no Docker here, so its build commands run in a folder of their own instead."""

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

import ctranslate2
import httpx
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from newsbrief import __version__
from newsbrief.settings import PREFIX, Settings
from tests.dockerfile import ROOT, lineage, read_stages
from tests.manifests import build, server
from tests.servers import PATIENCE
from tests.service import ARTICLE

STAGES = read_stages()
MOST_BYTES = 500_000_000
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINNED = re.compile(r"^([a-z0-9.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


def locked(name: str) -> dict[str, str]:
    """Versions by package. Fails on a line that isn't a version with its hashes."""
    text = (ROOT / "locks" / f"{name}.txt").read_text("utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    versions = {}
    while text:
        match = PINNED.match(text)
        assert match, text[:200]
        versions[match[1]] = match[2]
        text = text[match.end() :]
    return versions


def test_the_default_target_serves():
    last = STAGES[list(STAGES)[-1]]
    assert (last.parent, last.steps) == ("serve", [])


@pytest.mark.parametrize("name", ["serve", "baked", "backfill", "gpu", "tools"])
def test_no_image_runs_as_root(name):
    users = [user for stage in lineage(STAGES, name) for user in stage.of("USER")]
    assert users[0] == "10001:10001"


@pytest.mark.parametrize("name", ["serve", "baked", "backfill", "gpu"])
def test_what_serves_is_copied_in_and_nothing_is_installed_there(name):
    for stage in lineage(STAGES, name):
        assert stage.of("RUN") == []


def test_the_user_is_the_one_of_the_manifests():
    pod, _ = server(build("base"))
    assert STAGES["serve"].of("USER") == [
        f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}"
    ]


def test_the_image_starts_the_server_on_the_port_of_the_settings():
    runtime = STAGES["runtime"]
    assert runtime.of("ENTRYPOINT") == ['["newsbrief"]']
    assert runtime.of("CMD") == ['["serve"]']
    assert runtime.of("EXPOSE") == [str(Settings(keys_file=None).port)]


def test_variables_of_the_image_are_settings():
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for stage in STAGES.values():
        for line in stage.of("ENV"):
            given = {each.partition("=")[0] for each in shlex.split(line)}
            assert {name for name in given if name.startswith(PREFIX)} <= known


def test_the_labels_say_version_and_licence():
    labels = dict(each.split("=", 1) for each in shlex.split(STAGES["runtime"].of("LABEL")[0]))
    assert labels["org.opencontainers.image.version"] == __version__
    assert labels["org.opencontainers.image.licenses"] == PROJECT["license"]


def test_the_base_image_is_the_python_of_the_project_and_no_moving_tag():
    text = (ROOT / "Dockerfile").read_text("utf-8")
    (image,) = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", text, re.MULTILINE)
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm(@sha256:[0-9a-f]{64})?", image)
    assert {s.parent for s in STAGES.values() if s.parent not in STAGES} == {"${PYTHON_IMAGE}"}


def test_everything_that_is_copied_is_let_through_to_the_build():
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines
    let_in = [line[1:] for line in lines if line.startswith("!")]
    for stage in STAGES.values():
        for line in stage.of("COPY"):
            if not line.startswith("--from"):
                for source in line.split()[:-1]:
                    assert any(fnmatch(source, pattern) for pattern in let_in), source


@pytest.mark.parametrize("name", ["backfill", "build", "gpu", "serve", "tools"])
def test_locks_have_hashes_and_name_no_registry(name):
    assert locked(name)
    assert "://" not in (ROOT / "locks" / f"{name}.txt").read_text("utf-8")


def test_make_installs_the_releases_that_the_image_has_and_pins_all_that_the_tests_need():
    text = (ROOT / "locks" / "dev.txt").read_text("utf-8")
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)$", text, re.MULTILINE))
    assert locked("serve").items() <= pinned.items()
    extras = PROJECT["optional-dependencies"].values()
    wanted = [Requirement(line) for line in [*PROJECT["dependencies"], *chain(*extras)]]
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        assert name == "newsbrief" or requirement.specifier.contains(pinned[name]), name
    recipes = (ROOT / "Makefile").read_text("utf-8")
    assert recipes.count("pip install") == recipes.count("--constraint locks/dev.txt") == 2


@pytest.mark.parametrize(
    ("name", "extras"),
    [("serve", ["tracing"]), ("backfill", ["parquet", "s3"]), ("tools", ["convert"])],
)
def test_locks_hold_what_the_project_asks_for(name, extras):
    versions = locked(name)
    wanted = [*PROJECT["dependencies"]]
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    for requirement in map(Requirement, wanted):
        version = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version, prereleases=True), requirement


@pytest.mark.parametrize("name", ["backfill", "tools"])
def test_what_does_more_has_the_versions_of_what_serves(name):
    assert locked("serve").items() <= locked(name).items()


def test_the_backfill_image_has_the_drivers_that_it_names():
    for line in (ROOT / "locks" / "backfill.in").read_text("utf-8").splitlines():
        assert line.startswith("#") or canonicalize_name(line) in locked("backfill")


def test_the_gpu_image_has_the_cublas_that_ctranslate2_loads():
    (library,) = (Path(ctranslate2.__file__).parents[1] / "ctranslate2.libs").glob(
        "libctranslate2*"
    )
    asked = set(re.findall(rb"lib(?:cublas|cudnn)\w*\.so\.\d+", library.read_bytes()))
    assert asked == {b"libcublas.so.12"}
    assert locked("gpu")["nvidia-cublas-cu12"].startswith("12.")
    assert "/cuda/nvidia/cublas/lib" in STAGES["gpu"].of("ENV")[0]


def test_torch_and_transformers_are_not_among_what_serves():
    for name in ("serve", "backfill"):
        assert not {"torch", "transformers", "safetensors"} & locked(name).keys()


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Path:
    """A folder in which the commands of the stage `build` have run; its `/app` is `app`."""
    folder = tmp_path_factory.mktemp("image")
    (folder / "src").mkdir()

    def here(command: str) -> str:
        return re.sub(r"(?<![\w/.])/(app|builder|src)\b", rf"{folder}/\1", command)

    inherited = {k: v for k, v in os.environ.items() if not k.startswith((PREFIX, "PYTHON"))}
    for kind, rest in STAGES["build"].steps:
        if kind == "COPY":
            *sources, target = rest.split()
            for source in sources:
                _copy(ROOT / source, folder / "src" / target, source)
        elif kind == "RUN":
            made = subprocess.run(
                ["sh", "-c", here(rest)],
                cwd=folder / "src",
                env=inherited,
                capture_output=True,
                text=True,
            )
            assert made.returncode == 0, f"{rest}\n{made.stdout}{made.stderr}"
    return folder


def _copy(source: Path, target: Path, name: str) -> None:
    assert source.exists(), f"the Dockerfile copies {name}, and there is none"
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        folder = target if target.suffix == "" else target.parent
        folder.mkdir(exist_ok=True)
        shutil.copy(source, folder / source.name)


def environment(image: Path) -> dict[str, str]:
    """The image's environment and nothing else."""
    given = {"PATH": f"{image / 'app' / 'bin'}:/usr/bin:/bin", "HOME": str(image)}
    for each in shlex.split(STAGES["runtime"].of("ENV")[0]):
        name, _, value = each.partition("=")
        given.setdefault(name, value)
    return given


def in_image(image: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment(image), cwd=image, capture_output=True, text=True
    )


@pytest.mark.slow
def test_the_image_is_small_and_has_no_torch(image):
    files = [path for path in (image / "app").rglob("*") if not path.is_symlink()]
    size = sum(path.stat().st_size for path in files if path.is_file())
    print(f"installed: {size / 1e6:.0f} MB")
    assert size < MOST_BYTES
    for module in ("torch", "transformers", "pip"):
        assert in_image(image, "python", "-c", f"import {module}").returncode == 1


@pytest.mark.slow
def test_the_image_can_import_everything_that_it_serves_with(image):
    made = in_image(image, "python", "-W", "error", "-c", "import newsbrief.app, newsbrief.worker")
    assert made.returncode == 0, made.stderr


@pytest.mark.slow
def test_the_command_of_the_image_works(image):
    made = in_image(image, "newsbrief", "--version")
    assert (made.returncode, made.stdout.split()[-1]) == (0, __version__), made.stderr
    assert "serve" in in_image(image, "newsbrief", "--help").stdout


@pytest.mark.slow
def test_the_bundled_pack_is_inside_and_whole(image):
    made = in_image(image, "newsbrief", "packs", "verify", "bundled")
    assert made.returncode == 0, made.stderr
    assert "all as listed" in made.stdout


@pytest.mark.slow
def test_the_image_serves_a_brief_from_its_bundled_pack(image):
    given = environment(image) | {"NEWSBRIEF_PORT": "0"}
    serving = subprocess.Popen(
        ["newsbrief", "serve"], env=given, cwd=image, stderr=subprocess.PIPE, text=True
    )
    try:
        port, log = "", ""
        while "ready: pack bundled" not in log:
            line = serving.stderr.readline()
            assert line, f"it stopped: {log}"
            log += line
            if listening := re.search(r"Listening at: http://0\.0\.0\.0:(\d+)", line):
                port = listening[1]
        answer = httpx.post(f"http://127.0.0.1:{port}/v1/briefs", json=ARTICLE, timeout=60)
        assert answer.status_code == 200, answer.text
        assert list(answer.json()["translations"]) == ["ko", "ru", "uk"]
        assert answer.json()["pack"]["name"] == "bundled"
    finally:
        serving.terminate()
        serving.wait(PATIENCE)
        serving.stderr.close()
    assert serving.returncode == 0
