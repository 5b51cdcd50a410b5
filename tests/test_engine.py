import gc
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from newsbrief.engine import CTranslate2Engine, Source, default_runners, open_engine
from newsbrief.errors import ConfigurationError, EngineError, PackCorruptError
from newsbrief.pack import Decoding, Model, OwnSource
from tests.checkpoints import TRAINED, converted, gloss, sentences

SERVICE = Path(__file__).parents[1] / "service"
UKRAINIAN, KOREAN = (">>ukr<<",), (">>kor<<",)
GREEDY, BEAM = Decoding(beam_size=1, max_tokens=40), Decoding(beam_size=4, max_tokens=40)
TEXTS = sentences(12, first=TRAINED)


def model(family: str = "marian", **changes: object) -> Model:
    return Model(
        family=family,
        licence="Apache-2.0",
        commercial_use=True,
        attribution="Newsbrief's tests",
        source=OwnSource(kind="own", recipe="tests/checkpoints.py"),
        folder="model",
        max_source_tokens=64,
        **changes,
    )


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp()


@pytest.fixture(scope="module")
def engine(base: Path) -> CTranslate2Engine:
    return open_engine(converted(base, "marian", "int8"), model(), inter_threads=2)


@pytest.fixture(scope="module")
def tagged(base: Path) -> CTranslate2Engine:
    """One that takes the target language in front of its output."""
    return open_engine(converted(base, "nllb", "int8"), model("nllb"), inter_threads=1)


def sources(engine: CTranslate2Engine, texts: list[str] = TEXTS) -> list[Source]:
    return [engine.encode(text, source_prefix=UKRAINIAN) for text in texts]


def test_outputs_come_in_the_order_of_the_sources(engine):
    texts = sorted(TEXTS)
    written = engine.generate(sources(engine, texts), BEAM)
    assert [output.text for output in written] == [gloss(text, "uk") for text in texts]
    assert all(output.complete for output in written)


def test_nothing_in_gives_nothing_out(engine):
    assert engine.generate([], BEAM) == []


def test_an_empty_text_is_a_source_like_any_other(engine):
    source = engine.encode("", source_prefix=UKRAINIAN)
    assert source.tokens == (*UKRAINIAN, "</s>")
    assert len(engine.generate([source], GREEDY)) == 1


def test_a_batch_gives_what_its_sources_give_alone(engine):
    batch = [*sources(engine), engine.encode("mayor", source_prefix=KOREAN)]
    together = engine.generate(batch, BEAM)
    assert together == [engine.generate([source], BEAM)[0] for source in batch]


def test_the_same_batch_gives_the_same_output_every_time(engine):
    first = engine.generate(sources(engine), BEAM)
    assert all(engine.generate(sources(engine), BEAM) == first for _ in range(3))


def test_several_threads_get_what_one_would(engine):
    batches = [sources(engine)[start : start + 3] for start in range(10)] * 3
    alone = [engine.generate(batch, BEAM) for batch in batches]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda batch: engine.generate(batch, BEAM), batches)) == alone


def test_other_threads_run_while_the_model_does(engine):
    batch = sources(engine) * 3
    done = threading.Event()
    seen = []

    def work() -> None:
        engine.generate(batch, Decoding(beam_size=4, min_tokens=60, max_tokens=60))
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.is_set():
        # Only a thread that got the interpreter in the middle of a batch can see one at work.
        seen.append(engine._translator.num_active_batches)
    thread.join()
    assert 1 in seen


def test_encode_never_cuts_and_counts_the_closing_token(engine):
    source = engine.encode("mayor opened " * 2000, source_prefix=UKRAINIAN)
    assert source.length == len(source.tokens) == 4002
    assert source.tokens[0] == ">>ukr<<"
    assert source.tokens[-1] == "</s>"


def test_the_other_ends_of_the_search_come_along_and_none_of_them_twice(engine):
    (output,) = engine.generate(sources(engine)[:1], BEAM)
    texts = [output.text, *(other.text for other in output.alternatives)]
    assert len(set(texts)) == BEAM.beam_size
    (alone,) = engine.generate(sources(engine)[:1], GREEDY)
    assert alone.alternatives == ()


def test_with_a_vocabulary_map_only_what_it_allows_can_be_written(engine, base, tmp_path):
    folder = shutil.copytree(converted(base, "marian", "int8"), tmp_path / "mapped")
    source = engine.encode(TEXTS[0], source_prefix=UKRAINIAN)
    pieces = json.loads((folder / "shared_vocabulary.json").read_text(encoding="utf-8"))
    korean = [piece for piece in pieces if re.search("[가-힣]", piece)]
    (folder / "vmap.txt").write_text(f">>ukr<<\t{' '.join(korean)}\n", encoding="utf-8")
    mapped = open_engine(folder, model(), inter_threads=1)
    assert (engine.one_language, mapped.one_language) == (False, True)
    assert engine.generate([source], BEAM)[0].text == gloss(TEXTS[0], "uk")
    (written,) = mapped.generate([source], BEAM)
    assert re.fullmatch("[가-힣 ]+", written.text)


def test_a_source_beyond_the_limit_is_an_error_that_tells_the_lengths(engine):
    fits = engine.encode("mayor " * 62, source_prefix=UKRAINIAN)
    assert fits.length == engine.max_source_tokens == 64
    assert engine.generate([fits], GREEDY)
    over = engine.encode("mayor " * 63, source_prefix=UKRAINIAN)
    with pytest.raises(EngineError, match="65 tokens; the model's limit is 64"):
        engine.generate([fits, over], GREEDY)


def test_a_source_beyond_ctranslate2s_own_limit_is_read_to_its_end(base):
    wide = open_engine(
        converted(base, "t5", "float32"),
        model("t5", quantization="float32").model_copy(update={"max_source_tokens": 3000}),
        inter_threads=1,
    )
    # T5 has no limit of positions. Were the sources cut, they would all be the same one.
    body = "mayor " * 1100
    endings = ("doctor closed many roads .", "minister opened two schools today .", ".")
    long = [wide.encode(body + ending) for ending in endings]
    written = wide.generate(long, Decoding(beam_size=1, min_tokens=12, max_tokens=12))
    assert len({output.text for output in written}) > 1


def test_an_output_cut_at_the_token_limit_is_not_complete(engine):
    whole = engine.generate(sources(engine)[:1], BEAM)[0]
    for beam in (1, 4):
        cut = engine.generate(
            sources(engine)[:1], Decoding(beam_size=beam, max_tokens=whole.tokens - 2)
        )[0]
        assert (cut.complete, cut.tokens) == (False, whole.tokens - 2)
        assert whole.text.startswith(cut.text)
    just = Decoding(beam_size=4, max_tokens=whole.tokens + 1)  # and the closing token
    assert engine.generate(sources(engine)[:1], just)[0] == whole


def test_the_target_prefix_is_neither_text_nor_counted(tagged):
    text = TEXTS[0]
    source = tagged.encode(text, source_prefix=["eng_Latn"], target_prefix=["kor_Hang"])
    assert source.target_prefix == ("kor_Hang",)
    whole = tagged.generate([source], BEAM)[0]
    assert whole.text == gloss(text, "ko")
    just = tagged.generate([source], Decoding(beam_size=4, max_tokens=whole.tokens + 1))[0]
    assert replace(just, alternatives=()) == replace(whole, alternatives=())
    cut = tagged.generate([source], Decoding(beam_size=4, max_tokens=whole.tokens - 1))[0]
    assert (cut.complete, cut.tokens) == (False, whole.tokens - 1)


def test_sources_with_different_prefixes_share_a_batch(tagged):
    text = TEXTS[0]
    both = [
        tagged.encode(text, source_prefix=["eng_Latn"], target_prefix=[tag])
        for tag in ("kor_Hang", "ukr_Cyrl")
    ]
    written = [output.text for output in tagged.generate(both, BEAM)]
    assert written == [gloss(text, "ko"), gloss(text, "uk")]


def test_a_least_length_is_kept_to(tagged):
    source = tagged.encode(TEXTS[0], source_prefix=["eng_Latn"], target_prefix=["kor_Hang"])
    usual = tagged.generate([source], GREEDY)[0].tokens
    longer = Decoding(beam_size=1, min_tokens=usual + 1, max_tokens=40)
    assert tagged.generate([source], longer)[0].tokens > usual


def test_repeated_ngrams_can_be_forbidden(engine):
    source = engine.encode("mayor mayor mayor mayor .", source_prefix=UKRAINIAN)
    long = {"beam_size": 1, "min_tokens": 20, "max_tokens": 20}
    free = engine.generate([source], Decoding(**long))[0].text.split()
    held = engine.generate([source], Decoding(**long, no_repeat_ngram_size=2))[0].text.split()

    def repeated(words: list[str]) -> bool:
        pairs = list(itertools.pairwise(words))
        return len(set(pairs)) < len(pairs)

    assert repeated(free)
    assert not repeated(held)


def test_a_repetition_penalty_changes_what_is_written(engine):
    source = engine.encode("mayor mayor mayor mayor .", source_prefix=UKRAINIAN)
    long = {"beam_size": 1, "min_tokens": 20, "max_tokens": 20}
    plain, held = (
        engine.generate([source], Decoding(**long, repetition_penalty=penalty))[0].text.split()
        for penalty in (1.0, 3.0)
    )
    assert len(set(held)) > len(set(plain))


@pytest.mark.parametrize(
    ("prefixes", "message"),
    [
        ({"source_prefix": [">>xxx<<"]}, "source_prefix: >>xxx<< is no token"),
        ({"target_prefix": ["kor_Hang"]}, "target_prefix: kor_Hang is no token"),
    ],
)
def test_a_tag_that_the_model_lacks_is_refused_and_not_read_as_a_word(engine, prefixes, message):
    for _ in range(2):
        with pytest.raises(PackCorruptError, match=message):
            engine.encode("mayor", **prefixes)


def test_vocabularies_of_their_own_are_each_asked_for_their_tags(base):
    separate = open_engine(converted(base, "marian-separate", "int8"), model(), inter_threads=1)
    # A Korean piece stands in the target vocabulary only.
    with pytest.raises(PackCorruptError, match="source_prefix: ▁시장"):
        separate.encode("mayor", source_prefix=["▁시장"])
    assert separate.encode("mayor", target_prefix=["▁시장"]).target_prefix == ("▁시장",)


def test_a_tag_that_the_model_does_not_have_is_refused(engine):
    assert engine.encode("One.", source_prefix=UKRAINIAN).tokens[0] == UKRAINIAN[0]
    with pytest.raises(PackCorruptError, match=">>xxx<<"):
        engine.encode("One.", source_prefix=[">>xxx<<"])


def test_closing_frees_the_model_and_later_calls_fail_clearly(base):
    closed = open_engine(converted(base, "marian", "int8"), model(), inter_threads=1)
    source = sources(closed)[:1]
    translator = weakref.ref(closed._translator)
    closed.close()
    closed.close()
    gc.collect()
    assert translator() is None
    with pytest.raises(EngineError, match="closed"):
        closed.generate(source, BEAM)


@pytest.mark.parametrize("compute_type", ["int3", "float16"])
def test_an_arithmetic_that_the_device_lacks_is_refused_with_those_that_it_has(base, compute_type):
    with pytest.raises(
        ConfigurationError, match=rf"COMPUTE_TYPE: this cpu can't do {compute_type}.* float32, int8"
    ):
        open_engine(converted(base, "marian", "int8"), model(), compute_type=compute_type)


def test_a_gpu_that_is_not_there_is_said_before_anything_is_loaded(monkeypatch):
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)
    with pytest.raises(ConfigurationError, match="NEWSBRIEF_DEVICE: cuda needs an NVIDIA GPU"):
        open_engine(Path("no/such/folder"), model(), device="cuda")


def test_one_batch_at_a_time_fills_a_gpu(monkeypatch):
    monkeypatch.setattr("newsbrief.engine.usable_cpus", lambda: 8)
    assert [default_runners(device, 2) for device in ("cpu", "cuda")] == [4, 1]


def test_the_packs_quantization_is_used_unless_another_is_asked_for(base):
    folder = converted(base, "marian", "int8")
    assert "int8" in open_engine(folder, model())._translator.compute_type
    asked = open_engine(folder, model(), compute_type="float32")
    assert asked._translator.compute_type == "float32"


def test_translators_follow_the_cpus_unless_told(base, monkeypatch):
    monkeypatch.setattr("newsbrief.engine.usable_cpus", lambda: 5)
    folder = converted(base, "marian", "int8")
    assert open_engine(folder, model())._translator.num_translators == 5
    assert open_engine(folder, model(), intra_threads=2)._translator.num_translators == 2
    assert open_engine(folder, model(), inter_threads=3)._translator.num_translators == 3


@pytest.mark.parametrize(
    ("file", "content", "error"),
    [
        ("model.bin", None, PackCorruptError),
        ("model.bin", b"short", EngineError),
        ("config.json", None, PackCorruptError),
        ("config.json", b"{", PackCorruptError),
        ("source.spm", None, PackCorruptError),
        ("shared_vocabulary.json", None, EngineError),
    ],
)
def test_a_damaged_folder_is_refused(base, tmp_path, file, content, error):
    folder = tmp_path / "model"
    shutil.copytree(converted(base, "marian", "int8"), folder)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    with pytest.raises(error):
        open_engine(folder, model(), inter_threads=1)


def test_what_ctranslate2_raises_is_an_engine_error(engine, monkeypatch):
    monkeypatch.setattr("newsbrief.engine.CTranslate2Engine.max_source_tokens", 9999, raising=False)
    monkeypatch.setattr(engine, "max_source_tokens", 9999)
    source = engine.encode("mayor " * 3000, source_prefix=UKRAINIAN)
    with pytest.raises(EngineError, match="CTranslate2 failed"):
        engine.generate([source], GREEDY)


def test_serving_loads_neither_pytorch_nor_transformers(base):
    code = (
        "import sys; from pathlib import Path\n"
        "from newsbrief.engine import CTranslate2Engine, Decoding\n"
        "engine = CTranslate2Engine(Path(sys.argv[1]), 'marian', max_source_tokens=64,\n"
        "    compute_type='int8', inter_threads=1)\n"
        "engine.generate([engine.encode('One.')], Decoding(max_tokens=4)); engine.close()\n"
        "print(sorted({'torch', 'transformers', 'huggingface_hub'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(converted(base, "marian", "int8"))],
        env={**os.environ, "PYTHONPATH": str(SERVICE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_the_test_models_folder_has_nothing_but_what_is_served(base):
    names = {file.name for file in converted(base, "marian", "int8").iterdir()}
    assert names == {
        "config.json",
        "model.bin",
        "shared_vocabulary.json",
        "source.spm",
        "target.spm",
    }
