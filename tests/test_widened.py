"""Packs that write the same with a wider network."""

import ctranslate2
import numpy
import pytest
import sentencepiece

from loadtests.side_by_side.dequantised import read_arrays, write_arrays
from loadtests.side_by_side.workloads import BUNDLED, TAGS, sentences
from loadtests.widened import write_pack
from newsbrief.pack import open_pack

MODEL = BUNDLED / "translator"


def written(folder):
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    translator = ctranslate2.Translator(str(folder), compute_type="float32")
    sources = [[TAGS["ru"], *pieces.encode(text, out_type=str), "</s>"] for text in sentences()[:8]]
    outputs = translator.translate_batch(sources, beam_size=3, max_decoding_length=40)
    return [output.hypotheses[0] for output in outputs]


def test_a_model_that_is_read_and_written_is_the_same_file(tmp_path):
    write_arrays(tmp_path / "model.bin", *read_arrays(MODEL / "model.bin"))
    assert (tmp_path / "model.bin").read_bytes() == (MODEL / "model.bin").read_bytes()


@pytest.mark.parametrize("times", [2, 4])
def test_a_wider_model_has_wider_states_and_writes_the_same(tmp_path, times):
    write_pack(BUNDLED, tmp_path / "wide", times)
    (_, narrow, _), (_, wide, _) = (
        read_arrays(folder / "model.bin") for folder in (MODEL, tmp_path / "wide" / "translator")
    )
    name = "encoder/layer_0/ffn/linear_0/weight"
    assert wide[name].shape == tuple(times * side for side in narrow[name].shape)
    assert wide["decoder/num_heads"] == times * narrow["decoder/num_heads"]
    assert numpy.unique(wide[name]).size > 100
    assert written(tmp_path / "wide" / "translator") == written(MODEL)


def test_a_wider_pack_has_a_name_of_its_own_and_checksums_that_hold(tmp_path):
    write_pack(BUNDLED, tmp_path / "wide", 2)
    assert open_pack(tmp_path / "wide").description.name == "bundled-2-times-as-wide"
    with pytest.raises(AssertionError, match="powers of two"):
        write_pack(BUNDLED, tmp_path / "odd", 3)
