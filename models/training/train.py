"""Trains a one-to-three Marian translator in pieces that resume.

    python -m models.training.train DATA CHECKPOINT --config FILE.toml [--piece MINUTES]

DATA is what `prepare` wrote. Each call goes on from CHECKPOINT/state.pt for --piece minutes (all
that is left by default) and saves every few minutes; the learning rate follows the share of the
configured minutes spent so far. Writes CHECKPOINT/hf (the running average of the weights as a
Hugging Face checkpoint) and CHECKPOINT/curve.json. --from starts from another checkpoint (fine-
tuning); its vocabulary must be the one DATA was prepared with. bf16 on CUDA and on CPUs that have
it, float32 elsewhere.
"""

import argparse
import dataclasses
import json
import time
from pathlib import Path
from typing import Any

from models.training import batches, config, machine, model, optimisers, packing, vocabulary
from models.training.corpus import load

SAVE_SECONDS = 240
LOG_STEPS = 25
DEV_PAIRS = 100  # a language, for the loss in the curve


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--piece", type=float, help="minutes of this call")
    parser.add_argument("--minutes", type=float, help="the whole budget, instead of the file's")
    parser.add_argument("--from", dest="start", type=Path, help="Marian checkpoint to start from")
    arguments = parser.parse_args()
    settings = config.load(arguments.config)
    if arguments.minutes:
        train = dataclasses.replace(settings.train, minutes=arguments.minutes)
        settings = dataclasses.replace(settings, train=train)
    Trainer(arguments.data, arguments.checkpoint, settings, arguments.start).run(arguments.piece)


class Trainer:
    """One model, its optimiser, the running average and how far it has come."""

    def __init__(
        self, data: Path, checkpoint: Path, settings: config.Config, start: Path | None = None
    ) -> None:
        import torch

        self._folder = checkpoint
        self._settings = settings
        self._data = data
        pieces = vocabulary.Pieces.open(data)
        self._pad = pieces.pad
        self._batches = batches.Batches(packing.load(data), settings.train, pieces)
        self._dev = _dev_batches(data / "dev.jsonl", pieces, settings)
        self._device, self._bf16 = machine.choose()
        torch.manual_seed(settings.train.seed)
        self.model = model.open_checkpoint(start) if start else model.build(settings.model, pieces)
        if self.model.config.vocab_size != len(pieces.ids):
            raise ValueError(
                f"{start} has {self.model.config.vocab_size} pieces, {data} has {len(pieces.ids)}: "
                "prepare the data with --from the same checkpoint"
            )
        self.model.to(self._device)
        self.model.set_attn_implementation(machine.attention(self._device))
        self._average = [p.detach().clone() for p in self.model.parameters()]
        self._optimiser = optimisers.Optimiser(settings.train.optimiser, self.model)
        self.progress: dict[str, Any] = {"step": 0, "minutes": 0.0, "tokens": 0, "epoch": 0}
        self.curve: list[dict[str, Any]] = []
        if (checkpoint / "state.pt").exists():
            self._resume()
        self._loss = self._forward
        if settings.train.compile:
            self._loss = torch.compile(self._forward, dynamic=True)

    def run(self, piece: float | None = None) -> None:
        """Trains for `piece` minutes or until the budget is spent, whichever comes first."""
        train = self._settings.train
        before = self.progress["minutes"]
        end = before + (piece or train.minutes)
        started = saved = time.monotonic()
        print(f"{self.model.num_parameters() / 1e6:.1f}M parameters on {self._device}", flush=True)
        while self.spent() < 1 and self.progress["minutes"] < end:
            short = train.short_tokens if self.spent() < train.short_first else None
            for batch in self._batches.epoch(self.progress["epoch"], short):
                self._step(batch)
                self.progress["minutes"] = before + (time.monotonic() - started) / 60
                if time.monotonic() - saved > SAVE_SECONDS:
                    self.save()
                    saved = time.monotonic()
                over = self.spent() >= 1 or self.progress["minutes"] >= end
                if over or (short and self.spent() >= train.short_first):
                    break
            self.progress["epoch"] += 1
        self.save()

    def _forward(self, source: Any, decoder: Any, labels: Any, outputs: Any) -> Any:
        import torch

        with torch.autocast(self._device, torch.bfloat16, enabled=self._bf16):
            states = self.model.model(
                input_ids=source,
                attention_mask=(source != self._pad).long(),
                decoder_input_ids=decoder,
                use_cache=False,
            ).last_hidden_state
            # Never <pad>: decoding begins with its embedding, which is tied to the output and which
            # CTranslate2 takes to be zero. It stays so only if it gets no gradient.
            logits = torch.nn.functional.linear(
                states,
                self.model.get_output_embeddings().weight[outputs],
                self.model.final_logits_bias[0, outputs],
            )
        return torch.nn.functional.cross_entropy(
            logits.float().flatten(0, 1),
            labels.flatten(),
            ignore_index=batches.IGNORED,
            label_smoothing=self._settings.train.label_smoothing if self.model.training else 0.0,
        )

    def _step(self, batch: batches.Batch) -> None:
        import torch

        self.progress["step"] += 1
        self.model.train()
        loss = self._loss(*self._tensors(batch))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimiser.step(self.rate())
        step = self.progress["step"]
        decay = min(self._settings.train.average, (1 + step) / (20 + step))
        with torch.no_grad():
            torch._foreach_lerp_(self._average, list(self.model.parameters()), 1 - decay)
        self.progress["tokens"] += int(
            (batch.source != self._pad).sum() + (batch.labels != batches.IGNORED).sum()
        )
        if step % LOG_STEPS == 0:
            self._log(loss.item())

    def spent(self) -> float:
        """Share of the budget that is spent: of the minutes, or of the steps if they are fewer."""
        train = self._settings.train
        share = self.progress["minutes"] / train.minutes
        return max(share, self.progress["step"] / train.steps) if train.steps else share

    def rate(self) -> float:
        """Learning rate: a linear warm-up, level, then a line down to the floor."""
        train = self._settings.train
        fall = max(0.0, self.spent() - train.hold) / (1 - train.hold)
        rise = min(1.0, self.progress["step"] / train.warmup)
        return train.rate * rise * max(train.floor, 1 - fall)

    def _log(self, loss: float) -> None:
        self.curve.append(self._point() | {"loss": round(loss, 3)})
        print(json.dumps(self.curve[-1] | {"rate": round(self.rate(), 6)}), flush=True)

    def _point(self) -> dict[str, Any]:
        progress = self.progress
        return {
            "step": progress["step"],
            "minutes": round(progress["minutes"], 2),
            "tokens": progress["tokens"],
        }

    def _tensors(self, batch: batches.Batch) -> tuple[Any, ...]:
        import torch

        return tuple(
            torch.from_numpy(ids).to(self._device, non_blocking=True)
            for ids in (batch.source, batch.decoder, batch.labels, batch.outputs)
        )

    def dev_loss(self) -> dict[str, float]:
        """Cross entropy a token on the held-out pairs, in nats, by language."""
        import torch

        self.model.eval()
        with torch.no_grad():
            return {
                language: round(self._forward(*self._tensors(batch)).item(), 3)
                for language, batch in self._dev.items()
            }

    def save(self) -> None:
        """Writes the state, the averaged checkpoint and the curve with the average's dev loss."""
        import torch

        self._folder.mkdir(parents=True, exist_ok=True)
        state = {
            "model": self.model.state_dict(),
            "average": self._average,
            "optimiser": self._optimiser.state(),
            "progress": self.progress,
        }
        torch.save(state, self._folder / "state.tmp")
        trained = [p.detach().clone() for p in self.model.parameters()]
        self._set_weights(self._average)
        self.curve.append(self._point() | {"dev_loss": self.dev_loss()})
        print(json.dumps(self.curve[-1]), flush=True)
        model.save(self.model, self._data, self._folder / "hf")
        self._set_weights(trained)
        (self._folder / "curve.json").write_text(json.dumps(self.curve))
        (self._folder / "config.json").write_text(json.dumps(dataclasses.asdict(self._settings)))
        (self._folder / "state.tmp").rename(self._folder / "state.pt")

    def _set_weights(self, weights: list[Any]) -> None:
        import torch

        with torch.no_grad():
            for parameter, value in zip(self.model.parameters(), weights, strict=True):
                parameter.copy_(value)

    def _resume(self) -> None:
        import torch

        state = torch.load(self._folder / "state.pt", map_location=self._device)
        self.model.load_state_dict(state["model"])
        self._average = state["average"]
        self._optimiser.load(state["optimiser"])
        self.progress = state["progress"]
        self.progress["epoch"] += 1  # a fresh draw: the place within the last one is not kept
        self.curve = json.loads((self._folder / "curve.json").read_text())


def _dev_batches(
    path: Path, pieces: vocabulary.Pieces, settings: config.Config
) -> dict[str, batches.Batch]:
    """One batch of DEV_PAIRS held-out pairs a language, without noise."""
    rows = load(path)
    plain = dataclasses.replace(
        settings.train, noise=0.0, reverse=0.0, weight={}, batch_tokens=10**9
    )
    found = {}
    for language in dict.fromkeys(row.language for row in rows):
        part = [row for row in rows if row.language == language][:DEV_PAIRS]
        packed, _ = packing.pack(part, pieces, settings.data.max_tokens)
        found[language] = next(batches.Batches(packed, plain, pieces).epoch(0))
    return found


if __name__ == "__main__":
    main()
