"""Rules, dashboard and runbooks: in step with the metrics, and right on a real Prometheus."""

import json
import math
import re
import subprocess
from collections import Counter
from contextlib import ExitStack

import pytest
import yaml

from newsbrief.metrics import LATENCY, Metrics
from tests.manifests import K8S, ROOT, build, the
from tests.observed import FORGETFUL
from tests.prometheus import program, scraping, wait_until
from tests.servers import running
from tests.service import ARTICLE

RULES = the(build("components/prometheus-rules"), "PrometheusRule")["spec"]
EVERY_RULE = [rule for group in RULES["groups"] for rule in group["rules"]]
ALERTS = {rule["alert"]: rule for rule in EVERY_RULE if "alert" in rule}
RECORDED = {rule["record"]: rule["expr"] for rule in EVERY_RULE if "record" in rule}
DASHBOARD = json.loads((K8S / "components/grafana-dashboard/newsbrief.json").read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [
    pytest.param(target["expr"], id=f"{panel['title']} {target['refId']}")
    for panel in PANELS
    for target in panel["targets"]
]
RUNBOOKS = ROOT / "docs" / "runbooks.md"

# What other exporters bring: Prometheus itself and kube-state-metrics.
FOREIGN = re.compile(r"up|kube_horizontalpodautoscaler_(spec_max|status_current)_replicas")
SERIES = re.compile(r"\b(?:newsbrief[a-z_]*(?::[a-z0-9_]+)*|kube_[a-z_]+)\b(?=\{|\[|\)|\s|$)")


def sample_names() -> set[str]:
    """Every series name that the service can expose."""
    names = set()
    for family in Metrics().registry.collect():
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
        names |= {family.name + end for end in endings.get(family.type, [""])}
    return names


@pytest.fixture
def rules_file(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump(RULES))
    return path


def test_rules_are_well_formed(rules_file):
    subprocess.run(
        [program("promtool"), "check", "rules", "--lint=all", "--lint-fatal", str(rules_file)],
        check=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("file", ["alerts.promtool.yaml", "alerts_days.promtool.yaml"])
def test_alerts_fire_when_they_should_and_only_then(file, rules_file):
    cases = ROOT / "tests" / file
    (rules_file.parent / file).write_text(cases.read_text("utf-8"))
    made = subprocess.run(
        [program("promtool"), "test", "rules", file],
        cwd=rules_file.parent,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr


def test_every_alert_is_tried_where_it_fires_and_where_it_does_not():
    fired, silent = set(), set()
    for path in (ROOT / "tests").glob("alerts*.promtool.yaml"):
        for case in yaml.safe_load(path.read_text("utf-8"))["tests"]:
            for one in case["alert_rule_test"]:
                (fired if one["exp_alerts"] else silent).add(one["alertname"])
    assert fired == silent == ALERTS.keys()


def test_every_alert_has_a_runbook_and_every_runbook_an_alert():
    text = RUNBOOKS.read_text("utf-8")
    assert set(re.findall(r"^## (Newsbrief\w+)$", text, re.MULTILINE)) == ALERTS.keys()
    for name, rule in ALERTS.items():
        assert rule["annotations"]["runbook"] == f"docs/runbooks.md#{name.lower()}"
        assert rule["labels"]["severity"] in {"page", "ticket"}


@pytest.mark.parametrize(
    "expression",
    [
        *(
            pytest.param(rule["expr"], id=rule.get("alert") or rule["record"])
            for rule in EVERY_RULE
        ),
        *QUERIES,
    ],
)
def test_queries_use_series_that_exist(expression):
    used = set(SERIES.findall(expression))
    assert used or FOREIGN.search(expression)
    unknown = used - sample_names() - RECORDED.keys()
    assert not {name for name in unknown if not FOREIGN.fullmatch(name)}


def test_the_latency_level_is_a_bucket_of_the_histogram():
    levels = {
        float(level) for expr in RECORDED.values() for level in re.findall(r'le="([^"]+)"', expr)
    }
    assert levels == {10.0}
    assert levels <= set(LATENCY)


def test_the_dashboard_has_no_two_panels_in_one_place():
    places = Counter((p["gridPos"]["x"], p["gridPos"]["y"]) for p in DASHBOARD["panels"])
    assert max(places.values()) == 1
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


class Traffic:
    """Requests of every kind, counted by route and status as they are answered."""

    def __init__(self, client):
        self._client = client
        self.answers = Counter()

    def send(self, *, good: int) -> None:
        for number in range(good):
            self._brief(f"Tram {number} opens")
        self._brief(f"{FORGETFUL} tram carries 40,000 people")
        self._brief("Late", **{"X-Request-Timeout": "0.000001"})
        self._translate("The tram opens at 7.")
        self._translate("The tram opens at 8.", **{"X-Lane": "backfill"})
        self._translate("A POISON text.")
        self._client.get("/readyz")

    def _brief(self, headline: str, **headers: str) -> None:
        self._post("/v1/briefs", ARTICLE | {"headline": headline}, headers)

    def _translate(self, text: str, **headers: str) -> None:
        self._post("/v1/translations", {"texts": [text], "targets": ["uk"]}, headers)

    def _post(self, route: str, body: dict, headers: dict[str, str]) -> None:
        answer = self._client.post(route, json=body, headers=headers)
        self.answers[route, str(answer.status_code)] += 1


class Observed:
    """A Prometheus that has seen `second` happen, from a first scrape after `first` on."""

    def __init__(self, prometheus, traffic, first):
        self.prometheus = prometheus
        self.all = Counter(traffic.answers)
        self.second = self.all - first


def counted(prometheus) -> Counter:
    found = prometheus.query('newsbrief_requests_total{route=~"/v1/.+"}')
    return Counter({(m["route"], m["status"]): int(value) for m, value in found})


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    """Two rounds of traffic: rates need series that are there, whole, before they grow."""
    folder = tmp_path_factory.mktemp("prometheus")
    rules = folder / "rules.yaml"
    rules.write_text(yaml.safe_dump(RULES))
    with ExitStack() as stack:
        server = stack.enter_context(running("tests.observed:make()"))
        traffic = Traffic(stack.enter_context(server.client()))
        traffic.send(good=1)
        first = Counter(traffic.answers)
        address = server.url.removeprefix("http://")
        prometheus = stack.enter_context(scraping(address, rules, folder))
        wait_until(lambda: counted(prometheus) == first, "the first round was not scraped")
        traffic.send(good=10)
        expected = Counter(traffic.answers)
        wait_until(lambda: counted(prometheus) == expected, "the second round was not scraped")
        seen = Observed(prometheus, traffic, first)
        wait_until(
            lambda: close(prometheus.value("newsbrief:error_ratio:rate1h"), failed(seen)),
            "the rules were not evaluated on the second round",
        )
        yield seen


def failed(seen: Observed) -> float:
    """Share of the second round's requests with a status of 500 or more."""
    bad = sum(count for (_, status), count in seen.second.items() if status >= "500")
    return bad / seen.second.total()


def close(value: float | None, expected: float) -> bool:
    return value is not None and math.isclose(value, expected, rel_tol=1e-6)


@pytest.mark.slow
def test_prometheus_counts_what_was_sent(observed):
    assert observed.all == {
        ("/v1/briefs", "200"): 13,
        ("/v1/briefs", "504"): 2,
        ("/v1/translations", "200"): 4,
        ("/v1/translations", "500"): 2,
    }
    assert counted(observed.prometheus) == observed.all
    refused = observed.prometheus.query("newsbrief_refusals_total")
    assert [(m["reason"], value) for m, value in refused] == [("deadline", 2)]
    faults = observed.prometheus.query("newsbrief_engine_faults_total")
    assert [(m["stage"], value) for m, value in faults] == [("translation", 2)]


@pytest.mark.slow
def test_the_recorded_ratios_are_those_of_the_traffic(observed):
    value = observed.prometheus.value
    sent = observed.second.total()
    assert close(value("newsbrief:error_ratio:rate5m"), 2 / sent)
    assert close(value("newsbrief:refused_ratio:rate5m"), 1 / sent)
    assert value("newsbrief:slow_ratio:rate1h") == 0
    assert value("newsbrief:backlog_seconds:avg") == 0
    found = observed.prometheus.query("newsbrief:findings_per_brief:rate1h")
    assert {metric["target"] for metric, _ in found} >= {"ko", "ru", "uk"}
    briefs = observed.second["/v1/briefs", "200"]
    for metric, per_brief in found:
        per_target = f'newsbrief_findings_total{{target="{metric["target"]}"}}'
        total = observed.prometheus.value(f"sum({per_target})")
        grown = per_brief * briefs
        assert math.isclose(grown, round(grown), abs_tol=1e-6)
        assert 0 < grown < total


@pytest.mark.slow
@pytest.mark.parametrize("expression", QUERIES)
def test_every_query_of_the_dashboard_returns_data(expression, observed):
    expression = expression.replace("$namespace", "newsbrief").replace("$__rate_interval", "2m")
    assert "$" not in expression

    def numbers() -> list[float]:
        found = observed.prometheus.query(expression)
        return [value for _, value in found if not math.isnan(value)]

    wait_until(numbers, f"no data: {expression}")


@pytest.mark.slow
def test_the_autoscalers_queries_return_one_series_of_the_service(observed):
    """KEDA's query as it stands; prometheus-adapter's with its placeholders filled in."""
    triggers = the(build("components/keda"), "ScaledObject")["spec"]["triggers"]
    assert observed.prometheus.value(triggers[0]["metadata"]["query"]) == 0
    adapter = yaml.safe_load((K8S / "components/prometheus-adapter/config.yaml").read_text())
    (rule,) = adapter["rules"]
    query = (
        rule["metricsQuery"]
        .replace("<<.Series>>", "newsbrief_backlog_seconds")
        .replace("<<.LabelMatchers>>", 'namespace="newsbrief",pod=~"newsbrief-0|newsbrief-1"')
        .replace("<<.GroupBy>>", "pod")
    )
    assert observed.prometheus.query(query) == [({"pod": "newsbrief-0"}, 0)]
    assert len(observed.prometheus.query(rule["seriesQuery"])) == 1


@pytest.mark.slow
def test_every_alert_can_be_evaluated_and_a_healthy_service_pages_nobody(observed):
    for rule in ALERTS.values():
        observed.prometheus.query(rule["expr"])
    assert observed.prometheus.query('ALERTS{alertstate="firing",severity="page"}') == []
