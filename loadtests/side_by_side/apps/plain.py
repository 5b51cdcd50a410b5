"""FastAPI and Transformers, as a tutorial would write it: one `model.generate` a request."""

import json
import os

import torch
from fastapi import FastAPI
from pydantic import BaseModel
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

settings = json.loads(os.environ["SIDE_BY_SIDE"])
torch.set_num_threads(settings["cores"])
tokenizer = AutoTokenizer.from_pretrained(settings["checkpoint"])
model = AutoModelForSeq2SeqLM.from_pretrained(settings["checkpoint"], dtype=torch.float32)
app = FastAPI()


class Text(BaseModel):
    """One text and the language it is wanted in; none for a summary."""

    text: str
    target: str = ""


@app.post("/generate")
def generate(wanted: Text) -> dict[str, str]:
    """Sync, so that FastAPI runs it in its thread pool."""
    tag = settings["tags"].get(wanted.target, "")
    inputs = tokenizer(
        f"{tag} {wanted.text}".strip(), return_tensors="pt", truncation=True, max_length=1024
    )
    with torch.inference_mode():
        output = model.generate(
            **inputs, num_beams=settings["beam"], max_new_tokens=settings["max_tokens"]
        )
    return {"text": tokenizer.decode(output[0], skip_special_tokens=True)}
