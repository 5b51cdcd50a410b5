"""The optimiser: AdamW for everything, or Muon for the matrices inside the network."""

from typing import Any

OPTIMISERS = ("adamw", "muon")


class Optimiser:
    """AdamW (`adamw`), or Muon on every matrix but the embeddings and AdamW on the rest (`muon`).

    Muon orthogonalises the momentum of a matrix (K. Jordan et al., 2024); its steps are scaled to
    the size of AdamW's ("match_rms_adamw", J. Liu et al., "Muon is scalable for LLM training",
    2025), so that one rate serves both. Raises ValueError for another name.
    """

    def __init__(self, name: str, model: Any) -> None:
        import torch

        if name not in OPTIMISERS:
            raise ValueError(f"optimiser {name!r}: must be one of {', '.join(OPTIMISERS)}")
        embeddings = {id(model.get_input_embeddings().weight)}
        matrices, others = [], []
        for parameter in filter(_learns, model.parameters()):
            inside = parameter.ndim == 2 and id(parameter) not in embeddings
            (matrices if inside and name == "muon" else others).append(parameter)
        self._parts: list[Any] = [
            torch.optim.AdamW(others, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.01, fused=True)
        ]
        if matrices:
            self._parts.append(
                torch.optim.Muon(matrices, weight_decay=0.01, adjust_lr_fn="match_rms_adamw")
            )

    def step(self, rate: float) -> None:
        """One step along the gradients, which it then forgets."""
        for part in self._parts:
            for group in part.param_groups:
                group["lr"] = rate
            part.step()
            part.zero_grad(set_to_none=True)

    def state(self) -> list[Any]:
        """What `load` takes back."""
        return [part.state_dict() for part in self._parts]

    def load(self, state: list[Any]) -> None:
        """Goes on from `state` of the same kind of optimiser."""
        for part, saved in zip(self._parts, state, strict=True):
            part.load_state_dict(saved)


def _learns(parameter: Any) -> bool:
    return bool(parameter.requires_grad)
