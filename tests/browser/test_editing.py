"""In Chromium: highlights are changed, moved, removed, added, copied; nothing typed is lost."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Service
from tests.browser.steps import bullets, card, enter, finish, submit, translated
from tests.service import ARTICLE

pytestmark = pytest.mark.slow

DRAFT = "[Draft] The model is not yet good enough to publish from. Check every sentence."


@pytest.fixture
def done(page: Page) -> Page:
    """The page with a whole brief on it."""
    enter(page)
    finish(page)
    return page


def change(page: Page, text: str, index: int = 1) -> dict:
    """Changes one highlight; gives back what the API was asked."""
    with page.expect_response("**/v1/translations") as answered:
        bullets(page).nth(index).fill(text)
        bullets(page).nth(index).press("Enter")
    return answered.value.request.post_data_json


def test_a_changed_highlight_alone_is_translated_anew(done: Page):
    before = translated(done, "ko")
    asked = change(done, "Trams carry 7 students.")
    assert asked["texts"] == ["Trams carry 7 students."]
    assert asked["targets"] == ["ko", "ru", "uk"]
    expect(card(done, "ko").locator("li textarea").nth(1)).to_have_value("도시 시민 7 노선")
    after = translated(done, "ko")
    assert [after[0], after[2]] == [before[0], before[2]]
    note = "Changed by you; not checked against the article."
    expect(done.locator("#results li").nth(1)).to_contain_text(note)
    expect(done.locator("#results li").nth(0)).not_to_contain_text(note)


def test_leaving_a_field_unchanged_asks_for_nothing(done: Page):
    asked = []
    done.on("request", lambda request: asked.append(request.url))
    bullets(done).first.focus()
    bullets(done).first.press("Enter")
    bullets(done).last.focus()
    done.get_by_label("Headline", exact=True).last.focus()
    assert asked == []


def test_a_changed_headline_is_translated_anew(done: Page):
    with done.expect_response("**/v1/translations"):
        done.locator("#results .headline textarea").fill("Trams 4 all")
        done.locator("#results .headline textarea").blur()
    expect(card(done, "uk").locator(".headline textarea")).to_have_value("місто 4 трамвай")


def test_a_highlight_changed_while_languages_come_keeps_its_change(page: Page, service: Service):
    service.engine.hold("uk")
    enter(page)
    submit(page)
    expect(card(page, "ko")).to_have_attribute("aria-busy", "false")
    held = []
    page.route("**/v1/translations", lambda route: held.append(route))
    bullets(page).first.fill("Trams carry 7 students.")
    bullets(page).first.press("Enter")
    service.engine.open()
    expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))
    expect(bullets(page).first).to_have_value("Trams carry 7 students.")
    # Not the translation of the text as it was.
    expect(card(page, "uk").locator("li textarea").first).to_have_value("")
    expect(card(page, "uk").locator("li textarea").nth(1)).to_have_value(re.compile("місто"))
    held[0].continue_()
    expect(card(page, "uk").locator("li textarea").first).to_have_value("місто мешканець 7 лінія")


def test_highlights_are_moved_in_every_language_at_once(done: Page):
    originals = [each.input_value() for each in bullets(done).all()]
    korean = translated(done, "ko")
    down = done.get_by_role("button", name="Move highlight 1 down")
    down.click()
    expect(bullets(done).first).to_have_value(originals[1])
    assert translated(done, "ko") == [korean[1], korean[0], korean[2]]
    # The button that was pressed keeps the focus, and its name tells the new place.
    expect(done.get_by_role("button", name="Move highlight 2 down")).to_be_focused()
    expect(done.locator("#notice")).to_contain_text("Highlight moved to place 2.")
    bullets(done).nth(2).press("Alt+ArrowUp")
    expect(bullets(done).nth(1)).to_have_value(originals[2])
    expect(bullets(done).nth(1)).to_be_focused()
    expect(done.get_by_role("button", name="Move highlight 1 up")).to_be_disabled()


def test_a_removed_highlight_can_be_brought_back(done: Page):
    korean = translated(done, "ko")
    gone = bullets(done).first.input_value()
    done.get_by_role("button", name="Remove highlight 1").click()
    expect(bullets(done)).to_have_count(2)
    expect(bullets(done).first).to_be_focused()
    assert translated(done, "ko") == korean[1:]
    done.get_by_role("button", name="Undo").click()
    expect(bullets(done).first).to_have_value(gone)
    assert translated(done, "ko") == korean


def test_a_highlight_can_be_added(done: Page):
    done.get_by_role("button", name="Add a highlight").click()
    expect(bullets(done)).to_have_count(4)
    expect(bullets(done).last).to_be_focused()
    assert change(done, "Rain 3 days.", 3)["texts"] == ["Rain 3 days."]
    expect(card(done, "ru").locator("li textarea").last).to_have_value("город 3 трамвай")
    done.get_by_role("button", name="Sources of highlight 4").click()
    expect(done.locator("#results .rests:visible")).to_have_text(
        "No sentence of the article: added by you."
    )
    expect(done.locator("#source mark")).to_have_count(0)


def test_an_editors_own_translation_is_not_lost_to_a_new_one(done: Page):
    area = card(done, "uk").locator("li textarea").first
    area.fill("Моє формулювання")
    expect(card(done, "uk").locator("li").first).to_contain_text("Changed by you; not checked.")
    change(done, "Trams carry 7 students.", 0)
    expect(area).to_have_value("місто мешканець 7 лінія")
    card(done, "uk").get_by_role("button", name="Restore my wording").click()
    expect(area).to_have_value("Моє формулювання")
    expect(card(done, "ko").get_by_role("button", name="Restore my wording")).to_have_count(0)


def test_a_text_that_is_too_long_says_by_how_much(done: Page):
    bullets(done).first.fill("한" * 10 + "🚋" * 115)
    count = done.locator("#results li .count").first
    expect(count).to_have_text("125 of 120 characters: too long by 5")
    done.locator("#article summary").click()
    done.get_by_label("Text", exact=True).fill("a" * 1500)
    expect(done.locator("#body-count")).to_have_text("1,500 of 200,000 characters")


@pytest.fixture
def clipboard(context, done: Page):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return lambda: done.evaluate("navigator.clipboard.readText()")


def test_one_language_is_copied_in_three_formats(done: Page, clipboard):
    korean = card(done, "ko")
    texts = translated(done, "ko")
    headline = korean.locator(".headline textarea").input_value()
    korean.get_by_role("button", name="Korean: copy as Text").click()
    expect(done.locator("#notice")).to_contain_text("Copied: Korean, Text.")
    bulleted = "\n".join(f"• {text}" for text in texts)
    assert clipboard() == f"{DRAFT}\n\n{headline}\n\n{bulleted}"
    korean.locator("li textarea").first.fill("5 < 7 & <b>굵게</b>")
    korean.get_by_role("button", name="Korean: copy as HTML list").click()
    expect(done.locator("#notice")).to_contain_text("HTML list.")
    copied = clipboard()
    mark = f'<p lang="en">{DRAFT}</p>'
    assert copied.startswith(f'{mark}\n<h2 lang="ko">{headline}</h2>\n<ul lang="ko">\n')
    assert "  <li>5 &lt; 7 &amp; &lt;b&gt;굵게&lt;/b&gt;</li>\n" in copied
    korean.get_by_role("button", name="Korean: copy as JSON").click()
    expect(done.locator("#notice")).to_contain_text("JSON.")
    assert json.loads(clipboard()) == {
        "language": "ko",
        "headline": headline,
        "highlights": ["5 < 7 & <b>굵게</b>", *texts[1:]],
        "draft": True,
    }


def test_all_languages_are_copied_together(done: Page, clipboard):
    done.get_by_role("button", name="All languages: copy as JSON").click()
    expect(done.locator("#notice")).to_contain_text("Copied: All languages, JSON.")
    copied = json.loads(clipboard())
    assert [each["language"] for each in copied["languages"]] == ["en", "ko", "ru", "uk"]
    assert copied["languages"][0]["headline"] == ARTICLE["headline"]
    assert copied["pack"] == {"name": "words", "version": "1.2.3"}
    done.get_by_role("button", name="All languages: copy as Text").click()
    expect(done.locator("#notice")).to_contain_text("Copied: All languages, Text.")
    for language in ("ko", "ru", "uk"):
        assert "\n".join(f"• {text}" for text in translated(done, language)) in clipboard()
    assert clipboard().startswith(ARTICLE["headline"])  # the original is no draft
    assert clipboard().count(DRAFT) == 3


def test_what_is_no_draft_is_copied_without_a_mark(done: Page, clipboard):
    done.get_by_role("button", name="English: copy as Text").click()
    expect(done.locator("#notice")).to_contain_text("Copied: English, Text.")
    assert clipboard().startswith(f"{ARTICLE['headline']}\n\n• ")


def test_copying_works_where_the_browser_has_no_clipboard(done: Page, clipboard):
    done.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    button = card(done, "ru").get_by_role("button", name="Russian: copy as Text")
    button.click()
    expect(done.locator("#notice")).to_contain_text("Copied: Russian, Text.")
    expect(button).to_be_focused()


def test_a_reload_loses_nothing(done: Page):
    bullets(done).first.fill("Half typed, not yet")
    card(done, "uk").locator("li textarea").last.fill("Моє")
    done.locator("#article summary").click()
    done.get_by_label("Ukrainian").first.uncheck()
    done.reload()
    expect(bullets(done).first).to_have_value("Half typed, not yet")
    expect(card(done, "uk").locator("li textarea").last).to_have_value("Моє")
    expect(done.get_by_label("Headline", exact=True).first).to_have_value(ARTICLE["headline"])
    expect(done.get_by_label("Text", exact=True)).to_have_value(ARTICLE["body"])
    expect(done.locator("[name=targets][value=uk]")).not_to_be_checked()


def test_a_reload_while_work_goes_on_keeps_what_had_come(page: Page, service: Service):
    service.engine.hold("uk")
    enter(page)
    submit(page)
    expect(card(page, "ko")).to_have_attribute("aria-busy", "false")
    page.reload()
    expect(bullets(page)).to_have_count(3)
    expect(card(page, "ko").locator("li textarea").first).to_have_value(re.compile("도시"))
    service.engine.open()
    card(page, "uk").locator("li").first.get_by_role("button", name="Try again").click()
    expect(card(page, "uk").locator("li textarea").first).to_have_value(re.compile("місто"))


def test_a_draft_outlives_its_tab_and_two_tabs_do_not_mix(done: Page, context):
    done.reload()  # which writes what is kept at once
    other = context.new_page()
    other.goto("/")
    expect(other.get_by_label("Text", exact=True)).to_have_value(ARTICLE["body"])
    other.locator("#body").fill("Another article")
    other.reload()
    done.reload()
    expect(done.locator("#body")).to_have_value(ARTICLE["body"])
    expect(other.locator("#body")).to_have_value("Another article")


def test_clearing_leaves_nothing_in_the_browser_and_can_be_undone(done: Page):
    done.locator("#article summary").click()
    done.get_by_role("button", name="Clear everything").click()
    expect(done.locator("#body")).to_have_value("")
    expect(bullets(done)).to_have_count(0)
    stored = "[...Object.values(localStorage), ...Object.values(sessionStorage)].join()"
    assert done.evaluate(stored) == ""
    done.get_by_role("button", name="Undo").click()
    expect(done.locator("#body")).to_have_value(ARTICLE["body"])
    expect(bullets(done)).to_have_count(3)
    done.get_by_role("button", name="Clear everything").click()
    done.reload()
    expect(done.locator("#body")).to_have_value("")
    assert done.evaluate(stored) == ""


def test_a_new_brief_does_not_take_edited_highlights_away(done: Page):
    change(done, "My own words.", 0)
    done.locator("#article summary").click()
    finish(done)
    expect(bullets(done).first).to_have_value(re.compile("The harbour city"))
    done.get_by_role("button", name="Undo").click()
    expect(bullets(done).first).to_have_value("My own words.")


def test_files_are_opened(page: Page):
    chooser = page.locator("#file")
    page.get_by_label("Headline", exact=True).fill("Typed before")
    chooser.set_input_files(
        {"name": "story.txt", "mimeType": "text/plain", "buffer": "Виставка. Ж".encode()}
    )
    expect(page.locator("#body")).to_have_value("Виставка. Ж")
    expect(page.get_by_label("plain text")).to_be_checked()
    chooser.set_input_files(
        {"name": "story.HTML", "mimeType": "text/html", "buffer": b"<p>Story</p>"}
    )
    expect(page.locator("#body")).to_have_value("<p>Story</p>")
    expect(page.get_by_label("HTML", exact=True)).to_be_checked()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#body")).to_have_value("Виставка. Ж")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("photo.png", b"", "photo.png is not a .txt or .html file."),
        ("old.txt", b"\xff\xfe\xc8", "old.txt is not UTF-8 text."),
        ("long.txt", b"a" * 2_100_000, "long.txt is too large: 2.1 MB, and the limit is 2 MB."),
    ],
)
def test_a_file_that_cannot_be_opened_is_refused_in_words(page: Page, name, content, message):
    page.locator("#body").fill("Typed before")
    page.locator("#file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    expect(page.locator("#notice")).to_contain_text(message)
    expect(page.locator("#body")).to_have_value("Typed before")


def test_a_file_can_be_dropped_anywhere(page: Page):
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["Dropped story"], "drop.txt"));
          const init = { dataTransfer, bubbles: true, cancelable: true };
          const over = new DragEvent("dragover", init);
          document.querySelector("footer").dispatchEvent(over);
          if (!over.defaultPrevented) throw new Error("the browser would open the file itself");
          document.querySelector("footer").dispatchEvent(new DragEvent("drop", init));
        }"""
    )
    expect(page.locator("#body")).to_have_value("Dropped story")
    expect(page.locator("#notice")).to_contain_text("drop.txt was opened.")
