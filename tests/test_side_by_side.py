"""The comparison's own arithmetic, and the forms in which it hands our model to others."""

from __future__ import annotations

import json
import math

import ctranslate2
import numpy
import pytest
import sentencepiece

from loadtests import engine_choices, profile_request, start_up
from loadtests.side_by_side import argos, dequantised, report
from loadtests.side_by_side.comparing import Measured
from loadtests.side_by_side.load import Cell, judged
from loadtests.side_by_side.systems import GENERATE, NEWSBRIEF, SYSTEMS
from loadtests.side_by_side.workloads import BUNDLED, TAGS, Workload, sentences
from newsbrief.pack_schema import Direction

MODEL = BUNDLED / "translator"
RUSSIAN = Direction(source="en", target="ru", model="m", source_prefix=(">>rus<<",))


def cell(count, seconds, text="слово"):
    return Cell(seconds, latencies=[0.1] * count, outputs=dict.fromkeys(range(count), text))


def test_a_right_answer_is_its_text():
    body = {"translations": {"ru": {"texts": [{"text": "Мост открыт."}]}}}
    assert judged(NEWSBRIEF, "ru", 200, json.dumps(body).encode()) == "Мост открыт."


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, {"text": " "}, "empty"),
        (200, {"text": None}, "empty"),
        (200, {"error": "no"}, "another shape"),
        (200, [], "another shape"),
        (429, {"text": "Мост"}, "status 429"),
    ],
)
def test_any_other_answer_is_a_fault(status, body, said):
    with pytest.raises(ValueError, match=said):
        judged(GENERATE, "ru", status, json.dumps(body).encode())


def test_what_is_no_json_is_a_fault():
    with pytest.raises(ValueError, match="Expecting value"):
        judged(GENERATE, "ru", 200, b"<html>")


def test_ratios_are_taken_round_by_round():
    ours, theirs = [cell(10, 1.0), cell(10, 4.0)], [cell(10, 3.0), cell(10, 8.0)]
    assert report.ratios(theirs, ours, "rate") == pytest.approx([3.0, 2.0])


def test_an_answer_at_fault_is_counted_apart_and_does_not_count_as_output():
    theirs = Measured(cells={8: [cell(2, 2.0)]})
    theirs.cells[8][0].faults.append("status 500")
    figures = report.described(theirs, Measured(cells={8: [cell(6, 2.0)]}))["concurrent"]["8"]
    assert figures["requests"] == 3
    assert figures["faults"] == 1
    assert figures["newsbrief_texts_ratio"]["median"] == 3.0


def test_quantiles_are_by_nearest_rank():
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert report.quantile(values, 0.5) == 3.0
    assert report.quantile(values, 0.95) == 5.0
    assert report.quantile([7.0], 0.5) == 7.0


def test_outputs_are_compared_request_by_request_but_for_case_and_closing_punctuation():
    ours = Measured(cells={1: [cell(2, 1.0)]})
    theirs = Measured(cells={1: [Cell(1.0, outputs={0: "Слово.", 1: "другое"})]})
    assert report.agreement(theirs, ours) == 0.5


def test_all_systems_get_the_same_texts_and_the_slow_one_the_first_of_them():
    texts = tuple((text, "ru") for text in sentences())
    workload = Workload(None, texts, {32: 64}, {32: 16}, rounds=2)
    assert workload.batch("plain", 32, 1) == workload.batch("newsbrief", 32, 1)[:16]
    assert workload.batch("newsbrief", 32, 0) != workload.batch("newsbrief", 32, 1)


def test_every_system_says_its_settings_and_newsbrief_comes_first():
    assert SYSTEMS[0].name == "newsbrief"
    assert all("int8" in each.settings or "float32" in each.settings for each in SYSTEMS[::2])
    assert len({each.name for each in SYSTEMS}) == len(SYSTEMS)


def test_an_argos_package_puts_the_language_tag_before_every_source(tmp_path):
    argos.write_package(MODEL, RUSSIAN, tmp_path)
    package = tmp_path / "translate-en_ru"
    assert json.loads((package / "metadata.json").read_text())["to_code"] == "ru"
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(package / "sentencepiece.model"))
    source = pieces.encode("The bridge opened on Monday.", out_type=str)
    theirs = ctranslate2.Translator(str(package / "model")).translate_batch([source])
    ours = ctranslate2.Translator(str(MODEL)).translate_batch([[TAGS["ru"], *source, "</s>"]])
    assert theirs[0].hypotheses == ours[0].hypotheses


def test_dequantised_weights_fill_the_range_of_int8():
    weights = dequantised.read_weights(MODEL / "model.bin")
    embeddings = weights["decoder/embeddings/weight"]
    assert embeddings.dtype == "float32"
    assert weights["decoder/projection/weight"] is embeddings
    steps = numpy.abs(embeddings).max(axis=1) / 127
    whole = embeddings / steps[:, None]
    assert numpy.abs(whole - whole.round()).max() < 0.01


@pytest.mark.slow
def test_a_dequantised_checkpoint_writes_what_the_int8_model_writes(tmp_path):
    import transformers

    dequantised.write_checkpoint(MODEL, tmp_path)
    network = transformers.MarianMTModel.from_pretrained(tmp_path)
    ids = json.loads((tmp_path / "vocab.json").read_text(encoding="utf-8"))
    import torch

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(MODEL / "source.spm"))
    translator = ctranslate2.Translator(str(MODEL), compute_type="float32")
    tokens = {row: token for token, row in ids.items()}
    for text in sentences()[:3]:
        source = [TAGS["ru"], *pieces.encode(text, out_type=str), "</s>"]
        (wanted,) = translator.translate_batch([source], beam_size=1, max_decoding_length=40)
        output = network.generate(
            torch.tensor([[ids[token] for token in source]]), num_beams=1, max_new_tokens=40
        )
        written = [tokens[row] for row in output[0, 1:].tolist() if tokens[row] != "</s>"]
        assert written == wanted.hypotheses[0]


def test_batches_hold_every_text_once_within_the_budget_and_one_language():
    texts = [
        engine_choices.Text(["x"] * (3 + number % 9), "ru" if number % 2 else "ko", "")
        for number in range(40)
    ]
    choice = engine_choices.Choice(2, batch_tokens=48, by_language=True)
    made = engine_choices.batches(texts, choice)
    assert sorted(index for batch in made for index in batch) == list(range(40))
    for batch in made:
        assert len({texts[index].target for index in batch}) == 1
        assert max(len(texts[index].tokens) for index in batch) * len(batch) <= 48


def test_a_sample_counts_for_the_innermost_of_our_modules():
    outer = "main (newsbrief/api.py:9);_checked (newsbrief/translating.py:3)"
    assert profile_request.stage(f"{outer};sub (re/__init__.py:1)") == "translations assembled"
    assert profile_request.stage(f"{outer};f (newsbrief/numerals.py:2)") == "checks"
    assert profile_request.stage("run (asyncio/runners.py:160)") == profile_request.REST


def test_what_no_sample_explains_is_the_engine():
    samples = [
        "thread;f (newsbrief/checks.py:1) 100",
        "thread;wait;Condition.wait (threading.py:295) 700",
        "thread;_find_and_load (x);g (newsbrief/api.py:1) 700",
    ]
    found = profile_request.shares(samples, cpu_seconds=2.0, rate=100)
    assert found == {"checks": 0.5, profile_request.ENGINE: 0.5}
    assert math.isclose(sum(found.values()), 1)


def test_import_times_are_read_from_the_interpreters_report():
    text = (
        "import time: self [us] | cumulative | imported package\nimport time:  120 |  200 |   a.b\n"
    )
    assert list(start_up._imports(text)) == [(120, "a.b")]
