"""What a customer tells: kept, said back, and followed by what helps next."""

from __future__ import annotations

import re

from actions import answering, commands, speech, wording
from actions.flows import flows
from actions.turn import Turn
from dialogue import polarity
from dialogue.reading import Reading

# Words by which a customer takes back what they said.
_TAKES_BACK = re.compile(r"[说打发记搞写看弄填输]错|更正|纠正|不对|应该是|改成|才对|其实是|准确")
# Facets that help who told something more, in this order.
NEXT = ("status", "who", "need")
# How near what is told has to be to how customers tell or ask a further point: it asks for no
# reply, so one beside the matter is worse than none. Of sixty such messages by other authors 27
# were beside it from `answering.LIKELY` on, three from here.
TOLD = 0.7
# Facts as they are shown back, in this order.
SHOWN = ("time", "amount", "order_number", "error_text", "card_tail", "payee")


def note(turn: Turn, text: str) -> None:
    """Keep what was told, and say back what was understood of it."""
    if not turn.masked and not turn.only_details:
        turn.state.tell(text)
    commands.note(turn)
    told = {kind: value for kind, value in turn.told.facts.items() if kind in SHOWN}
    shown = "、".join(told[kind] for kind in SHOWN if kind in told)
    if shown:
        speech.say(turn, "corrected" if turn.corrected else "noted", facts=shown)
    else:
        speech.say(turn, "noted_plain")
    turn.set("misses", 0)


def note_quietly(turn: Turn) -> None:
    """Keep what was told without a word about it."""
    if turn.text and not turn.masked:
        turn.state.tell(turn.said)
    commands.note(turn)


def fact(turn: Turn, reading: Reading) -> bool:
    """Keep what is told, and say what may be said to it or what helps next."""
    known = turn.state.topic or turn.slot("flow") or turn.slot("problem")
    note(turn, reading.text)
    faq = answering.topic_of(turn)
    if not known:
        speech.say(turn, "opening")
    elif (
        faq is None
        or polarity.is_surely_fine(turn.said)
        or not answering.give_further(turn, faq, TOLD)
    ):
        _go_on(turn)
    return True


def _go_on(turn: Turn) -> None:
    """Say what helps next with what is talked about; a person when nothing new is left."""
    faq = answering.topic_of(turn)
    facets = dict(faq.facets) if faq is not None else {}
    given = turn.state.given.get(faq.id, []) if faq is not None else []
    aspect = next((one for one in NEXT if one in facets and one not in given), None)
    if faq is not None and aspect is not None:
        speech.say_facet(turn, faq, aspect, facets[aspect], named=False)
        return
    flow = flows().get(faq.flow or "") if faq is not None else None
    if flow is not None and not flow.hasty and not turn.slot("flow"):
        start = wording.flow_button(turn, flow.name, "utter_continue_button")
        speech.say(turn, "more_flow", [start])
        turn.set("asked", f"flow/{flow.name}")
        return
    speech.say(turn, "more")
    turn.set("asked", "human")


def correction(turn: Turn, reading: Reading) -> bool:
    """Take what is told in the place of what was told before."""
    if turn.told.facts or not _TAKES_BACK.search(reading.text):
        return fact(turn, reading)
    if len(reading.text) > 6:
        note(turn, reading.text)
    else:
        speech.say(turn, "corrected_bare")
    return True
