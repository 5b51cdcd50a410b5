"""Newsbrief: story highlights and checked translations of news articles."""

__version__ = "0.1.0"
