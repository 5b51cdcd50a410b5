"""What a brief translates, as its translators read it: in sentences, once for all targets."""

from __future__ import annotations

from newsbrief.article import Article
from newsbrief.checks import SourceText
from newsbrief.letter_case import sentence_case
from newsbrief.planning import Plan
from newsbrief.sentences import split_sentences

Text = tuple[SourceText, ...]
"""The sentences of one text."""


def read_text(text: str, language: str) -> Text:
    """A text of any number of sentences, such as a bullet that an editor has changed."""
    sentences = split_sentences(Article(None, (text,), language))
    return tuple(SourceText(sentence.text, language) for sentence in sentences)


def read_headline(article: Article) -> list[Text]:
    """The headline, in English as a sentence; nothing where there is none."""
    if not article.headline:
        return []
    headline, language = article.headline, article.source_language
    if language == "en":
        headline = sentence_case(headline, article.body)
    return [read_text(headline, language)]


def read_body(plan: Plan) -> list[Text]:
    """The paragraphs of a planned article."""
    paragraphs: list[list[SourceText]] = [[] for _ in plan.article.paragraphs]
    for sentence in plan.sentences:
        text = SourceText(sentence.text, plan.article.source_language)
        paragraphs[sentence.paragraph].append(text)
    return [tuple(paragraph) for paragraph in paragraphs]
