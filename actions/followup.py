"""Plain replies to what the bot asked outside of the flows: did it help, a human, which one."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction

from actions import knowledge, replies, speech, wording
from actions.flows import FORM, begin, flows
from actions.handover import hand_over
from actions.opening import answer
from actions.settling import close_solved
from actions.turn import Event, Turn

# Acts by which a customer denies what was understood.
DENIALS = ("deny", "rejection")


def take_reply(turn: Turn) -> list[Event] | None:
    """Take a message as the reply to the bot's question; None when it is none."""
    kind, _, ids = turn.asked.partition("/")
    if not turn.text or not kind:
        return None
    if kind == "offer":
        offered = ids.split(",")
        number = replies.read_number(turn.text, len(offered))
        faq = knowledge.find(offered[number - 1]) if number else None
        if faq is None and replies.is_only(turn.text, "which"):
            return _show_again(turn, offered)
        return answer(turn, faq) if faq else None
    declines = replies.is_only(turn.text, "no") or replies.is_only(turn.text, replies.STILL)
    refused = replies.is_only(turn.text, "declines")
    agrees = replies.is_only(turn.text, "yes")
    solved = turn.intent != "offer" and replies.says_solved(turn.text)
    if kind == "human" and (agrees or replies.is_only(turn.text, "transfer")):
        hand_over(turn, "missed")
    elif kind == "human" and declines and not refused and turn.reading.act in DENIALS:
        return None  # 不是 denies what was understood, not the person
    elif kind == "human" and (declines or refused):
        turn.dispatcher.utter_message(text=wording.text_of(turn, "utter_cancelled"))
        turn.set("misses", 0)
    elif kind == "flow" and agrees and ids in flows():
        begin(turn, flows()[ids])
        return [*turn.events(), FollowupAction(FORM)]
    elif kind in ("helped", "solved") and replies.is_only(turn.text, replies.STOP):
        return None  # 不用了谢谢 takes leave
    elif kind in ("helped", "solved") and declines:
        hand_over(turn, "unsolved")
    elif (kind == "solved" and agrees) or (kind in ("helped", "solved") and solved):
        close_solved(turn)
    else:
        return None
    return turn.events()


def _show_again(turn: Turn, offered: list[str]) -> list[Event] | None:
    """Show what was offered once more; None where nothing of it is left."""
    found = [faq for faq_id in offered if (faq := knowledge.find(faq_id)) is not None]
    if not found:
        return None
    buttons = [wording.faq_button(faq.id, faq.question) for faq in found]
    speech.say(turn, "which_again", buttons)
    turn.set("asked", turn.asked)
    return turn.events()
