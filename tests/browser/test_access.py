"""In Chromium: for everyone: axe, keyboard, languages, themes, narrow screens, and no script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from newsbrief.interface import LANGUAGES, read_texts
from tests.browser.conftest import Service
from tests.browser.steps import bullets, card, enter, finish, submit
from tests.service import ARTICLE

pytestmark = pytest.mark.slow

AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    found = AXE.run(page, options=RULES).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_wrong(page: Page, service: Service, language, theme):
    texts = read_texts(language)
    service.engine.answers["ko", ARTICLE["headline"]] = "항구 도시 9번째 노선"
    page.emulate_media(color_scheme=theme)
    page.goto(f"/?lang={language}")
    if language == "en":  # the empty page differs in its words alone
        assert violations(page) == []
    page.locator("#headline").fill(ARTICLE["headline"])
    page.locator("#body").fill(ARTICLE["body"])
    page.locator("[name=body_too]").check()
    page.locator("#submit").click()
    expect(page.locator("#pairs .finding.error").first).to_be_visible()
    page.locator("#results .sources").first.click()
    bullets(page).first.fill("x" * 130)
    page.get_by_role("button", name=texts["results.remove"].format(number=3)).click()
    expect(page.locator("#notice")).to_contain_text(texts["results.removed"])
    assert violations(page) == []


def test_axe_finds_nothing_wrong_with_a_problem_and_a_wait(page: Page):
    enter(page)
    page.route(
        "**/v1/briefs",
        lambda route: route.fulfill(status=429, headers={"Retry-After": "600"}),
        times=1,
    )
    page.locator("#submit").click()
    expect(page.locator("#countdown")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Cancel").click()
    page.route("**/v1/briefs", lambda route: route.fulfill(status=401), times=1)
    page.locator("#again").click()
    expect(page.get_by_label("API key")).to_be_visible()
    assert violations(page) == []


def test_the_whole_work_can_be_done_from_the_keyboard(page: Page):
    press = page.keyboard.press
    press("Tab")
    expect(page.get_by_role("link", name="Skip to the article")).to_be_focused()
    press("Enter")
    press("Tab")
    press("Tab")
    expect(page.locator("#headline")).to_be_focused()
    page.keyboard.type("Trams 4 all")
    press("Tab")
    page.keyboard.insert_text(ARTICLE["body"])
    press("Control+Enter")
    expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))

    def tab_to(locator) -> None:
        for _ in range(60):
            if locator.evaluate("node => node === document.activeElement"):
                return
            press("Tab")
        raise AssertionError(f"Tab never came to {locator}")

    tab_to(bullets(page).first)
    press("Control+A")
    page.keyboard.type("Trams carry 7 students.")
    press("Enter")
    expect(card(page, "ru").locator("li textarea").first).to_have_value("город житель 7 линия")
    press("Alt+ArrowDown")
    expect(bullets(page).nth(1)).to_have_value("Trams carry 7 students.")
    expect(bullets(page).nth(1)).to_be_focused()
    tab_to(page.get_by_role("button", name="Sources of highlight 2"))
    press("Enter")
    expect(page.locator("#results .rests:visible")).to_contain_text("Rested on, before your change")
    tab_to(page.get_by_role("button", name="Remove highlight 2"))
    press("Enter")
    expect(bullets(page)).to_have_count(2)
    tab_to(page.get_by_role("button", name="Undo"))
    press("Enter")
    expect(bullets(page)).to_have_count(3)


def test_every_text_says_its_language(page: Page):
    page.goto("/?lang=ko")
    page.locator("#body").fill(ARTICLE["body"])
    page.locator("[name=body_too]").check()
    page.locator("#submit").click()
    expect(page.locator("#pairs")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    for part in ("#body", "#results li textarea >> nth=0", "#source-text", "#pairs .pair > p"):
        expect(page.locator(part).first).to_have_attribute("lang", "en")
    for language in ("ko", "ru", "uk"):
        for area in card(page, language).locator("textarea").all():
            expect(area).to_have_attribute("lang", language)
    breaking = "node => getComputedStyle(node).wordBreak"
    assert page.locator("#results .hint").first.evaluate(breaking) == "keep-all"
    assert card(page, "ko").locator("textarea").first.evaluate(breaking) == "keep-all"
    assert card(page, "ru").locator("textarea").first.evaluate(breaking) == "normal"


def test_the_language_of_the_page_can_be_changed_without_losing_anything(page: Page):
    enter(page)
    finish(page)
    page.get_by_role("link", name="Українська").click()
    expect(page.locator("#results-title")).to_have_text("Тези")
    expect(bullets(page)).to_have_count(3)
    expect(page.locator("#body")).to_have_value(ARTICLE["body"])
    expect(card(page, "ko").locator("h3")).to_have_text("Корейська")
    findings = card(page, "ko").locator(".finding")
    expect(findings.filter(has_text="Перевірити:").first).to_be_visible()


def test_the_page_speaks_the_browsers_language(browser: Browser, service: Service):
    context = browser.new_context(locale="ru-RU", base_url=service.url)
    page = context.new_page()
    page.goto("/")
    expect(page.locator("#submit")).to_have_text("Составить тезисы")
    context.close()


@pytest.mark.parametrize("width", [320, 375, 768, 1440])
def test_nothing_runs_off_the_screen(page: Page, width):
    page.set_viewport_size({"width": width, "height": 800})
    enter(page)
    page.locator("[name=body_too]").check()
    finish(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 24  # WCAG 2.2, target size
    side_by_side = (
        page.locator("#results").bounding_box()["x"] > page.locator("#article").bounding_box()["x"]
    )
    assert side_by_side == (width == 1440)


def test_on_a_phone_the_highlights_are_on_the_screen_when_they_come(page: Page, service: Service):
    page.set_viewport_size({"width": 390, "height": 844})
    service.engine.hold()
    enter(page)
    submit(page)
    expect(bullets(page).first).to_be_in_viewport(ratio=1)
    expect(page.locator("#results-title")).to_be_focused()  # not lost with the button
    service.engine.open()
    expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))
    expect(page.locator("#progress-text")).to_be_in_viewport(ratio=1)
    expect(page.locator("#results-title")).to_be_in_viewport(ratio=1)
    expect(bullets(page).first).to_be_in_viewport(ratio=1)


def test_who_types_on_is_not_taken_away_from_the_form(page: Page, service: Service):
    page.set_viewport_size({"width": 390, "height": 844})
    service.engine.hold()
    enter(page)
    page.locator("#headline").press("Control+Enter")
    page.locator("#headline").press("End")
    expect(bullets(page)).to_have_count(3)
    expect(page.locator("#headline")).to_be_focused()
    expect(page.locator("#article")).to_have_attribute("open", "")


@pytest.fixture
def plain(browser: Browser, service: Service):
    context = browser.new_context(java_script_enabled=False, locale="en-GB", base_url=service.url)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def test_without_a_script_the_form_does_its_work(plain: Page):
    expect(plain.locator("#clear")).to_be_hidden()
    enter(plain)
    plain.get_by_label("Russian").uncheck()
    plain.get_by_label("Translate the body too").check()
    plain.get_by_role("button", name="Make highlights").click()
    expect(plain.locator("#results ol > li")).to_have_count(3)
    expect(plain.locator("#translations h3")).to_have_text(["Korean Draft", "Ukrainian Draft"])
    expect(plain.locator("#translations .pair")).to_have_count(6)
    expect(plain.locator("#body")).to_have_value(ARTICLE["body"])
    expect(plain.locator("[name=targets][value=ru]")).not_to_be_checked()


def test_without_a_script_an_error_loses_nothing(plain: Page):
    plain.get_by_label("Headline", exact=True).fill("A <b>bold</b> start")
    plain.locator("#body").fill("\n\n  Too short  ")
    plain.get_by_role("button", name="Make highlights").click()
    expect(plain.get_by_role("alert")).to_contain_text("body: ")
    expect(plain.get_by_label("Headline", exact=True)).to_have_value("A <b>bold</b> start")
    expect(plain.locator("#body")).to_have_value("\n\n  Too short  ")


def test_a_form_posted_before_the_script_came_ends_in_the_editor(page: Page):
    enter(page)
    # As a submit does before the module has run: past its listener.
    page.locator("#form").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    expect(bullets(page)).to_have_count(3)
    expect(card(page, "uk").locator("li textarea").first).to_have_value(re.compile("місто"))
    bullets(page).first.focus()
    expect(page.locator("#source mark")).to_have_text(bullets(page).first.input_value())
