"""Every state of every flow, read from its file, and how a customer gets there.

A state is a flow and the step that it asks for. The way there is found by walking the real bot:
a flow is opened by one of its FAQs, each step answered by one of its own buttons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from tests.conversations.talk import Talk, asked_slot, buttons_of
from tests.product import ROOT, Customer

# Answers that keep a flow going come first; these end it, so they are tried last.
ENDING = ("solved", "later", "keep")
LONGEST = 12


@dataclass(frozen=True)
class State:
    """A flow while it asks for one of its slots."""

    flow: str
    slot: str

    def __str__(self) -> str:
        return f"{self.flow}-{self.slot}"


@dataclass(frozen=True)
class Way:
    """How to reach a state: the FAQ that opens the flow, the titles of the buttons to press."""

    faq_id: str
    title: str
    presses: tuple[str, ...] = ()

    def walk(self, talk: Talk) -> None:
        """Go there."""
        talk.open_faq(self.faq_id, self.title)
        for title in self.presses:
            talk.press(title)


def states() -> Iterator[State]:
    """List the states of the flows."""
    for path in sorted((ROOT / "data" / "flows").glob("*.yml")):
        for step in yaml.safe_load(path.read_text(encoding="utf-8"))["steps"]:
            if "collect" in step:
                yield State(path.stem, step["collect"])


def find_ways(url: str) -> dict[State, Way]:
    """Walk every flow until each of its states was asked for; unreachable ones are left out."""
    wanted = list(states())
    ways: dict[State, Way] = {}
    for flow in dict.fromkeys(state.flow for state in wanted):
        slots = {state.slot for state in wanted if state.flow == flow}
        open_ends = [Way(faq_id, title) for faq_id, title in entrances(flow)]
        tried = 0
        while open_ends and slots - {state.slot for state in ways if state.flow == flow}:
            tried += 1
            assert tried < 100, f"{flow}: no way to {slots}"
            open_ends += _explore(url, flow, open_ends.pop(0), ways)
    return ways


def _explore(url: str, flow: str, start: Way, ways: dict[State, Way]) -> list[Way]:
    """Walk on from a way by first buttons, noting new states; returns the turnings not taken."""
    talk = Talk(Customer(url))
    start.walk(talk)
    presses, turnings = start.presses, []
    while len(presses) < LONGEST and talk.owner == "bot":
        slot = asked_slot(talk.last)
        if slot is None or State(flow, slot) in ways:
            break
        ways[State(flow, slot)] = Way(start.faq_id, start.title, presses)
        titles = _answers(talk, slot)
        turnings += [Way(start.faq_id, start.title, (*presses, one)) for one in titles[1:]]
        presses = (*presses, titles[0])
        talk.press(titles[0])
    return turnings


def _answers(talk: Talk, slot: str) -> list[str]:
    """List the titles that answer a step, those that end the flow last."""
    mine = [(title, payload) for title, payload in buttons_of(talk.last) if f'"{slot}"' in payload]
    return [
        title
        for title, _ in sorted(mine, key=lambda one: any(f'"{end}"' in one[1] for end in ENDING))
    ]


def entrances(flow: str) -> list[tuple[str, str]]:
    """List the FAQs (id, question) that open a flow."""
    found = []
    for path in sorted((ROOT / "data" / "faq").glob("*/*.md")):
        head = yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])
        if head.get("flow") == flow:
            found.append((head["id"], head["question"]))
    return found
