"""Where a flow's answers lead, without a customer: for its check and for trying a draft.

The bot walks by the same rules (actions/walk.py), and by more: it hears what was said before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.flow import SKIPPED, SOLVED, Flow, Step

# A flow of more places than these is not looked through whole.
MOST = 20_000
FREE = "…"  # stands for whatever is typed to an open question
SETTLED = "none"  # the answer of a step that was settled without asking


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has come: the steps that are answered, the one asked now, how it ended."""

    answered: frozenset[str] = frozenset()
    asking: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """Every way through a flow.

    ends: how ways end → an answer (step, value) before it; step None where it ends by itself.
    never: steps that no way asks, though they are no mere offers. stuck: steps from which no
    answer ever ends. rounds: (step, value) that ask the same again. shortest, longest: questions
    of a way, no round counted. whole: whether all was looked through.
    """

    ends: Mapping[str, tuple[str | None, str]]
    never: tuple[Step, ...]
    stuck: tuple[Step, ...]
    rounds: tuple[tuple[Step, str], ...]
    shortest: int
    longest: int
    whole: bool


def begin(flow: Flow, faq: str | None = None, *, announced: bool = True) -> Place:
    """Start a flow. faq: the FAQ that was asked for. announced: whether a notice is told."""
    cause = flow.causes.get(faq or "")
    step = flow.step(cause.slot) if cause else None
    if cause is None or step is None:
        return _advance(flow, frozenset(), None, announced=announced)
    known = frozenset(() if step.again else (step.slot,))
    return _advance(flow, known, cause.next or step.choice(cause.value).next, announced=announced)


def answer(flow: Flow, place: Place, value: str, *, announced: bool = True) -> Place:
    """Answer what is asked; a place where nothing is asked stays as it is."""
    step = flow.step(place.asking or "")
    if step is None:
        return place
    if value == SOLVED:
        return Place(place.answered, None, SOLVED)
    answered = place.answered - {step.slot} if step.again else place.answered | {step.slot}
    choice = step.choice(value)
    if choice.end:
        return Place(answered, None, choice.end)
    return _advance(flow, answered, choice.next, announced=announced)


def settled(flow: Flow, before: Place, after: Place) -> list[Step]:
    """List the steps that were settled without asking between two places."""
    asked = {before.asking, *before.answered}
    return [
        step
        for step in flow.steps
        if step.before and step.slot in after.answered and step.slot not in asked
    ]


def values(step: Step) -> list[str]:
    """List what a step may be answered with."""
    return [*step.choices, *([FREE] if step.expects else [])]


def ways(flow: Flow) -> Ways:
    """Look through every way of a flow."""
    firsts = {
        begin(flow, faq, announced=told) for faq in (None, *flow.causes) for told in (True, False)
    }
    leads: dict[Place, list[tuple[str, Place]]] = {}
    queue = deque(sorted(firsts, key=str))
    ends: dict[str, tuple[str | None, str]] = {
        first.end: (None, "") for first in firsts if first.end
    }
    while queue and len(leads) < MOST:
        place = queue.popleft()
        if place in leads or place.asking is None:
            continue
        leads[place] = list(_leads(flow, place))
        for value, after in leads[place]:
            if after.end is not None:
                ends.setdefault(after.end, (place.asking, value))
            queue.append(after)
    whole = not queue or all(place in leads or place.asking is None for place in queue)
    asked = {place.asking for place in leads}
    never = [step for step in flow.steps if whole and step.slot not in asked]
    deep = _depths(leads, firsts)
    return Ways(
        ends,
        tuple(step for step in never if not step.optional and not step.closing),
        _stuck(flow, leads) if whole else (),
        tuple(_rounds(flow, leads)),
        _shortest(leads, firsts),
        deep,
        whole,
    )


def _leads(flow: Flow, place: Place) -> Iterator[tuple[str, Place]]:
    step = flow.step(place.asking or "")
    for value in values(step) if step is not None else ():
        for told in (True, False):
            yield value, answer(flow, place, value, announced=told)


def _advance(flow: Flow, answered: frozenset[str], to: str | None, *, announced: bool) -> Place:
    """Go to a step, or to the first that is still to be asked, or to the end."""
    if to is not None:
        return Place(answered, to, None)
    for step in flow.steps:
        if step.optional or step.slot in answered:
            continue
        if any(set(names) <= answered for names in step.known_by):
            continue
        if step.before == "announcements" and not announced:
            answered |= {step.slot}
            continue
        return Place(answered, step.slot, None)
    return Place(answered, None, flow.finish)


Leads = Mapping[Place, list[tuple[str, Place]]]


def _stuck(flow: Flow, leads: Leads) -> tuple[Step, ...]:
    """List the steps from some place of which no answer ever comes to an end."""
    good = {place for place, found in leads.items() if any(one.end for _, one in found)}
    back: dict[Place, list[Place]] = {}
    for place, found in leads.items():
        for _, after in found:
            back.setdefault(after, []).append(place)
    queue = deque(good)
    while queue:
        for before in back.get(queue.popleft(), ()):
            if before not in good:
                good.add(before)
                queue.append(before)
    bad = {place.asking for place in leads if place not in good}
    return tuple(step for step in flow.steps if step.slot in bad)


def _rounds(flow: Flow, leads: Leads) -> Iterator[tuple[Step, str]]:
    """Give the answers after which the very same question is asked, nothing else being known."""
    seen = set()
    for place, found in leads.items():
        step = flow.step(place.asking or "")
        for value, after in found:
            same = after.asking == place.asking and after.answered <= place.answered | {
                place.asking
            }
            if step is not None and same and value != SKIPPED and (step.slot, value) not in seen:
                seen.add((step.slot, value))
                yield step, value


def _shortest(leads: Leads, firsts: set[Place]) -> int:
    queue = deque((first, 0) for first in firsts)
    seen = set(firsts)
    while queue:
        place, asked = queue.popleft()
        if place.end is not None:
            return asked
        for _, after in leads.get(place, ()):
            if after not in seen:
                seen.add(after)
                queue.append((after, asked + 1))
    return 0


def _depths(leads: Leads, firsts: set[Place]) -> int:
    """Return the most questions of a way that comes to no place twice."""
    depth: dict[Place, int] = {}
    open_ = set()
    stack = [(first, False) for first in firsts]
    while stack:
        place, done = stack.pop()
        if done:
            open_.discard(place)
            known = [depth[after] for _, after in leads.get(place, ()) if after in depth]
            depth[place] = int(place.asking is not None) + max(known, default=0)
        elif place not in depth and place not in open_:
            open_.add(place)
            stack.append((place, True))
            stack += [(after, False) for _, after in leads.get(place, ())]
    return max((depth[first] for first in firsts), default=0)
