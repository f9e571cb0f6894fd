"""Speaks of the transaction that a customer means, where web has a wallet to ask.

Web sends with a message what it found (metadata `wallet`, see web/wallet/helping.py), in words
ready to be said; here is decided when to offer, whether the flow still has to ask, and with what.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, commands, knowledge, opening, replies, wording
from actions.flows import FORM, begin, flows
from actions.turn import DETAILS, Event, Turn
from search import Faq

ASKED = "wallet"  # the bot's question which of them it is
# Characters of a payee's name that a reply has to hold.
NAME = 2
BRIEF = 8  # characters of a message that says no more than that it is another one
Told = Mapping[str, Any]


def begins(turn: Turn, faq: Faq) -> list[Event] | None:
    """Start an answer from what the wallet knows; None where it goes on by hand."""
    told = _told(turn)
    if told is None or not _is_about(told, faq) or told["state"] == "by_hand":
        return None
    declined = (turn.slot("wallet") or {}).get("by_hand")
    if declined == _concern(told) and not told.get("named"):
        return None
    if told["state"] == "down":
        _say(turn, told["says"]["down"])
        return None
    if account := told.get("account"):
        return _tell_account(turn, account, faq, told)
    offer = told.get("offer")
    if offer is None:
        return None
    if not offer["choices"]:
        _say(turn, told["says"]["none_found"])
        return None
    turn.set("wallet", {"faq": faq.id})
    choices = [one["id"] for one in offer["choices"]]
    # asked once and not answered: who goes on about it means it
    again = choices[0] if choices == told.get("pending") and len(choices) == 1 else None
    sure = (told.get("known") or {}).get(told.get("sure") or again)
    if sure is not None:
        # there is but one that it can be: told at once, with a way out
        return tell(turn, sure, told, another=offer["neither"]["payload"])
    answering.talk_about(turn, faq)
    buttons = [*offer["choices"], offer["neither"]]
    shown = [{"title": one["title"], "payload": one["payload"]} for one in buttons]
    turn.dispatcher.utter_message(text=offer["text"], buttons=shown)
    turn.set("asked", f"{ASKED}/" + ",".join(one["id"] for one in offer["choices"]))
    return [*turn.events(), FollowupAction("action_listen")]


def means(turn: Turn) -> list[Event] | None:
    """Offer transactions where the words alone leave open what is asked, but not about which.

    Either the message names one by its payee or amount, or all that it may ask concerns them.
    """
    told = _told(turn)
    if told is None or not (told.get("offer") or {}).get("choices"):
        return None
    reading = turn.reading
    if reading.act not in ("which", "lost"):
        return None
    if turn.state.topic and not told.get("named"):
        return None  # it goes on about what is talked about
    near = [knowledge.find(faq) for faq in (*reading.offers, told.get("faq"))]
    faqs = [faq for faq in near if faq is not None]
    about = [faq for faq in faqs if _is_about(told, faq)]
    if not about or not (told.get("named") or (reading.act == "which" and about == faqs)):
        return None
    return begins(turn, about[0])


def take_reply(turn: Turn) -> list[Event] | None:
    """Take a typed reply to "which of these?"; None when it is none."""
    kind, _, ids = turn.asked.partition("/")
    told = _told(turn)
    if kind == "helped" and _denies_the_only_one(turn):
        return _by_hand(turn, told)
    if kind != ASKED or not turn.text:
        return None
    offered = ids.split(",")
    if replies.is_only(turn.text, "no"):
        return _by_hand(turn, told)
    if told is None:
        return None
    known = told.get("known") or {}
    number = replies.read_number(turn.text, len(offered))
    if number is None and len(offered) == 1 and replies.is_only(turn.text, "yes"):
        number = 1
    chosen = offered[number - 1] if number else _named(turn, known, offered)
    return tell(turn, known[chosen], told) if chosen in known else None


def again(turn: Turn) -> list[Event] | None:
    """Say how far the transaction is that was told before, where that is what is asked now."""
    told = _told(turn)
    if told is None or not told.get("again"):
        return None
    _say(turn, told["again"], _after({"faq": None}, told))
    turn.set("asked", "helped")
    return turn.events()


def tell(turn: Turn, chosen: Told, told: Told, another: str | None = None) -> list[Event]:
    """Say what is known of a transaction, and go on with what is not.

    another: the payload that says it is not this one, where nobody was asked.
    """
    faq = _asked_about(turn, chosen)
    turn.start_case()
    _keep_facts(turn, chosen)
    flow = flows().get(str(chosen.get("flow")))
    if flow is not None:
        turn.set("flow", flow.name)
    kept = {"faq": faq.id, "concern": _concern(told)} if another and faq else None
    turn.set("wallet", kept)
    if faq is not None:
        answering.talk_about(turn, faq)
    turn.open_problem(faq.question if faq else chosen["text"].split("\n")[0])
    commands.note(turn)
    note = {"command": "note", "card": {"transaction": chosen["id"]}}
    turn.dispatcher.utter_message(json_message=note)
    if chosen["goes_on"] and flow is not None:
        _say(turn, chosen["text"])
        turn.set("wallet", {"answers": chosen["answers"]})
        begin(turn, flow)
        return [*turn.events(), FollowupAction(FORM)]
    other = [{"title": told["says"]["another"], "payload": another}] if another else []
    _say(turn, chosen["text"], [*other, *_after(chosen, told)])
    turn.set("asked", "helped")
    return [*turn.events(), FollowupAction("action_listen")]


class ActionWallet(Action):
    """Takes a tap on one of the transactions, or on none of them."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_wallet"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Tell of it, or go on by hand."""
        return take(Turn(dispatcher, tracker, domain))


def take(turn: Turn) -> list[Event]:
    """Take a tap on one of the transactions, or on none of them."""
    told = _told(turn)
    chosen = (told or {}).get("chosen")
    if told is not None and chosen is not None:
        return tell(turn, chosen, told)
    if told is not None and told["state"] in ("refused", "down_chosen"):
        _say(turn, told["says"][told["state"]])
    return _by_hand(turn, told, silent=told is None or told["state"] != "by_hand")


def _by_hand(turn: Turn, told: Told | None, *, silent: bool = False) -> list[Event]:
    """Go on as without a wallet, with the question that led here."""
    kept = turn.slot("wallet") or {}
    faq = knowledge.find(kept.get("faq"))
    concern = _concern(told) if told is not None else kept.get("concern")
    turn.set("wallet", {"by_hand": concern} if concern else None)
    if told is not None and not silent:
        _say(turn, told["says"]["none"])
    if faq is None:
        wording.say(turn, "utter_late_reply")
        return turn.events()
    # `answer` asks here again, and finds that the customer has said no
    return opening.answer(turn, faq, from_flow=True)


def _denies_the_only_one(turn: Turn) -> bool:
    """Tell whether a message says that the one that was told unasked is not meant."""
    faq = (turn.slot("wallet") or {}).get("faq")
    briefly = len(turn.said) <= BRIEF and turn.reading.act in ("rejection", "deny")
    return bool(faq) and turn.state.topic == faq and briefly


def _told(turn: Turn) -> Told | None:
    told = turn.metadata.get("wallet")
    return told if isinstance(told, dict) else None


def _is_about(told: Told, faq: Faq) -> bool:
    return faq.flow in told["flows"] or faq.id in told["faqs"]


def _concern(told: Told) -> str:
    return ",".join((*told["flows"], *told["faqs"]))


def _tell_account(turn: Turn, account: Told, faq: Faq, told: Told) -> list[Event] | None:
    if not account["held"]:
        _say(turn, account["text"])
        return None
    answering.talk_about(turn, faq)
    if faq.flow in flows():
        turn.set("flow", faq.flow)
    turn.open_problem(faq.question)
    commands.note(turn)
    _say(turn, account["text"], _after({"faq": None}, told))
    turn.set("asked", "helped")
    return [*turn.events(), FollowupAction("action_listen")]


def _keep_facts(turn: Turn, chosen: Told) -> None:
    for kind, value in chosen["facts"].items():
        turn.set(kind, value)
        if kind in DETAILS:
            turn.state.facts[kind] = value


def _asked_about(turn: Turn, chosen: Told) -> Faq | None:
    """Return what the customer had asked, or what the transaction says by itself."""
    kept = turn.slot("wallet") or {}
    flow = flows().get(str(chosen.get("flow")))
    return knowledge.find(kept.get("faq")) or knowledge.find(
        chosen.get("faq") or (flow.faq if flow else None)
    )


def _after(chosen: Told, told: Told) -> list[dict[str, str]]:
    """Return the buttons under an answer: the steps, solved, a person."""
    says = told["says"]
    faq = knowledge.find(chosen.get("faq"))
    steps = [wording.faq_button(faq.id, says["more"])] if faq is not None else []
    return [
        *steps,
        {"title": says["solved"], "payload": "/solved"},
        {"title": says["human"], "payload": "/human"},
    ]


def _named(turn: Turn, known: Mapping[str, Told], offered: list[str]) -> str | None:
    """Return the one transaction whose payee or amount a reply names."""
    found = []
    for one in offered:
        facts = (known.get(one) or {}).get("facts") or {}
        payee, amount = facts.get("counterparty", ""), facts.get("amount", "").split(" ")[0]
        pieces = [payee[at : at + NAME] for at in range(len(payee) - NAME + 1)]
        whole = amount.removesuffix(".00").rstrip("0") if "." in amount else amount
        if any(piece in turn.text for piece in pieces) or (whole and whole in turn.text):
            found.append(one)
    return found[0] if len(found) == 1 else None


def _say(turn: Turn, text: str, buttons: list[dict[str, str]] | None = None) -> None:
    turn.dispatcher.utter_message(text=text, buttons=buttons or [])
