"""What to do with a translation that fails a check: each way's cure rate and its cost.

    python -m loadtests.second_try [--articles 40] [--rounds 3]

The texts are the headlines and highlights of our own articles, with the bundled pack. Those whose
first try has an error are decoded again in each way; a text is mended when one of the ends that the
way offers, the likeliest first, has no error. Costs are CPU time over that of the first try of the
same texts, the ways taking turns within a round. Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence

from loadtests.articles import typical
from loadtests.bare_engine import as_article
from newsbrief.article import Severity
from newsbrief.checks import SourceText
from newsbrief.engine import Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.opening import Models, open_models, serve_with
from newsbrief.pack import Decoding
from newsbrief.settings import read_settings
from newsbrief.translating import harder

Text = tuple[str, str, Source]
"""A sentence, its target language, and its source tokens."""

FIRST = "all ends of the first search"


def ways(first: Decoding) -> dict[str, Decoding]:
    """Decodings to try again with; the first is the first try itself, whose other ends count."""
    again = harder(first)
    return {
        FIRST: first,
        "repetition held down": again,
        "repetition held down, twice the beam": again.model_copy(
            update={"beam_size": 2 * again.beam_size}
        ),
        "twice the beam alone": first.model_copy(update={"beam_size": 2 * first.beam_size}),
    }


def wrong(text: Text, output: Generated) -> bool:
    """Whether a check finds an error in it."""
    source, target_language = text
    findings = SourceText(source, "en").check(
        output.text, target_language, complete=output.complete
    )
    return any(finding.severity is Severity.ERROR for finding in findings)


def read_texts(models: Models, articles: int) -> list[Text]:
    """The headlines and highlights of so many articles, for each direction of the pack."""
    metrics = Metrics()
    briefer = serve_with(models, read_settings(), metrics)

    async def written() -> list[str]:
        found = []
        for number in range(articles):
            article = typical(number)
            brief = await briefer.brief(as_article(article))
            found += [article.headline, *(each.text for each in brief.highlights if each.text)]
        return found

    sentences = asyncio.run(written())
    return [
        (sentence, direction.target, engine.encode(sentence, source_prefix=direction.source_prefix))
        for direction in models.pack.description.directions
        for engine in [models.engines[direction.model]]
        for sentence in dict.fromkeys(sentences)
    ]


def generate(models: Models, texts: Sequence[Text], decoding: Decoding) -> list[Generated]:
    """Outputs in order, a batch for each language; the first direction's model for all."""
    engine = models.engines[models.pack.description.directions[0].model]
    outputs: dict[int, Generated] = {}
    for language in dict.fromkeys(text[1] for text in texts):
        places = [place for place, text in enumerate(texts) if text[1] == language]
        made = engine.generate([texts[place][2] for place in places], decoding)
        outputs |= dict(zip(places, made, strict=True))
    return [outputs[place] for place in range(len(texts))]


def mended(texts: Sequence[Text], outputs: Sequence[Generated], *, ends: bool) -> int:
    """How many texts have an end without an error; only the best one counts without `ends`."""
    return sum(
        any(not wrong(text, end) for end in (output, *(output.alternatives if ends else ())))
        for text, output in zip(texts, outputs, strict=True)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    models = open_models(read_settings(), Metrics())
    (model,) = models.pack.description.models.values()
    first = model.decoding.model_copy(update={"max_tokens": 96})
    texts = read_texts(models, options.articles)
    outputs = generate(models, texts, first)
    failing = [text for text, output in zip(texts, outputs, strict=True) if wrong(text, output)]
    found = {name: generate(models, failing, way) for name, way in ways(first).items()}
    spent: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(options.rounds):
        for name, way in ways(first).items():
            began = time.process_time()
            generate(models, failing, way)
            spent[name].append(time.process_time() - began)
    print(f"{models.pack.name}: {len(failing)} of {len(texts)} texts have an error at first\n")
    print("| way | mended by its best end | by any end | CPU over a first try |")
    print("|---|---|---|---|")
    for name, made in found.items():
        cost = statistics.median(
            own / base for own, base in zip(spent[name], spent[FIRST], strict=True)
        )
        counts = [mended(failing, made, ends=ends) for ends in (False, True)]
        shares = [f"{count} ({count / len(failing):.0%})" for count in counts]
        print(f"| {name} | {shares[0]} | {shares[1]} | {cost:.2f} |")
    models.close()


if __name__ == "__main__":
    main()
