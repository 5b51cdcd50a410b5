"""Is an answer right? What is neither that, looked at whole, nor an honest refusal is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

RIGHT, REFUSED, ERROR = "right", "refused", "error"
REFUSALS = {429: ("overloaded", "throttled"), 503: ("draining",)}
PROBLEM = "application/problem+json"


class WrongAnswerError(Exception):
    """What is wrong with an answer."""


def judge(
    sent: Mapping[str, Any],
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    pack: Mapping[str, str],
    targets: list[str],
) -> tuple[str, Any]:
    """`RIGHT` and the answer, `REFUSED` and the seconds to wait, or `ERROR` and what is wrong.

    `sent` is the request's body, `pack` name and version of the service's pack, and `targets` its
    languages in order; `headers` have names in lower case.
    """
    try:
        data = json.loads(body)
        if status in REFUSALS:
            return REFUSED, _refusal(status, headers, data)
        if status != 200:
            raise WrongAnswerError(f"status {status}: {body[:300].decode(errors='replace')}")
        _same("pack", data["pack"], pack)
        if "texts" in sent:
            _translations(sent, data)
        else:
            _brief(sent, headers, data, targets)
    except WrongAnswerError as error:
        return ERROR, str(error)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return ERROR, f"an answer of another shape ({type(error).__name__}: {error})"
    return RIGHT, data


def _refusal(status: int, headers: Mapping[str, str], data: Mapping[str, Any]) -> int:
    _same("content type", headers.get("content-type"), PROBLEM)
    known = [f"urn:newsbrief:problem:{name}" for name in REFUSALS[status]]
    if data["type"] not in known:
        raise WrongAnswerError(f"status {status} with the type {data['type']}")
    _same("status in the body", data["status"], status)
    wait = headers.get("retry-after", "")
    if not wait.isdigit() or int(wait) < 1:
        raise WrongAnswerError(f"a refusal with Retry-After: {wait!r}")
    _same("retry_after", data["retry_after"], int(wait))
    return int(wait)


def _brief(
    sent: Mapping[str, Any],
    headers: Mapping[str, str],
    data: Mapping[str, Any],
    targets: list[str],
) -> None:
    if not re.fullmatch("[0-9a-f]{32}", data["id"]):
        raise WrongAnswerError(f"the id {data['id']!r}")
    _same("ETag", headers.get("etag"), f'"{data["id"]}"')
    _same("headline", data["headline"], sent["headline"])
    highlights = [each["text"] for each in data["highlights"]]
    wanted = sent.get("max_highlights", 3)
    if len(highlights) != wanted and not (highlights and data["findings"]):
        raise WrongAnswerError(f"{len(highlights)} highlights of {wanted}, and no finding says why")
    for each in data["highlights"]:
        _written("a highlight", each["text"])
        if not each["sources"]:
            raise WrongAnswerError("a highlight without sources")
        for span in each["sources"]:
            if not 0 <= span["start"] < span["end"] <= len(data["body"]):
                raise WrongAnswerError(f"a source outside the body: {span}")
    _same("targets", list(data["translations"]), sent.get("targets", targets))
    for translation in data["translations"].values():
        _written("a headline", translation["headline"])
        _same("bullets of a translation", len(translation["highlights"]), len(highlights))
        for text in translation["highlights"]:
            _written("a bullet", text)


def _translations(sent: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    _same("targets", list(data["translations"]), sent["targets"])
    for translation in data["translations"].values():
        _same("texts of a translation", len(translation["texts"]), len(sent["texts"]))
        for each in translation["texts"]:
            _written("a translation", each["text"])


def _written(what: str, text: object) -> None:
    if not isinstance(text, str) or not text.strip():
        raise WrongAnswerError(f"{what} without text")


def _same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise WrongAnswerError(f"{what}: {found!r} instead of {expected!r}")
