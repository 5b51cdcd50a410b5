"""A brief as data and as text."""

from newsbrief.article import (
    Brief,
    Finding,
    Highlight,
    PackName,
    Part,
    Severity,
    Span,
    Translation,
)
from newsbrief.rendering import as_data, as_text

FINDING = Finding(
    "number-changed",
    Severity.ERROR,
    "12 became 13",
    expected="12",
    found="13",
    part=Part.HIGHLIGHTS,
    index=0,
)
BRIEF = Brief(
    id="abc",
    headline="City opens line",
    body="The city opens 12 lines.",
    source_language="en",
    highlights=(Highlight("The city opens 12 lines.", (Span(0, 24),)),),
    translations={
        "uk": Translation("uk", "Місто відкриває лінію", (None,), draft=True, findings=(FINDING,))
    },
    pack=PackName("words", "1.2.3"),
)


def test_data_has_the_shape_of_the_contract():
    assert as_data(BRIEF) == {
        "id": "abc",
        "headline": "City opens line",
        "body": "The city opens 12 lines.",
        "source_language": "en",
        "highlights": [
            {
                "text": "The city opens 12 lines.",
                "sources": [{"start": 0, "end": 24}],
                "findings": [],
            }
        ],
        "translations": {
            "uk": {
                "headline": "Місто відкриває лінію",
                "highlights": [None],
                "draft": True,
                "findings": [
                    {
                        "code": "number-changed",
                        "severity": "error",
                        "message": "12 became 13",
                        "expected": "12",
                        "found": "13",
                        "part": "highlights",
                        "index": 0,
                    }
                ],
            }
        },
        "pack": {"name": "words", "version": "1.2.3"},
        "findings": [],
    }


def test_text_shows_languages_drafts_what_was_withheld_and_why():
    assert as_text(BRIEF) == "\n".join(
        [
            "City opens line",
            "",
            "  • The city opens 12 lines.",
            "",
            "Ukrainian (draft)",
            "  Місто відкриває лінію",
            "  • (withheld: see the findings)",
            "",
            "Findings",
            "  error: uk highlights 1: 12 became 13",
            "",
            "pack words@1.2.3, brief abc",
        ]
    )
