"""Writes a pack's pack.toml and its README card from what preparation and evaluation measured."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template
from typing import Any

from models.training.decoding import in_words

FOLDER = "translator"
NAMES = {"ko": "Korean", "ru": "Russian", "uk": "Ukrainian"}
OURS = {
    "authored": "written for this project (Apache-2.0, in models/training/authored)",
    "newsbrief-authored": "written for this project, for training only",
    "templates": "made by models/training/templates.py",
}
SHARE_ALIKE = "Share-alike or copyleft"
UNLICENSED = "No licence found"
SETS = {
    "news": "news of the training corpus, held out by document",
    "authored": "models/training/held_out.jsonl",
    "own": "the archive tuned on, held out by document",
}
DRAFT = """**This version is a draft: its translations are not usable.** Most of its sentences are
wrong, and many invent people, places, figures and deaths. It is here so that Newsbrief can be
tried, tested and demonstrated from end to end with no network. Install the `newsroom` pack to work
with."""
RELEASE = "It is meant for use where no larger pack can be had."
CARD = Path(__file__).with_name("card.md")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card states: preparation's report, evaluation's figures, training's curve."""

    name: str
    version: str
    draft: bool
    report: dict[str, Any]
    quality: dict[str, Any]
    curve: list[dict[str, Any]]
    licences: dict[str, str]
    command: str
    machine: str
    parameters: float  # millions
    prefixes: dict[str, list[str]]  # what goes before the source, by target language


def licences(tables: list[Path]) -> dict[str, str]:
    """Licence by origin, from Markdown tables whose first columns are repository and licence."""
    found = {}
    for table in tables:
        for line in table.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip().strip("*") for cell in line.strip("|").split("|")]
            if len(cells) > 2 and not set(cells[0]) <= set("-: "):
                found.setdefault(cells[0], cells[1])
    return found


def described(facts: Facts, files: list[dict[str, Any]]) -> dict[str, Any]:
    """The content of pack.toml; `files` are the inventory of the model's folder."""
    figures = []
    for language, kinds in facts.quality["languages"].items():
        for kind, found in kinds.items():
            figures += [
                {
                    "task": "translation",
                    "languages": f"en-{language}",
                    "test_set": f"{SETS.get(kind, SETS['own'])}, {found['pairs']} pairs",
                    "metric": metric,
                    "value": found[metric]["score"],
                    "origin": "measured",
                    "signature": found[metric]["signature"],
                    "date": date.today().isoformat(),
                    "command": facts.command,
                }
                for metric in ("chrF2", "BLEU")
            ]
    targets = sorted(facts.quality["languages"])
    return {
        "format": 1,
        "name": facts.name,
        "version": facts.version,
        "description": "Small translation model trained by this project; extractive highlights",
        "source_languages": ["en"],
        "highlights": {"method": "extractive"},
        "directions": [
            {
                "source": "en",
                "target": target,
                "model": "translator",
                "source_prefix": facts.prefixes[target],
            }
            for target in targets
        ],
        "models": {
            "translator": {
                "family": "marian",
                "licence": "Apache-2.0",
                **({"licence_note": note} if (note := licence_note(facts)) else {}),
                "commercial_use": True,
                "attribution": "Newsbrief; trained on the sources listed in its README.md",
                "source": {
                    "kind": "own",
                    "recipe": f"{facts.command} (models/training/README.md)",
                },
                "folder": FOLDER,
                "max_source_tokens": 160,
                "quantization": "int8",
                "draft": facts.draft,
                "decoding": facts.quality["decoding"],
                "files": files,
            }
        },
        "quality": figures,
    }


def text(facts: Facts) -> str:
    """The README card, from the template card.md."""
    last = [point for point in facts.curve if "tokens" in point][-1]
    return Template(CARD.read_text(encoding="utf-8")).substitute(
        name=facts.name,
        version=facts.version,
        search=in_words(facts.quality["decoding"]),
        state=DRAFT if facts.draft else RELEASE,
        parameters=f"{facts.parameters:.1f}",
        machine=facts.machine,
        minutes=round(last["minutes"]),
        steps=f"{last['step']:,}",
        tokens=f"{last['tokens'] / 1e6:.1f}",
        pairs=f"{facts.report['kept']:,}",
        quality=_quality(facts),
        sources=_sources(facts),
        command=facts.command,
        date=date.today().isoformat(),
    )


def _quality(facts: Facts) -> str:
    lines = [
        "| direction | test set | pairs | chrF2 | BLEU | target tokens a second |",
        "|---|---|---:|---:|---:|---:|",
    ]
    signatures = set()
    for language, kinds in facts.quality["languages"].items():
        for kind, found in kinds.items():
            lines.append(
                f"| English to {NAMES[language]} | {kind} | {found['pairs']} "
                f"| {found['chrF2']['score']:.1f} | {found['BLEU']['score']:.1f} "
                f"| {found['target_tokens_a_second']:,} |"
            )
            signatures |= {f"`{found[m]['signature']}`" for m in ("chrF2", "BLEU")}
    return "\n".join([*lines, "", "sacreBLEU signatures: " + ", ".join(sorted(signatures)) + "."])


def licence_note(facts: Facts) -> str | None:
    """What to know beside the licence of the weights; None if no text asks for it."""
    pairs = {name: sum(count for count, _ in entries) for name, entries in _groups(facts).items()}
    asked = [f"{pairs[UNLICENSED]:,} pairs have no known licence"] if UNLICENSED in pairs else []
    if SHARE_ALIKE in pairs:
        asked.append(f"{pairs[SHARE_ALIKE]:,} have a share-alike or copyleft one")
    return (
        f"Of the text that it was trained on, {' and '.join(asked)}; whether the licence of a text "
        "reaches a model trained on it is not settled. README.md lists the sources."
        if asked
        else None
    )


def _groups(facts: Facts) -> dict[str, list[tuple[int, str]]]:
    """Origins, with the pairs each gave, by what their licence asks for."""
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for origin, counts in facts.report["origins"].items():
        licence = OURS.get(origin) or facts.licences.get(origin, "licence not known")
        pairs = sum(counts.values())
        groups[group(licence)].append((pairs, f"{origin} ({licence}; {pairs:,})"))
    return groups


def _sources(facts: Facts) -> str:
    lines = []
    for name, entries in sorted(_groups(facts).items()):
        pairs = sum(count for count, _ in entries)
        lines += [
            f"**{name}: {pairs:,} pairs.** "
            + "; ".join(entry for _, entry in sorted(entries, reverse=True))
            + ".",
            "",
        ]
    return "\n".join(lines).strip()


def group(licence: str) -> str:
    """What a licence asks for, by its keywords, as far as a keyword match can tell."""
    if licence in OURS.values():
        return "Our own"
    if re.search(r"GPL|BY-SA|GFDL|MPL|ODbL", licence):
        return SHARE_ALIKE
    if re.search(r"no licen[cs]e|not verified|not known", licence, re.IGNORECASE):
        return UNLICENSED
    return "Permissive or attribution"
