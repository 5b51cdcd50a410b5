"""Examples in the documentation: the code blocks of a page, and answers held against them."""

import json
import re
from pathlib import Path
from textwrap import dedent
from typing import Any

ROOT = Path(__file__).parents[1]
ANY = "…"


def blocks(page: str, language: str) -> list[str]:
    """The page's code blocks in a language, in order; those of lists without their indentation."""
    text = (ROOT / page).read_text("utf-8")
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return [dedent(block) for block in found]


def examples(page: str) -> list[Any]:
    """The page's JSON."""
    return [json.loads(block) for block in blocks(page, "json")]


def curl(page: str) -> list[dict[str, Any]]:
    """The bodies of the page's requests."""
    text = (ROOT / page).read_text("utf-8")
    return [json.loads(body) for body in re.findall(r"-d '(\{.*?\})'", text, re.DOTALL)]


def assert_alike(example: Any, answer: Any, place: str = "answer") -> None:
    """Fails unless the answer is what the example shows.

    In the example `"…"` stands for any value, `["…"]` for any list, and a key `…` for more keys;
    without it the keys are the same.
    """
    if isinstance(example, dict):
        shown = example.keys() - {ANY}
        assert isinstance(answer, dict), place
        assert shown <= answer.keys() if ANY in example else shown == answer.keys(), place
        for key in shown:
            assert_alike(example[key], answer[key], f"{place}.{key}")
    elif isinstance(example, list):
        assert isinstance(answer, list), place
        if example != [ANY]:
            assert len(example) == len(answer), place
            for index, (shown, value) in enumerate(zip(example, answer, strict=True)):
                assert_alike(shown, value, f"{place}[{index}]")
    elif example != ANY:
        assert example == answer, place
