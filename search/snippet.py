"""The piece of an answer that shows why it was found, with the query's words marked."""

from __future__ import annotations

import re

from search import pictures
from search.analysis import Analyser
from search.documents import VARIABLE

LENGTH = 80
_MARKUP = re.compile(r"\*\*|__|`|^#+\s*|^\s*(?:\d+\.|[-*])\s+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SENTENCES = re.compile(r"(?<=[。！？；])|\n+")


def plain(markdown: str) -> str:
    """Strip Markdown to the words a reader sees; variables stay, pictures go."""
    return _MARKUP.sub("", _LINK.sub(r"\1", pictures.without(markdown)))


def mark(markdown: str, query: str, analyser: Analyser) -> list[tuple[str, bool]]:
    """Choose the sentence that holds most of the query and mark its words there.

    Returns (text, marked) pieces which together read on; about LENGTH characters.
    """
    wanted = {word for word in analyser.cut(analyser.normalise(query)) if len(word) > 1}
    wanted |= set(analyser.cut(analyser.standard(analyser.normalise(query))))
    wanted = {word for word in wanted if len(word) > 1 or not word.isascii()} - _LIGHT
    if any(len(word) > 1 for word in wanted):
        wanted = {word for word in wanted if len(word) > 1}  # a lone character marks half the page
    sentences = [part.strip() for part in _SENTENCES.split(plain(markdown)) if part.strip()]
    if not sentences:
        return []
    best = max(
        sentences, key=lambda text: sum(len(word) for word in wanted if word in text.lower())
    )
    start = sentences.index(best)
    text = best
    for following in sentences[start + 1 :]:
        if len(text) + len(following) > LENGTH:
            break
        text += following
    return pieces(text[: LENGTH * 2], wanted)


def _weight(sentence: str, wanted: set[str]) -> int:
    return sum(len(word) for word in wanted if word in sentence)


def pieces(text: str, wanted: set[str]) -> list[tuple[str, bool]]:
    """Cut a text at the wanted words; longer words are marked first, variables are never cut."""
    words = sorted((re.escape(word) for word in wanted if word), key=len, reverse=True)
    if not words:
        return [(text, False)]
    pattern = re.compile(f"{VARIABLE.pattern}|(?P<word>{'|'.join(words)})", re.IGNORECASE)
    found: list[tuple[str, bool]] = []
    last = 0
    for match in pattern.finditer(text):
        if match["word"] is None:
            continue
        if match.start() > last:
            found.append((text[last : match.start()], False))
        found.append((match[0], True))
        last = match.end()
    if last < len(text):
        found.append((text[last:], False))
    return found


# Words that every text holds; marking them would only distract.
_LIGHT = frozenset(
    "的了么呢吧吗啊我你他她它这那哪是在有和就都也很不要会能怎为什把被给让到去来说个一"
) | {"没有", "什么", "怎么", "可以", "这个", "那个", "一直", "不能", "为什么", "怎么办"}
