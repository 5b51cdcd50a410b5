"""In Chromium: highlights first, each language as it comes, progress, cancelling, provenance."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Service
from tests.browser.steps import bullets, card, enter, finish, submit
from tests.service import ARTICLE

pytestmark = pytest.mark.slow


def test_highlights_come_first_then_each_language_as_it_is_ready(page: Page, service: Service):
    service.engine.hold()
    enter(page)
    submit(page)
    expect(bullets(page)).to_have_count(3)
    expect(bullets(page).first).to_have_value(re.compile("The harbour city of Lindmere"))
    expect(page.locator("#progress-text")).to_have_text(
        "Highlights are ready. Translations: 0 of 3"
    )
    for language in ("ko", "ru", "uk"):
        expect(card(page, language)).to_have_attribute("aria-busy", "true")
    service.engine.open("uk")
    expect(card(page, "uk")).to_have_attribute("aria-busy", "false")
    expect(card(page, "uk").locator("textarea").first).to_have_value(re.compile("місто"))
    expect(card(page, "ko").locator("textarea").first).to_have_value("")
    expect(page.locator("#progress-bar")).to_have_js_property("value", 2)
    service.engine.open()
    expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))
    expect(page.locator("#cancel")).to_be_hidden()
    expect(card(page, "ko").locator("textarea").first).to_have_value(re.compile("도시"))
    expect(page.locator("#origin")).to_have_text(re.compile(r"^Made with words@1\.2\.3, brief \w+"))


def test_only_the_languages_chosen_are_asked_for(page: Page):
    enter(page)
    page.get_by_label("Russian").uncheck()
    page.get_by_label("Highlights, at most").select_option("2")
    finish(page)
    expect(bullets(page)).to_have_count(2)
    assert page.locator("#translations h3").all_text_contents() == ["Korean", "Ukrainian"]


def test_work_can_be_cancelled_and_what_came_is_kept(page: Page, service: Service):
    service.engine.hold("ko", "ru")
    enter(page)
    submit(page)
    expect(card(page, "uk")).to_have_attribute("aria-busy", "false")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#progress-text")).to_have_text("Cancelled. What had come is kept.")
    expect(bullets(page)).to_have_count(3)
    expect(card(page, "uk").locator("textarea").first).to_have_value(re.compile("місто"))
    expect(card(page, "ko").locator("textarea").first).to_have_attribute(
        "placeholder", "No translation yet"
    )
    service.engine.open()
    page.get_by_role("button", name="Try again").first.click()
    expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))
    expect(card(page, "ko").locator("textarea").first).to_have_value(re.compile("도시"))


def test_selecting_a_highlight_marks_the_sentence_it_rests_on(page: Page):
    # Characters outside the basic plane count once for the API and twice for JavaScript.
    page.get_by_label("Headline", exact=True).fill(ARTICLE["headline"])
    page.get_by_label("Text", exact=True).fill("🚋🚋 𝔏𝔦𝔫𝔢 news: trams run. " + ARTICLE["body"])
    finish(page)
    chosen = bullets(page).last
    chosen.focus()
    expect(page.locator("#source mark")).to_have_text(chosen.input_value())
    expect(page.locator("#source-caption")).to_have_text(
        "Marked: the sentences that highlight 3 rests on."
    )
    expect(page.locator("#results li").last).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Sources of highlight 1").click()
    expect(page.locator("#results blockquote:visible")).to_have_text(
        bullets(page).first.input_value()
    )
    expect(page.locator("#source mark")).to_have_text(bullets(page).first.input_value())
    # Not by colour alone.
    mark = page.locator("#source mark")
    assert "underline" in mark.evaluate("node => getComputedStyle(node).textDecorationLine")
    assert "1" in mark.evaluate("node => getComputedStyle(node, '::before').content")


def test_a_changed_number_is_told_at_its_place(page: Page, service: Service):
    text = "The city paid 140 shop owners compensation."
    service.engine.answers["ko", text] = "🚋 시는 이 가운데 1400명에게 보상금을 지급했다."
    page.get_by_label("Text", exact=True).fill(f"{text} Shop owners were glad. All went home.")
    page.get_by_label("Highlights, at most").select_option("8")
    finish(page)
    place = next(
        index for index, each in enumerate(bullets(page).all()) if each.input_value() == text
    )
    unit = card(page, "ko").locator("li.unit").nth(place)
    finding = unit.locator(".finding.error", has_text="A number changed")
    expect(finding).to_have_text(
        re.compile(r"^Error: A number changed: the original has “?140”?, here it is 1400")
    )
    assert finding.locator("[lang=ko]").count() == 1
    finding.get_by_role("button").click()
    area = unit.locator("textarea")
    expect(area).to_be_focused()
    assert area.evaluate("a => a.value.slice(a.selectionStart, a.selectionEnd)").startswith("1400")


def test_a_sentence_in_the_wrong_language_is_told(page: Page, service: Service):
    text = "The line links the old docks with the university."
    russian = "Эта линия связывает старые доки с университетом."
    service.engine.answers["uk", text] = russian
    page.get_by_label("Text", exact=True).fill(f"{text} It is long. All were very glad of it.")
    page.get_by_label("Highlights, at most").select_option("8")
    finish(page)
    unit = card(page, "uk").locator("li.unit").filter(has_text="another language")
    expect(unit.locator("textarea")).to_have_value(russian)
    expect(unit.locator(".finding.error")).to_contain_text(
        "Error: A sentence seems to be in another language."
    )
    expect(card(page, "uk").locator(".state")).to_have_text(re.compile("⚠ Findings: "))


def test_texts_with_errors_are_withheld_if_asked(page: Page, service: Service):
    service.engine.answers["uk", ARTICLE["headline"]] = "Портовый город открыл новую линию"
    enter(page)
    page.get_by_label("Withhold texts with errors").check()
    finish(page)
    headline = card(page, "uk").locator(".headline textarea")
    expect(headline).to_have_value("")
    expect(headline).to_have_attribute("placeholder", "Withheld because of the findings below")
    expect(card(page, "uk").locator(".headline .finding.error")).to_be_visible()


def test_the_body_is_shown_side_by_side(page: Page):
    enter(page)
    page.get_by_label("Translate the body too").check()
    finish(page)
    pairs = page.locator("#pairs")
    expect(pairs.locator(".pair > p")).to_have_text(ARTICLE["body"].split("\n\n"))
    expect(pairs.locator("textarea").first).to_have_attribute("lang", "ko")
    pairs.get_by_label("Ukrainian").check()
    expect(pairs.locator("textarea").first).to_have_attribute("lang", "uk")
    expect(pairs.locator("textarea").first).to_have_value(re.compile("12-kilometre"))
    left, right = pairs.locator(".pair > *").all()[:2]
    assert left.bounding_box()["y"] == pytest.approx(right.bounding_box()["y"], abs=4)
    assert left.bounding_box()["x"] < right.bounding_box()["x"]
    expect(pairs.locator(".finding").first).to_be_visible()
    pairs.locator("textarea").first.fill("Інакше.")
    expect(pairs.locator(".pair").first).to_contain_text("Changed by you; not checked.")


def test_a_draft_without_findings_is_not_called_right(page: Page):
    def translation(draft: bool) -> dict:
        return {"headline": "Проста назва", "highlights": [], "draft": draft, "findings": []}

    drafts = {"ko": True, "uk": False}
    steps = [
        ("highlights", {"headline": "A plain title", "body": "Text.", "highlights": []}),
        *(
            ("translation", {"target": target, **translation(draft)})
            for target, draft in drafts.items()
        ),
        (
            "brief",
            {
                "id": "0" * 64,
                "headline": "A plain title",
                "body": "Text.",
                "pack": {"name": "words", "version": "1.2.3"},
                "findings": [],
            },
        ),
    ]
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in steps)
    page.route(
        "**/v1/briefs",
        lambda route: route.fulfill(content_type="text/event-stream", body=body),
        times=1,
    )
    enter(page)
    page.get_by_label("Russian").uncheck()
    finish(page)
    expect(card(page, "uk").locator(".state")).to_have_text("✓ The checks found nothing")
    expect(card(page, "ko").locator(".state")).to_have_text(
        "The checks found nothing, but a draft can be wrong in ways they do not see."
    )
    expect(card(page, "ko")).not_to_contain_text("✓")


def test_a_draft_is_marked_as_one(page: Page):
    enter(page)
    finish(page)
    expect(card(page, "ko").locator(".tag")).to_have_text("Draft")
    expect(card(page, "ko")).to_contain_text("Check every sentence.")
    expect(page.locator("footer")).to_contain_text("Attribution: the Newsbrief authors")
