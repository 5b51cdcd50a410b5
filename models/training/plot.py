"""Draws a learning curve."""

from pathlib import Path
from typing import Any


def draw(curve: list[dict[str, Any]], path: Path) -> None:
    """Training loss and held-out loss per language, against minutes, as a PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    training = [point for point in curve if "loss" in point]
    axes.plot(
        [point["minutes"] for point in training],
        [point["loss"] for point in training],
        color="lightgrey",
        label="training, smoothed labels",
    )
    judged = [point for point in curve if "dev_loss" in point]
    for language in judged[-1]["dev_loss"] if judged else ():
        axes.plot(
            [point["minutes"] for point in judged],
            [point["dev_loss"][language] for point in judged],
            marker=".",
            label=f"held out, {language}",
        )
    axes.set_xlabel("minutes of training")
    axes.set_ylabel("cross entropy a token, nats")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
