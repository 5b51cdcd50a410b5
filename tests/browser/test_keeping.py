"""In Chromium: how long what was typed stays in the browser, and where it must not stay at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE, Service, serving
from tests.browser.steps import bullets, enter, finish
from tests.service import ARTICLE

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 2, 12)
STORED = "Object.values(localStorage).join()"
IN_TAB = "Object.values(sessionStorage).join()"


@contextmanager
def desk(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    """A browser with a clock that stands still at noon."""
    context = browser.new_context(locale="en-GB", base_url=service.url)
    context.set_default_timeout(PATIENCE)
    context.clock.set_fixed_time(NOON)
    yield context
    context.close()


def opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/")
    return page


def work(context: BrowserContext) -> Page:
    """A page with a brief, kept as it is when a page is left."""
    page = opened(context)
    enter(page)
    finish(page)
    page.reload()
    return page


@pytest.mark.parametrize(("days", "there"), [(6.9, True), (7.1, False), (-7.1, False)])
def test_what_was_typed_is_kept_for_seven_days_without_a_change(browser, service, days, there):
    with desk(browser, service) as context:
        work(context).close()
        context.clock.set_fixed_time(NOON + timedelta(days=days))
        page = opened(context)
        expect(page.locator("#body")).to_have_value(ARTICLE["body"] if there else "")
        expect(bullets(page)).to_have_count(3 if there else 0)
        assert (ARTICLE["headline"] in page.evaluate(STORED)) == there


def test_a_change_begins_the_seven_days_anew(browser, service):
    with desk(browser, service) as context:
        work(context).close()
        context.clock.set_fixed_time(NOON + timedelta(days=6))
        page = opened(context)
        bullets(page).first.fill("Changed on the sixth day.")
        with page.expect_event("close"):  # else the clock may still reach the page that closes
            page.close(run_before_unload=True)
        context.clock.set_fixed_time(NOON + timedelta(days=12))
        expect(bullets(opened(context)).first).to_have_value("Changed on the sixth day.")


def test_a_tab_left_open_too_long_forgets_when_it_is_read_again(browser, service):
    with desk(browser, service) as context:
        page = work(context)
        context.clock.set_fixed_time(NOON + timedelta(days=8))
        page.reload()
        expect(page.locator("#body")).to_have_value("")
        assert page.evaluate(STORED) == page.evaluate(IN_TAB) == ""


def test_the_page_says_how_long_it_keeps_what_is_typed(browser, service):
    with desk(browser, service) as context:
        form = opened(context).locator("#form")
        expect(form).to_contain_text("no longer than 7 day(s) after your last change")


def test_where_nothing_may_be_kept_it_outlives_a_reload_but_not_the_tab(browser):
    with serving(keep_days=0) as strict, desk(browser, strict) as context:
        page = work(context)
        expect(page.locator("#form")).to_contain_text("stays in this tab")
        expect(page.locator("#body")).to_have_value(ARTICLE["body"])
        expect(bullets(page)).to_have_count(3)
        assert page.evaluate(STORED) == ""
        page.close()
        expect(opened(context).locator("#body")).to_have_value("")


def test_where_nothing_may_be_kept_any_more_what_was_kept_is_removed(browser):
    with serving(keep_days=0) as strict, desk(browser, strict) as context:
        page = context.new_page()
        page.goto("/livez")
        kept = f'{{"form": null, "brief": null, "at": {NOON.timestamp() * 1000}}}'
        page.evaluate("kept => localStorage.setItem('newsbrief.draft', kept)", kept)
        page.goto("/")
        expect(page.locator("#body")).to_have_value("")
        assert page.evaluate(STORED) == ""


def test_what_was_kept_before_times_were_noted_is_removed(browser, service):
    with desk(browser, service) as context:
        page = context.new_page()
        page.goto("/livez")
        page.evaluate("localStorage.setItem('newsbrief.draft', '{\"form\": null}')")
        page.goto("/")
        expect(page.locator("#body")).to_have_value("")
        assert page.evaluate(STORED) == ""
