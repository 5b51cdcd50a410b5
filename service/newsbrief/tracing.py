"""OpenTelemetry spans of requests: an extra, imported only when it is switched on."""

from __future__ import annotations

from fastapi import FastAPI

from newsbrief.errors import ConfigurationError


def add_tracing(app: FastAPI) -> None:
    """Sends a span a request to where the standard `OTEL_…` variables point.

    The caller's trace context is continued. Raises `ConfigurationError` without the extra.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ConfigurationError(
            "NEWSBRIEF_TRACING needs the extra 'tracing' of Newsbrief"
        ) from error
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "newsbrief"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    app.state.tracer_provider = provider
    app.add_middleware(
        OpenTelemetryMiddleware, tracer_provider=provider, excluded_urls="livez,readyz,metrics"
    )
