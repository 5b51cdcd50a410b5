"""What the schema says beyond what FastAPI reads from the routes: headers, keys, streamed events.

The handlers read their headers themselves: declared to FastAPI, each would be parsed and validated
once more. `tests/test_openapi.py` holds docs/api.md and this to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from newsbrief.queueing import Lane
from newsbrief.wire import BriefAnswer, HighlightAnswer, Problem, TranslationAnswer

SCHEMAS = "#/components/schemas/{model}"

PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    "X-Request-ID": ("Yours is kept if it has 1 to 128 letters, digits or `._:-`.", {}),
    "traceparent": ("W3C trace context.", {}),
    "X-Request-Timeout": (
        "Answer within so many seconds or not at all.",
        {"type": "number", "exclusiveMinimum": 0},
    ),
    "X-Lane": ("`backfill`: work that may wait.", {"enum": [*map(str, Lane)]}),
    "If-None-Match": ("Ids that you have, each in quotes.", {}),
}
# With whether every answer that may have it has it.
HEADERS: dict[str, tuple[str, bool]] = {
    "X-Request-ID": ("The request's own, or a new one.", True),
    "traceparent": ("The request's own.", False),
    "ETag": ("The brief's id in quotes.", True),
    "Server-Timing": (
        "`queue`, `highlights`, `translation`, in milliseconds; not on a stream.",
        False,
    ),
    "Retry-After": ("Seconds after which to come back.", True),
    "WWW-Authenticate": ("`Bearer`.", True),
    "Accept-Encoding": ("`identity`, where the body was compressed.", False),
}
STATUS_HEADERS = {
    "401": "WWW-Authenticate",
    "415": "Accept-Encoding",
    "429": "Retry-After",
}
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}


class HighlightsStep(BaseModel):
    """The event `highlights`: what they rest on, and they themselves."""

    headline: str | None
    body: str
    highlights: list[HighlightAnswer]


class TranslationStep(TranslationAnswer):
    """The event `translation`: one language."""

    target: str


EVENTS: dict[str, type[BaseModel]] = {
    "highlights": HighlightsStep,
    "translation": TranslationStep,
    "brief": BriefAnswer,
    "problem": Problem,
}


def _event(name: str, model: type[BaseModel]) -> dict[str, Any]:
    data = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": SCHEMAS.format(model=model.__name__)},
    }
    return {
        "type": "object",
        "required": ["event", "data"],
        "properties": {"event": {"const": name}, "data": data},
    }


# OpenAPI 3.2's keyword, as FastAPI uses it for streams of its own.
EVENTS_CONTENT = {"itemSchema": {"oneOf": [_event(name, model) for name, model in EVENTS.items()]}}


def complete(schema: dict[str, Any], models: Iterable[type[BaseModel]], *, keys: bool) -> None:
    """Adds the headers, the `models` that no route names, and the keys where they are needed."""
    components = schema["components"]
    for model in (*models, *EVENTS.values()):
        described = model.model_json_schema(ref_template=SCHEMAS)
        components["schemas"].update(described.pop("$defs", {}))
        components["schemas"][model.__name__] = described
    components["parameters"] = {
        name: {
            "name": name,
            "in": "header",
            "description": description,
            "schema": {"type": "string", **kind},
        }
        for name, (description, kind) in PARAMETERS.items()
    }
    components["headers"] = {
        name: {"description": description, "required": always, "schema": {"type": "string"}}
        for name, (description, always) in HEADERS.items()
    }
    if keys:
        components["securitySchemes"] = SECURITY
    for path in schema["paths"].values():
        for operation in path.values():
            _complete(operation, keys=keys)


def _complete(operation: dict[str, Any], *, keys: bool) -> None:
    names = ["X-Request-ID", "traceparent"]
    if "v1" in operation["tags"]:
        names += ["X-Request-Timeout", "X-Lane"]
        if keys:
            operation["security"] = [{name: []} for name in SECURITY]
    if "304" in operation["responses"]:
        names.append("If-None-Match")
    operation["parameters"] = [*_refs("parameters", names).values()]
    for status, response in operation["responses"].items():
        told = ["X-Request-ID", "traceparent", *_told(status, operation)]
        response["headers"] = _refs("headers", told)


def _told(status: str, operation: Mapping[str, Any]) -> Iterable[str]:
    if status in STATUS_HEADERS:
        yield STATUS_HEADERS[status]
    if status in {"200", "304"} and "304" in operation["responses"]:
        yield "ETag"
    if status == "200" and "requestBody" in operation:
        yield "Server-Timing"


def _refs(kind: str, names: Iterable[str]) -> dict[str, dict[str, str]]:
    return {name: {"$ref": f"#/components/{kind}/{name}"} for name in names}
