"""Reads how customers answer a question in their own words: by the step's own examples in its
flow, and by data/lexicon/replies.yml.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions import knowledge
from actions.flow import Step
from actions.turn import SKIPPED
from dialogue import polarity
from dialogue.text import asks
from learning.text import bared
from search.dialogue import Made

STILL = "still"
STOP = "stop"
SOLVED = "solved"
# What denies the phrase that follows: 没忘记密码 chooses no 忘记密码.
DENIERS = ("没", "没有", "不是", "并非", "不", "未")
# Share of a message that a phrase has to cover to be what the message says.
WHOLE = 0.5
# Values of an answer that any step may have under the same name.
COMMON = ("unknown", "yes", "no")
_BETWEEN = re.compile(r"[\s,，。.!！?？;；、~～…:：\n]+")
LONGEST = 300


@dataclass(frozen=True)
class Reading:
    """What a reply says: value, and whether the message says nothing beside it."""

    value: str
    whole: bool


# 让他转回来就行了吧 asks whether it will
_SUPPOSES = re.compile(r"(?:行|好|可以|成|够)了吧\W*$")


@dataclass(frozen=True)
class Lexicon:
    """The words of replies to any step, and the patterns of details that were just asked for.

    alone: kind → forms of its common phrases that are a whole message, with and without particles.
    """

    common: Mapping[str, tuple[str, ...]]
    alone: Mapping[str, frozenset[str]]
    questions: tuple[str, ...]
    particles: tuple[str, ...]
    bare: Mapping[str, tuple[re.Pattern[str], ...]]


def _made(details: dict[str, Any], replies: dict[str, Any]) -> Lexicon:
    """Bring the words into the normal form that messages are compared in."""
    common = {value: _normal(words) for value, words in replies["common"].items()}
    particles = tuple(sorted(replies["particles"], key=len, reverse=True))
    return Lexicon(
        common=common,
        alone={
            kind: frozenset(words) | {_without(bared(word), particles) for word in words}
            for kind, words in common.items()
        },
        questions=tuple(replies["question_marks"]),
        particles=particles,
        bare={
            kind: tuple(re.compile(pattern) for pattern in patterns["bare"])
            for kind, patterns in details.items()
        },
    )


# As the files say now.
lexicon: Made[Lexicon] = Made(_made)


def read_choice(text: str, step: Step, choices: Mapping[str, Sequence[str]]) -> Reading | None:
    """Read a reply to a question with buttons.

    choices: value → titles of its buttons. Returns a value of the choices, or SOLVED, STILL or
    STOP, which a reply may say at any step; None when nothing is recognised.
    """
    clauses = list(_clauses(text))
    if not clauses:
        return None
    number = read_number(text, len(choices))
    if number:
        return Reading(list(choices)[number - 1], True)
    joined = "".join(clauses)
    goes_on = polarity.goes_on_badly(text)
    goes_on = goes_on or _SUPPOSES.search(text) is not None
    ended = says(text, "solved_after") and not says(text, STILL) and not is_question(text)
    if ended and not goes_on:
        return Reading(SOLVED, True)
    bare = [_strip(clause) for clause in clauses]
    length = sum(len(clause) for clause in bare)
    best: tuple[int, str] = (0, "")
    for phrase, value in _phrases(step, choices):
        # One character is an answer only by itself: 有 is not 没有.
        said = phrase in bare or (_holds(joined, phrase) if len(phrase) > 1 else phrase in clauses)
        if value == STOP:
            # 手机号也不用了 gives nothing up: to leave is a whole message
            said = bare == [phrase] or _strip(joined) == phrase
        if said and len(phrase) > best[0]:
            best = (len(phrase), value)
    if not best[1] or (best[1] == SOLVED and goes_on):
        return None
    return Reading(best[1], best[0] >= WHOLE * length)


def _holds(text: str, phrase: str) -> bool:
    """Say whether a text holds a phrase somewhere that no word right before it denies."""
    at = text.find(phrase)
    while at >= 0:
        if not text[:at].endswith(DENIERS):
            return True
        at = text.find(phrase, at + 1)
    return False


def own_values(step: Step) -> frozenset[str]:
    """Return the values of a step that have words of their own: no mere yes or no."""
    own = {value for value, choice in step.choices.items() if choice.examples}
    return frozenset(own) - frozenset(COMMON)


def read_anywhere(text: str, step: Step) -> str | None:
    """Read what a message says about a step that was not asked for now."""
    joined = "".join(_clauses(text))
    found = [
        (len(phrase), value)
        for value, phrases in _words_of(step)[1].items()
        for phrase in phrases
        if phrase in joined
    ]
    return max(found)[1] if found else None


def read_detail(text: str, step: Step) -> str | None:
    """Read a reply to a question without choices: the detail, SKIPPED, or None."""
    if not _bare(text):
        return None
    if is_only(text, SKIPPED):
        return SKIPPED
    if step.free:
        return text.strip()[:LONGEST]
    folded = unicodedata.normalize("NFKC", text)
    for pattern in lexicon().bare.get(step.slot, ()):
        match = pattern.search(folded)
        if match:
            return match["value"].strip()
    return None


def says(text: str, kind: str) -> bool:
    """Say whether a message holds one of the common phrases of a kind."""
    joined = "".join(_clauses(text))
    clauses = {joined, _bare(text)}
    return any(
        phrase in (joined if len(phrase) > 1 else clauses) for phrase in lexicon().common[kind]
    )


def says_solved(text: str) -> bool:
    """Say whether a message says little but that it is solved, and neither doubts nor asks."""
    doubts = says(text, STILL) or says(text, "unknown") or is_question(text)
    reading = None if doubts else read_choice(text, Step(SOLVED), {})
    return reading == Reading(SOLVED, True)


def is_only(text: str, kind: str) -> bool:
    """Say whether a message is nothing but one of the common phrases of a kind."""
    bare = {_bare(text), "".join(_clauses(text))}
    return not bare.isdisjoint(lexicon().alone[kind])


def read_number(text: str, count: int) -> int | None:
    """Read a message that picks one of so many things by its number, from 1."""
    bare = _bare(text)
    if bare.isascii() and bare.isdigit() and 1 <= int(bare) <= count:
        return int(bare)
    return None


def is_question(text: str) -> bool:
    """Say whether a message asks something."""
    return asks(text) or any(mark in text for mark in lexicon().questions)


def _phrases(step: Step, choices: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    words = lexicon()
    own = _words_of(step)[0]
    for value, titles in choices.items():
        for title in titles:
            yield "".join(_clauses(title)), value
        for phrase in own.get(value, ()):
            yield phrase, value
    for value in COMMON:
        if value in choices:
            for phrase in words.common[value]:
                yield phrase, value
    # The first of equally long phrases wins, so the negated ones come first.
    for value in (STILL, SOLVED, STOP):
        for phrase in words.common[value]:
            yield phrase, value


@functools.lru_cache(maxsize=1024)
def _words_of(step: Step) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return value → examples, and value → words that count anywhere, in normal form."""
    examples = {value: _normal(choice.examples) for value, choice in step.choices.items()}
    anywhere = {value: _normal(choice.anywhere) for value, choice in step.choices.items()}
    return examples, anywhere


def _clauses(text: str) -> Iterator[str]:
    for clause in _BETWEEN.split(knowledge.normalise(text)):
        if clause:
            yield clause


def _bare(text: str) -> str:
    return _strip(bared(knowledge.normalise(text)))


def _strip(clause: str) -> str:
    return _without(clause, lexicon().particles)


def _without(clause: str, particles: Sequence[str]) -> str:
    """Take particles off both ends, but never the whole clause."""
    ends = tuple(particles)
    changed = clause.endswith(ends) or clause.startswith(ends)
    while changed:
        changed = False
        for particle in particles:
            if len(clause) > len(particle) and clause.endswith(particle):
                clause, changed = clause[: -len(particle)], True
            if len(clause) > len(particle) and clause.startswith(particle):
                clause, changed = clause[len(particle) :], True
    return clause


def _normal(words: Sequence[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys("".join(_split(str(word))) for word in words))


def _split(word: str) -> list[str]:
    return [part for part in _BETWEEN.split(knowledge.normalise(word)) if part]
