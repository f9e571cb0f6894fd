"""The parts of an FAQ's answer: its short answer, its steps, the sentence that fits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from search import pictures

_STEP = re.compile(r"^\s*\d+[.、]\s+(.+)$", re.MULTILINE)
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_NUMBER = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
# Characters that every question may hold: a pair with one of them says nothing of its own.
_EMPTY = frozenset(
    "的了吗呢吧啊呀嘛么也在那这里还就都是我你您他她它有没不要会能可以怎什哪啥咋到去来给和跟与把被让个一"
    "那哦嗯请问想说看用为因所而且但如果再又才刚已经过着地得上下后前时候"
)
# A page or a button of the App, by its name.
_PLACE = re.compile(r"「[^」]+」")
_ORDINAL = re.compile(r"第([一二两三四五六七八\d])[步条点个]")


def steps_of(answer: str) -> list[str]:
    """Return the numbered steps of an answer."""
    return [step.strip() for step in _STEP.findall(pictures.without(answer))]


def sentences_of(answer: str) -> list[str]:
    """Return the sentences of an answer, its steps without their numbers, no pictures."""
    found: list[str] = []
    for line in pictures.without(answer).split("\n"):
        step = _STEP.match(line)
        found += [one.strip() for one in _SENTENCE.findall(step[1] if step else line)]
    return [one for one in found if len(one) > 3 and not one.startswith("#")]


def step_with_place(steps: list[str]) -> int:
    """Return the number of the first step that names a page or a button, else 1."""
    return next((number for number, step in enumerate(steps, 1) if _PLACE.search(step)), 1)


def step_named(text: str) -> int | None:
    """Return the number of the step that a message names: 第二步什么意思 → 2."""
    match = _ORDINAL.search(text)
    if match is None:
        return None
    return int(match[1]) if match[1].isdigit() else _NUMBER[match[1]]


def fitting(texts: Iterable[str], message: str, least: float = 0.34) -> str | None:
    """Return the text that shares most of a message's pairs of characters; None when none does.

    A pair that many of the texts share counts less. least: the share that it has to reach.
    """
    parts = list(texts)
    pairs = {message[at : at + 2] for at in range(len(message) - 1)}
    pairs = {pair for pair in pairs if pair.isalnum() and not _EMPTY.intersection(pair)}
    if not pairs:
        return None
    worth = {
        pair: math.log(1 + (1 + len(parts)) / (1 + sum(pair in part for part in parts)))
        for pair in pairs
    }
    total = sum(worth.values())
    best, share = None, 0.0
    for part in parts:
        held = sum(worth[pair] for pair in pairs if pair in part) / total
        if held > share:
            best, share = part, held
    return best if share >= least else None
