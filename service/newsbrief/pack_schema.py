"""What `pack.toml` and `pack.lock` may say: the whole of both formats, and nothing else.

Unknown keys and missing fields are refused, and so is what contradicts itself.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

Family = Literal["marian", "m2m100", "nllb", "mbart50", "bart", "pegasus", "t5", "madlad"]


def _matching(pattern: str, words: str) -> AfterValidator:
    def check(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise ValueError(f"must be {words}")
        return value

    return AfterValidator(check)


def _inside(path: str) -> str:
    parts = PurePosixPath(path)
    plain = str(parts) == path and "\\" not in path and path.isprintable()
    if parts.is_absolute() or ".." in parts.parts or not parts.parts or not plain:
        raise ValueError("must be a plain relative path inside the pack")
    return path


SLUG = r"[a-z0-9][a-z0-9-]{0,63}"
Slug = Annotated[str, _matching(SLUG, "lower-case letters, digits and hyphens, 64 at most")]
Language = Annotated[str, _matching("[a-z]{2,3}", "a language code of two or three letters")]
Version = Annotated[
    str, _matching(r"\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?", "a version such as 1.2.0")
]
Sha256 = Annotated[str, _matching("[0-9a-f]{64}", "64 hexadecimal digits in lower case")]
Commit = Annotated[
    str, _matching("[0-9a-f]{40}", "a full commit: 40 hexadecimal digits in lower case")
]
Repository = Annotated[
    str, _matching(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", "a repository such as owner/name")
]
Address = Annotated[str, _matching(r"https?://\S+", "an http or https address")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
RelativePath = Annotated[str, AfterValidator(_inside)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class File(_Table):
    """One file: in `pack.toml` relative to the pack's folder, upstream to the repository's."""

    path: RelativePath
    bytes: int = Field(ge=0)
    sha256: Sha256


class HubSource(_Table):
    """A repository on a model hub, pinned to a full commit.

    `sha256` holds the checksums of files that are known beforehand, by path in the repository: a
    pull refuses other bytes, whatever the hub says of them.
    """

    kind: Literal["hub"]
    repository: Repository
    revision: Commit
    sha256: dict[RelativePath, Sha256] = {}


class ArchiveSource(_Table):
    """A zip archive at an address, pinned by its SHA-256 (original Marian releases)."""

    kind: Literal["archive"]
    url: Address
    sha256: Sha256


class OwnSource(_Table):
    """Weights that this project trained; `recipe` is the command that makes them."""

    kind: Literal["own"]
    recipe: Text


Source = Annotated[HubSource | ArchiveSource | OwnSource, Field(discriminator="kind")]


class Decoding(_Table):
    """How a model is asked to write. Lengths are in the model's own tokens."""

    beam_size: int = Field(default=4, ge=1, le=16)
    length_penalty: float = 1.0
    repetition_penalty: float = Field(default=1.0, ge=1.0)
    no_repeat_ngram_size: int = Field(default=0, ge=0)
    min_tokens: int = Field(default=0, ge=0)
    max_tokens: int = Field(default=256, ge=1)


class Model(_Table):
    """One model: what it is, whose it is, where it came from, and how it is run.

    `licence_note` is what a lawyer should know beside the licence, such as what is not settled.
    """

    family: Family
    licence: Text
    licence_note: Text | None = None
    commercial_use: bool
    attribution: Text
    source: Source
    folder: RelativePath
    max_source_tokens: int = Field(ge=8)
    quantization: Literal["int8", "int8_float32", "int8_bfloat16", "float32", "bfloat16"] = "int8"
    draft: bool = False
    decoding: Decoding = Decoding()
    files: tuple[File, ...] = ()


class Direction(_Table):
    """One source and target language, the model that translates it, and its language tags.

    `source_prefix` goes before the source tokens (`>>rus<<`, `__en__`), `target_prefix` is what
    the decoder is made to begin with (`__ko__`, `kor_Hang`).
    """

    source: Language
    target: Language
    model: Slug
    source_prefix: tuple[Text, ...] = ()
    target_prefix: tuple[Text, ...] = ()


class Highlights(_Table):
    """Who writes the highlights: `extractive` needs no model, `seq2seq` names one.

    `source_prefix` is text put before the article (T5's `summarize: `).
    """

    method: Literal["extractive", "seq2seq"]
    model: Slug | None = None
    source_prefix: str = ""


class Quality(_Table):
    """One figure: `measured` by us with a command, or `published` by the `reference` named."""

    task: Literal["translation", "highlights"]
    languages: Text
    test_set: Text
    metric: Text
    value: float
    origin: Literal["measured", "published"] = "measured"
    signature: str = ""
    date: str = ""
    command: str = ""
    reference: str = ""


class PackDescription(_Table):
    """The whole of a `pack.toml`."""

    format: Literal[1]
    name: Slug
    version: Version
    description: Text
    source_languages: tuple[Language, ...] = Field(min_length=1)
    highlights: Highlights
    directions: tuple[Direction, ...] = ()
    models: dict[Slug, Model] = {}
    quality: tuple[Quality, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = [*_of_languages(self), *_of_models(self), *_of_quality(self)]
        if problems:
            raise ValueError("\n".join(problems))
        return self


class LockedModel(_Table):
    """What one model was made from, and the files that came of it."""

    source: Source
    upstream: tuple[File, ...]
    files: tuple[File, ...]


class Acceptance(_Table):
    """A licence without commercial use that was accepted when the pack was pulled."""

    model: Slug
    licence: Text


class PackLock(_Table):
    """The whole of a `pack.lock` (JSON), which a pull writes and every start verifies.

    `date` is UTC, ISO 8601; `tools` gives the versions that downloaded and converted.
    """

    format: Literal[1]
    pack: Slug
    version: Version
    date: Text
    tools: dict[str, str]
    accepted: tuple[Acceptance, ...] = ()
    models: dict[Slug, LockedModel]


def _of_languages(pack: PackDescription) -> list[str]:
    found = []
    for index, direction in enumerate(pack.directions):
        key = f"directions[{index}]"
        if direction.source not in pack.source_languages:
            found.append(f"{key}.source: '{direction.source}' is not among source_languages")
        if direction.source == direction.target:
            found.append(f"{key}.target: must differ from the source, '{direction.source}'")
        if direction.model not in pack.models:
            found.append(f"{key}.model: there is no table models.{direction.model}")
    pairs = Counter((direction.source, direction.target) for direction in pack.directions)
    for (source, target), count in pairs.items():
        if count > 1:
            found.append(f"directions: {source} to {target} is given {count} times")
    highlights = pack.highlights
    if highlights.method == "seq2seq" and highlights.model is None:
        found.append("highlights.model: is missing; the method seq2seq needs it")
    elif highlights.method == "extractive" and (highlights.model or highlights.source_prefix):
        found.append("highlights: the method extractive takes neither model nor source_prefix")
    elif highlights.model is not None and highlights.model not in pack.models:
        found.append(f"highlights.model: there is no table models.{highlights.model}")
    return found


def _of_models(pack: PackDescription) -> list[str]:
    found = []
    used = {direction.model for direction in pack.directions} | {pack.highlights.model}
    folders: dict[str, str] = {}
    for slug, model in pack.models.items():
        key = f"models.{slug}"
        if slug not in used:
            found.append(f"{key}: no direction and no highlights use it")
        if model.commercial_use and re.search(r"\bNC\b", model.licence):
            found.append(f"{key}.commercial_use: must be false under the licence {model.licence}")
        if model.source.kind == "archive" and model.family != "marian":
            found.append(f"{key}.source.kind: archive is for the family marian only")
        if model.decoding.min_tokens > model.decoding.max_tokens:
            found.append(f"{key}.decoding.min_tokens: must not exceed max_tokens")
        for other, folder in folders.items():
            if f"{model.folder}/".startswith(f"{folder}/") or f"{folder}/".startswith(
                f"{model.folder}/"
            ):
                found.append(f"{key}.folder: must not share a folder with models.{other}")
        folders[slug] = model.folder
        paths = Counter(file.path for file in model.files)
        for path, count in paths.items():
            if not path.startswith(f"{model.folder}/"):
                found.append(f"{key}.files: '{path}' must lie in '{model.folder}/'")
            if count > 1:
                found.append(f"{key}.files: '{path}' is given {count} times")
    return found


def _of_quality(pack: PackDescription) -> list[str]:
    needed = {"measured": ("signature", "date", "command"), "published": ("reference",)}
    return [
        f"quality[{index}].{field}: is missing; a figure {figure.origin} needs it"
        for index, figure in enumerate(pack.quality)
        for field in needed[figure.origin]
        if not getattr(figure, field)
    ]
