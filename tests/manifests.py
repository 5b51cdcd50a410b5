"""What kustomize makes of k8s/, as Python objects; no cluster is asked."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
K8S = ROOT / "k8s"
OVERLAYS = sorted(folder.name for folder in (K8S / "overlays").iterdir())
COMPONENTS = sorted(folder.name for folder in (K8S / "components").iterdir())

Manifest = dict[str, Any]


@cache
def build(name: str) -> tuple[Manifest, ...]:
    """`base`, `overlays/NAME`, or `components/NAME`: the base with that component alone."""
    if not name.startswith("components/"):
        return kustomize(K8S / name)
    with TemporaryDirectory() as folder:

        def path(name: str) -> str:
            return os.path.relpath(K8S / name, Path(folder).resolve())

        wrapper = {"resources": [path("base")], "components": [path(name)]}
        (Path(folder) / "kustomization.yaml").write_text(yaml.safe_dump(wrapper))
        return kustomize(Path(folder))


BUILDS = (
    "base",
    *(f"overlays/{name}" for name in OVERLAYS),
    *(f"components/{name}" for name in COMPONENTS),
)


def kustomize(folder: Path) -> tuple[Manifest, ...]:
    program = shutil.which("kubectl")
    assert program, "these tests need kubectl (1.27 or newer); it asks no cluster"
    made = subprocess.run(
        [program, "kustomize", str(folder)],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
    )
    assert made.returncode == 0, made.stderr
    assert not made.stderr, made.stderr
    return tuple(yaml.safe_load_all(made.stdout))


def of_kind(manifests: tuple[Manifest, ...], kind: str) -> list[Manifest]:
    return [manifest for manifest in manifests if manifest["kind"] == kind]


def the(manifests: tuple[Manifest, ...], kind: str) -> Manifest:
    (found,) = of_kind(manifests, kind)
    return found


def pod_specs(manifests: tuple[Manifest, ...]) -> Iterator[tuple[str, Manifest]]:
    """(name, pod spec) of everything that runs."""
    for manifest in manifests:
        template = manifest.get("spec", {}).get("template")
        if template:
            yield f"{manifest['kind']}/{manifest['metadata']['name']}", template["spec"]


def containers(manifests: tuple[Manifest, ...]) -> Iterator[tuple[str, Manifest]]:
    for name, pod in pod_specs(manifests):
        for container in (*pod.get("initContainers", ()), *pod["containers"]):
            yield f"{name}/{container['name']}", container


def server(manifests: tuple[Manifest, ...]) -> tuple[Manifest, Manifest]:
    """The Deployment's pod spec, and the container that serves."""
    pod = the(manifests, "Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    return pod, container


def environment(manifests: tuple[Manifest, ...], container: Manifest) -> dict[str, str]:
    """What the container's process is given, by name; what Secrets hold isn't known."""
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind(manifests, "ConfigMap")}
    given: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        if "configMapRef" in source:
            given |= maps[source["configMapRef"]["name"]]
    return given | {each["name"]: each["value"] for each in container.get("env", ())}
