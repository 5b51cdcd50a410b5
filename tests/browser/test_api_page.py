"""In Chromium: the API's own page, with its form to try it."""

import hashlib

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, serving

pytestmark = pytest.mark.slow


def test_with_keys_on_the_api_can_be_tried_once_a_key_is_given(browser, tmp_path):
    file = tmp_path / "keys.toml"
    digest = hashlib.sha256(b"s3cret").hexdigest()
    file.write_text(f'[[keys]]\nname = "desk"\nsha256 = "{digest}"\n')
    with serving(keys_file=file) as guarded:
        context = browser.new_context(base_url=guarded.url)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/docs")
        page.get_by_role("button", name="Authorize").first.click()
        dialog = page.locator(".dialog-ux")
        dialog.locator("input").first.fill("s3cret")
        dialog.get_by_role("button", name="Apply credentials").first.click()
        dialog.get_by_role("button", name="Close", exact=True).first.click()
        operation = page.locator("[id$=show_pack_v1_pack_get]")
        operation.locator(".opblock-summary-control").click()
        operation.get_by_role("button", name="Try it out").click()
        operation.get_by_role("button", name="Execute").click()
        live = operation.locator(".live-responses-table")
        expect(live.locator("tr.response td.response-col_status").first).to_contain_text("200")
        expect(live).to_contain_text("the Newsbrief authors")
        context.close()
