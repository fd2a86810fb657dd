"""HTML to text with its line structure: blocks on lines of their own, list items as bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

BULLET = "- "
CELL = " | "

_DROPPED = frozenset({
    "head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed",
    "canvas", "audio", "video", "select",
})  # fmt: skip
_PARAGRAPHS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "section", "article", "header",
    "footer", "pre",
})  # fmt: skip
_BLOCKS = _PARAGRAPHS | {
    "address", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dt",
    "fieldset", "figcaption", "figure", "form", "hr", "html", "legend", "li", "main", "menu", "nav",
    "summary", "tbody", "tfoot", "thead", "tr",
}  # fmt: skip
_CELLS = frozenset({"td", "th"})
_LISTS = frozenset({"ul", "ol", "menu"})

_STRUCTURE = re.compile(
    r"<(?:/(?:p|div|li|ul|ol|h[1-6]|table|tr|td|section|article|body)\s{0,9}>"
    r"|(?:br|p|div|li|ul|ol|h[1-6]|table|tr|td|section|article|body|html|!doctype)(?:\s[^<>]{0,2000})?/?>)",
    re.IGNORECASE,
)
_INLINE_END = re.compile(
    r"</(?:a|abbr|b|big|code|em|font|i|mark|s|small|span|strong|sub|sup|strike|tt|u)\s{0,9}>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/<>]{0,40})[^<>]*")
_NEVER_NESTED = frozenset({  # void, or closed by the next of their kind
    "area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "param", "source", "td", "th", "tr", "track", "wbr",
})  # fmt: skip
_DEEPEST = 800
_LONGEST_TAG = 5_000
_MOST_ROOTS = 50

_WHITE_SPACE = re.compile("[ \t\n\r\f\xa0]+")
_OWN_BULLET = re.compile(r"^- [-•●▪◦‣·*\u2013]\s{1,5}", re.MULTILINE)
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
_ONLY_BREAKS = re.compile(r"(?:\s|<br\s?/?>){1,200}", re.IGNORECASE)
_FEWEST_PLAIN = 3  # lines without a tag that a text laid out by its own lines has


def from_field(text: str) -> str:
    """The text of a JSONL or CSV field, which may be plain, HTML, or HTML escaped once more.

    Plain text is returned as it is but for its entities.
    """
    if "<" not in text and "&" not in text:
        return text
    if not _is_markup(text):
        decoded = decode_entities(text)
        if not _is_markup(decoded):
            return decoded
        text = decoded
    text = text.strip().replace("\r\n", "\n")
    if _is_laid_out(text):
        text = text.replace("\n", "<br>")
    return html_to_text(text)


def decode_entities(text: str) -> str:
    """The text with complete entities (`&amp;`, `&#8217;`) decoded; `AT&T` and `&copy` stay."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def html_to_text(html: str) -> str:
    """The visible text of a page or a fragment, in lines. Never raises, and takes linear time."""
    return _Lines().render(_events(html))


def html_title(html: str) -> str | None:
    """The page's title, where no heading of the first level gives one in the text itself."""
    if _is_bomb(html):
        return None
    page = LexborHTMLParser(html)
    node = page.css_first("title")
    if node is None or page.css_first("h1") is not None:
        return None
    return " ".join(node.text().split()) or None


def _is_markup(text: str) -> bool:
    return _STRUCTURE.search(text) is not None or _INLINE_END.search(text) is not None


def _is_laid_out(text: str) -> bool:
    """Whether a text's own lines are its structure and its tags none, or few among lines that are not
    wrapped: Markdown with a "<br />" in its address."""
    if _STRUCTURE.search(text) is None:
        return True
    lines = [line for line in text.split("\n") if line.strip() and not _ONLY_BREAKS.fullmatch(line)]
    tags = sum(1 for line in lines for _ in _STRUCTURE.finditer(line))
    plain = [i for i, line in enumerate(lines) if _STRUCTURE.search(line) is None]
    wrapped = sum(lines[i + 1].lstrip()[0].islower() for i in plain if i + 1 < len(lines))
    return len(plain) >= _FEWEST_PLAIN and len(plain) > tags and wrapped <= len(plain) / 4


class _Kind(Enum):
    START = 1
    END = 2
    TEXT = 3


_Event = tuple[_Kind, str]


def _events(html: str) -> Iterator[_Event]:
    if _is_bomb(html):
        return _token_events(html)
    root = LexborHTMLParser(html).root
    return _tree_events(root) if root is not None else iter(())


def _is_bomb(html: str) -> bool:
    """Whether the tree builder would take time quadratic in the input: tags nested without end, a tag
    with thousands of attributes, or many `<body>`s, whose attributes it merges."""
    open_tags: list[str] = []
    roots = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if name not in _NEVER_NESTED:
            if not tag[1]:
                open_tags.append(name)
            elif open_tags and open_tags[-1] == name:
                open_tags.pop()
        roots += name in ("html", "body")
        too_long = tag.end() - tag.start() > _LONGEST_TAG
        if too_long or len(open_tags) > _DEEPEST or roots > _MOST_ROOTS:
            return True
    return False


def _tree_events(root: LexborNode) -> Iterator[_Event]:
    open_nodes: list[LexborNode] = []
    node: LexborNode | None = root
    while node is not None or open_nodes:
        if node is None:
            parent = open_nodes.pop()
            yield _Kind.END, parent.tag or ""
            node = parent.next
        elif node.is_text_node:
            yield _Kind.TEXT, node.text_content or ""
            node = node.next
        elif node.is_element_node and node.tag not in _DROPPED:
            yield _Kind.START, node.tag or ""
            open_nodes.append(node)
            node = node.first_child
        else:
            node = node.next


def _token_events(html: str) -> Iterator[_Event]:
    """The same from the tags as they stand, without a tree."""
    at, dropped = 0, ""
    while at < len(html):
        opening = html.find("<", at)
        if opening != at and not dropped:
            text = html[at:] if opening < 0 else html[at:opening]
            yield _Kind.TEXT, decode_entities(text)
        if opening < 0:
            return
        if html.startswith("<!--", opening):
            closing = html.find("-->", opening)
            at = len(html) if closing < 0 else closing + 3
            continue
        if html.startswith(("<!", "<?"), opening):
            closing = html.find(">", opening)
            at = len(html) if closing < 0 else closing + 1
            continue
        tag = _TAG.match(html, opening)
        if tag is None:
            at = opening + 1
            continue
        at = tag.end() + (html[tag.end() : tag.end() + 1] == ">")
        name = tag[2].lower()
        if dropped:
            dropped = "" if tag[1] and name == dropped else dropped
        elif name in _DROPPED and not tag[1]:
            dropped = name
        else:
            yield (_Kind.END if tag[1] else _Kind.START), name


class _Lines:
    """Text laid out from events. Breaks wait until text follows, so that none stands at an end."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._newlines = 0
        self._lead = ""  # the bullet or cell border that the next text needs
        self._space = False
        self._preformatted = 0
        self._lists = 0
        self._row_has_text = self._row_has_lines = self._cell_begins = False

    def render(self, events: Iterator[_Event]) -> str:
        for kind, value in events:
            if kind is _Kind.TEXT:
                self._text(value)
            elif kind is _Kind.START:
                self._start(value)
            else:
                self._end(value)
        text = _OWN_BULLET.sub(BULLET, "".join(self._parts).replace("\xad", ""))
        return _MANY_BLANK_LINES.sub("\n\n", text).strip()

    def _start(self, tag: str) -> None:
        if tag == "br":
            self._break(min(self._newlines + 1, 2))
        elif tag == "li":
            self._newlines = max(self._newlines, 1)
            self._lead = BULLET
        elif tag in _CELLS:
            self._cell_begins = True
            if self._row_has_text and not self._row_has_lines:
                self._newlines, self._lead = 0, CELL
        elif tag in _BLOCKS:
            self._break(2 if tag in _PARAGRAPHS else 1)
        if tag == "tr":
            self._row_has_text = self._row_has_lines = False
        elif tag in _LISTS:
            self._lists += 1
        elif tag == "pre":
            self._preformatted += 1

    def _end(self, tag: str) -> None:
        if tag in ("li", "tr"):
            self._lead = ""
        elif tag in _LISTS:
            self._lists = max(0, self._lists - 1)
        elif tag in _CELLS and self._row_has_text:
            self._newlines = min(self._newlines, 1)
        if tag in _BLOCKS:
            self._break(2 if tag in _PARAGRAPHS else 1)
        if tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)

    def _break(self, newlines: int) -> None:
        """Ask for a line end (1) or a blank line (2), which lists and cells don't begin with."""
        if not self._lead:
            tight = self._lists or self._cell_begins
            self._newlines = max(self._newlines, 1 if tight else newlines)

    def _text(self, text: str) -> None:
        if self._preformatted:
            lines = text.replace("\xa0", " ").strip("\n")
            if lines.strip():
                self._put(lines)
            return
        folded = _WHITE_SPACE.sub(" ", text)
        if folded == " ":
            self._space = True
            return
        if not folded:
            return
        self._space = self._space or folded[0] == " "
        self._put(folded.strip(" "))
        self._space = folded[-1] == " "

    def _put(self, text: str) -> None:
        if self._parts and self._newlines:
            self._parts.append("\n" * self._newlines)
            self._row_has_lines = self._row_has_text
        elif self._parts and self._space and self._lead != CELL:
            self._parts.append(" ")
        self._parts.append(self._lead + text)
        self._newlines, self._lead, self._space = 0, "", False
        self._row_has_text, self._cell_begins = True, False
