"""A guided flow: its steps with their words, what each answer leads to, how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

# The value by which any step says that the matter is solved, and the one that skips it.
SOLVED = "solved"
SKIPPED = "skip"
# How a flow may end, as files name it → the outcome that the engine acts on. A link to another
# flow is the outcome "switch/<flow>".
ENDS: Mapping[str, str] = MappingProxyType(
    {
        "human": "human/unsolved",
        "human_asked": "human/asked",
        "human_urgent": "human/urgent",
        "later": "later",
        "keep": "kept",
        "decline": "declined",
        "solve": SOLVED,
    }
)
SWITCH = "switch/"
# What the engine may do before it asks a step, as files name it; actions/before.py does it.
BEFORE = ("announcements",)
# Names that buttons and rules use for something else than a flow.
RESERVED = frozenset(
    (
        *("start", "human_left", "picture", "human", "faq", "flow", "offer", "unknown", "noise"),
        *("smalltalk", "solved", "unsolved", "cancel", "reply", "life"),
    )
)
# What the bot picks up from any message, so that a step that asks for it takes nothing else.
PICKED = ("time", "amount", "order_number")
# What an open question may expect; the page shows a fitting keyboard and masks accordingly.
EXPECTS = ("free", "error_text", *PICKED)
# The fields of the card that a step may fill; `tried` takes the name of what was tried.
CARD = ("problem", "time", "amount", "order_number", "error_text", "tried")
RESULTS = ("done", "no", "unknown")
NOTHING: Mapping[str, Any] = MappingProxyType({})


# Compared by identity: what is made of one (normal forms of its words) is kept by it.
@dataclass(frozen=True, eq=False)
class Button:
    """What customers may press. payload: as it is sent."""

    title: str
    payload: str


@dataclass(frozen=True, eq=False)
class Choice:
    """One value of a step: how it is said, what it says back, where it leads.

    examples: what customers type for it while it is asked; anywhere: so plain that it counts in
    any message of the flow. answer: the FAQ whose short answer helps then. utter: what is said
    then. next: the step asked then. end: how the flow ends then. result: what the card says of
    the thing tried.
    """

    titles: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()
    answer: str | None = None
    utter: str | None = None
    next: str | None = None
    end: str | None = None
    result: str | None = None


BARE = Choice()


@dataclass(frozen=True, eq=False)
class Step:
    """One question of a flow.

    utter: its words. expects: of an open question, one of EXPECTS. tried: the name of what was
    tried, in the card's list; title: how people read it there. card: field of the card → what
    stands there, {value} filled in. still: the value that "it still doesn't work" means here.
    optional: not asked by itself, only when another step leads here. closing: asked for the
    human's sake, after self-help. again: forgotten after its answer, so that it can be asked
    again. known_by: sets of slots, any of which makes the question needless. before: one of
    BEFORE. told_by: FAQs that, asked for in the customer's words, answer the step by those words.
    """

    slot: str
    utter: str = ""
    buttons: tuple[Button, ...] = ()
    choices: Mapping[str, Choice] = field(default=NOTHING)
    expects: str | None = None
    tried: str | None = None
    title: str | None = None
    card: Mapping[str, str] = field(default=NOTHING)
    still: str | None = None
    optional: bool = False
    closing: bool = False
    again: bool = False
    known_by: tuple[tuple[str, ...], ...] = ()
    before: str | None = None
    told_by: tuple[str, ...] = ()
    line: int = 1

    @property
    def free(self) -> bool:
        """Whether any text answers; time, amount and number have to look like one."""
        return self.expects is not None and self.slot not in PICKED

    def choice(self, value: str) -> Choice:
        """Return what a value leads to; nothing special for a free answer."""
        return self.choices.get(value, BARE)

    def titles(self) -> dict[str, list[str]]:
        """Return value → titles of its buttons, in their order."""
        return {value: list(choice.titles) for value, choice in self.choices.items()}


@dataclass(frozen=True, eq=False)
class Cause:
    """What asking for an FAQ already says: a step's value, and the step asked then, if one is."""

    slot: str
    value: str
    next: str | None = None


@dataclass(frozen=True, eq=False)
class Flow:
    """A guided flow.

    title: how customers read it. desk: how agents read it. faq: answered first when the flow
    starts without one. causes: FAQ → what asking for it already says. finish: how it ends when
    nothing is left to ask. hasty: the fast lane, where the first reply that is not
    understood ends it too and a person comes before others. responses: further words, by name.
    version: changes with everything above.
    """

    name: str
    title: str
    desk: str
    faq: str
    steps: tuple[Step, ...]
    finish: str
    causes: Mapping[str, Cause] = field(default=NOTHING)
    hasty: bool = False
    responses: Mapping[str, str] = field(default=NOTHING)
    version: str = ""

    def step(self, slot: str) -> Step | None:
        """Return the step that asks for a slot."""
        return next((step for step in self.steps if step.slot == slot), None)

    @property
    def links(self) -> frozenset[str]:
        """The flows that this one leads to."""
        ends = [self.finish, *(one.end for step in self.steps for one in step.choices.values())]
        return frozenset(end.removeprefix(SWITCH) for end in ends if end and SWITCH in end)

    @property
    def faqs(self) -> frozenset[str]:
        """The FAQs that it names."""
        said = {one.answer for step in self.steps for one in step.choices.values() if one.answer}
        told = {faq for step in self.steps for faq in step.told_by}
        return frozenset({self.faq, *self.causes, *said, *told})
