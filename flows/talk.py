"""A draft of a flow tried out: what a customer would read, answer by answer.

It knows buttons and the words that the flow itself lists; the bot hears more (actions/hearing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from flows import walking
from flows.flow import SKIPPED, SOLVED, Flow, Step

Normalise = Callable[[str], str]
# faq: an FAQ's short answer. said: the flow's words. asked: a step's question. mine: the
# customer's. missed: a message that none of its words hears.
Kind = Literal["faq", "said", "asked", "mine", "missed", "notices"]


@dataclass(frozen=True, slots=True)
class Told:
    """One message. text: of kind `faq`, the FAQ's id."""

    kind: Kind
    text: str


@dataclass(slots=True)
class Talk:
    """How a draft was walked.

    asking: the step that waits. end: how it ended. card: (field, text) as the person gets it.
    taken: how many of the answers were taken; the rest no longer fit the draft.
    """

    told: list[Told] = field(default_factory=list)
    asking: Step | None = None
    end: str | None = None
    card: list[tuple[str, str]] = field(default_factory=list)
    taken: int = 0


def tell(
    flow: Flow,
    faq: str,
    answers: Sequence[Mapping[str, str]],
    normalise: Normalise,
    *,
    announced: bool,
) -> Talk:
    """Walk a flow. faq: the FAQ asked for. answers: each with `value`, or `text` as it was typed.

    announced: whether a notice holds now.
    """
    talk = Talk([Told("faq", faq)])
    last = faq
    place = walking.begin(flow, faq, announced=announced)
    _go_on(talk, flow, walking.Place(), place, announced=announced)
    for sent in answers:
        step = flow.step(place.asking or "")
        if step is None:
            break
        value, typed = sent.get("value"), sent.get("text", "").strip()
        if value is None:
            value = heard(step, typed, normalise)
        elif value not in step.choices:
            break
        title = typed or (*step.choice(value or "").titles, value or "")[0]
        talk.told.append(Told("mine", title))
        talk.taken += 1
        if value is None:
            talk.told.append(Told("missed", ""))
            talk.told.append(Told("asked", step.utter))
            continue
        talk.card += _noted(step, value, title)
        choice = step.choice(value)
        if value != SOLVED and choice.answer and choice.answer != last:
            last = choice.answer
            talk.told.append(Told("faq", choice.answer))
        if value != SOLVED and choice.utter:
            talk.told.append(Told("said", choice.utter))
        before = place
        place = walking.answer(flow, place, value, announced=announced)
        _go_on(talk, flow, before, place, announced=announced)
    talk.asking, talk.end = flow.step(place.asking or ""), place.end
    return talk


def heard(step: Step, text: str, normalise: Normalise) -> str | None:
    """Tell which answer of a step a typed message is; walking.FREE for an open question's."""
    said = normalise(text)
    best: tuple[int, str | None] = (0, None)
    for value, choice in step.choices.items():
        for one in (*choice.titles, *choice.examples, *choice.anywhere):
            word = normalise(one)
            fits = word == said or (len(word) > 1 and word in said)
            if word and fits and len(word) > best[0]:
                best = (len(word), value)
    return best[1] or (walking.FREE if step.expects and said else None)


def _go_on(
    talk: Talk, flow: Flow, before: walking.Place, after: walking.Place, *, announced: bool
) -> None:
    for step in walking.settled(flow, before, after):
        said = flow.responses.get("no_notice") if step.before == "announcements" else None
        if said:
            talk.told.append(Told("said", said))
    asking = flow.step(after.asking or "")
    if asking is not None:
        if asking.before == "announcements" and announced:
            talk.told.append(Told("notices", ""))
        talk.told.append(Told("asked", asking.utter))


def _noted(step: Step, value: str, title: str) -> list[tuple[str, str]]:
    """Say what an answer writes into the card."""
    if value in (SKIPPED, SOLVED):
        return []
    found = [(name, text.replace("{value}", title)) for name, text in step.card.items()]
    if step.tried and step.title:
        found.append(("tried", step.title))
    return found
