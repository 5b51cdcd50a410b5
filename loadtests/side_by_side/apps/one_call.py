"""CTranslate2 behind FastAPI in the way of nllb-api: one call of the engine for each text."""

import json
import os
from pathlib import Path

import ctranslate2
import sentencepiece
import tokenizers
from fastapi import FastAPI
from pydantic import BaseModel

settings = json.loads(os.environ["SIDE_BY_SIDE"])
folder = Path(settings["model"])
translator = ctranslate2.Translator(
    str(folder), compute_type="int8", inter_threads=settings["cores"], intra_threads=1
)
bart = (folder / "tokenizer.json").is_file()
tokenizer = (
    tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    if bart
    else sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
)
app = FastAPI()


class Text(BaseModel):
    """One text and the language it is wanted in; none for a summary."""

    text: str
    target: str = ""


@app.post("/generate")
def generate(wanted: Text) -> dict[str, str]:
    """Sync, so that FastAPI runs it in its thread pool."""
    if bart:
        tokens = ["<s>", *tokenizer.encode(wanted.text, add_special_tokens=False).tokens, "</s>"]
    else:
        pieces = tokenizer.encode(wanted.text, out_type=str)
        tokens = [settings["tags"][wanted.target], *pieces, "</s>"]
    (result,) = translator.translate_batch(
        [tokens], beam_size=settings["beam"], max_decoding_length=settings["max_tokens"]
    )
    output = result.hypotheses[0]
    return {"text": tokenizer.decoder.decode(output) if bart else tokenizer.decode(output)}
