"""Newsrooms at work against a real service: `python -m loadtests.scenarios`."""
