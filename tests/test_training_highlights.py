"""The highlight writer's recipe: documents, pairs, and one tiny run from corpus to figures."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training import config, highlights, packing, vocabulary
from models.training.corpus import Pair
from models.training.documents import Document, apart, documents
from models.training.highlights import GAP

TINY = Path(__file__).parents[1] / "models" / "training" / "configs" / "tiny.toml"

FERRY = (
    "The ferry Aldona ran aground off Brenholm harbour on Tuesday with 214 passengers on board.",
    "Lifeboats from Brenholm took all passengers off the ferry within two hours, the harbour said.",
    "He had sailed the route for eleven years.",
    "Divers will look at the hull of the ferry before it is towed to Brenholm harbour.",
    "Passengers said the ferry shook twice in the harbour.",
)
BUDGET = (
    "Parliament in Corvia passed a budget of 40 billion crowns after a night of debate.",
    "The budget raises pensions in Corvia by 4%.",
    "Opposition members of parliament said the budget of Corvia leaves hospitals short.",
    "Parliament will vote on the pensions law of the budget in March.",
    "Corvia had gone without a budget since parliament broke up in December.",
)
STORY = Document("Ferry runs aground off Brenholm", FERRY)


def rows(lines: tuple[str, ...], language: str = "ru", **other: object) -> list[Pair]:
    kind = {"origin": "agency", "kind": "news"} | other
    return [Pair(line, "…", language, **kind) for line in lines]


# Documents


def test_a_headline_begins_a_document_and_so_does_another_subject() -> None:
    lines = ("Ferry runs aground off Brenholm", *FERRY, *BUDGET)
    assert list(documents(rows(lines))) == [STORY, Document(None, BUDGET)]


def test_a_document_that_comes_again_for_another_language_is_given_once() -> None:
    other = (*BUDGET[1:], "Corvia had wanted the budget earlier.")
    again = [*rows(BUDGET), *rows(other, "uk"), *rows(FERRY, "uk")]
    assert list(documents(again)) == [Document(None, BUDGET), Document(None, FERRY)]


@pytest.mark.parametrize("other", [{"kind": "docs"}, {"synthetic": True}])
def test_documents_are_made_of_human_translated_news_alone(other: dict[str, object]) -> None:
    assert list(documents(rows(FERRY, **other))) == []


def test_a_document_too_short_to_have_a_gist_is_left_out() -> None:
    assert list(documents(rows(FERRY[:4]))) == []


def test_a_document_that_shares_a_run_of_words_with_a_held_out_article_is_dropped() -> None:
    held = "By an agency. LIFEBOATS from Brenholm took all passengers off the ferry, it said."
    found = [STORY, Document(None, BUDGET)]
    assert list(apart(found, [held])) == [Document(None, BUDGET)]
    assert list(apart(found, ["Lifeboats from Brenholm took all."])) == found


# Pairs


def test_the_sentence_that_says_most_of_the_rest_is_the_first_of_the_principal_ones() -> None:
    order = highlights.principal(STORY)
    assert sorted(order) == [0, 1, 2, 3, 4]
    assert order[-1] == 2  # nothing of it is said elsewhere
    assert highlights.principal(Document(None, ("Rain fell.", "Snow fell on Oslo.")))[0] == 0


def test_principal_sentences_are_masked_and_are_the_target_in_the_articles_order() -> None:
    source, target = highlights.gapped(STORY, [3, 0, 1, 4, 2])
    assert source == " ".join((GAP, FERRY[1], FERRY[2], GAP, FERRY[4]))
    assert target == f"{FERRY[0]} {FERRY[3]}"


def test_bullets_are_the_headline_and_principal_sentences_that_can_stand_alone() -> None:
    made = highlights.bullets(STORY, [2, 1, 0, 3, 4])
    assert made[0] == "Ferry runs aground off Brenholm."
    assert made[1] == FERRY[0]
    assert made[2].startswith("Lifeboats from Brenholm took all passengers off")
    assert len(made) == highlights.BULLETS
    assert len(highlights.bullets(Document(None, FERRY), [2, 1, 0, 3, 4])) == highlights.BULLETS


@given(
    st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=12).map(" ".join),
    st.randoms(use_true_random=False),
)
def test_a_denoised_sentence_is_whole_and_its_source_has_no_word_of_its_own(
    sentence: str, chance: Random
) -> None:
    source, target = highlights.denoised(sentence, chance)
    assert target == sentence
    assert source
    assert not Counter(source.split()) - Counter(sentence.split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pieces")
    vocabulary.train([*FERRY, *BUDGET] * 20, made, 400)
    return made


def test_a_gap_is_one_mask_and_the_text_around_it_is_as_ever(folder: Path) -> None:
    pieces = highlights.Gapped.open(folder)
    plain = vocabulary.Pieces.open(folder)
    before, after = plain.encode_sources([FERRY[0], FERRY[1]])
    texts = [f"{FERRY[0]} {GAP} {FERRY[1]}", f"{GAP} {FERRY[0]}", FERRY[1]]
    assert pieces.encode_sources(texts) == [
        [*before, plain.unknown, *after],
        [plain.unknown, *before],
        after,
    ]


@given(limit=st.integers(1, 200))
def test_windows_hold_every_sentence_once_within_the_limit(folder: Path, limit: int) -> None:
    pieces = vocabulary.Pieces.open(folder)
    parts = list(highlights.windows(STORY, pieces, limit))
    assert tuple(s for part in parts for s in part.sentences) == FERRY
    assert [part.headline for part in parts] == [STORY.headline] + [None] * (len(parts) - 1)
    for part in parts:
        tokens = sum(len(ids) + 1 for ids in pieces.encode_sources(part.sentences))
        assert tokens <= limit or len(part.sentences) == 1


# From corpus to a pack that is measured


def write_corpus(path: Path, count: int) -> None:
    """News that differs in its words but not in its manner, each with a headline."""
    chance = np.random.default_rng(4)
    things = "ferry bridge museum tower bakery stadium library market school theatre".split()
    places = "Brenholm Corvia Aldenau Mirova Tessin Ostrava Larvik Pernik".split()
    with path.open("w", encoding="utf-8") as file:
        for _ in range(count):
            thing, place, year = (
                chance.choice(things),
                chance.choice(places),
                chance.integers(2, 99),
            )
            lines = (
                f"Storm closes {thing} in {place} for {year} days",
                f"A storm has closed the {thing} in {place} for {year} days.",
                f"The {thing} lost half of its roof, and {place} has no other {thing}.",
                f"The mayor of {place} wants the {thing} to open again in {year} days.",
                f"Builders in {place} will look at the roof of the {thing} on Monday.",
                f"The storm was the worst that {place} has seen in {year} years.",
            )
            for line in lines:
                row = {"en": line, "tgt": "…", "lang": "ru", "src": "agency", "kind": "news"}
                file.write(json.dumps(row) + "\n")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "corpus.jsonl", 120)
    return tmp_path / "corpus.jsonl"


def test_prepared_data_holds_all_three_kinds_no_tag_and_nothing_held_out(
    corpus: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    article = "The storm was the worst that Larvik has seen in"
    tiny = config.load(TINY)
    report = highlights.prepare(data, [corpus], tiny, held=[article])
    packed, pieces = packing.load(data), vocabulary.Pieces.open(data)
    assert set(packed.kinds) == {"denoise", "gap", "highlights"}
    assert len(packed) == report["kept"] > 100
    assert not any(pieces.tag(code) for code in vocabulary.TAGS)
    texts = {
        kind: [
            pieces.target.decode(packed.sides(i)[1].tolist())
            for i in np.flatnonzero(packed.kind == number)
        ]
        for number, kind in enumerate(packed.kinds)
    }
    assert all(text.startswith("Storm closes") for text in texts["highlights"])
    assert not any("Larvik" in text for text in texts["gap"] + texts["highlights"])
    dev = [json.loads(line)["source"] for line in (data / "dev.jsonl").read_text().splitlines()]
    sentences = {text for source in dev for text in source.replace(". ", ".|").split("|")}
    assert len(dev) == report["dev"] > 0
    assert not sentences & set(texts["denoise"])


@pytest.mark.slow
def test_a_tiny_corpus_becomes_a_pack_whose_highlights_are_measured(
    corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    from models.evaluation import writers
    from models.training import highlights_pack, train
    from newsbrief.pack import open_pack

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    tiny = config.load(TINY)
    tiny = replace(tiny, train=replace(tiny.train, reverse=0.0, steps=40))
    highlights.prepare(tmp_path / "data", [corpus], tiny)
    trainer = train.Trainer(tmp_path / "data", tmp_path / "checkpoint", tiny)
    before = trainer.dev_loss()["en"]
    trainer.run()
    torch.set_num_threads(threads)
    assert trainer.dev_loss()["en"] < before

    pack = tmp_path / "writer"
    highlights_pack.export(tmp_path / "checkpoint", pack, "0.0.1")
    assert open_pack(pack).description.highlights.model == "writer"
    assert not (pack / "writer" / "vmap.txt").exists()

    articles = tmp_path / "articles.jsonl"
    article = {"body": " ".join(FERRY), "highlights": list(FERRY[:2])}
    articles.write_text(f"{json.dumps(article)}\n" * 2, encoding="utf-8")
    (story, editors), _ = writers.read(articles)
    outputs = writers.written(pack, [story])
    assert len(outputs) == 1
    monkeypatch.setattr("sys.argv", ["writers", str(pack), str(articles)])
    writers.main()
    printed = capsys.readouterr().out
    rows = {line.split(" | ")[0].strip("| "): line for line in printed.splitlines() if "|" in line}
    assert "the pack as served" in rows
    assert " 100.00 | 100.0 |" in rows["the editors"]
    assert editors == list(FERRY[:2])


def test_bullets_that_fail_a_check_are_counted_with_their_findings() -> None:
    from models.evaluation import writers
    from newsbrief.article import Article

    article = Article(None, (" ".join(FERRY),))
    good = writers.Bullet("Divers will look at the hull of the ferry.", FERRY[3])
    bad = writers.Bullet("Divers will look at 93 ferries off Ostrava.", FERRY[3], extracted=True)
    found = writers.checked([[good, bad]], [article])
    assert (found["number"], found["no error, %"]) == (2, "50.00")
    assert found["number-not-in-article"] == found["name-not-in-article"] == "50.00"
    assert found["stood in by extraction, %"] == "50.00"
    assert found["support, %"] == "70.0"  # all 5 words of the one, and two of five of the other
