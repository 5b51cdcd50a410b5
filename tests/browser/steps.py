"""What every test of the page does."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.service import ARTICLE


def enter(page: Page) -> None:
    page.get_by_label("Headline", exact=True).fill(ARTICLE["headline"])
    page.get_by_label("Text", exact=True).fill(ARTICLE["body"])


def submit(page: Page) -> None:
    page.get_by_role("button", name="Make highlights").click()


def finish(page: Page) -> None:
    """Submits, and waits for the whole brief."""
    submit(page)
    expect(page.locator("#progress-text")).to_have_text(re.compile("^Done"))


def bullets(page: Page) -> Locator:
    return page.locator("#results li.unit textarea")


def card(page: Page, language: str) -> Locator:
    return page.locator(f"#card-{language}")


def translated(page: Page, language: str) -> list[str]:
    return [each.input_value() for each in card(page, language).locator("li textarea").all()]
