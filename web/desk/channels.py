"""The ways to a person side by side: what is open, how long it takes, and what we would take."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from web.desk import attendance, calls, estimates, queue, slots
from web.desk.estimates import Load
from web.desk.events import timestamp
from web.desk.hours import Hours
from web.desk.models import Conversation
from web.desk.rota import plan

SUGGESTED = 3  # slots
SOON = 10  # minutes that most people wait rather than be called back
HOTLINE = {"number": "hotline", "emergency": "emergency_hotline", "hours": "phone_hours"}


def compare(
    session: Session,
    conversation: Conversation | None,
    hours: Hours,
    capacity: int,
    variables: Mapping[str, str],
    now: datetime,
    silence: timedelta = attendance.SILENCE,
    *,
    fast_lane: Collection[str],
) -> dict[str, Any]:
    """Show {now, advice, channels: {chat, callback, video, hotline}}; None: for nobody in special.

    capacity: callbacks a slot. variables: those that this deployment has set. fast_lane: topics of
    cases that go before others.
    """
    load = estimates.load(session, now, silence)
    urgent = conversation is not None and _is_urgent(conversation, fast_lane)
    place = _place(session, conversation, urgent=urgent)
    chat: dict[str, Any] = {
        **_opening(hours, "chat", now),
        "waiting": queue.waiting(session),
        "place": place,
        "minutes": load.minutes(place),
        "agents": load.online,
        "next_shift": None if load.online else _shift(session, hours, now),
        "load": hours.load(now),
    }
    offers = slots.quiet_first(slots.offers(session, hours, capacity, now))[:SUGGESTED]
    suggested = sorted(offers, key=lambda item: item.start)
    return {
        "now": timestamp(now),
        "advice": advice(chat, load, callback=bool(suggested), urgent=urgent),
        "channels": {
            "chat": chat,
            "callback": {
                **_opening(hours, "callback", now),
                "slots": [_slot(item) for item in suggested],
            },
            "video": {
                **_opening(hours, "video", now),
                "agents": sum(
                    not calls.is_busy(session, agent_id)
                    for agent_id in attendance.present(session, now, silence)
                ),
            },
            "hotline": {key: variables.get(name) for key, name in HOTLINE.items()},
        },
    }


def advice(chat: Mapping[str, Any], load: Load, *, callback: bool, urgent: bool) -> str:
    """Choose urgent, chat, callback or ticket for a customer.

    Urgent cases always go into the queue. A chat that begins at once or soon comes first; else a
    call at a quiet time; a left message when nothing is open.
    """
    if urgent:
        return "urgent"
    if not chat["open"]:
        return "callback" if callback else "ticket"
    minutes = chat["minutes"]
    soon = minutes[1] <= SOON if minutes else load.free >= chat["place"]
    return "chat" if soon or not callback else "callback"


def _place(session: Session, conversation: Conversation | None, *, urgent: bool) -> int:
    if conversation is not None and conversation.owner == "queue":
        return queue.place_of(session, conversation)
    return queue.next_place(session, urgent=urgent)


def _is_urgent(conversation: Conversation, fast_lane: Collection[str]) -> bool:
    return conversation.urgent or conversation.card.get("topic") in fast_lane


def _opening(hours: Hours, channel: str, now: datetime) -> dict[str, Any]:
    opening = hours.next_opening(channel, now)
    is_open = hours.is_open(channel, now)
    return {
        "open": is_open,
        "next_opening": timestamp(opening) if opening and not is_open else None,
    }


def _shift(session: Session, hours: Hours, now: datetime) -> str | None:
    begins = plan.next_shift(session, now, hours)
    return timestamp(begins) if begins is not None else None


def _slot(offer: slots.Offer) -> dict[str, Any]:
    return {
        "start": timestamp(offer.start),
        "end": timestamp(offer.start + slots.LENGTH),
        "load": offer.load,
        "free": offer.left,
    }
