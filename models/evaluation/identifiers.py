"""Compares language identifiers: Newsbrief's, and others if they are installed."""

import importlib.util
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.evaluation.tables import percent, table
from newsbrief.language_id import detect_language, other_language


def identifiers(texts: Mapping[str, Sequence[str]], draw: random.Random) -> None:
    """Prints accuracy on runs of words of each language's sentences."""
    runs = {
        (language, length): [run_of_words(text, length, draw) for text in each[:1000]]
        for language, each in texts.items()
        for length in (3, 5, 8, 15)
    }
    rows = []
    for name, load in LIBRARIES.items():
        module = "fasttext" if name == "newsbrief" else name
        if importlib.util.find_spec(module) is None:
            rows.append([name, "not installed"])
            continue
        seconds, grown = costs(name)
        identify = load()
        start = time.perf_counter()
        shares = [
            f"{100 * sum(identify(text) == key[0] for text in each) / len(each):.1f}"
            for key, each in runs.items()
        ]
        each = (time.perf_counter() - start) / sum(map(len, runs.values()))
        rows.append([name, f"{seconds:.2f}", f"{grown:.0f}", f"{1e6 * each:.0f}", *shares])
    head = [f"{language} {length}" for language, length in runs]
    print("Per cent of runs of 3, 5, 8 and 15 words whose language was told.\n")
    table(["library", "load s", "MB", "µs a text", *head], rows)
    print("\nPer cent of runs taken for another language than the one expected:\n")
    rows = []
    for expected in ("ru", "uk"):
        for (language, length), each in runs.items():
            if language in {"ru", "uk"}:
                taken = sum(other_language(text, expected) is not None for text in each)
                rows.append([expected, language, length, percent(taken, len(each))])
    table(["expected", "is", "words", "per cent"], rows)


def costs(name: str) -> list[float]:
    """Seconds to load and memory in MB, of a process of its own."""
    command = [sys.executable, "-m", "models.evaluation.identifiers", name]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def measure(name: str) -> None:
    """Prints what `costs` reads."""
    memory, start = _resident(), time.perf_counter()
    LIBRARIES[name]()("A first sentence.")
    print(json.dumps([time.perf_counter() - start, _resident() - memory]))


def _resident() -> float:
    """Memory of this process in MB; Linux only."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _newsbrief() -> Any:
    return lambda text: detect_language(text)[0]


def _py3langid() -> Any:
    import py3langid

    return lambda text: py3langid.classify(text)[0]


def _pycld2() -> Any:
    import pycld2

    return lambda text: pycld2.detect(text, bestEffort=True)[2][0][1]


def _lingua() -> Any:
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()

    def identify(text: str) -> str:
        language = detector.detect_language_of(text)
        return language.iso_code_639_1.name.lower() if language else ""

    return identify


LIBRARIES = {"newsbrief": _newsbrief, "py3langid": _py3langid, "pycld2": _pycld2, "lingua": _lingua}


def run_of_words(text: str, length: int, draw: random.Random) -> str:
    words = text.split()
    start = draw.randrange(max(1, len(words) - length + 1))
    return " ".join(words[start : start + length])


if __name__ == "__main__":
    measure(sys.argv[1])
