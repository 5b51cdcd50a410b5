"""Newsbrief, LibreTranslate, Transformers and one call a text: the same weights, side by side.

    python -m loadtests.side_by_side [--quick] [--only bundled] [--cache FOLDER]

Takes about six minutes (`--quick`: two) after the first run, which installs the other systems into
virtual environments in the cache folder and makes random models there. The systems take turns
within a round, so that what else the machine does falls on all alike, and each is given as its
ratio to Newsbrief in the same round. Prints tables in Markdown; writes results.json and
side_by_side.png beside this file, or into `--out`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from loadtests.side_by_side import report, workloads
from loadtests.side_by_side.comparing import Comparison, compare
from loadtests.side_by_side.environments import installed_mib, prepare, versions
from loadtests.side_by_side.systems import SYSTEMS
from newsbrief.threads import usable_cpus

CACHE = Path("~/.cache/newsbrief/side-by-side")
SHAPES = ("bundled", "marian", "tc-big", "distilbart")
MAIN_PACKAGES = (
    "ctranslate2", "fastapi", "gunicorn", "libretranslate", "torch", "transformers", "waitress",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer requests and rounds")
    parser.add_argument("--only", nargs="+", choices=SHAPES, default=SHAPES, metavar="MODEL")
    parser.add_argument(
        "--systems", nargs="+", choices=[each.name for each in SYSTEMS], metavar="SYSTEM",
        default=[each.name for each in SYSTEMS],
    )  # fmt: skip
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"default {CACHE}")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    options = parser.parse_args()
    cache = options.cache.expanduser().resolve()
    systems = [each for each in SYSTEMS if each.name in {"newsbrief", *options.systems}]
    environments = {name: prepare(name, cache) for name in {each.environment for each in systems}}
    began, cores, comparisons = time.monotonic(), usable_cpus(), []
    for name in options.only:
        # On a disk, not in memory: what is in it must not weigh on the machine.
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            folder = Path(scratch)
            if name == "bundled":
                workload = workloads.bundled(folder, cores, quick=options.quick)
            else:
                make = getattr(workloads, name.replace("-", "_"))
                workload = make(cache, folder, cores, quick=options.quick)
            comparison: Comparison = compare(workload, systems, environments, folder)
            comparisons.append(comparison)
            print(report.table(comparison), flush=True)
    results = report.as_data(
        comparisons,
        sizes={each.name: installed_mib(environments[each.environment]) for each in systems},
        versions={
            name: versions(folder, *MAIN_PACKAGES) for name, folder in sorted(environments.items())
        },
        quick=options.quick,
        seconds=time.monotonic() - began,
    )
    print(report.sizes_table(results))
    (options.out / "results.json").write_text(
        json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    report.plot(results, options.out / "side_by_side.png")


if __name__ == "__main__":
    main()
