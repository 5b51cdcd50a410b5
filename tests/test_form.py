"""The editors' page as the server gives it: without a script, in four languages, in process."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from newsbrief.checks import CHECKS
from newsbrief.interface import LANGUAGES, choose_language, finding_words, read_texts
from newsbrief.problems import NAMES, STATUS
from tests.service import ARTICLE, WordEngine
from tests.test_api import serving, slow_planning

PACKAGE = Path(__file__).parents[1] / "service" / "newsbrief"
SCRIPTS = [*PACKAGE.glob("static/editor/*.js")]
OWN_PROBLEMS = {"forbidden", "network", "broken", "internal", "other"}
PLACE = re.compile(r"\{\w+\}")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def client():
    with serving() as client:
        yield client


def read(response) -> HTMLParser:
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return HTMLParser(response.text)


def text_of(page: HTMLParser, selector: str) -> str:
    return page.css_first(selector).text(separator=" ", strip=True)


def typed(page: HTMLParser) -> tuple[str, str]:
    return page.css_first("#headline").attributes["value"], page.css_first("#body").text()


@pytest.mark.parametrize(("language", "title"), [("en", "Article"), ("ko", "기사")])
def test_the_page_is_in_the_language_asked_for(client, language, title):
    page = read(client.get("/", params={"lang": language}, headers={"Accept-Language": "uk"}))
    assert page.css_first("html").attributes["lang"] == language
    assert text_of(page, "#article h2") == title
    assert text_of(page, "nav [aria-current]") == LANGUAGES[language]


def test_the_page_is_in_the_readers_language_if_none_is_asked_for(client):
    answer = client.get("/", headers={"Accept-Language": "de, uk-UA;q=0.8, en;q=0.5"})
    assert answer.headers["content-language"] == "uk"
    assert text_of(read(answer), "#article h2") == "Стаття"
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("ru", "ko", "ru"),
        ("xx", "ko", "ko"),
        (None, "", "en"),
        (None, "fr,ja;q=0.9", "en"),
        (None, "en;q=0.2,RU-ru;q=0.9", "ru"),
        (None, "ko;q=0,uk;q=0.1", "uk"),
        (None, "ko;q=nonsense,ru;q=0.3", "ru"),
        (None, "ko; q=0.1, ru;Q=0.3", "ru"),
        (None, "ko;q=0.1,uk;q=nan,ru;q=0.9", "ru"),
        (None, "ko;q=1_0,ru;q=0.3", "ru"),
    ],
)
def test_the_best_language_is_chosen(asked, accepted, language):
    assert choose_language(asked, accepted) == language


def test_the_page_shows_pack_licence_attribution_and_draft(client):
    footer = text_of(read(client.get("/")), "footer")
    assert "words@1.2.3" in footer
    assert "Model words: Apache-2.0; commercial use permitted; draft quality" in footer
    assert "Attribution: the Newsbrief authors" in footer


def test_a_posted_article_comes_back_with_its_brief(client):
    answer = client.post("/", data=ARTICLE | {"targets": ["ko", "uk"], "body_too": "on"})
    page = read(answer)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    bullets = page.css("#results li:not(.finding) > p[lang=en]")
    sources = page.css("#results blockquote")
    assert len(bullets) == 3
    for bullet, source in zip(bullets, sources, strict=True):
        assert bullet.text() == source.text()
        assert source.text() in ARTICLE["body"]
    cards = page.css("#translations .card")
    assert [card.css_first("h3").text() for card in cards] == ["Korean Draft", "Ukrainian Draft"]
    assert [len(card.css("ol > li > p[lang=ko]")) for card in cards] == [3, 0]
    assert len(cards[1].css(".pair p[lang=uk]")) == 3
    errors = " ".join(error.text() for error in page.css("#translations .finding.error"))
    assert "A number changed: the original has 310 million, here it is 310." in " ".join(
        errors.split()
    ).replace(" ,", ",").replace(" .", ".")
    assert typed(page) == (ARTICLE["headline"], ARTICLE["body"])
    checked = {box.attributes["value"] for box in page.css("[name=targets][checked]")}
    assert checked == {"ko", "uk"}


def test_the_script_finds_the_posted_brief_in_the_page(client):
    page = read(client.post("/", data=ARTICLE | {"targets": ["ru"]}))
    answered = json.loads(page.css_first("#interface").text())["answered"]
    assert answered == client.post("/v1/briefs", json=ARTICLE | {"targets": ["ru"]}).json()


def test_html_can_be_posted(client):
    body = f"<p>{ARTICLE['body']}</p>"
    page = read(client.post("/", data={"body": body, "format": "html"}))
    assert "<p>" not in text_of(page, "#results")
    assert page.css_first("[name=format][checked]").attributes["value"] == "html"


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_input_is_explained_and_loses_nothing(client, language):
    bad = {"headline": "Early <draft>", "body": "\n\ntoo short", "max_highlights": "5"}
    answer = client.post("/", params={"lang": language}, data=bad | {"strict": "on"})
    assert answer.status_code == 422
    page = read(answer)
    assert text_of(page, "[role=alert] strong") == read_texts(language)["problem.invalid-input"]
    assert text_of(page, "[role=alert] [lang=en]").startswith("body: ")
    assert typed(page) == ("Early <draft>", "\n\ntoo short")
    assert text_of(page, "#max-highlights [selected]") == "5"
    assert page.css_first("[name=strict]").attributes.keys() >= {"checked"}


def test_a_number_of_highlights_out_of_range_names_its_field(client):
    answer = client.post("/", data=ARTICLE | {"max_highlights": "9"})
    assert answer.status_code == 422
    assert "max_highlights" in text_of(read(answer), ".detail")


def test_a_full_queue_says_when_to_come_back(client):
    batcher = client.app.state.lifecycle.briefer.batcher
    with batcher.admit(10**12):
        answer = client.post("/", data=ARTICLE)
    assert answer.status_code == 429
    seconds = answer.headers["retry-after"]
    assert f"Try again in {seconds} s." in text_of(read(answer), "[role=alert]")
    assert typed(read(answer)) == (ARTICLE["headline"], ARTICLE["body"])


def test_an_engine_failure_is_shown_on_the_page(client):
    answer = client.post("/", data=ARTICLE | {"headline": "POISON", "targets": "ko"})
    assert answer.status_code == 500
    assert text_of(read(answer), "[role=alert] strong") == read_texts("en")["problem.engine"]


def test_a_body_that_is_too_long_is_refused_with_advice():
    with serving(request_bytes=1000) as client:
        answer = client.post("/", data={"body": "word " * 400})
    assert answer.status_code == 413
    assert read_texts("en")["problem.back"] in text_of(read(answer), "[role=alert]")


def test_where_keys_are_needed_the_page_asks_for_one(tmp_path):
    file = tmp_path / "keys.toml"
    digest = hashlib.sha256(b"s3cret").hexdigest()
    file.write_text(f'[[keys]]\nname = "desk"\nsha256 = "{digest}"\n')
    with serving(keys_file=file) as client:
        assert "hidden" in read(client.get("/")).css_first("#key-row").attributes
        refused = client.post("/", data=ARTICLE)
        assert refused.status_code == 401
        page = read(refused)
        assert "hidden" not in page.css_first("#key-row").attributes
        assert typed(page) == (ARTICLE["headline"], ARTICLE["body"])
        wrong = client.post("/", data=ARTICLE | {"api_key": "ключ"})
        assert wrong.status_code == 401
        answer = client.post("/", data=ARTICLE | {"api_key": "s3cret"})
        assert answer.status_code == 200
        assert "s3cret" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_the_pages_own_form_is_taken(client, headers, status):
    answer = client.post("/", data=ARTICLE, headers=headers)
    assert answer.status_code == status
    problem = read(answer).css_first("[role=alert] strong")
    assert (problem.text() if problem else None) == (
        read_texts("en")["problem.forbidden"] if status == 403 else None
    )


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        ("body=текст".encode(), "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a=1" for _ in range(99)), "application/x-www-form-urlencoded", 400),
    ],
)
def test_what_is_no_form_is_refused(client, content, kind, status):
    answer = client.post("/", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert read(answer).css_first("[role=alert] strong")


def test_markup_in_an_article_or_a_translation_stays_text():
    engine = WordEngine()
    original = engine._replaced

    def with_script(source):
        generated = original(source)
        return type(generated)(f"{generated.text} {SCRIPT}", generated.tokens, complete=True)

    engine._replaced = with_script
    with serving(engine) as client:
        article = {
            "headline": f"{SCRIPT} opens",
            "body": f'{ARTICLE["body"]}\n\nThe sign reads "</textarea>{SCRIPT}" in large letters.',
            "targets": "ko",
            "max_highlights": "8",
            "body_too": "on",
        }
        answer = client.post("/", data=article)
    assert answer.status_code == 200
    page = read(answer)
    assert [node.attributes.get("type") for node in page.css("script")] == [
        "application/json",
        "module",
    ]
    assert SCRIPT not in answer.text
    assert SCRIPT in page.css_first("#translations p[lang=ko]").text()
    assert SCRIPT in page.css_first("#results p.headline").text()
    assert typed(page) == (article["headline"], article["body"])


def test_markup_in_an_error_stays_text(client):
    answer = client.post("/", data=ARTICLE | {"source_language": SCRIPT})
    assert answer.status_code == 422
    assert SCRIPT not in answer.text


def test_the_page_allows_no_script_but_its_own(client):
    headers = client.get("/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert headers["referrer-policy"] == "same-origin"
    page = client.get("/").text
    assert re.findall(r"\son\w+=|\sstyle=|javascript:", page) == []


def test_nothing_on_the_page_comes_from_elsewhere(client):
    page = client.get("/").text
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    for file in PACKAGE.glob("static/editor/*"):
        assert re.findall(r"(?<!xmlns=\")https?://", file.read_text("utf-8")) == [], file.name


def test_every_asset_is_served_with_an_etag(client):
    page = client.get("/").text
    found = set(re.findall(r'(?:src|href)="(static/[^"]+)"', page))
    for script in SCRIPTS:
        imported = re.findall(r'from "\./([\w-]+\.js)"', script.read_text("utf-8"))
        found |= {f"static/editor/{name}" for name in imported}
    assert len(found) > 15
    for path in found:
        answer = client.get(f"/{path}")
        assert answer.status_code == 200, path
        assert answer.headers["etag"]
        again = client.get(f"/{path}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language):
    english, texts = read_texts("en"), read_texts(language)
    assert list(texts) == list(english)
    for key, text in texts.items():
        assert text.strip(), key
        assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(english[key])), key


def test_every_text_is_used_and_every_used_text_exists():
    sources = [*SCRIPTS, PACKAGE / "templates" / "page.html", PACKAGE / "form.py"]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    texts = set(read_texts("en"))
    prefixes = {key.split(".")[0] for key in texts}
    quoted = re.findall(rf"""["'`]((?:{"|".join(prefixes)})\.[\w-]+)["'`]""", code)
    named = set(quoted) - {"page.html"}
    made = {
        *(f"finding.{code}" for code in CHECKS),
        *(f"problem.{name}" for name in [*NAMES.values(), *OWN_PROBLEMS]),
        *(f"problem.{name}" for _, name, _ in STATUS),
        *(f"language.{code}" for code in LANGUAGES),
        *(f"copy.{kind}" for kind in ("text", "html", "json")),
        *(f"source.{state}" for state in ("none", "marked", "unmarked")),
        "severity.error",
        "severity.warning",
    } - {"problem.method-not-allowed"}
    assert made <= texts
    assert named <= texts
    assert texts <= named | made


def test_a_finding_is_said_in_the_readers_language_with_the_words_in_their_own():
    finding = {"code": "number-changed", "message": "…", "expected": "40,000", "found": "4만"}
    words = finding_words(finding, "ru", source="en", target="ko")
    assert words == [
        ("Число изменилось: в оригинале ", "ru"),
        ("40,000", "en"),
        (", здесь ", "ru"),
        ("4만", "ko"),
        (".", "ru"),
    ]


@pytest.mark.parametrize("code", ["unheard-of", "number-changed"])
def test_a_finding_that_cannot_be_put_in_words_keeps_its_message(code):
    finding = {"code": code, "message": "something is odd", "expected": None, "found": "7"}
    words = finding_words(finding, "uk", source="en", target="ko")
    assert words == [("something is odd", "en")]


def test_the_time_allowed_holds_while_a_posted_article_is_still_read(client, monkeypatch):
    with slow_planning(monkeypatch):
        answer = client.post("/", data=ARTICLE, headers={"X-Request-Timeout": "0.2"})
    assert answer.status_code == 504
    assert typed(read(answer)) == (ARTICLE["headline"], ARTICLE["body"])
