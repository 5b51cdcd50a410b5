"""Spans are sent when tracing is on, continue the caller's trace, and cost no import when off."""

import subprocess
import sys

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


def test_without_the_extra_the_setting_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.instrumentation.asgi", None)
    with pytest.raises(ConfigurationError, match=r"newsbrief\[tracing\]"):
        create_app(Settings(tracing=True))


def test_nothing_of_it_is_imported_when_it_is_off():
    code = "import sys; from newsbrief.app import create_app; create_app(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "newsbrief.app" in done.stdout
    assert "opentelemetry.sdk" not in done.stdout
