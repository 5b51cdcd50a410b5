"""The manifests: valid for several Kubernetes versions, hardened, and in step with the code."""

import json
import math
import os
import re
import signal
import time
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import click
import kubernetes_validate
import pytest
import yaml

from newsbrief import __version__, cli
from newsbrief.app import create_app
from newsbrief.backfill_command import backfill
from newsbrief.cli import EXIT_CODES
from newsbrief.errors import ConfigurationError, InputError, PackError
from newsbrief.keys import Keys
from newsbrief.serving import WORKER_TIMEOUT, gunicorn_options
from newsbrief.settings import PREFIX, Settings, read_settings
from tests.manifests import (
    BUILDS,
    COMPONENTS,
    K8S,
    OVERLAYS,
    Manifest,
    build,
    containers,
    environment,
    of_kind,
    pod_specs,
    server,
    the,
)
from tests.servers import PATIENCE
from tests.test_faults import ask, gated, in_background

KUBERNETES = ("1.31", "1.34", "1.37")
CUSTOM_KINDS = {"PrometheusRule", "ScaledObject", "ServiceMonitor"}
PRIVATE = {"/livez", "/readyz", "/metrics"}
OTLP_HTTP = 4318  # what tracing.py sends; 4317 is for gRPC
CORES = re.compile(r"[1-9][0-9]*")

each_build = pytest.mark.parametrize("name", BUILDS)


@pytest.fixture
def settings_of(monkeypatch):
    """Settings as a container's process would read them."""

    def read(manifests, container) -> Settings:
        for variable in [name for name in os.environ if name.startswith(PREFIX)]:
            monkeypatch.delenv(variable)
        for variable, value in environment(manifests, container).items():
            monkeypatch.setenv(variable, value)
        return read_settings()

    return read


@cache
def valid_by(version: str, manifest: str) -> str:
    """The version of the schema; most builds have most manifests in common."""
    return kubernetes_validate.validate(json.loads(manifest), version, strict=True)


@pytest.mark.parametrize("version", KUBERNETES)
@each_build
def test_every_manifest_is_valid_by_the_schemas_of_kubernetes(name, version):
    for manifest in build(name):
        if manifest["kind"] not in CUSTOM_KINDS:
            assert valid_by(version, json.dumps(manifest)) == version


def test_a_misspelt_field_is_not_valid():
    manifest = yaml.safe_load(yaml.safe_dump(the(build("base"), "Deployment")))
    manifest["spec"]["template"]["spec"]["terminationGracePeriod"] = 90
    with pytest.raises(kubernetes_validate.ValidationError, match="terminationGracePeriod"):
        kubernetes_validate.validate(manifest, KUBERNETES[-1], strict=True)


@each_build
def test_no_pod_runs_as_root_or_can_become_it(name):
    for where, pod in pod_specs(build(name)):
        security = pod["securityContext"]
        assert security["runAsNonRoot"] is True, where
        assert security["runAsUser"] >= 10_000, where
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, where
        assert pod["automountServiceAccountToken"] is False, where
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys(), where
        assert not any("hostPath" in volume for volume in pod.get("volumes", ())), where
    for where, container in containers(build(name)):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, where


@each_build
def test_service_links_are_off_since_they_would_look_like_settings(name):
    for where, pod in pod_specs(build(name)):
        assert pod["enableServiceLinks"] is False, where


@each_build
def test_every_container_has_limits_of_memory_and_of_whole_cores(name):
    for where, container in containers(build(name)):
        limits = container["resources"]["limits"]
        assert CORES.fullmatch(limits["cpu"]), where
        assert container["resources"]["requests"]["memory"] == limits["memory"], where


@each_build
def test_one_batch_runs_on_each_core_of_the_limit(name, settings_of):
    _, container = server(build(name))
    settings = settings_of(build(name), container)
    assert settings.runners == 0, "0 takes as many runners as the limit has cores"
    assert settings.threads_per_runner == 1
    assert settings.workers == 1, "scale by pods: each worker holds its own copy of the models"


@each_build
def test_images_have_the_version_of_the_code(name):
    for where, container in containers(build(name)):
        _, _, tag = container["image"].rpartition(":")
        assert tag == __version__ or tag.startswith(f"{__version__}-"), where


@each_build
def test_every_variable_is_a_setting_with_a_value_that_it_takes(name, settings_of):
    for _, container in containers(build(name)):
        settings_of(build(name), container)  # raises for what is no setting
    assert settings_of(build("base"), server(build("base"))[1]).host == "0.0.0.0"  # noqa: S104


@each_build
def test_every_container_runs_a_command_that_exists(name):
    for where, container in containers(build(name)):
        command = cli.newsbrief
        context = click.Context(command)
        for argument in container.get("args", ["serve"]):
            if isinstance(command, click.Group):
                command = command.get_command(context, argument)
                assert command is not None, where
        assert not isinstance(command, click.Group), where


@each_build
def test_ports_and_probes_agree_with_the_code(name, settings_of):
    manifests = build(name)
    _, container = server(manifests)
    settings = settings_of(manifests, container)
    assert container["ports"] == [{"name": "http", "containerPort": settings.port}]
    assert the(manifests, "Service")["spec"]["ports"][0]["targetPort"] == "http"
    paths = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness")}
    assert paths == {key: {"path": "/readyz", "port": "http"} for key in paths}
    assert container["livenessProbe"]["httpGet"] == {"path": "/livez", "port": "http"}
    known = create_app(Settings(keys_file=None)).openapi()["paths"]
    assert known.keys() >= PRIVATE


def test_idle_connections_outlive_those_of_a_load_balancer():
    assert gunicorn_options(Settings())["keepalive"] > 60  # what nginx and most clouds' keep


@each_build
def test_the_grace_period_is_longer_than_the_longest_drain(name, settings_of):
    manifests = build(name)
    pod, container = server(manifests)
    settings = settings_of(manifests, container)
    drain = gunicorn_options(settings)["graceful_timeout"]
    assert drain >= settings.drain_delay_seconds + settings.request_seconds
    assert pod["terminationGracePeriodSeconds"] >= drain + 5


@each_build
def test_a_draining_pod_is_seen_as_not_ready_while_it_still_takes_work(name, settings_of):
    manifests = build(name)
    _, container = server(manifests)
    probe = container["readinessProbe"]
    delay = settings_of(manifests, container).drain_delay_seconds
    assert probe["periodSeconds"] * probe["failureThreshold"] <= delay


@each_build
def test_gunicorn_replaces_a_stuck_worker_before_kubernetes_kills_the_pod(name):
    probe = server(build(name))[1]["livenessProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] > WORKER_TIMEOUT


@each_build
def test_a_rollout_waits_for_a_slow_start_and_loses_no_capacity(name):
    manifests = build(name)
    spec = the(manifests, "Deployment")["spec"]
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    startup = server(manifests)[1]["startupProbe"]
    assert spec["progressDeadlineSeconds"] > startup["periodSeconds"] * startup["failureThreshold"]
    assert "replicas" not in spec, "applying it again would undo what the autoscaler did"


@pytest.mark.parametrize("name", ["base", "overlays/production", "overlays/gpu"])
def test_nodes_are_drained_of_a_tenth_of_the_pods_at_a_time_and_of_one_at_least(name):
    """A percentage is rounded up, so that a small fleet's nodes can be drained too."""
    manifests = build(name)
    allowed = the(manifests, "PodDisruptionBudget")["spec"]["maxUnavailable"]
    percent = int(re.fullmatch(r"(\d+)%", allowed)[1])
    hpa = the(manifests, "HorizontalPodAutoscaler")["spec"]
    assert hpa["minReplicas"] >= 2, "one pod of one would be all of them"
    for replicas in range(hpa["minReplicas"], hpa["maxReplicas"] + 1):
        assert 1 <= math.ceil(replicas * percent / 100) <= max(1, replicas / 5)


def test_the_alert_for_no_pods_at_all_looks_at_the_namespace_of_production_alone():
    """An archive's pods elsewhere must not hide that the newsroom's are gone."""
    manifests = build("overlays/production")
    rules = [
        rule
        for group in the(manifests, "PrometheusRule")["spec"]["groups"]
        for rule in group["rules"]
    ]
    (down,) = [rule for rule in rules if rule.get("alert") == "NewsbriefDown"]
    namespace = the(manifests, "Deployment")["metadata"]["namespace"]
    assert f'namespace="{namespace}"' in down["expr"]


@each_build
def test_selectors_meet_the_pods_that_they_are_meant_for(name):
    manifests = build(name)
    deployment = the(manifests, "Deployment")["spec"]
    labels = deployment["template"]["metadata"]["labels"].items()
    assert the(manifests, "Service")["spec"]["selector"].items() <= labels
    for budget in of_kind(manifests, "PodDisruptionBudget"):
        assert budget["spec"]["selector"]["matchLabels"].items() <= labels
    for spread in deployment["template"]["spec"]["topologySpreadConstraints"]:
        assert spread["labelSelector"]["matchLabels"].items() <= labels
    for monitor in of_kind(manifests, "ServiceMonitor"):
        service = the(manifests, "Service")
        wanted = monitor["spec"]["selector"]["matchLabels"].items()
        assert wanted <= service["metadata"]["labels"].items()
        (endpoint,) = monitor["spec"]["endpoints"]
        assert endpoint["port"] in {port["name"] for port in service["spec"]["ports"]}
        assert endpoint["path"] == "/metrics"


@each_build
def test_serving_pods_reach_nothing_but_dns_and_a_collector_of_traces(name):
    manifests = build(name)
    labels = the(manifests, "Deployment")["spec"]["template"]["metadata"]["labels"].items()
    applying = [
        policy["spec"]
        for policy in of_kind(manifests, "NetworkPolicy")
        if policy["spec"]["podSelector"].get("matchLabels", {}).items() <= labels
    ]
    assert {kind for spec in applying for kind in spec["policyTypes"]} == {"Ingress", "Egress"}
    rules = [rule for spec in applying for rule in spec["egress"]]
    assert all(rule["to"] for rule in rules)
    reached = {port["port"] for rule in rules for port in rule["ports"]}
    assert reached == ({53, OTLP_HTTP} if name == "components/tracing" else {53})


@each_build
def test_everything_that_stays_inside_a_namespace_says_which(name):
    for manifest in build(name):
        if manifest["kind"] not in {"Namespace", "PriorityClass"}:
            assert manifest["metadata"].get("namespace"), manifest["metadata"]["name"]


def named(manifests: tuple[Manifest, ...], kind: str, name: str) -> Manifest:
    (found,) = [each for each in of_kind(manifests, kind) if each["metadata"]["name"] == name]
    return found


def test_the_namespace_itself_refuses_what_is_not_restricted():
    for overlay in OVERLAYS:
        labels = the(build(f"overlays/{overlay}"), "Namespace")["metadata"]["labels"]
        assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_the_network_policy_lets_its_own_namespace_in():
    for overlay in OVERLAYS:
        manifests = build(f"overlays/{overlay}")
        (rule,) = named(manifests, "NetworkPolicy", "newsbrief")["spec"]["ingress"]
        assert {"podSelector": {}} in rule["from"]


def test_traces_go_where_the_network_policy_lets_them(settings_of):
    manifests = build("components/tracing")
    _, container = server(manifests)
    assert settings_of(manifests, container).tracing
    collector = urlsplit(environment(manifests, container)["OTEL_EXPORTER_OTLP_ENDPOINT"])
    (rule,) = named(manifests, "NetworkPolicy", "newsbrief-tracing")["spec"]["egress"]
    (peer,) = rule["to"]
    namespace = peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
    assert collector.hostname.split(".")[1:] == [namespace, "svc"]
    assert rule["ports"] == [{"port": collector.port, "protocol": "TCP"}]
    for other in (name for name in BUILDS if name != "components/tracing"):
        assert not settings_of(build(other), server(build(other))[1]).tracing, other


def test_the_ingress_routes_the_public_paths_and_no_others():
    paths = the(build("components/ingress"), "Ingress")["spec"]["rules"][0]["http"]["paths"]

    def routed(path: str) -> bool:
        return any(
            path == rule["path"]
            if rule["pathType"] == "Exact"
            else path.startswith(f"{rule['path'].rstrip('/')}/")
            for rule in paths
        )

    known = set(create_app(Settings(keys_file=None)).openapi()["paths"])
    assert known >= PRIVATE
    assert {path for path in known if not routed(path)} == PRIVATE
    for path in ("/", "/docs", "/openapi.json", "/static/docs.js"):
        assert routed(path), path


def test_the_ingress_waits_longer_than_newsbrief_and_takes_as_much(settings_of):
    manifests = build("components/ingress")
    settings = settings_of(manifests, server(manifests)[1])
    notes = the(manifests, "Ingress")["metadata"]["annotations"]
    prefix = "nginx.ingress.kubernetes.io"
    assert int(notes[f"{prefix}/proxy-read-timeout"]) > settings.request_seconds
    size = notes[f"{prefix}/proxy-body-size"]
    assert int(size.removesuffix("m")) * 1024**2 >= settings.request_bytes
    assert notes[f"{prefix}/proxy-buffering"] == "off"


def test_the_autoscaler_reads_a_metric_that_the_service_has():
    from newsbrief.metrics import Metrics

    hpa = the(build("base"), "HorizontalPodAutoscaler")["spec"]
    backlog, cpu = hpa["metrics"]
    names = {family.name for family in Metrics().registry.collect()}
    assert backlog["pods"]["metric"]["name"] in names
    assert cpu["resource"]["name"] == "cpu"
    assert hpa["scaleTargetRef"]["name"] == the(build("base"), "Deployment")["metadata"]["name"]
    rules = yaml.safe_load((K8S / "components/prometheus-adapter/config.yaml").read_text())
    (rule,) = rules["rules"]
    assert rule["seriesQuery"].startswith(backlog["pods"]["metric"]["name"])
    assert "<<.LabelMatchers>>" in rule["metricsQuery"]


def test_keda_scales_as_the_hpa_does_and_takes_its_place():
    manifests = build("components/keda")
    assert not of_kind(manifests, "HorizontalPodAutoscaler")
    scaled, hpa = (
        the(manifests, "ScaledObject")["spec"],
        the(build("base"), "HorizontalPodAutoscaler")["spec"],
    )
    assert scaled["minReplicaCount"] == hpa["minReplicas"]
    assert scaled["maxReplicaCount"] == hpa["maxReplicas"]
    behaviour = scaled["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    assert behaviour == hpa["behavior"]
    prometheus, cpu = scaled["triggers"]
    backlog, resource = hpa["metrics"]
    assert prometheus["metadata"]["threshold"] == backlog["pods"]["target"]["averageValue"]
    assert prometheus["metadata"]["query"].startswith("sum(newsbrief_backlog_seconds{")
    assert cpu["metadata"]["value"] == str(resource["resource"]["target"]["averageUtilization"])
    assert "fallback" not in scaled, "it would overrule the CPU trigger"


def test_a_pack_volume_is_read_only_where_it_is_served(settings_of):
    manifests = build("components/pack-volume")
    pod, container = server(manifests)
    (waiting,) = pod["initContainers"]
    settings = settings_of(manifests, container)
    for each in (waiting, container):
        (mount,) = [mount for mount in each["volumeMounts"] if mount["name"] == "packs"]
        assert mount["readOnly"] is True
        assert Path(mount["mountPath"]) == settings.packs_dir
    (pulling,) = [each for where, each in containers(manifests) if where.startswith("Job/")]
    assert pulling["args"] == ["packs", "pull", settings.pack]
    assert waiting["args"] == ["packs", "verify", settings.pack]
    assert settings_of(manifests, pulling).packs_dir == settings.packs_dir


def test_the_key_file_lies_where_the_setting_says_and_the_example_can_be_read(settings_of):
    manifests = build("components/api-keys")
    pod, container = server(manifests)
    settings = settings_of(manifests, container)
    (mount,) = [mount for mount in container["volumeMounts"] if mount["name"] == "keys"]
    assert settings.keys_file == Path(mount["mountPath"]) / "keys.toml"
    assert "subPath" not in mount, "a mount of one file never sees the Secret change"
    (volume,) = [volume for volume in pod["volumes"] if volume["name"] == "keys"]
    assert volume["secret"]["secretName"] == "newsbrief-keys"
    assert Keys(K8S / "components/api-keys/keys.example.toml").find("") is None


def test_a_secret_that_changes_is_reread(tmp_path):
    """The kubelet swaps the link `..data`; the mounted file is a link into it."""
    example = (K8S / "components/api-keys/keys.example.toml").read_text()
    for version, text in (("..1", example), ("..2", example + "# new\n[wrong]\n")):
        (tmp_path / version).mkdir()
        (tmp_path / version / "keys.toml").write_text(text)
    (tmp_path / "..data").symlink_to("..1")
    (tmp_path / "keys.toml").symlink_to("..data/keys.toml")
    keys = Keys(tmp_path / "keys.toml")
    (tmp_path / "..next").symlink_to("..2")
    (tmp_path / "..next").replace(tmp_path / "..data")
    keys.find("")
    assert keys.problem is not None


BACKFILLS = ("components/backfill", "components/backfill-through", "overlays/archive")
each_backfill = pytest.mark.parametrize("name", BACKFILLS)


def jobs(name: str) -> list[Manifest]:
    return of_kind(build(name), "Job")


def arguments(job: Manifest) -> list[str]:
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return container["args"]


@each_backfill
def test_a_backfills_arguments_are_those_of_the_command(name):
    known = {option for parameter in backfill.params for option in parameter.opts}
    for job in jobs(name):
        command, source, output, *rest = arguments(job)
        assert command == "backfill"
        assert {each for each in rest if each.startswith("--")} <= known
        (container,) = job["spec"]["template"]["spec"]["containers"]
        given = environment(build(name), container)
        for argument in (source, output, *rest):
            for variable in re.findall(r"\$\((\w+)\)", argument):
                assert given[variable], variable


@each_backfill
def test_what_would_fail_again_is_not_tried_again_and_a_lost_node_does_not_count(name):
    for job in jobs(name):
        spec = job["spec"]
        ignored, final = spec["podFailurePolicy"]["rules"]
        assert ignored["action"] == "Ignore"
        assert ignored["onPodConditions"] == [{"type": "DisruptionTarget", "status": "True"}]
        indexed = spec.get("completionMode") == "Indexed"
        assert final["action"] == ("FailIndex" if indexed else "FailJob")
        # InputError and ConfigurationError end with 2, PackError with 3; see EXIT_CODES.
        assert final["onExitCodes"]["values"] == [2, 3]
        pod = spec["template"]["spec"]
        assert pod["restartPolicy"] == "Never", "a podFailurePolicy needs it"
        assert final["onExitCodes"]["containerName"] == pod["containers"][0]["name"]
    codes = dict(EXIT_CODES)
    assert {codes[InputError], codes[ConfigurationError], codes[PackError]} == {2, 3}


def test_the_shards_are_split_over_as_many_pods_as_there_are():
    (job,) = [job for job in jobs("components/backfill") if "--parts" in arguments(job)]
    spec, given = job["spec"], arguments(job)
    assert spec["completionMode"] == "Indexed"
    assert int(given[given.index("--parts") + 1]) == spec["completions"] == spec["parallelism"]
    assert spec["backoffLimitPerIndex"] > 0
    assert spec["maxFailedIndexes"] < spec["completions"]
    (part,) = [each for each in backfill.params if each.name == "part"]
    assert part.envvar == "JOB_COMPLETION_INDEX", "which Kubernetes gives each pod"


def test_the_workers_wait_for_the_plan_and_plan_the_same_archive():
    plan, work = sorted(jobs("components/backfill"), key=lambda job: "suspend" in job["spec"])
    assert arguments(plan)[-1] == "--plan"
    assert work["spec"]["suspend"] is True
    assert arguments(plan)[:3] == arguments(work)[:3]


@each_backfill
def test_backfill_pods_reach_object_storage_names_and_at_most_the_service(name):
    through = name != "components/backfill"
    for job in jobs(name):
        labels = job["spec"]["template"]["metadata"]["labels"]
        (policy,) = [
            policy["spec"]
            for policy in of_kind(build(name), "NetworkPolicy")
            if policy["spec"]["podSelector"].get("matchLabels") == labels
        ]
        assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
        assert "ingress" not in policy
        ports = {port["port"] for rule in policy["egress"] for port in rule["ports"]}
        assert ports == ({53, 443, "http"} if through else {53, 443})


@each_backfill
def test_a_backfill_pod_goes_at_once_since_nothing_is_lost(name):
    for job in jobs(name):
        assert job["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] <= 30


def test_workers_give_way_to_everybody():
    priority = the(build("components/backfill"), "PriorityClass")
    assert priority["value"] < 0
    assert priority["preemptionPolicy"] == "Never"
    for job in jobs("components/backfill"):
        pod = job["spec"]["template"]["spec"]
        assert pod["priorityClassName"] == priority["metadata"]["name"]


@pytest.mark.parametrize("name", ["components/backfill-through", "overlays/archive"])
def test_the_key_is_a_file_of_a_secret_and_the_service_is_that_of_the_namespace(name):
    (job,) = jobs(name)
    pod, given = job["spec"]["template"]["spec"], arguments(job)
    (container,) = pod["containers"]
    (mount,) = [mount for mount in container["volumeMounts"] if mount["name"] == "key"]
    (volume,) = [volume for volume in pod["volumes"] if volume["name"] == "key"]
    assert volume["secret"]["secretName"] == "newsbrief-backfill-key"
    assert Path(given[given.index("--key-file") + 1]).parent == Path(mount["mountPath"])
    service = environment(build(name), container)["SERVICE"]
    assert service == f"http://{the(build(name), 'Service')['metadata']['name']}"


def test_the_archives_service_is_there_only_while_somebody_sends():
    manifests = build("overlays/archive")
    spec = the(manifests, "ScaledObject")["spec"]
    assert spec["minReplicaCount"] == 0
    assert not of_kind(manifests, "HorizontalPodAutoscaler")
    sending, backlog = spec["triggers"]
    (job,) = jobs("overlays/archive")
    labels = job["spec"]["template"]["metadata"]["labels"]
    assert sending["type"] == "kubernetes-workload"
    assert dict([sending["metadata"]["podSelector"].split("=")]) == labels
    (namespace,) = {manifest["metadata"].get("namespace") for manifest in manifests} - {None}
    assert f'newsbrief_backlog_seconds{{namespace="{namespace}"}}' in backlog["metadata"]["query"]
    assert backlog["metadata"]["ignoreNullValues"] == "true", "at zero pods there is no series"


def test_a_gpu_pod_asks_for_one_gpu_and_says_so_to_the_engine(settings_of):
    manifests = build("overlays/gpu")
    pod, container = server(manifests)
    settings = settings_of(manifests, container)
    assert settings.device == "cuda"
    assert container["resources"]["limits"]["nvidia.com/gpu"] == "1"
    assert {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"} in pod[
        "tolerations"
    ]
    (metric,) = the(manifests, "HorizontalPodAutoscaler")["spec"]["metrics"]
    assert metric["pods"]["metric"]["name"] == "newsbrief_backlog_seconds"
    for name in ("base", "overlays/production"):
        assert settings_of(build(name), server(build(name))[1]).device == "cpu"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_overlays_hold_only_differences(overlay):
    folder = K8S / "overlays" / overlay
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
    for patch in kustomization["patches"]:
        if "path" not in patch:
            continue
        document = yaml.safe_load((folder / patch["path"]).read_text())
        same = list(_repeated(document, the(build("base"), document["kind"])))
        assert same == []


def _repeated(patch, base, path=""):
    """Values of a patch that the base has already, but for names, which tell what is meant."""
    if isinstance(patch, dict):
        for key, value in patch.items():
            if key not in {"name", "kind", "apiVersion"} and key in base:
                yield from _repeated(value, base[key], f"{path}.{key}")
    elif isinstance(patch, list):
        named = {item["name"]: item for item in base}
        for item in patch:
            if item["name"] in named:
                yield from _repeated(item, named[item["name"]], f"{path}[{item['name']}]")
    elif patch == base:
        yield path


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_says_what_it_is_for(component):
    text = (K8S / "components" / component / "kustomization.yaml").read_text()
    assert text.startswith("# ")


@pytest.mark.slow
def test_a_pod_whose_engine_hangs_still_ends_within_its_grace_period(tmp_path, settings_of):
    """The arithmetic of the manifests, tried on a real server with a shorter delay and request."""
    manifests = build("base")
    pod, container = server(manifests)
    shipped = gunicorn_options(settings_of(manifests, container))["graceful_timeout"]
    margin = pod["terminationGracePeriodSeconds"] - shipped
    short = {"NEWSBRIEF_DRAIN_DELAY_SECONDS": "1", "NEWSBRIEF_REQUEST_SECONDS": "2"}
    bound = gunicorn_options(Settings(drain_delay_seconds=1, request_seconds=2))["graceful_timeout"]
    with gated(tmp_path, **short) as (running, gate):
        hanging = in_background(ask, running)
        gate.wait_entered()
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(PATIENCE)
        assert time.monotonic() - began < bound + margin
        assert hanging.result(PATIENCE).status_code == 504
