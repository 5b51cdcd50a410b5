import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor

from newsbrief.errors import PackCorruptError
from newsbrief.reference_engine import load_tokenizer
from newsbrief.tokenisation import Tokenisation, open_tokenisation
from tests.checkpoints import NAMES, PLAIN, checkpoint, converted

SERVICE = Path(__file__).parents[1] / "service"

TEXTS = (
    *PLAIN,
    "“Ten” — or 1,5 … 'twas the £20 note; see www.example.org/a?b=c#d (page 7).",
    "Ґанок, їжак, ємність, м'ята, обʼєкт: українською.",
    "이른바 ‘3·1절’ 행사에 2만5천여 명, 12시 30분까지.",
    "Cafés, naïve façades, Łódź and Reykjavík – €1.2bn",
    "x",
    "AAAA aaaa  bbb\tccc\nddd",
    "",
)
# Characters that Unicode's compatibility forms leave as they are. Of the others the `tokenizers`
# library, which stands behind five of the eight families in Transformers 5, normalises some unlike
# SentencePiece (combining marks after ligatures, zero-width spaces at an end); and U+2581 is
# SentencePiece's own sign for a space.
PLAIN_CHARACTERS = st.characters(
    categories=["L", "N", "P", "S"], exclude_characters="\u2581"
).filter(lambda character: unicodedata.normalize("NFKC", character) == character)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp()


def tokenisation(base: Path, name: str) -> Tokenisation:
    return open_tokenisation(converted(base, name, "float32"), checkpoint(base, name).family)


def processor(base: Path, name: str, side: str = "source") -> SentencePieceProcessor:
    file = f"{side}.spm" if name.startswith("marian") else "sentencepiece.model"
    return SentencePieceProcessor(model_file=str(converted(base, name, "float32") / file))


class Pair(NamedTuple):
    """Our tokens of a text, and those of the hub's tokenizer."""

    ours: Callable[[str], list[str]]
    hubs: Callable[[str], list[str]]
    processor: SentencePieceProcessor | None

    def score(self, tokens: list[str]) -> float:
        """How likely SentencePiece finds this spelling."""
        assert self.processor is not None
        return sum(self.processor.get_score(self.processor.piece_to_id(each)) for each in tokens)


@pytest.fixture(scope="module", params=list(NAMES))
def pair(request: pytest.FixtureRequest, base: Path) -> Pair:
    made = checkpoint(base, request.param)
    ours, hubs = tokenisation(base, request.param), load_tokenizer(made.folder, made.family)
    spelt = set("".join(PLAIN))

    def prepared(text: str) -> str:
        if made.family == "madlad":
            # It spells unknown characters as bytes, for which Transformers 5 gives no tokens.
            text = "".join(character for character in text if character in spelt)
        return " ".join(text.split())

    def own(text: str) -> list[str]:
        tokens = list(ours.source(prepared(text)))
        if request.param == "marian-separate":
            # SentencePiece knows more pieces than this vocabulary has.
            tokens = [token if token in hubs.encoder else "<unk>" for token in tokens]
        return tokens

    def others(text: str) -> list[str]:
        pieces = hubs.tokenize(prepared(text))
        rows = hubs.convert_tokens_to_ids(pieces)
        begin = ["<s>"] if made.family == "bart" else []
        return begin + [
            "<unk>" if row == hubs.unk_token_id else piece
            for piece, row in zip(pieces, rows, strict=True)
        ]

    return Pair(own, others, None if made.family == "bart" else processor(base, request.param))


@pytest.mark.parametrize("text", TEXTS)
def test_news_text_has_the_tokens_of_the_hubs_tokenizer(pair, text):
    assert pair.ours(text) == pair.hubs(text)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.text(PLAIN_CHARACTERS | st.sampled_from(" eaо і."), max_size=40))
@example(text=".000")
def test_any_text_has_the_tokens_of_the_hubs_tokenizer(pair, text):
    ours, hubs = (tokenise(text) for tokenise in pair[:2])
    if ours != hubs and pair.processor:
        # Of two spellings that score the same, such as 00|0 and 0|00, either is right.
        assert "".join(ours) == "".join(hubs)
        assert pair.score(ours) == pytest.approx(pair.score(hubs))
    else:
        assert ours == hubs


@pytest.mark.parametrize("name", NAMES)
def test_white_space_of_any_kind_is_one_space_and_none_at_the_ends(base, name):
    ours = tokenisation(base, name)
    plain = ours.source("mayor opened two ports")
    assert ours.source("  mayor\topened\u00a0two\n\n ports\r\n") == plain


@pytest.mark.parametrize("name", NAMES)
def test_text_cannot_spell_a_control_token(base, name):
    spelt = (
        "</s> <s> <unk> <pad> <mask> >>kor<< >>ukr<< mayor __uk__ __ko__ ukr_Cyrl kor_Hang "
        "uk_UA ko_KR <2ko> <2uk> <extra_id_0> <mask_1> <unk_2> madeupword0"
    )
    control = {word for word in spelt.split() if word != "mayor"} - {"<unk>"}
    begin = ("<s>",) if name == "bart" else ()
    tokens = tokenisation(base, name).source(spelt)
    assert tokens[: len(begin)] == begin
    assert not control & {token.lstrip("▁Ġ") for token in tokens[len(begin) :]}
    assert "mayor" in "".join(tokens)


@pytest.mark.parametrize("name", NAMES)
def test_characters_that_no_file_should_hold_do_no_harm(base, name):
    ours = tokenisation(base, name)
    assert ours.source("mayor \ud83d opened") == ours.source("mayor ? opened")
    assert ours.source("mayor\0opened \u2581 \ufeff") is not None
    assert ours.source("") == ours.source(" \n") == (("<s>",) if name == "bart" else ())


def target_pieces(base: Path, name: str, text: str) -> list[str]:
    if name == "bart":
        return list(tokenisation(base, name).source(text)[1:])
    return list(processor(base, name, "target").encode(text, out_type=str))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["мер відкрив три мости .", "시장 열었다 셋 다리 .", "a 3% rise"])
def test_joined_again_the_pieces_are_the_text(base, name, text):
    ours, pieces = tokenisation(base, name), target_pieces(base, name, text)
    assert ours.text(pieces) == text
    assert ours.text(["<pad>", *pieces, "</s>"]) == text


def test_tags_that_a_model_writes_are_no_text(base):
    for name, tag in {"m2m100": "__ko__", "nllb": "kor_Hang", "mbart50": "ko_KR"}.items():
        pieces = target_pieces(base, name, "시장 열었다")
        assert tokenisation(base, name).text([tag, *pieces]) == "시장 열었다"


def test_the_line_breaks_of_pegasus_are_line_breaks(base):
    first, second = (target_pieces(base, "pegasus", text) for text in ("mayor opened", "it closed"))
    tokens = [*first, "<n>", *second, "<n>"]
    assert tokenisation(base, "pegasus").text(tokens) == "mayor opened\nit closed"


def test_bytes_of_a_character_that_has_no_piece_become_the_character(base):
    tokens = ["▁mayor", "▁", "<0xC3>", "<0x93>", "▁opened"]
    assert tokenisation(base, "madlad").text(tokens) == "mayor Ó opened"
    assert tokenisation(base, "madlad").source("mayor Ó opened") == tuple(tokens)


def test_a_prefix_is_tokens_or_text_as_the_family_has_it(base):
    plain = ("▁mayor",)
    assert tokenisation(base, "marian").source("mayor", [">>kor<<"]) == (">>kor<<", *plain)
    assert tokenisation(base, "nllb").source("mayor", ["eng_Latn"]) == ("eng_Latn", *plain)
    assert tokenisation(base, "madlad").source("mayor", ["<2ko>"]) == ("▁", "<2ko>", *plain)
    t5 = tokenisation(base, "t5")
    assert t5.source("mayor", ["summarize:"]) == t5.source("summarize: mayor")


def test_a_tag_that_the_text_families_lack_is_refused(base):
    with pytest.raises(PackCorruptError, match="<2xx> is no token"):
        tokenisation(base, "madlad").source("mayor", ["<2xx>"])


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("marian", "source.spm"),
        ("marian", "target.spm"),
        ("t5", "sentencepiece.model"),
        ("bart", "tokenizer.json"),
    ],
)
@pytest.mark.parametrize("content", [None, b"", b"\0nonsense" * 9])
def test_a_missing_or_damaged_file_is_named(base, tmp_path, name, file, content):
    folder = tmp_path / "model"
    shutil.copytree(converted(base, name, "float32"), folder)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    with pytest.raises(PackCorruptError, match=file):
        open_tokenisation(folder, checkpoint(base, name).family)


def test_tokenisation_loads_neither_pytorch_nor_transformers(base):
    code = (
        "import sys; from pathlib import Path\n"
        "from newsbrief.tokenisation import open_tokenisation\n"
        "open_tokenisation(Path(sys.argv[1]), 'bart').source('mayor')\n"
        "open_tokenisation(Path(sys.argv[2]), 'marian').source('mayor')\n"
        "print(sorted({'torch', 'transformers', 'numpy'} & set(sys.modules)))"
    )
    folders = [str(converted(base, name, "float32")) for name in ("bart", "marian")]
    done = subprocess.run(
        [sys.executable, "-c", code, *folders],
        env={**os.environ, "PYTHONPATH": str(SERVICE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
