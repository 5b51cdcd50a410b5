"""Newsbrief, every check run, but no text tried again.

For random weights, whose outputs can't pass, and to see what trying again costs.
`python -m loadtests.side_by_side.apps.unretried serve …`
"""

from newsbrief import translating
from newsbrief.cli import main

translating.Translated.failed = property(lambda _: False)

if __name__ == "__main__":
    main()
