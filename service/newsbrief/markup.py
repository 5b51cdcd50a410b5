"""HTML from a CMS -> plain text in paragraphs: what a reader would see of the article itself.

The tree is lexbor's (the HTML 5 algorithm, so broken markup reads as browsers read it). Two of its
costs grow with the square of the input, nesting and attributes; hence the limit on tags, and the
pass that drops attributes before the tree is built. The walk is a loop: depth costs no stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsbrief.errors import InputError, TooLargeError

MAX_TAGS = 12_000
_MAX_ARTICLES = 8  # a page holds its own article among the first, teasers of others after it

_DROPPED = frozenset(
    "applet aside audio button canvas dialog embed fieldset figcaption figure footer form head "
    "iframe input map menu meter nav noscript object option picture progress script select style "
    "svg template textarea title video".split()
)
_DELETED = frozenset(("del", "s", "strike"))
_BLOCKS = frozenset(
    "address article blockquote body center dd details div dl dt h1 h2 h3 h4 h5 h6 header hgroup "
    "hr html legend main ol p pre section summary table tbody tfoot thead tr ul".split()
)
_UNREAD = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|template|noscript|iframe|svg)\b.*?(?:</\1\b[^>]*>?|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-z][a-z0-9:-]*+)"""
    r"""(?P<attributes>(?:[^>"']++|"[^"]*+"|'[^']*+'|["'])*+)>?""",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"(?:^|\s)(?:hidden(?:\s|=|$|/)|aria-hidden\s*=\s*[\"']?true"
    r"|style\s*=\s*[\"'][^\"']*(?:display\s*:\s*none|visibility\s*:\s*hidden))",
    re.IGNORECASE,
)
# Once tags are bare: `<sup>[1]</sup>`, `<sup>6</sup>`, with the link round it or in it.
_RAISED = re.compile(
    r"<(?P<link>a><)?sup>(?P<text>(?:[^<]|</?(?:a|abbr|b|em|i|small|span|strong)>)*+)</sup>"
    r"(?(link)</a>)",
    re.IGNORECASE,
)
_RAISED_CHARS = 8
_ANY_TAG = re.compile(r"<[^<>]*>")
_EXPONENT = re.compile(r"[+−–-]?\d+")
_EXPONENTS = str.maketrans("0123456789+−–-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
# What has an exponent: a number, a unit, a sign of one letter. Any other word has a footnote.
_RAISABLE = re.compile(r"(?:\d|(?<![^\W\d_])(?:[^\W\d_]|[ckdmnsмк][mм]|[сд]м|ft|in|yd|mi|mc))\s?$")
_LETTERS = re.compile(r"[^\W\d_]{2,}|℠|™|®")  # 5th, Mme
_POWER = re.compile(r"\w+(?:\.\w+)?")
# Where deleted text stood, which leaves no blank before a comma and no two blanks.
_GAP = re.compile(r" ?\0 ?(?=[,.;:!?)])|(?<= )\0 |\0")
_SITE = re.compile(r"^(.*\S)\s+[|–—-]\s+(\S+(?:\s+\S+){0,3})$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """The text of an article in markup, and the heading found in it."""

    headline: str | None
    text: str


def read_markup(markup: str, *, field: str = "body_html") -> Page:
    """Reads one article: blocks become paragraphs, `<br>` a new line, list items `• ` lines.

    Scripts, styles, navigation, asides, figures, forms, embeds and hidden elements are dropped, as
    are deleted text and the marks of footnotes; an exponent is written 10⁶. Of a whole page, its
    `<article>` (or `<main>`) is read where that holds at least half of the text. The headline is
    the first `<h1>`, else the `<title>` without the name of the site.

    Raises `TooLargeError` beyond `MAX_TAGS` tags, `InputError` where nothing is left to read.
    """
    bare = _bare(markup, field)
    tree = LexborHTMLParser(bare)
    root = tree.body
    whole = _text(root) if root is not None else ""
    text = whole
    for selector in ("article", "main"):
        parts = [_text(node) for node in tree.css(selector)[:_MAX_ARTICLES]]
        longest = max(parts, key=len, default="")
        if len(longest) * 2 >= len(whole) and longest:
            text = longest
            break
    if not text.strip():
        raise InputError(field, "holds no text to read, only markup", value=len(markup))
    first = tree.css_first("h1")
    headline = " ".join(_text(first).split()) if first is not None else ""
    return Page(headline or _title(tree), text)


def _bare(markup: str, field: str) -> str:
    tags = 0

    def bare_tag(match: re.Match[str]) -> str:
        nonlocal tags
        tags += 1
        if tags > MAX_TAGS:
            raise TooLargeError(
                field, f"holds more than {MAX_TAGS} tags", limit=MAX_TAGS, value=f">{MAX_TAGS}"
            )
        hidden = " hidden" if not match["close"] and _HIDDEN.search(match["attributes"]) else ""
        return f"<{match['close']}{match['name']}{hidden}>"

    return _RAISED.sub(_raised, _TAG.sub(bare_tag, _UNREAD.sub(" ", markup)))


def _raised(match: re.Match[str]) -> str:
    """A footnote's mark as nothing, an exponent in raised digits, ordinal letters as they are."""
    text = "".join(unescape(_ANY_TAG.sub("", match["text"])).split())
    if len(text) > _RAISED_CHARS:
        return match[0]
    if match["link"] or "<a>" in match["text"].lower():
        return ""
    before = _ANY_TAG.sub("", match.string[max(0, match.start() - 40) : match.start()])
    raised = _RAISABLE.search(before) is not None
    if raised and _EXPONENT.fullmatch(text):
        return text.translate(_EXPONENTS)
    if _LETTERS.fullmatch(text) or (raised and text.isalpha()):
        return text
    return f"^{text}" if raised and _POWER.fullmatch(text) else ""


def _title(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("title")
    title = " ".join(node.text().split()) if node is not None else ""
    site = _SITE.match(title)
    if site and len(site[1].split()) >= 3:
        title = site[1]
    return title or None


def _text(root: LexborNode) -> str:
    lines: list[str] = []
    for line in _lines(root):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n")


def _lines(root: LexborNode) -> Iterator[str]:
    """Lines of text, "" for a paragraph break; many breaks may follow one another."""
    words: list[str] = []
    bullet = ""

    def flush() -> Iterator[str]:
        nonlocal bullet
        line = " ".join("".join(words).split())
        if "\0" in line:
            line = _GAP.sub("", line).strip()
        words.clear()
        if line:
            yield bullet + line
            bullet = ""

    node: LexborNode | None = root
    while node is not None:
        name = node.tag or ""
        entered = False
        if node.is_text_node:
            words.append(node.text_content or "")
        elif name == "br":
            yield from flush()
        elif name in _DELETED:
            if words[-1:] != ["\0"]:
                words.append("\0")
        elif name in _BLOCKS:
            yield from flush()
            if not bullet:
                yield ""
            entered = True
        elif name == "li":
            yield from flush()
            bullet = "• "
            entered = True
        elif name in ("td", "th"):
            words.append(" ")
            entered = True
        else:
            entered = True
        if entered and not _is_dropped(node, root, name) and node.first_child is not None:
            node = node.first_child
            continue
        while node is not None and node.mem_id != root.mem_id and node.next is None:
            node = node.parent
            if node is not None:
                yield from _leave(node.tag or "", flush())
        if node is None or node.mem_id == root.mem_id:
            break
        node = node.next
    yield from flush()


def _leave(name: str, flushed: Iterator[str]) -> Iterator[str]:
    if name in _BLOCKS:
        yield from flushed
        yield ""
    elif name == "li":
        yield from flushed


def _is_dropped(node: LexborNode, root: LexborNode, name: str) -> bool:
    if node.mem_id == root.mem_id:
        return False
    return name in _DROPPED or name == "h1" or "hidden" in node.attributes
