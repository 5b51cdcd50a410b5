"""Corpus files -> packed training data of a highlight writer: an article in, its bullets out.

    python -m models.training.highlights DATA CORPUS... --config FILE.toml [--from CHECKPOINT/hf]

Reads the English side alone, and finds its documents again (`documents.py`). Three kinds of pairs,
which the configuration weighs:

- `gap`: a document whose principal sentences are masked -> those sentences (gap-sentence
  generation of PEGASUS, Zhang et al., 2020: a sentence is principal by its ROUGE-1 F1 against the
  rest of the document);
- `denoise`: a sentence with words lost and moved -> the sentence (BART, Lewis et al., 2020);
- `highlights`: a whole document -> its headline and its principal sentences, each as the bullet
  that Newsbrief's compression makes of it. Headlines are the only part a person wrote as a summary.

DATA is read by `train`. With --held, documents that share a run of words with an article of these
files (`{"body": ...}` a line) are left out.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from models.training import cleaning, config, packing, vocabulary
from models.training.corpus import Pair, read
from models.training.documents import Document, apart, documents
from newsbrief.antecedents import looks_back
from newsbrief.compression import compress, trim

GAP = "\N{REPLACEMENT CHARACTER}"  # stands in a source for the mask
GAP_SHARE = 0.3  # of a document's sentences, as in PEGASUS
BULLETS, MAX_CHARS = 3, 120  # the service's defaults
DEV_EVERY, DEV = 25, 40  # one document in so many is held out, at most so many in all
LOST, MOVED = 0.15, 3  # share of words; places
DENOISED = ("news", "authored")


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--from", dest="checkpoint", type=Path, help="take its vocabulary")
    parser.add_argument("--held", type=Path, nargs="*", default=[], help="articles to keep out")
    arguments = parser.parse_args()
    settings = config.load(arguments.config)
    held = [
        json.loads(line)["body"]
        for path in arguments.held
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    report = prepare(arguments.out, arguments.corpus, settings, arguments.checkpoint, held)
    print(json.dumps(report, indent=1))


def prepare(
    out: Path,
    corpus: Iterable[Path],
    settings: config.Config,
    checkpoint: Path | None = None,
    held: Iterable[str] = (),
) -> dict[str, object]:
    """Runs every step and returns the report it writes; `held` are bodies of articles."""
    out.mkdir(parents=True, exist_ok=True)
    chance = random.Random(settings.train.seed)
    pairs = [pair for path in corpus for pair in read(path)]
    found = list(apart(documents(pairs), held))
    dev = found[::DEV_EVERY][:DEV]
    spoken = {sentence for document in dev for sentence in document.sentences}
    sentences = sorted(
        {cleaning.normalise(p).source for p in pairs if p.kind in DENOISED and not p.synthetic}
        - spoken
    )
    if checkpoint:
        vocabulary.copy(checkpoint, out)
    else:
        vocabulary.train(sentences, out, settings.data.vocabulary)
    _drop_tags(out / vocabulary.IDS)
    pieces = Gapped.open(out)
    limit = settings.data.max_tokens
    held_out = {id(document) for document in dev}
    train = [_pair(*denoised(text, chance), "denoise") for text in sentences]
    for document in found:
        if id(document) not in held_out:
            for part in windows(document, pieces, limit):
                order = principal(part)
                train += [_pair(*gapped(part, order), "gap"), *_highlights(part, order)]
    judged = [
        pair
        for document in dev
        for part in list(windows(document, pieces, limit))[:1]
        for pair in _highlights(part, principal(part))
    ]
    with (out / "dev.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(pair), ensure_ascii=False) + "\n" for pair in judged)
    chance.shuffle(train)
    packed, too_long = packing.pack(train, pieces, limit)
    packing.save(packed, out)
    report: dict[str, object] = {
        "documents": len(found),
        "headlines": sum(document.headline is not None for document in found),
        "sentences": len(sentences),
        "pairs": dict(Counter(pair.kind for pair in train)),
        "kept": len(packed),
        "tokens": len(packed.tokens),
        "too many tokens": too_long,
        "dev": len(judged),
    }
    (out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


class Gapped(vocabulary.Pieces):
    """Pieces that read a GAP in a source as the mask, which is `<unk>` in `batches` too."""

    __slots__ = ()

    def encode_sources(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of source texts, a mask for every GAP."""
        encoded = []
        for text in texts:
            ids: list[int] = []
            for place, part in enumerate(text.split(GAP)):
                ids += [self.unknown] * (place > 0)
                ids += super().encode_sources([part.strip()])[0]
            encoded.append(ids)
        return encoded


def windows(document: Document, pieces: vocabulary.Pieces, limit: int) -> Iterator[Document]:
    """The document in parts of at most `limit` source tokens; the headline goes with the first."""
    lengths = [len(ids) + 1 for ids in pieces.encode_sources(document.sentences)]
    first = total = 0
    headline = document.headline
    for place, length in enumerate(lengths):
        if total + length > limit and place > first:
            yield Document(headline, document.sentences[first:place])
            first, total, headline = place, 0, None
        total += length
    yield Document(headline, document.sentences[first:])


def principal(document: Document) -> list[int]:
    """Indices of all sentences, the one that says most of the rest (ROUGE-1 F1) first."""
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1"], use_stemmer=True)
    scores = []
    for place, sentence in enumerate(document.sentences):
        rest = " ".join(document.sentences[:place] + document.sentences[place + 1 :])
        scores.append(scorer.score(rest, sentence)["rouge1"].fmeasure)
    return sorted(range(len(scores)), key=lambda place: (-scores[place], place))


def gapped(document: Document, order: Sequence[int]) -> tuple[str, str]:
    """The document with its first sentences in `order` masked, and these sentences."""
    count = min(BULLETS, max(1, round(GAP_SHARE * len(document.sentences))))
    chosen = sorted(order[:count])
    sentences = document.sentences
    source = " ".join(GAP if i in chosen else text for i, text in enumerate(sentences))
    return source, " ".join(sentences[i] for i in chosen)


def bullets(document: Document, order: Sequence[int]) -> list[str]:
    """The headline, if any, and as many principal sentences as bullets as make up BULLETS.

    Sentences that can't stand alone or be made to fit are passed over.
    """
    wanted = BULLETS - (document.headline is not None)
    made: dict[int, str] = {}
    for place in order:
        bullet = trim(compress(document.sentences[place]), MAX_CHARS)
        if len(made) < wanted and bullet is not None and not looks_back(bullet, "en"):
            made[place] = bullet
    title = [f"{document.headline}."] if document.headline else []
    return title + [made[place] for place in sorted(made)]


def denoised(sentence: str, chance: random.Random) -> tuple[str, str]:
    """The sentence with some words lost and the others moved a little, and the sentence."""
    words = [word for word in sentence.split() if chance.random() >= LOST]
    places = [place + chance.uniform(0, MOVED) for place in range(len(words))]
    moved = [word for _, word in sorted(zip(places, words, strict=True))]
    return " ".join(moved) or sentence, sentence


def _drop_tags(path: Path) -> None:
    """Renames the language tags, so that `batches` puts none before a source; ids stay.

    The service hands a summariser an article's text and nothing else, and the vocabulary map that
    `convert` makes for tags would leave a text without one hardly a piece to write with.
    """
    unused = {tag: f"<unused {code}>" for code, tag in vocabulary.TAGS.items()}
    ids = json.loads(path.read_text(encoding="utf-8"))
    renamed = {unused.get(piece, piece): number for piece, number in ids.items()}
    path.write_text(json.dumps(renamed, ensure_ascii=False), encoding="utf-8")


def _highlights(document: Document, order: Sequence[int]) -> list[Pair]:
    made = bullets(document, order)
    if len(made) < BULLETS:
        return []
    return [_pair(" ".join(document.sentences), " ".join(made), "highlights")]


def _pair(source: str, target: str, kind: str) -> Pair:
    return Pair(source, target, "en", "highlights", kind)


if __name__ == "__main__":
    main()
