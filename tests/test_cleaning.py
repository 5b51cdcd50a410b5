"""What a CMS leaves goes, every paragraph of prose stays, and bad input is named."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.article import Article
from newsbrief.cleaning import MAX_CHARS, clean_html, clean_text, read_document
from newsbrief.errors import InputError, TooLargeError
from newsbrief.markup import MAX_TAGS

STORY = (
    "The ferry to Marrow Island will stop for eight weeks from Monday, the harbour board said.",
    "Engineers found cracks in the slipway. Some 400 islanders depend on the boat.",
    "“We were told on Friday,” said Ida Lund, who runs the island shop.",
)
CMS_TEXT = f"""Local News

Ferry to Marrow Island to Stop for Eight Weeks

Story Highlights
  • The ferry stops on Monday.
  • Cracks were found in the slipway.

By Jane Doe and Tom Alder, Harbour Correspondent
Published: 14:11 EST, 25 October 2023
Share on Facebook

{STORY[0]}

Photo: The slipway at low tide. Credit: Tom Alder/Herald

{STORY[1]}

Advertisement

{STORY[2]}

Related Articles
Island school may close
Will the lighthouse be sold?
"""


def test_what_a_cms_puts_round_a_story_is_dropped_and_the_story_kept():
    article = clean_text(CMS_TEXT)
    assert article == Article("Ferry to Marrow Island to Stop for Eight Weeks", STORY, "en")


def test_a_headline_that_is_given_wins_and_is_not_repeated_in_the_body():
    text = "Ferry to stop\n\n" + "\n\n".join(STORY)
    assert clean_text(text, headline="Ferry  to Stop").paragraphs == STORY
    assert clean_text(text, headline="Slipway cracks").headline == "Slipway cracks"
    asked = "Will the ferry stop?\n\n" + "\n\n".join(STORY)
    assert clean_text(asked, headline="Will the ferry stop?").paragraphs == STORY


def test_prose_without_a_title_has_no_headline():
    assert clean_text("\n\n".join(STORY)).headline is None


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe",
        "BY JANE DOE",
        "Written by Jane Doe in Northport",
        "Photo: A boat. Credit: Jane Doe",
        "(Picture: Jane Doe)",
        "© 2023 Northport Herald. All rights reserved.",
        "Getty Images",
        "Tom Alder/Reuters",
        "Published: 14:11 EST, 25 October 2013",
        "Last updated at 3:31 PM on 19th July 2011",
        "Mon 14 Oct 2024 10.00 BST",
        "4 min read",
        "Share this article",
        "Scroll down for video",
        "Read more: Island school may close",
        "Sign up for our morning newsletter",
        "Ida Lund contributed to this report.",
        "(Reporting by Ida Lund; Editing by Tom Alder)",
        "* * *",
        "-----",
    ],
)
def test_a_line_of_furniture_is_dropped(line):
    text = f"{STORY[0]}\n\n{line}\n\n{STORY[1]}\n\n{line}"
    assert clean_text(text).paragraphs == STORY[:2]


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the boat will be back.",
        "Published on Tuesday, the report says the slipway is failing.",
        "Photos by amateur divers show the cracks.",
        "Reporting by the Herald showed that the board knew.",
        "May is the month of storms.",
        "Related costs have doubled since then.",
        "Share prices fell by a tenth.",
        "Highlights of the plan include a new pier.",
        "Why the slipway?",
        "What the board says",
    ],
)
def test_prose_and_crossheads_that_begin_like_furniture_are_kept(line):
    text = f"{STORY[0]}\n\n{line}\n\n{STORY[1]}"
    assert clean_text(text).paragraphs == (STORY[0], line, STORY[1])


def test_a_list_of_related_articles_in_the_middle_ends_at_the_next_prose():
    text = f"{STORY[0]}\n\nRelated Stories\n• Island school may close\nBoats for hire\n\n{STORY[1]}"
    assert clean_text(text).paragraphs == STORY[:2]


def test_highlights_without_bullets_are_dropped_as_far_as_their_block_goes():
    text = f"Key points:\nThe ferry stops\nCracks were found\n\n{STORY[0]}\n\n{STORY[1]}"
    assert clean_text(text).paragraphs == STORY[:2]


def test_single_newlines_separate_paragraphs_but_wrapped_lines_are_joined():
    assert clean_text("\n".join(STORY)).paragraphs == STORY
    wrapped = (
        "The ferry to Marrow Island will stop for eight weeks\n"
        "from Monday, the harbour board said, after engineers\n"
        "found cracks in the slipway.\n\n" + STORY[1]
    )
    first = " ".join(wrapped.partition("\n\n")[0].split("\n"))
    assert clean_text(wrapped).paragraphs == (first, STORY[1])


def test_bullets_of_the_story_itself_stay_as_paragraphs():
    text = f"{STORY[0]}\n\n• The pier is safe.\n• The slipway is not."
    assert clean_text(text).paragraphs == (
        STORY[0],
        "The pier is safe.",
        "The slipway is not.",
    )


def test_line_ends_of_the_research_set_are_undone():
    text = (
        "By . Tom Alder . PUBLISHED: . 14:11 EST, 25 October 2013 . | . UPDATED: . 15:36 EST, "
        "25 October 2013 . The ferry . will stop on Monday. It is the last . boat. "
        " Cracks: The slipway at low tide . Engineers blame the . Northport tide."
    )
    assert clean_text(text) == Article(
        None,
        (
            "The ferry will stop on Monday. It is the last boat. Cracks: The slipway at low tide",
            "Engineers blame the Northport tide.",
        ),
    )


@pytest.mark.parametrize(
    "stamp",
    ["17:30", "9.05", "5:30pm", "5:30 p.m.", "17:30 GMT", "[17:30]", "17:30 –", "17:30 18:05"],
)
def test_the_time_of_a_post_in_a_live_blog_goes(stamp):
    assert clean_text(f"{stamp} {STORY[0]}").paragraphs == STORY[:1]


@pytest.mark.parametrize(
    "line", ["17:30 is when the ferry leaves Northport.", "25.40 Euros is what it costs to sail."]
)
def test_a_figure_that_begins_a_sentence_stays(line):
    assert clean_text(line).paragraphs == (line,)


def test_a_wire_credit_goes_and_a_place_stays():
    assert clean_text(f"(CNN) -- {STORY[0]}").paragraphs == STORY[:1]
    assert clean_text(f"(CNN) {STORY[0]}").paragraphs == STORY[:1]
    placed = f"NORTHPORT (Reuters) - {STORY[0]}"
    assert clean_text(placed).paragraphs == (placed,)


def test_characters_that_cannot_be_seen_go_and_the_rest_is_composed():
    text = "\ufeffThe caf\u0065\u0301 on the pi\u00ader\u200b closed.\r\nIt\u00a0was\u2028old."
    assert clean_text(text).body == "The café on the pier closed.\n\nIt was\n\nold."


def test_mixed_scripts_pass():
    text = "The sign read Добро пожаловать and 환영합니다 in red."
    assert clean_text(text).paragraphs == (text,)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 0),
        (" \n\u200b\t", 0),
        ("Ferry", 1),
        ("The ferry \0 stops.", 10),
        ("The ferry \ud800 stops.", 10),
        ("\x01\x02\x03\x04 ab cd", 4),
        ("x" * 5000, 5000),
    ],
)
def test_a_body_that_is_no_article_is_refused_with_its_value(text, value):
    with pytest.raises(InputError, match=r"^body: ") as caught:
        clean_text(text)
    assert (caught.value.field, caught.value.value) == ("body", value)


def test_a_body_beyond_the_limit_is_too_large():
    with pytest.raises(TooLargeError, match="5200000 characters; at most 200000") as caught:
        clean_text("Hello there. " * 400_000)
    assert (caught.value.limit, caught.value.value) == (MAX_CHARS, 5_200_000)
    with pytest.raises(TooLargeError, match="at most 20"):
        clean_text(STORY[0], max_chars=20)


def test_a_headline_is_held_to_its_own_limits():
    for headline in ("a " * 400, "a\0b", "x" * 300):
        with pytest.raises(InputError) as caught:
            clean_text(STORY[0], headline=headline)
        assert caught.value.field == "headline"


def test_scripts_without_spaces_are_no_long_word():
    assert clean_text("渡轮将于周一停航。" * 60).paragraphs == ("渡轮将于周一停航。" * 60,)


def test_a_long_web_address_is_cut_out_and_not_refused():
    text = f"See https://example.org/{'q' * 400} for the tide table of the harbour."
    assert clean_text(text).paragraphs == ("See for the tide table of the harbour.",)


PAGE = """<!doctype html><html><head><title>Ferry to stop | Northport Herald</title>
<style>p { color: red }</style><script>document.write("<p>Advert</p>")</script></head><body>
<nav><ul><li>Home</li></ul></nav><main><article>
<p class="kicker">Local News</p><h1>Ferry to <em>Marrow Island</em> to stop</h1>
<h2>Story Highlights</h2><ul><li>The ferry stops</li><li><p>Cracks found</p></li></ul>
<p>By <a href="/jane">Jane Doe</a></p>
<p>The ferry to <b>Marrow <i>Island</i></b> will stop for eight weeks from Monday, the harbour
board said.<figure><img src=x><figcaption>The slipway</figcaption></figure>
<p>Engineers found cracks in the slipway. <span style="display: none">secret</span>Some 400
islanders depend on the boat.</p><p hidden>Draft<p>“We were told on Friday,” said Ida Lund,
who runs the island shop.<script>track()</script><aside>Related Articles</aside>
</article></main><footer>© 2023</footer></body></html>"""


def test_a_page_of_html_is_read_as_a_reader_sees_it():
    assert clean_html(PAGE) == Article("Ferry to Marrow Island to stop", STORY, "en")


def test_the_title_serves_where_there_is_no_heading_and_loses_the_site():
    html = f"<title>Ferry to stop | Northport Herald</title><p>{STORY[0]}"
    assert clean_html(html) == Article("Ferry to stop", STORY[:1])


def test_entities_are_decoded_once_and_breaks_end_lines():
    html = "<p>Alder &amp; Sons said &amp;lt;no&amp;gt; to it.<br>Then it&nbsp;said yes.</p>"
    assert clean_html(html).paragraphs == (
        "Alder & Sons said &lt;no&gt; to it.",
        "Then it said yes.",
    )


def test_tables_and_lists_keep_their_words_apart():
    html = (
        f"<p>{STORY[0]}</p><ol><li>The pier is safe.<li>The slipway is not.</ol>"
        "<table><tr><td>Monday<td>no boat at all.<tr><td>Tuesday<td>one boat only.</table>"
    )
    assert clean_html(html).paragraphs == (
        STORY[0],
        "The pier is safe.",
        "The slipway is not.",
        "Monday no boat at all.",
        "Tuesday one boat only.",
    )


def test_the_longest_article_of_a_page_is_read_and_an_embedded_card_is_not_taken_for_it():
    card = "<article><p>A card of another story.</p></article>"
    whole = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    assert clean_html(f"<article>{whole}</article>{card}").paragraphs == STORY
    assert STORY[2] in clean_html(whole + card).paragraphs


HALF = MAX_TAGS // 2 - 10
BOMBS = {
    "nested divs": "<div>" * 100_000 + STORY[0] + "</div>" * 100_000,
    "nested as deep as allowed": "<div>" * HALF + STORY[0] + "</div>" * HALF,
    "ends that match nothing": "<x>" * HALF + "</y>" * HALF + STORY[0],
    "blocks in spans": "<span>" * HALF + "<div>" * HALF + STORY[0],
    "formatting reopened": "".join(f"<b id={i}>" for i in range(HALF)) + "<p>x y z." * HALF,
    "attributes": "<p " + " ".join(f"a{i}=1" for i in range(90_000)) + f">{STORY[0]}",
    "open comments": STORY[0] + "<!--" * 200_000,
    "open quotes": '<a a="' * 100_000,
    "open tags": "<a " * 300_000,
    "nested articles": "<article>" * HALF + STORY[0],
    "megabytes": f"<p>{STORY[0]}</p>" * 60_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_of_markup_is_answered_quickly(name):
    started = time.process_time()
    article, field = attempt(clean_html, BOMBS[name])
    assert field == "body_html" or article.paragraphs
    assert time.process_time() - started < 2


def test_html_beyond_its_limit_of_tags_says_so():
    with pytest.raises(TooLargeError, match="more than 12000 tags") as caught:
        clean_html("<i>" * (MAX_TAGS + 1))
    assert caught.value.limit == MAX_TAGS


def test_markup_without_text_is_refused():
    with pytest.raises(InputError, match="body_html: holds no text"):
        clean_html("<div><img src=x></div>")


def test_documents_are_read_by_kind():
    data = ("\ufeff" + CMS_TEXT).encode()
    assert read_document(data, kind="txt") == clean_text(CMS_TEXT)
    assert read_document(PAGE.encode(), kind="html") == clean_html(PAGE)
    export = {"section": "Local", "headline": "Ferry", "body": STORY[0], "source_language": "de"}
    read = read_document(json.dumps(export).encode(), kind="json")
    assert read == Article("Ferry", STORY[:1], "de")
    html = {"headline": None, "body_html": f"<p>{STORY[0]}"}
    assert read_document(json.dumps(html).encode(), kind="json") == Article(None, STORY[:1])


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"The ferry \xff stops.", "txt", "document: is not UTF-8 text: byte 0xff at offset 10"),
        (b"\x89PNG\r\n\x1a\n", "html", "document: is not UTF-8 text: byte 0x89 at offset 0"),
        (b'{"body": ', "json", "document: is not JSON: Expecting value: line 1 column 10"),
        (b"[" * 100_000, "json", "document: is JSON nested too deeply"),
        (b"[1]", "json", "document: must be a JSON object"),
        (b'{"headline": "x"}', "json", "body: give either `body` or `body_html`"),
        (b'{"body": "x", "body_html": "y"}', "json", "body: give either"),
        (b'{"body": 7}', "json", "body: must be text"),
        (b'{"body": "The ferry \\ud800."}', "json", "body: holds a lone surrogate at position 10"),
        (b'{"body": "a b c.", "source_language": "English"}', "json", "source_language: must be"),
        (b"x" * 5_000_000, "txt", "document: 5000000 bytes; at most 4000000"),
    ],
)
def test_a_bad_document_is_refused_by_name(data, kind, message):
    with pytest.raises(InputError) as caught:
        read_document(data, kind=kind)
    assert str(caught.value).startswith(message)


WORDS = st.sampled_from(
    "the a boat harbour Ida Lund said 400 Monday by Photo in 3.5 “no” it’s highlights related "
    "share May read – Köln мост 다리 published updated".split()
)
PROSE = st.lists(WORDS, min_size=4, max_size=40).map(
    lambda words: "Then it was " + " ".join(words) + "."
)
LINES = st.one_of(
    PROSE,
    st.lists(WORDS, min_size=1, max_size=8).map(" ".join),
    st.sampled_from(
        "||Story Highlights|• one|• • By Ida|Related Articles|By|Ida Lund|By Ida Lund|Share"
        "|17:30 18:05 Held|Will it hold?|(CNN) -- - it held.|a . b|By . x . y".split("|")
    ),
    st.text(max_size=30).filter(lambda line: line.isprintable()),
)


@given(st.lists(PROSE, min_size=1, max_size=6))
def test_every_paragraph_of_plain_prose_survives(paragraphs):
    assert clean_text("\n\n".join(paragraphs)).paragraphs == tuple(paragraphs)


@given(st.lists(PROSE, min_size=1, max_size=6))
def test_every_paragraph_of_marked_up_prose_survives(paragraphs):
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    assert clean_html(html).paragraphs == tuple(paragraphs)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_cleaning_what_was_cleaned_changes_nothing(text):
    article, _ = attempt(clean_text, text)
    if article:
        assert clean_text(article.body).paragraphs == article.paragraphs


@given(st.text(max_size=200))
def test_any_text_is_cleaned_or_refused_by_name(text):
    article, field = attempt(clean_text, text)
    assert field == "body" or all(p == " ".join(p.split()) for p in article.paragraphs)


@given(
    st.lists(st.sampled_from(["<p>", "hidden", "<!--", "Ida ", *"<>/!-\"'= &;pabdih1\n"])).map(
        "".join
    )
)
def test_any_markup_is_read_or_refused_by_name(html):
    article, field = attempt(clean_html, html)
    assert field == "body_html" or article.paragraphs


def attempt(clean, text):
    """The article, or None and the field that was refused."""
    try:
        return clean(text), None
    except InputError as error:
        return None, error.field
