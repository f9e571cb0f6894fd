"""The form of a flow: its steps, what each answer leads to, how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# How a form ends; "human/<reason>", "switch/<flow>" and
# "ask/<faq>" (another question takes its place) name more.
SOLVED = "solved"
CANCELLED = "cancelled"
LATER = "later"
KEPT = "kept"
DECLINED = "declined"
LEFT = "left"
SAID = "said"  # all has been said
UNSOLVED = "human/unsolved"
ASKED = "human/asked"
URGENT = "human/urgent"
MISSED = "human/missed"

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Step:
    """One question of a form; its words and buttons are the domain's utter_ask_<slot>.

    check: the step's name in the card's list of things tried, results: value → done, no, unknown.
    says: value → the FAQ whose short answer helps then. tells: value → a response said then.
    then: value → the slot asked next. ends: value → how the form ends.
    still: the value that "it still doesn't work" means here.
    free: any text answers. optional: not asked by itself, only when another step leads here.
    closing: asked for the human's sake, after self-help. known_by: sets of slots, any of which
    makes the question needless. again: forgotten after its answer, so that it can be asked again.
    """

    slot: str
    check: str | None = None
    results: Mapping[str, str] = field(default=NOTHING)
    says: Mapping[str, str] = field(default=NOTHING)
    tells: Mapping[str, str] = field(default=NOTHING)
    then: Mapping[str, str] = field(default=NOTHING)
    ends: Mapping[str, str] = field(default=NOTHING)
    still: str | None = None
    free: bool = False
    optional: bool = False
    closing: bool = False
    again: bool = False
    known_by: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Flow:
    """A triage dialogue.

    faq: answered first when the flow starts without one. causes: FAQ → (slot, value) that
    asking for it already says. finish: how the form ends when nothing is left to ask.
    hasty: the first reply that is not understood ends it too (the fast lane).
    """

    name: str
    faq: str
    steps: tuple[Step, ...]
    causes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    finish: str = UNSOLVED
    hasty: bool = False

    @property
    def form(self) -> str:
        """The form's name in the domain."""
        return f"{self.name}_form"

    def step(self, slot: str) -> Step | None:
        """Return the step that asks for a slot."""
        return next((step for step in self.steps if step.slot == slot), None)


def detail(slot: str, *, closing: bool = False, known_by: tuple[tuple[str, ...], ...] = ()) -> Step:
    """Make the step that asks for one detail of the case."""
    return Step(slot, closing=closing, known_by=known_by, free=slot in FREE)


# Details that any text answers; the others have to look like a time, an amount, a number.
FREE = (
    "error_text",
    "counterparty",
    "refund_order",
    "complaint_problem",
    "complaint_place",
    "complaint_steps",
    "complaint_wish",
)
