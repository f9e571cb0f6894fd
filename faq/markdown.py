"""What stands in a table's cell as Markdown: HTML made plain, lists made lists."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from faq import words

_TAG = re.compile(
    r"</?(?:p|div|br|ul|ol|li|b|strong|i|em|a|span|table|tr|td|th|h[1-6]|img|font|script|style)\b[^>]*>",
    re.I,
)
_BLOCKS = frozenset({"p", "div", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNSAID = frozenset({"script", "style", "head", "title"})
# 1、 1) （1） ① at the beginning of a line, and a bullet as people type it.
_NUMBERED = re.compile(
    r"^\s*(?:[（(]?(?P<number>\d{1,2})\s*(?:[、)）]|[.．](?!\d))|(?P<ring>[①-⑳]))\s*"
)
_BULLET = re.compile(r"^\s*[-*•·●▪◆]\s*(?=\S)")
_BEGINS = re.compile(r"^(?:#|-|1\. |!|>|\|)")


def from_cell(text: str) -> str:
    """Make a cell's answer into Markdown that an FAQ file may hold.

    Its first line stays its own paragraph, lines that begin with numbers or bullets become lists,
    other lines paragraphs; an answer that begins with a list gets a line before it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    if _TAG.search(text):
        text = _from_html(text)
    # Two braces would be a variable that nobody declared.
    text = text.replace("{{", "｛｛").replace("}}", "｝｝")
    blocks: list[list[str]] = []
    kind = ""
    for line in text.split("\n"):
        found, said = _line(line.strip(), kind)
        if not said:
            kind = ""
            continue
        if found and found == kind:
            blocks[-1].append(said)
        else:
            blocks.append([said])
        kind = found
    body = "\n\n".join("\n".join(block) for block in blocks)
    return f"{words.say('company.steps')}\n\n{body}" if _BEGINS.match(body) else body


def _line(line: str, before: str) -> tuple[str, str]:
    """Return what kind of list a line is of ("" for none), and the line as Markdown."""
    match = _NUMBERED.match(line)
    if match is not None and line[match.end() :]:
        number = match["number"] or str(ord(match["ring"]) - ord("①") + 1)
        return "numbers", f"{number}. {line[match.end() :]}"
    match = _BULLET.match(line)
    if match is not None and not line.startswith("**"):
        return "bullets", f"- {line[match.end() :]}"
    return "", line


class _Text(HTMLParser):
    """Writes HTML down as Markdown, and leaves out what is no text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._lists: list[int | None] = []
        self._silent = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSAID:
            self._silent += 1
        elif tag == "br" or tag in _BLOCKS:
            self.out.append("\n")
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self.out.append(f"\n{self._mark()}")
        elif tag in ("b", "strong"):
            self.out.append("**")
        elif tag in ("td", "th"):
            self.out.append(" ")
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
            self.out.append("[")
        elif tag == "img":
            self.out.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSAID:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.out.append("\n")
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self.out.append("\n")
        elif tag in ("b", "strong"):
            self.out.append("**")
        elif tag == "a" and self._links:
            target = self._links.pop()
            self.out.append(f"]({target})" if target.startswith(("http://", "https://")) else "]")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.out.append(re.sub(r"[ \t\n]+", " ", data) if self._lists else data)

    def _mark(self) -> str:
        if self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
            return f"{self._lists[-1]}. "
        return "- "


def _from_html(text: str) -> str:
    parser = _Text()
    parser.feed(text)
    parser.close()
    found = "".join(parser.out).replace("\u00a0", " ").replace("****", "")
    found = re.sub(r"\*\*\s*\*\*", "", found)
    # What leads nowhere is a text.
    return re.sub(r"\[([^\]\n]*)\](?!\()", r"\1", found)
