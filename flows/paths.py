"""Where the answers of a flow lead: steps that nothing reaches, steps without a way out."""

from __future__ import annotations

from collections.abc import Iterator

from flows.flow import SOLVED, Flow, Step


def unreached(flow: Flow) -> list[Step]:
    """List the optional steps that no answer leads to."""
    named = {choice.next for step in flow.steps for choice in step.choices.values()}
    named |= {cause.next for cause in flow.causes.values()}
    return [step for step in flow.steps if step.optional and step.slot not in named]


def dead_ends(flow: Flow) -> list[Step]:
    """List the steps from which every answer leads only round and round.

    A step that says `next` goes there; any other answer goes on to the first step that is not
    answered, which comes to the end sooner or later.
    """
    leads = {step.slot: set(_leads(step)) for step in flow.steps}
    ending = {slot for slot, places in leads.items() if None in places}
    while True:
        more = {slot for slot, places in leads.items() if places & ending} - ending
        if not more:
            return [step for step in flow.steps if step.slot not in ending]
        ending |= more


def _leads(step: Step) -> Iterator[str | None]:
    """Give the steps that the answers name; None for the way on and for an end."""
    for value, choice in step.choices.items():
        yield None if value == SOLVED else choice.next
    if step.expects is not None:
        yield None
