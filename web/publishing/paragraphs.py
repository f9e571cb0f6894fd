"""An article as it is rendered, cut into what a reader takes as one piece."""

from __future__ import annotations

from html.parser import HTMLParser

BLOCKS = {"p", "li", "h2", "h3", "h4", "tr", "blockquote", "hr"}
Block = tuple[str, str, str]  # kind, mark, text


def blocks(html: str) -> list[Block]:
    """Cut rendered HTML into what a reader takes as one paragraph, step or row."""
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    return reader.taken()


class _Blocks(HTMLParser):
    """Gathers the text of blocks in their order."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Block] = []
        self._kind, self._mark, self._text = "p", "", ""
        self._lists: list[int | None] = []  # of each open list, the number of its next step

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag in ("ol", "ul"):
            self._cut()
            self._lists.append(int(known.get("start") or 1) if tag == "ol" else None)
        elif tag == "li":
            self._cut()
            number = self._lists[-1] if self._lists else None
            self._kind, self._mark = "li", "•" if number is None else f"{number}."
            if number is not None:
                self._lists[-1] = number + 1
        elif tag == "img":
            self._text += f"〔{known.get('alt') or known.get('src') or ''}〕"
        elif tag == "br":
            self._text += "\n"
        elif tag in BLOCKS and not (tag == "p" and self._kind == "li" and not self._text.strip()):
            self._cut()
            self._kind = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._text += "  "
        elif tag in ("ol", "ul"):
            self._cut()
            if self._lists:
                self._lists.pop()
        elif tag in BLOCKS:
            self._cut()

    def handle_data(self, data: str) -> None:
        self._text += data

    def taken(self) -> list[Block]:
        """Return what was gathered."""
        self._cut()
        return self._found

    def _cut(self) -> None:
        text = self._text.strip()
        if text:
            self._found.append((self._kind, self._mark, text))
            self._kind, self._mark = "p", ""
        self._text = ""
