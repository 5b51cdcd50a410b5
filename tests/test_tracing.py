"""Spans are sent when tracing is on, continue the caller's trace, and cost no import when off."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from newsbrief.app import create_app
from newsbrief.errors import ConfigurationError
from newsbrief.settings import Settings
from tests.service import WordEngine, word_briefer


@pytest.fixture
def unexported(monkeypatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(
        "opentelemetry.sdk.trace.export.BatchSpanProcessor",
        lambda exporter: SimpleSpanProcessor(InMemorySpanExporter()),
    )


def test_a_request_becomes_a_span_of_the_callers_trace(unexported):
    app = create_app(
        Settings(tracing=True),
        opener=lambda settings, metrics: word_briefer(settings, metrics, WordEngine()),
    )
    spans = InMemorySpanExporter()
    app.state.tracer_provider.add_span_processor(SimpleSpanProcessor(spans))
    trace = "a" * 32
    with TestClient(app) as client:
        client.get("/v1/pack", headers={"traceparent": f"00-{trace}-{'b' * 16}-01"})
        client.get("/livez")
    assert {f"{span.context.trace_id:032x}" for span in spans.get_finished_spans()} == {trace}


def test_without_the_extra_the_setting_says_which(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.instrumentation.asgi", None)
    with pytest.raises(ConfigurationError, match=r"the extra 'tracing' of Newsbrief$"):
        create_app(Settings(tracing=True))


def test_spans_leave_by_http_for_the_collector_of_the_environment(monkeypatch):
    received = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{collector.server_port}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        app = create_app(
            Settings(tracing=True),
            opener=lambda settings, metrics: word_briefer(settings, metrics, WordEngine()),
        )
        with TestClient(app) as client:
            client.get("/v1/pack")
        app.state.tracer_provider.shutdown()
        collector.shutdown()
    assert {path for path, _ in received} == {"/v1/traces"}
    assert all(b"GET /v1/pack" in spans for _, spans in received)


def test_nothing_of_it_is_imported_when_it_is_off():
    code = "import sys; from newsbrief.app import create_app; create_app(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "newsbrief.app" in done.stdout
    assert "opentelemetry.sdk" not in done.stdout
