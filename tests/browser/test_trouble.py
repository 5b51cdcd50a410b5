"""In Chromium: what goes wrong is said plainly, and nothing typed is lost; markup stays text."""

import hashlib
import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from newsbrief.interface import read_texts
from newsbrief.problems import NAMES, STATUS
from tests.browser.conftest import Service, serving
from tests.browser.steps import bullets, card, enter, finish, submit
from tests.service import ARTICLE

pytestmark = pytest.mark.slow

TEXTS = read_texts("en")
HOSTILE = "<img src=x onerror=hacked=1><script>hacked=1</script>"


def problem(name: str, status: int, **more) -> dict:
    """An answer of the API, as Playwright takes it."""
    document = {
        "type": f"urn:newsbrief:problem:{name}",
        "status": status,
        "detail": "what the service says",
        "request_id": "0123456789abcdef",
        **more,
    }
    headers = {"Retry-After": str(more["retry_after"])} if "retry_after" in more else {}
    return {
        "status": status,
        "content_type": "application/problem+json",
        "headers": headers,
        "body": json.dumps(document),
    }


def answer_once(page: Page, path: str, **answer) -> None:
    page.route(f"**/v1/{path}", lambda route: route.fulfill(**answer), times=1)


def test_every_error_of_the_api_is_put_in_words(page: Page):
    known = {name: int(status) for _, name, status in STATUS if status != 429}
    known |= {name: status for status, name in NAMES.items() if status not in (401, 405)}
    enter(page)
    for name, status in known.items():
        answer_once(page, "briefs", **problem(name, status))
        submit(page)
        alert = page.get_by_role("alert")
        expect(alert.locator("strong")).to_have_text(TEXTS[f"problem.{name}"])
        expect(alert).to_contain_text("Nothing you typed is lost.")
        expect(alert.locator("[lang=en]")).to_have_text("what the service says")
        expect(alert).to_contain_text("Reference: 0123456789abcdef")
    expect(page.locator("#body")).to_have_value(ARTICLE["body"])
    finish(page)
    expect(page.get_by_role("alert")).to_be_empty()


def test_a_real_refusal_names_the_field(page: Page):
    page.locator("#body").fill("Too short")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("body: ")
    expect(page.locator("#body")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#body")).to_have_attribute("aria-errormessage", "problem-detail")
    enter(page)
    finish(page)
    expect(page.locator("#body")).not_to_have_attribute("aria-invalid", "true")


def test_an_answer_that_is_not_the_services_own_is_shown_too(page: Page):
    enter(page)
    answer_once(page, "briefs", status=502, body="<h1>Bad gateway</h1>")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("The service gave no answer (status 502).")


def test_a_busy_service_is_waited_for_and_the_wait_is_counted_down(page: Page):
    page.clock.install()
    enter(page)
    answer_once(page, "briefs", **problem("overloaded", 429, retry_after=30))
    submit(page)
    clock = page.locator("#countdown")
    expect(clock).to_have_text("The service is busy. The next try is in 30 s; your text is kept.")
    expect(page.locator("#progress-text")).to_contain_text("30 s")
    page.clock.run_for(10_000)
    expect(clock).to_contain_text("in 20 s")
    expect(page.locator("#progress-text")).to_contain_text("30 s")  # said once to screen readers
    page.clock.run_for(21_000)
    expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))
    expect(clock).to_be_hidden()
    expect(bullets(page)).to_have_count(3)


def test_a_wait_can_be_cut_short_or_cancelled(page: Page):
    enter(page)
    answer_once(page, "briefs", **problem("overloaded", 429, retry_after=600))
    submit(page)
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))
    page.locator("#article summary").click()
    answer_once(page, "briefs", **problem("overloaded", 429, retry_after=600))
    submit(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#progress-text")).to_contain_text("Cancelled.")
    expect(page.locator("#countdown")).to_be_hidden()


def test_a_changed_highlight_waits_for_a_busy_service_too(page: Page):
    enter(page)
    finish(page)
    page.clock.install()
    answer_once(page, "translations", **problem("throttled", 429, retry_after=9))
    bullets(page).first.fill("Trams carry 7 students.")
    bullets(page).first.press("Enter")
    unit = card(page, "ko").locator("li").first
    expect(unit).to_contain_text("The next try is in 9 s")
    page.clock.run_for(10_000)
    expect(unit.locator("textarea")).to_have_value("도시 시민 7 노선")
    expect(unit).not_to_contain_text("The next try")


def test_a_highlight_that_could_not_be_translated_can_be_tried_again(page: Page):
    enter(page)
    finish(page)
    answer_once(page, "translations", **problem("engine", 500))
    bullets(page).first.fill("Trams carry 7 students.")
    bullets(page).first.press("Enter")
    unit = card(page, "ko").locator("li").first
    expect(unit).to_contain_text("Not translated: The model failed on this text.")
    expect(bullets(page).first).to_have_value("Trams carry 7 students.")
    unit.get_by_role("button", name="Try again").click()
    expect(unit.locator("textarea")).to_have_value("도시 시민 7 노선")


def test_a_service_out_of_reach_is_said_and_can_be_tried_again(page: Page):
    enter(page)
    page.route("**/v1/briefs", lambda route: route.abort(), times=1)
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text(TEXTS["problem.network"])
    page.locator("#again").click()
    expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))


def test_a_stream_that_breaks_keeps_what_had_come(page: Page):
    enter(page)
    highlights = {"highlights": [{"text": "Only this came.", "sources": [], "findings": []}]}
    answer_once(
        page,
        "briefs",
        content_type="text/event-stream",
        body=f"event: highlights\ndata: {json.dumps(highlights)}\n\n",
    )
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text(TEXTS["problem.broken"])
    expect(bullets(page).first).to_have_value("Only this came.")


def test_a_failure_in_the_middle_of_a_stream_is_shown(page: Page):
    enter(page)
    page.get_by_label("Headline", exact=True).fill("POISON in the headline")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text(TEXTS["problem.engine"])
    expect(bullets(page)).to_have_count(3)


def test_a_key_is_asked_for_only_where_it_is_needed(context, tmp_path):
    file = tmp_path / "keys.toml"
    digest = hashlib.sha256(b"s3cret").hexdigest()
    file.write_text(f'[[keys]]\nname = "desk"\nsha256 = "{digest}"\n')
    with serving(keys_file=file) as guarded:
        page = context.new_page()
        page.goto(guarded.url)
        key = page.get_by_label("API key")
        expect(key).to_be_hidden()
        enter(page)
        submit(page)
        expect(page.get_by_role("alert")).to_contain_text("This service needs an API key.")
        expect(key).to_be_focused()
        key.fill("wrong")
        key.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("This service needs an API key.")
        key.fill("s3cret")
        finish(page)
        page.reload()
        assert "s3cret" not in page.evaluate("JSON.stringify(localStorage)")
        page.locator("#article").get_by_role("button", name="Make highlights").click()
        expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))
        page.close()


def hostile_words(service: Service, text: str) -> None:
    for language in ("ko", "ru", "uk"):
        service.engine.answers[language, text] = f"번역 перевод {HOSTILE}"


def unharmed(page: Page) -> bool:
    return page.evaluate(
        "!('hacked' in window) && document.querySelectorAll('img, script').length === 2"
    )


@pytest.mark.parametrize("kind", ["plain text", "HTML"])
def test_markup_in_an_article_or_a_translation_is_shown_as_text(page: Page, service, kind):
    sentence = f"The sign at the docks reads {HOSTILE} in red."
    shown = sentence
    if kind == "HTML":
        sentence = sentence.replace("<", "&lt;").replace(">", "&gt;")
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("Headline", exact=True).fill(f"Sign says {HOSTILE}")
    page.locator("#body").fill(f"{sentence} The city was glad of it. All went home late.")
    page.get_by_label("Highlights, at most").select_option("8")
    page.get_by_label("Translate the body too").check()
    hostile_words(service, f"Sign says {HOSTILE}")
    finish(page)
    expect(page.locator("#source-text")).to_contain_text(shown)
    expect(page.locator("#pairs .pair > p").first).to_contain_text(shown)
    expect(card(page, "uk").locator(".headline textarea")).to_have_value(re.compile("<script>"))
    bullets(page).first.focus()
    page.reload()
    expect(bullets(page).first).to_be_visible()
    assert unharmed(page)


def test_html_that_carries_scripts_runs_none(page: Page):
    page.get_by_label("HTML", exact=True).check()
    paragraphs = "".join(f"<p>{each}</p>" for each in ARTICLE["body"].split("\n\n"))
    page.locator("#body").fill(f"{HOSTILE}<svg onload=hacked=1></svg>{paragraphs}")
    finish(page)
    expect(page.locator("#source-text p")).to_have_text(ARTICLE["body"].split("\n\n"))
    assert unharmed(page)


def test_markup_in_errors_findings_and_pack_is_shown_as_text(page: Page):
    enter(page)
    answer_once(page, "briefs", **problem("engine", 500, detail=HOSTILE, request_id=HOSTILE))
    submit(page)
    expect(page.locator("#problem-detail")).to_have_text(f"Details: {HOSTILE}")

    def poisoned(route: Route) -> None:
        finding = {
            "code": HOSTILE,
            "severity": "error",
            "message": HOSTILE,
            "found": HOSTILE,
            "start": 0,
            "end": 9,
            "part": "highlights",
            "index": 0,
        }
        answer = {
            "id": HOSTILE,
            "headline": HOSTILE,
            "body": HOSTILE,
            "source_language": "en",
            "highlights": [
                {"text": HOSTILE, "sources": [{"start": 0, "end": 9}], "findings": [finding]}
            ],
            "translations": {},
            "pack": {"name": HOSTILE, "version": HOSTILE},
            "findings": [finding | {"code": "number-added"}],
        }
        highlights = json.dumps({"highlights": answer["highlights"]})
        body = (
            f"event: highlights\ndata: {highlights}\n\nevent: brief\ndata: {json.dumps(answer)}\n\n"
        )
        route.fulfill(content_type="text/event-stream", body=body)

    page.route("**/v1/briefs", poisoned, times=1)
    finish(page)
    bullets(page).first.focus()
    expect(page.locator("#source mark")).to_have_text(HOSTILE[:9])
    expect(page.locator("#origin")).to_contain_text("<script>")
    expect(page.locator("#results .finding")).to_have_count(2)
    assert unharmed(page)


def test_what_was_there_stays_when_the_next_brief_fails(page: Page):
    enter(page)
    finish(page)
    bullets(page).first.fill("My own words.")
    page.locator("#article summary").click()
    answer_once(page, "briefs", **problem("draining", 503))
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text(TEXTS["problem.draining"])
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(bullets(page).first).to_have_value("My own words.")
    expect(bullets(page)).to_have_count(3)
