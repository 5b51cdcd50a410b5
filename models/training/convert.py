"""Converts a Hugging Face Marian checkpoint into a CTranslate2 int8 model folder."""

import json
import warnings
from pathlib import Path

from models.training import vocabulary_map
from models.training.vocabulary import SOURCE, TAGS, TARGET


def convert(checkpoint: Path, folder: Path, quantization: str = "int8") -> None:
    """Writes FOLDER/model.bin, config.json and shared_vocabulary.json, and copies both .spm files.

    A model with language tags gets a vocabulary map too. The folder is replaced.
    """
    from ctranslate2.converters import TransformersConverter

    converter = TransformersConverter(str(checkpoint), copy_files=[SOURCE, TARGET])
    with warnings.catch_warnings():
        # Marian's tokenizer wants Moses for punctuation; we hand it nothing to tokenise.
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        converter.convert(str(folder), quantization=quantization, force=True)
    pieces = json.loads((folder / "shared_vocabulary.json").read_text(encoding="utf-8"))
    if tagged := [code for code in vocabulary_map.OWN if TAGS[code] in pieces]:
        allowed = vocabulary_map.vocabulary_map(pieces, tagged)
        (folder / vocabulary_map.FILE).write_text(vocabulary_map.as_text(allowed), encoding="utf-8")
