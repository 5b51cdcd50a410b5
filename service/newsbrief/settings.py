"""Settings: name, default and meaning of each; read once at the start and passed down."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import from_json
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from newsbrief.errors import ConfigurationError

PREFIX = "NEWSBRIEF_"


def _decoded(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        decoded = from_json(value)
    except ValueError:
        decoded = None
    if not isinstance(decoded, list):
        raise ValueError('should be a JSON list, such as ["https://cms.example"]')
    return decoded


class Settings(BaseSettings):
    """Read from environment variables named `NEWSBRIEF_` and the field's name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", allow_inf_nan=False
    )

    pack: str = Field("bundled", description="Name of an installed pack, or a path to one.")
    packs_dir: Path = Field(
        Path("~/.cache/newsbrief/packs"),
        description="Where `newsbrief packs pull` puts packs and where they are looked for.",
    )
    device: Literal["cpu", "cuda"] = Field(
        "cpu", description="Where the models run; `cuda` needs an NVIDIA GPU, or nothing starts."
    )
    compute_type: Literal[
        "",
        "int8",
        "int8_float32",
        "int8_float16",
        "int8_bfloat16",
        "float16",
        "bfloat16",
        "float32",
    ] = Field("", description="Arithmetic of the engine; empty takes what the pack asks for.")
    runners: int = Field(
        0,
        ge=0,
        le=256,
        description="Batches that run side by side; 0 takes the CPU quota, rounded down, or one "
        "on a GPU.",
    )
    threads_per_runner: int = Field(
        1, ge=1, le=256, description="Threads inside one batch; 1 is fastest for short sentences."
    )
    batch_tokens: int = Field(
        1024, ge=16, description="Most padded source tokens (longest text × texts) in a batch."
    )
    queue_seconds: float = Field(
        30,
        gt=0,
        description="A lane that holds more work than this, at the measured rate, takes no more: "
        "requests are refused (429).",
    )
    max_body_chars: int = Field(
        200_000, ge=100, description="Longest article body, in characters after cleaning."
    )
    highlight_chars: int = Field(
        120,
        ge=40,
        le=400,
        description="Longest highlight, in characters; up to a third more, with the finding "
        "`highlight-long`, for one that holds the news, or where too few fit.",
    )
    host: str = Field("127.0.0.1", description="Address that `newsbrief serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `newsbrief serve` listens on.")
    workers: int = Field(
        1, ge=1, le=64, description="Processes, each with its own copy of the models."
    )
    request_bytes: int = Field(
        2_000_000, ge=1000, description="Longest request body; beyond it, 413 while it is read."
    )
    read_seconds: float = Field(
        10, gt=0, description="Time a client has to send its headers, and again its body; then 408."
    )
    request_seconds: float = Field(
        60, gt=0, description="Longest time for an answer; `X-Request-Timeout` can ask for less."
    )
    drain_delay_seconds: float = Field(
        5,
        ge=0,
        description="After SIGTERM, how long new work is still taken while readiness says no.",
    )
    stall_seconds: float = Field(
        120, gt=0, description="A batch longer in the engine than this turns readiness off."
    )
    keys_file: Path | None = Field(
        None,
        description="TOML file of API keys' hashes, reread when it changes; none: open to all.",
    )
    keep_days: int = Field(
        7,
        ge=0,
        le=365,
        description="Days after its last change that what is typed on the editors' page stays in "
        "the browser; 0: in the open tab alone.",
    )
    # Decoded by us: what pydantic-settings can't decode it refuses without naming the variable.
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_decoded)] = Field(
        (), description="Origins that browsers may call from, as a JSON list; none: CORS is off."
    )
    tracing: bool = Field(
        False,
        description="Send OpenTelemetry spans to where `OTEL_…` points; needs the `tracing` extra.",
    )
    log_format: Literal["text", "json"] = Field(
        "text",
        description="`json` writes one line a request: id, key name, sizes, timings, status.",
    )


def read_settings(**overrides: object) -> Settings:
    """Reads the environment; `overrides` (the command line's) win.

    Raises `ConfigurationError` naming the variable, the value and what it takes. A variable that
    is no setting is refused too: a misspelt one must not pass in silence. (A Kubernetes Service
    named newsbrief would inject such variables; pods need `enableServiceLinks: false`.)
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for variable in os.environ:
        if variable.startswith(PREFIX) and variable not in known:
            near = difflib.get_close_matches(variable, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigurationError(f"{variable}: there is no such setting{hint}")
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        message = first["msg"].removeprefix("Value error, ")
        raise ConfigurationError(
            f"{name}: {message[:1].lower()}{message[1:]}; it was {first['input']!r}"
        ) from error
