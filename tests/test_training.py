"""The training recipe: its pure parts, and one tiny run from corpus to pack."""

from __future__ import annotations

import argparse
import json
import lzma
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training import (
    batches,
    card,
    cleaning,
    config,
    decoding,
    holdout,
    numerals,
    packing,
    plot,
    searching,
    templates,
    vocabulary,
    vocabulary_map,
)
from models.training.corpus import LANGUAGES, Pair, load, read
from newsbrief.pack import Decoding

RECIPE = Path(__file__).parents[1] / "models" / "training"
TINY = RECIPE / "configs" / "tiny.toml"


def pair(source: str, target: str, language: str = "ru", **other: object) -> Pair:
    return Pair(source, target, language, **({"origin": "test", "kind": "news"} | other))


# Reading


def test_corpus_rows_and_authored_sets_become_the_same_pairs(tmp_path: Path) -> None:
    rows = [
        {"en": "Rain.", "tgt": "Дождь.", "lang": "ru", "src": "a/b", "kind": "talk", "syn": 1},
        {"id": "x-1", "topic": "x", "en": "Snow.", "ko": "눈.", "ru": "Снег.", "uk": "Сніг."},
    ]
    with lzma.open(tmp_path / "mixed.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    assert list(read(tmp_path)) == [
        Pair("Rain.", "Дождь.", "ru", "a/b", "talk", synthetic=True),
        Pair("Snow.", "눈.", "ko", "authored", "authored"),
        Pair("Snow.", "Снег.", "ru", "authored", "authored"),
        Pair("Snow.", "Сніг.", "uk", "authored", "authored"),
    ]


def test_tmx_units_are_read_with_regional_codes_and_inline_tags(tmp_path: Path) -> None:
    (tmp_path / "archive.tmx").write_text(
        '<tmx version="1.4"><body><tu>'
        '<tuv xml:lang="en-GB"><seg>The <bpt i="1"/>court\n sat.</seg></tuv>'
        '<tuv xml:lang="uk-UA"><seg>Суд засідав.</seg></tuv>'
        '<tuv xml:lang="de"><seg>Das Gericht tagte.</seg></tuv>'
        "</tu></body></tmx>",
        encoding="utf-8",
    )
    assert list(read(tmp_path)) == [Pair("The court sat.", "Суд засідав.", "uk", "archive", "own")]


def test_a_table_with_a_wrong_row_names_the_file_and_the_line(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("Rain.\tДождь.\tru\nSnow.\tСнег.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"t\.tsv:2: expected English.*got 2 columns"):
        list(read(tmp_path / "t.tsv"))


def test_a_file_of_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"pairs\.docx: expected"):
        list(read(tmp_path / "pairs.docx"))


# Cleaning


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (pair("The court sat.", ""), "empty"),
        (pair("The court sat. " * 60, "Суд заседал. " * 60), "too long"),
        (pair("NATO", "NATO"), "untranslated"),
        (pair("Press <b>here</b> now.", "Нажмите <b>здесь</b>."), "markup"),
        (pair("The court sat.", "Суд засідав і постановив."), "letters of the other language"),
        (pair("The court sat.", "Суд заседал ещё ты.", "uk"), "letters of the other language"),
        (pair("The court sat.", "Das Gericht tagte.", "ko"), "script"),
        (pair("The court sat on Monday and again on Tuesday.", "Суд."), "length ratio"),
        (pair("It killed 27 people in 1994.", "Погибли 35 человек в 1988 году."), "numbers"),
        (pair("The toll rose from 27 to 31.", "Число погибших выросло."), "numbers"),
    ],
)
def test_an_unfit_pair_is_dropped_for_its_reason(bad: Pair, reason: str) -> None:
    dropped: Counter[str] = Counter()
    assert list(cleaning.clean([bad], dropped)) == []
    assert dropped == {reason: 1}


def test_a_figure_that_korean_counts_in_ten_thousands_is_no_fault() -> None:
    assert (
        cleaning.fault(pair("Some 13,000 people fled.", "약 1만3000명이 피란했다.", "ko")) is None
    )


def test_thousands_may_be_parted_in_any_manner() -> None:
    assert cleaning.fault(pair("Some 7,213 fled 34.", "Бежали 7213 человек.")) is None
    assert cleaning.fault(pair("Some 13,000 fled in 2022.", "Бежали 13 тыс. человек.")) is None


def test_pairs_that_differ_in_case_and_stops_alone_are_duplicates() -> None:
    dropped: Counter[str] = Counter()
    pairs = [pair("The court sat.", "Суд заседал."), pair("the COURT sat", "Суд заседал")]
    assert list(cleaning.clean(pairs, dropped)) == pairs[:1]
    assert dropped == {"duplicate": 1}


def test_ukrainian_gets_one_apostrophe_and_no_invisible_characters() -> None:
    tidy = cleaning.normalise(pair("Five\u00a0 people.", "П\u2019ять\u200b осіб.", "uk"))
    assert (tidy.source, tidy.target) == ("Five people.", "П'ять осіб.")


def test_a_russian_text_offered_as_ukrainian_is_dropped_by_the_identifier() -> None:
    text = "Суд отложил заседание до понедельника"
    dropped: Counter[str] = Counter()
    kept = cleaning.in_language(
        [pair("The court adjourned.", text, "uk"), pair("The court adjourned.", text, "ru")],
        cleaning.identifier(),
        dropped,
    )
    assert [each.language for each in kept] == ["ru"]
    assert dropped == {"language": 1}


# Holding out

WORDS = "river court bridge minister strike harvest storm ferry budget museum glacier vote".split()


def corpus(count: int) -> list[Pair]:
    chance = np.random.default_rng(5)
    rows = []
    for number in range(count):
        english = " ".join(chance.choice(WORDS, 9)) + f" {number}"
        rows += [pair(english, f"перевод {number}", code, origin="o") for code in LANGUAGES]
    return rows


def test_no_held_out_sentence_is_trained_on_in_any_language_or_kind() -> None:
    rows = corpus(400)
    rows += [replace(row, kind="talk", synthetic=True) for row in rows]
    parts = holdout.split(rows, dev_size=24, test_size=36)
    held = {row.source for row in parts.dev + parts.test}
    assert {row.source for row in parts.train}.isdisjoint(held)
    assert {row.source for row in parts.dev}.isdisjoint({row.source for row in parts.test})
    assert Counter(row.language for row in parts.test) == dict.fromkeys(LANGUAGES, 36)
    assert not any(row.synthetic for row in parts.dev + parts.test)


def test_what_is_held_out_stays_the_same_when_other_sources_join() -> None:
    rows = corpus(400)
    more = [replace(row, source=row.source + " more", kind="talk", origin="p") for row in rows[:60]]
    before = holdout.split(rows, 24, 36)
    after = holdout.split(more + rows, 24, 36)
    assert (after.dev, after.test) == (before.dev, before.test)


def test_the_sets_of_a_former_preparation_stay_though_the_cleaning_has_changed() -> None:
    rows = corpus(400)
    before = holdout.split(rows, 24, 36)
    fewer = [row for place, row in enumerate(rows) if place // 3 % 20]
    assert holdout.split(fewer, 24, 36).test != before.test
    after = holdout.split(fewer, 24, 36, former=(before.dev, before.test))
    assert (after.dev, after.test) == (before.dev, before.test)
    held = {row.source for row in before.dev + before.test}
    assert held.isdisjoint(row.source for row in after.train)
    # The sentences beside them in their documents leave too.
    assert len(after.train) < len([row for row in fewer if row.source not in held])


def test_a_near_duplicate_of_a_held_out_sentence_is_dropped() -> None:
    rows = corpus(400)
    victim = holdout.split(rows, 24, 36).test[0]
    near = replace(victim, source="Update: " + victim.source, kind="talk")
    parts = holdout.split([*rows, near], 24, 36)
    assert near not in parts.train
    assert near not in parts.test


def test_pairs_of_ones_own_that_are_held_out_leave_training() -> None:
    rows = corpus(40)
    parts = holdout.split(rows, 0, 0, own=rows[:3])
    assert parts.test == rows[:3]
    assert rows[0].source not in {row.source for row in parts.train}


def test_at_most_a_tenth_of_a_small_archive_is_held_out() -> None:
    rows = [replace(row, kind="own") for row in corpus(240)]
    parts = holdout.split(rows, 150, 300)
    assert len(parts.train) >= 0.75 * len(rows)
    assert parts.test


# Figures


@given(st.integers(0, 10**13 - 1))
def test_a_korean_figure_spells_its_value(value: int) -> None:
    rest, total = numerals.number(value, "ko"), 0
    for size, unit in ((10**12, "조"), (10**8, "억"), (10**4, "만")):
        if unit in rest:
            head, rest = rest.split(unit)
            total += int(head) * size
    assert total + int(rest or 0) == value


@given(st.integers(0, 10**6 - 1), st.sampled_from(["en", "ru", "uk"]))
def test_a_figure_below_a_million_keeps_its_digits(value: int, language: str) -> None:
    text = numerals.number(value, language)
    assert "".join(filter(str.isdigit, text)) == str(value)


@pytest.mark.parametrize(
    ("value", "russian"),
    [(1, "1 дом"), (21, "21 дом"), (11, "11 домов"), (22, "22 дома"), (112, "112 домов"),
     (2_300_000, "2,3 млн домов")],
)  # fmt: skip
def test_a_russian_noun_follows_its_figure(value: int, russian: str) -> None:
    assert numerals.counted(value, "ru", ("дом", "дома", "домов")) == russian


def test_dates_read_as_agencies_write_them() -> None:
    written = [numerals.date(8, 10, 2024, code) for code in ("en", "ko", "ru", "uk")]
    assert written == ["8 October 2024", "2024년 10월 8일", "8 октября 2024 года",
                       "8 жовтня 2024 року"]  # fmt: skip
    assert numerals.date(8, 10, None, "en", american=True) == "October 8"


def test_templates_are_the_same_for_a_seed_and_pass_the_number_check() -> None:
    made = templates.make(200, seed=3)
    assert made == templates.make(200, seed=3)
    assert made != templates.make(200, seed=4)
    assert Counter(each.language for each in made) == dict.fromkeys(LANGUAGES, 200)
    assert not any("{" in each.target for each in made)
    assert not any(cleaning.fault(each) == "numbers" for each in made)


# Vocabulary, packing, batches


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[packing.Packed, vocabulary.Pieces]:
    folder = tmp_path_factory.mktemp("vocabulary")
    made = templates.make(150, seed=1)
    texts = [text for each in made for text in (each.source, each.target)]
    pieces = vocabulary.train(texts, folder, 500)
    packed, _ = packing.pack(made, pieces, 100)
    return packed, pieces


def test_pad_is_the_last_id_and_a_tag_is_one_piece(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    _, pieces = prepared
    assert pieces.pad == len(pieces.ids) - 1 == max(pieces.ids.values())
    assert [len(pieces.tag(code)) for code in vocabulary.TAGS] == [1, 1, 1, 1]


def test_the_same_texts_give_the_same_vocabulary(tmp_path: Path) -> None:
    texts = [each.source for each in templates.make(100, seed=1)]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        vocabulary.train(texts, tmp_path / name, 400)
    one, two = ((tmp_path / name / "source.spm").read_bytes() for name in ("one", "two"))
    assert one == two


def test_figures_are_split_by_digit_and_unseen_letters_by_byte(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    _, pieces = prepared
    names = {number: piece for piece, number in pieces.ids.items()}
    assert [names[i].lstrip("▁") for i in pieces.encode_sources(["2024"])[0]][-4:] == list("2024")
    assert pieces.unknown not in pieces.encode_sources(["Żółć 漢字"])[0]


PIECES = ["▁мост", "▁міст", "▁объект", "다리", "▁", "5", "▁Lindmere", "Lindmere", "▁I", "<0x41>"]


def test_a_vocabulary_map_keeps_each_language_to_its_letters() -> None:
    allowed = vocabulary_map.vocabulary_map([*PIECES, "</s>", ">>rus<<"], ["ko", "ru", "uk"])
    assert allowed[">>rus<<"] == ["▁мост", "▁объект", "▁", "5", "▁I", "<0x41>"]
    assert allowed[">>ukr<<"] == ["▁мост", "▁міст", "▁", "5", "▁I", "<0x41>"]
    assert allowed[">>kor<<"] == ["다리", "▁", "5", "▁I", "<0x41>"]


def test_a_name_may_be_copied_with_or_without_a_space_before_it() -> None:
    allowed = vocabulary_map.vocabulary_map(PIECES, ["ru"])
    assert allowed["▁Lindmere"] == allowed["Lindmere"] == ["Lindmere", "▁Lindmere"]
    assert "▁I" not in allowed
    lines = vocabulary_map.as_text(allowed).splitlines()
    assert "▁Lindmere\tLindmere ▁Lindmere" in lines


def test_shards_join_to_what_was_packed(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packed, _ = prepared
    monkeypatch.setattr(packing, "SHARD_TOKENS", 2000)
    assert len(packing.save(packed, tmp_path)) > 2
    loaded = packing.load(tmp_path)
    assert loaded.kinds == packed.kinds
    for field in ("tokens", "bounds", "language", "kind"):
        assert np.array_equal(getattr(loaded, field), getattr(packed, field)), field


def test_copies_have_the_same_source_in_other_pieces_and_the_same_for_a_seed(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    _, pieces = prepared
    made = [replace(each, kind="news") for each in templates.make(40, seed=1)]
    made += [replace(each, kind="docs") for each in made[:30]]
    packed, _ = packing.pack(made, pieces, 100, {"news": 2})
    assert Counter(packed.kinds[kind] for kind in packed.kind) == {"news": 360, "docs": 30}
    names = {number: piece for piece, number in pieces.ids.items()}

    def sides(index: int) -> list[str]:
        return ["".join(names[int(i)] for i in side) for side in packed.sides(index)]

    first, second = len(made), len(made) + 120
    for index in range(120):
        assert sides(first + index) == sides(second + index) == sides(index)
    plain, cut, otherwise = (
        [tuple(packed.sides(start + index)[0].tolist()) for index in range(120)]
        for start in (0, first, second)
    )
    assert sum(a != b for a, b in zip(plain, cut, strict=True)) > 40
    assert sum(a != b for a, b in zip(cut, otherwise, strict=True)) > 40
    again, _ = packing.pack(made, pieces, 100, {"news": 2})
    assert np.array_equal(again.tokens, packed.tokens)


def test_an_epoch_holds_every_pair_once_within_the_token_budget(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    packed, pieces = prepared
    train = config.Train(batch_tokens=900, noise=0.0, temperature=1.0)
    drawn = list(batches.Batches(packed, train, pieces).epoch(0))
    assert sum(len(batch.source) for batch in drawn) == len(packed)
    for batch in drawn:
        width = max(batch.source.shape[1], batch.labels.shape[1])
        assert len(batch.source) == 1 or len(batch.source) * (width - batches.ROUND) * 2 < 900
    target = sum(int((batch.labels >= 0).sum()) for batch in drawn)
    assert target == packed.lengths()[:, 1].sum() + len(packed)


def test_a_batch_frames_source_and_target_as_marian_reads_them(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    packed, pieces = prepared
    train = config.Train(batch_tokens=900, noise=0.0)
    batch = next(batches.Batches(packed, train, pieces).epoch(0))
    source, labels, decoder = batch.source[0], batch.labels[0], batch.decoder[0]
    tags = {pieces.tag(code)[0] for code in LANGUAGES}
    assert source[0] in tags
    assert source[source != pieces.pad][-1] == pieces.end
    real = labels[labels != batches.IGNORED]
    assert real[-1] == pieces.end
    assert decoder[0] == pieces.pad
    assert np.array_equal(decoder[1 : len(real)], real[:-1])


def test_reversed_batches_translate_into_english(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    packed, pieces = prepared
    train = config.Train(batch_tokens=900, noise=0.0, reverse=1.0)
    batch = next(batches.Batches(packed, train, pieces).epoch(0))
    assert set(batch.source[:, 0]) == set(pieces.tag("en"))


def test_a_mapped_batch_has_one_language_and_weighs_what_its_map_allows_and_its_labels_need(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    packed, pieces = prepared
    train = config.Train(batch_tokens=900, noise=0.0, temperature=1.0)
    plain = list(batches.Batches(packed, train, pieces).epoch(0))
    mapped = list(batches.Batches(packed, replace(train, mapped=True), pieces).epoch(0))
    allowed = vocabulary_map.vocabulary_map(list(pieces.ids), ["ko", "ru", "uk"])
    for batch in mapped:
        (tag,) = set(batch.source[:, 0])
        outputs = set(batch.outputs)
        (own,) = (allowed[each] for each in vocabulary.TAGS.values() if pieces.ids[each] == tag)
        assert outputs >= {pieces.ids[piece] for piece in own} | {pieces.end}
        assert outputs <= {pieces.ids[piece] for piece in own} | {pieces.end} | set(
            np.concatenate([batch.source.ravel(), batch.decoder.ravel()])
        )
        assert pieces.pad not in outputs
    assert sorted(map(tuple, targets(mapped))) == sorted(map(tuple, targets(plain)))


def targets(drawn: list[batches.Batch]) -> list[list[int]]:
    """The ids that the labels stand for, a pair each."""
    return [
        batch.outputs[row[row != batches.IGNORED]].tolist()
        for batch in drawn
        for row in batch.labels
    ]


def test_a_mapped_batch_into_english_weighs_every_piece_but_pad(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    packed, pieces = prepared
    train = config.Train(batch_tokens=900, reverse=1.0, mapped=True)
    batch = next(batches.Batches(packed, train, pieces).epoch(0))
    assert batch.outputs.tolist() == list(range(pieces.pad))


def test_noise_masks_about_its_share_of_the_source_alone(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    packed, pieces = prepared
    train = config.Train(batch_tokens=900, noise=0.3)
    drawn = list(batches.Batches(packed, train, pieces).epoch(0))
    masked = sum(int((batch.source == pieces.unknown).sum()) for batch in drawn)
    assert 0.25 < masked / packed.lengths()[:, 0].sum() < 0.35
    assert not any((batch.labels == pieces.unknown).any() for batch in drawn)


def test_a_kind_of_weight_nought_is_never_drawn(
    prepared: tuple[packing.Packed, vocabulary.Pieces],
) -> None:
    packed, pieces = prepared
    train = config.Train(batch_tokens=900, weight={"number": 2.0})
    twice = sum(len(b.source) for b in batches.Batches(packed, train, pieces).epoch(0))
    assert twice == 2 * len(packed)
    train = replace(train, weight={"number": 0.5})
    half = sum(len(b.source) for b in batches.Batches(packed, train, pieces).epoch(0))
    assert half == pytest.approx(0.5 * len(packed), rel=0.2)


# Configuration, card, plot


@pytest.mark.parametrize("path", sorted((RECIPE / "configs").glob("*.toml")), ids=lambda p: p.stem)
def test_every_configuration_reads(path: Path) -> None:
    assert config.load(path).train.minutes > 0


def test_an_unknown_key_of_a_configuration_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[train]\nminuets = 3\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"c\.toml.*minuets"):
        config.load(tmp_path / "c.toml")


@pytest.mark.parametrize(
    ("licence", "group"),
    [
        ("MIT (LICENSE)", "Permissive or attribution"),
        ("GPL-3.0 (LICENSE.txt)", "Share-alike or copyleft"),
        ("CC BY-SA 4.0 (LICENSE)", "Share-alike or copyleft"),
        ("CC-BY-SA 4.0 (stated in license.po; no LICENSE file)", "Share-alike or copyleft"),
        ("no licence file in the repository", "No licence found"),
        ("licence not known", "No licence found"),
    ],
)
def test_licences_are_grouped_by_what_they_ask(licence: str, group: str) -> None:
    assert card.group(licence) == group


def facts(**origins: str) -> card.Facts:
    """Facts of a model that had ten pairs of each origin, with the licences given."""
    return card.Facts(
        name="own",
        version="1",
        draft=True,
        report={"origins": {origin: {"news": 4, "talk": 6} for origin in origins}},
        quality={},
        curve=[],
        licences=origins,
        command="",
        machine="",
        parameters=1.0,
        prefixes={},
    )


def test_a_card_says_what_its_licence_leaves_open() -> None:
    note = card.licence_note(facts(a="MIT", b="GPL-3.0", c="no licence file", d="not verified"))
    assert note is not None
    assert "20 pairs have no known licence and 10 have a share-alike or copyleft one" in note
    assert card.licence_note(facts(a="MIT", b="CC0")) is None


def test_licences_are_read_from_markdown_tables(tmp_path: Path) -> None:
    (tmp_path / "S.md").write_text(
        "| repository | licence | kind |\n|---|---|---|\n| a/b | MIT | docs |\n", encoding="utf-8"
    )
    assert card.licences([tmp_path / "S.md"])["a/b"] == "MIT"


def test_the_search_that_an_option_asks_for_is_the_pack_s_and_the_card_s() -> None:
    parser = argparse.ArgumentParser()
    decoding.add_decoding(parser)
    assert decoding.decoding_of(parser.parse_args([])) == Decoding()
    asked = ["--beam", "3", "--repetition-penalty", "1.3", "--length-penalty", "1.6"]
    found = decoding.decoding_of(parser.parse_args(asked))
    assert found == Decoding(beam_size=3, repetition_penalty=1.3, length_penalty=1.6)
    words = decoding.in_words(found.model_dump())
    assert words == "beam 3, repetition penalty 1.3, length penalty 1.6"


def test_a_curve_is_drawn(tmp_path: Path) -> None:
    points = [{"step": 1, "minutes": 1.0, "tokens": 5, "loss": 3.0}]
    plot.draw([*points, {"step": 1, "minutes": 1.0, "dev_loss": {"ko": 2.0}}], tmp_path / "c.png")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


# From corpus to pack

GLOSSES = {
    "river": ("강", "река", "річка"),
    "court": ("법원", "суд", "суд"),
    "bridge": ("다리", "мост", "міст"),
    "minister": ("장관", "министр", "міністр"),
    "strike": ("파업", "забастовка", "страйк"),
    "harvest": ("수확", "урожай", "врожай"),
    "storm": ("폭풍", "буря", "буря"),
    "ferry": ("여객선", "паром", "пором"),
    "budget": ("예산", "бюджет", "бюджет"),
    "museum": ("박물관", "музей", "музей"),
    "glacier": ("빙하", "ледник", "льодовик"),
    "vote": ("투표", "голосование", "голосування"),
}


def write_glosses(path: Path, count: int) -> None:
    chance = np.random.default_rng(2)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(count):
            words = list(chance.choice(list(GLOSSES), 5))
            for place, code in enumerate(LANGUAGES):
                target = " ".join(GLOSSES[word][place] for word in words)
                row = {"en": " ".join(words), "tgt": target, "lang": code, "src": "test"}
                file.write(json.dumps(row | {"kind": "news"}, ensure_ascii=False) + "\n")


def reference_outputs(checkpoint: Path, texts: list[str]) -> list[str]:
    """What Transformers makes of Russian requests; CTranslate2 must begin where it begins."""
    import torch

    from models.training import model

    pieces = vocabulary.Pieces.open(checkpoint)
    network = model.open_checkpoint(checkpoint).eval()
    assert not network.model.shared.weight[pieces.pad].any()
    outputs = []
    for source in pieces.encode_sources(texts):
        ids = torch.tensor([[*pieces.tag("ru"), *source, pieces.end]])
        made = network.generate(input_ids=ids, num_beams=1, do_sample=False, max_new_tokens=60)
        kept = [number for number in made[0].tolist() if number not in (pieces.pad, pieces.end)]
        outputs.append(pieces.target.decode(kept))
    return outputs


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Two threads wait for each other longer than so small a model computes."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.slow
@pytest.mark.usefixtures("one_thread")
def test_a_tiny_corpus_becomes_a_pack_that_translates(tmp_path: Path) -> None:
    from models.training import evaluate, export, prepare, train, translate
    from newsbrief.pack import open_pack

    write_glosses(tmp_path / "corpus.jsonl", 400)
    data, checkpoint, pack = tmp_path / "data", tmp_path / "checkpoint", tmp_path / "bundled"
    tiny = config.load(TINY)
    # The reference knows no map; and both must have learnt enough to agree.
    tiny = replace(tiny, train=replace(tiny.train, mapped=False, steps=240))
    report = prepare.prepare(data, [tmp_path / "corpus.jsonl"], tiny, held=[])
    assert report["dropped"]["resembles a held-out sentence"] < report["kept"] / 2
    assert set(report["test"]) == {"news"}

    train.Trainer(data, checkpoint, tiny).run(piece=0.02)
    trainer = train.Trainer(data, checkpoint, tiny)
    before = trainer.progress["step"]
    assert 0 < before < tiny.train.steps
    trainer.run()
    assert trainer.progress["step"] == tiny.train.steps
    assert trainer.rate() == pytest.approx(tiny.train.rate * tiny.train.floor)
    losses = [point["dev_loss"]["ru"] for point in trainer.curve if "dev_loss" in point]
    assert losses[-1] < losses[0]

    export.export(checkpoint, data, pack, version="0.0.1", results=tmp_path / "results")
    opened = open_pack(pack)
    assert opened.installed
    assert {figure.metric for figure in opened.description.quality} == {"chrF2", "BLEU"}
    assert all(figure.signature for figure in opened.description.quality)
    assert "English to Korean | news" in (pack / "README.md").read_text(encoding="utf-8")
    assert (tmp_path / "results" / "curve.png").is_file()

    translator = translate.Translator.open(pack / card.FOLDER, threads=1)
    assert translator.prefix("ko") == [">>kor<<"]
    greedy = Decoding(beam_size=1)
    outputs = translator.translate(["river court bridge minister strike"] * 3, "ru", greedy)
    assert cleaning.SCRIPT["ru"].search(outputs[0])
    assert len(set(outputs)) == 1
    (reference,) = reference_outputs(checkpoint / "hf", ["river court bridge minister strike"])
    assert outputs[0].split()[0] == reference.split()[0]
    (head, _, row) = searching.table(translator, load(data / "dev.jsonl"), [greedy])
    assert "chrF2 ko / ru / uk" in head
    assert row.startswith("| beam 1, repetition penalty 1, length penalty 1 | ")
    assert row.endswith(" | 1.00 |")
    perfect = evaluate.score(["Суд заседал."], ["Суд заседал."])
    assert perfect["chrF2"]["score"] == 100


@pytest.mark.slow
@pytest.mark.usefixtures("one_thread")
def test_muon_learns_in_pieces_and_leaves_the_embeddings_to_adamw(tmp_path: Path) -> None:
    from models.training import prepare, train

    write_glosses(tmp_path / "corpus.jsonl", 300)
    tiny = config.load(TINY)
    tiny = replace(tiny, train=replace(tiny.train, optimiser="muon"))
    data = tmp_path / "data"
    prepare.prepare(data, [tmp_path / "corpus.jsonl"], tiny)
    first = train.Trainer(data, tmp_path / "made", tiny)
    _, muon = first._optimiser._parts
    inside = {id(parameter) for group in muon.param_groups for parameter in group["params"]}
    assert inside
    assert id(first.model.get_input_embeddings().weight) not in inside
    first.run(piece=0.02)
    second = train.Trainer(data, tmp_path / "made", tiny)
    assert second._optimiser.state()[1]["state"]
    second.run()
    losses = [point["dev_loss"]["ru"] for point in second.curve if "dev_loss" in point]
    assert losses[-1] < losses[0]


def test_an_optimiser_that_is_not_known_is_refused_by_name() -> None:
    from models.training.optimisers import Optimiser

    with pytest.raises(ValueError, match="'sgd': must be one of adamw, muon"):
        Optimiser("sgd", None)


@pytest.mark.slow
@pytest.mark.usefixtures("one_thread")
def test_fine_tuning_goes_on_from_a_checkpoint_with_its_vocabulary(tmp_path: Path) -> None:
    from models.training import prepare, train

    write_glosses(tmp_path / "corpus.jsonl", 300)
    tiny = config.load(TINY)
    first, second = tmp_path / "first", tmp_path / "second"
    prepare.prepare(first, [tmp_path / "corpus.jsonl"], tiny)
    train.Trainer(first, tmp_path / "start", tiny).run()

    prepare.prepare(second, [tmp_path / "corpus.jsonl"], tiny, checkpoint=tmp_path / "start" / "hf")
    tuned = train.Trainer(second, tmp_path / "tuned", tiny, start=tmp_path / "start" / "hf")
    assert (second / "vocab.json").read_bytes() == (first / "vocab.json").read_bytes()
    fresh = train.Trainer(second, tmp_path / "fresh", tiny)
    assert tuned.dev_loss()["ru"] < fresh.dev_loss()["ru"]
