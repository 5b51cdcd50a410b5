"""Is a converted model the one it was converted from? Its vocabulary, and what it writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newsbrief.engine import CTranslate2Engine
from newsbrief.errors import PackCorruptError
from newsbrief.pack import Decoding, Family
from newsbrief.reference_engine import ReferenceEngine
from newsbrief.tokenisation import UNKNOWN, open_tokenisation

SAMPLE = (
    "The mayor said 1,240 homes were without power on Monday.",
    "Rescue teams found the three hikers early in the morning, police said.",
    "“We were not asked,” the union's spokeswoman told reporters.",
    "Prices rose by 2.5% in March, the fastest pace since 2019.",
    "The court will hear the case again in September.",
    "Heavy snow closed the road between the two towns for a second day.",
)
"""English news sentences, written for this purpose."""

COVERAGE = 0.9
"""Part of the sample's pieces that the source vocabulary must hold."""

# The tags to try a family with; the languages don't matter, the rows of the tags do.
_TAGS: dict[Family, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "m2m100": (("__en__",), ("__ko__",)),
    "nllb": (("eng_Latn",), ("kor_Hang",)),
    "mbart50": (("en_XX",), ("ko_KR",)),
    "madlad": (("<2ko>",), ()),
}


def check_coverage(converted: Path, family: Family, vocabulary: Sequence[str]) -> None:
    """Raises `PackCorruptError` if the tokenizer's pieces are not the source vocabulary's.

    (The hub's `opus-mt-tc-big-en-ko` has the target vocabulary in the source's place.)
    """
    tokenisation, known = open_tokenisation(converted, family), set(vocabulary) - {UNKNOWN}
    pieces = [piece for text in SAMPLE for piece in tokenisation.source(text)]
    covered = sum(piece in known for piece in pieces) / len(pieces)
    if covered < COVERAGE:
        raise PackCorruptError(
            f"the source vocabulary has {covered:.0%} of a sample's pieces, "
            f"{COVERAGE:.0%} are wanted: it is not the tokenizer's"
        )


def check_golden(
    converted: Path, network: Any, tokenizer: Any, family: Family, vocabulary: Sequence[str]
) -> None:
    """Greedy search in float32 must write what the reference writes, for all sentences but one.

    One may differ: where two tokens are as good as equally likely, rounding decides.
    """
    limit = 256
    reference = ReferenceEngine(network, tokenizer, family, max_source_tokens=limit)
    engine = CTranslate2Engine(
        converted, family, max_source_tokens=limit, compute_type="float32", inter_threads=1
    )
    source_prefix, target_prefix = _TAGS.get(family, ((), ()))
    ours, theirs = (
        [
            each.encode(text, source_prefix=source_prefix, target_prefix=target_prefix)
            for text in SAMPLE
        ]
        for each in (engine, reference)
    )
    known = set(vocabulary)
    for text, own, other in zip(SAMPLE, ours, theirs, strict=True):
        if tuple(token if token in known else UNKNOWN for token in own.tokens) != other.tokens:
            raise PackCorruptError(f"our tokens of {text!r} are not those of Transformers")
    decoding = Decoding(beam_size=1, max_tokens=32)
    written = zip(
        engine.generate(ours, decoding), reference.generate(theirs, decoding), strict=True
    )
    wrong = sum(own != other for own, other in written)
    engine.close()
    if wrong > 1:
        raise PackCorruptError(
            f"{wrong} of {len(SAMPLE)} golden sentences come out unlike Transformers' own"
        )
