"""Converts a Hugging Face Marian checkpoint into a CTranslate2 int8 model folder."""

import warnings
from pathlib import Path

from models.training.vocabulary import SOURCE, TARGET


def convert(checkpoint: Path, folder: Path, quantization: str = "int8") -> None:
    """Writes FOLDER/model.bin, config.json and shared_vocabulary.json, and copies both .spm files.

    The folder is replaced.
    """
    from ctranslate2.converters import TransformersConverter

    converter = TransformersConverter(str(checkpoint), copy_files=[SOURCE, TARGET])
    with warnings.catch_warnings():
        # Marian's tokenizer wants Moses for punctuation; we hand it nothing to tokenise.
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        converter.convert(str(folder), quantization=quantization, force=True)
