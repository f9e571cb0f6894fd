"""Goes on helping beside the queue: the place is kept, nothing is promised that is not so."""

from __future__ import annotations

from actions import (
    answering,
    commands,
    converse,
    counselling,
    hearer,
    knowledge,
    speech,
    telling,
    wording,
)
from actions.opening import answer
from actions.turn import Turn
from dialogue.text import asks


def takes(turn: Turn) -> bool:
    """Answer a message of somebody who waits for a person; False when nobody waits."""
    place = turn.metadata.get("waiting")
    if not isinstance(place, dict):
        return False
    asks_time = hearer.asks_how_long(turn.said)
    if not asks_time and counselling.in_fraud(turn):
        return True
    reading = turn.reading
    values = {key: str(place.get(key) or 0) for key in ("place", "agents")}
    values["minutes"] = "–".join(map(str, dict.fromkeys(place.get("minutes") or ())))
    act = reading.act
    if turn.intent == "human" and not reading.returns:
        tell(turn, "waiting_again", values)
    elif (
        asks_time
        or act in ("how_long", "staffed", "hurry")
        or (act == "facet" and reading.aspect == "time")
    ):
        how_long(turn, values)
    elif leaves(turn):
        commands.leave_queue(turn)
        faq = knowledge.find(reading.faq)
        turn.set("settled", None)
        speech.say(turn, "waiting_leave")
        if faq is not None:
            answering.give(turn, faq, short=False, buttons=[])
    elif act == "presence":
        tell(turn, "waiting_presence", values)
    elif act == "matter" and (faq := knowledge.find(reading.faq)) is not None:
        beside(turn, faq.id)
    elif act in ("fact", "correction", "tried", "still", "deny", "inform"):
        telling.note_quietly(turn)
        tell(turn, "waiting_noted", values)
    elif not converse.reply(turn, reading):
        if turn.intent in ("smalltalk", "solved"):
            return False
        telling.note_quietly(turn)
        # what only tells is for the person who takes over
        tell(turn, "waiting_unknown" if asks(turn.said) else "waiting_noted", values)
    return True


def leaves(turn: Turn) -> bool:
    """Say whether the customer leaves the queue; 先不冻结 leaves something else."""
    reading = turn.reading
    if reading.act == "back_to_bot" or reading.left:
        return True
    named = hearer.reader().topics.name(turn.said)
    return (reading.act == "leave" or turn.intent == "cancel") and not named.objects


def beside(turn: Turn, faq_id: str) -> None:
    """Answer a question beside the queue, without opening a flow."""
    faq = knowledge.find(faq_id)
    if faq is None:
        return
    if faq.flow == "human":
        answer(turn, faq)
        return
    answering.give(turn, faq, short=False, buttons=[])
    if faq.urgent and not turn.metadata["waiting"].get("urgent"):
        commands.hasten(turn, faq.flow or "human")
    if turn.learned:
        commands.note(turn)


def how_long(turn: Turn, values: dict[str, str]) -> None:
    """Say truly how long it takes, or that nobody is there."""
    if values["agents"] == "0":
        hotline = wording.variable(turn, "hotline")
        speech.say(turn, "waiting_nobody", place=values["place"], hotline=hotline)
    elif not values["minutes"]:
        tell(turn, "waiting_time_unknown", values)
    else:
        tell(turn, "waiting_time", values)


def tell(turn: Turn, phrase: str, values: dict[str, str]) -> None:
    """Say a phrase with what is known of the queue."""
    speech.say(turn, phrase, **values)
