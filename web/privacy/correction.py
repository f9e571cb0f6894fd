"""Correcting what is kept of a person when they ask for it, whoever has the case and after its end.

What was said stays as it was said; names and cards are what is kept about somebody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import cards, corrections, events
from web.desk.conversations import hold
from web.desk.masking import mask
from web.desk.models import Escalation
from web.desk.texts import clean


def correct(
    session: Session, ids: Sequence[str], name: str | None, wished: Mapping[str, str], now: datetime
) -> int:
    """Put a name and fields of the card right in conversations and their cases.

    wished: by the names of card.yml; an empty one clears its field. Returns how many conversations
    were changed. Raises NotFound, ValueError for a field that no card has.
    """
    unknown = sorted(wished.keys() - cards.WRITTEN.keys())
    if unknown:
        raise ValueError(f"no card has {', '.join(unknown)}; it has {', '.join(cards.WRITTEN)}")
    news = cards.tidy(wished)
    changed = 0
    for one in ids:
        conversation = hold(session, one)
        cases = select(Escalation).where(Escalation.conversation_id == one)
        holders = (conversation, *session.scalars(cases))
        right = [corrections.corrected(holder.card, wished, news) for holder in holders]
        shown = mask(clean(name).strip())[0][:64] or None if name is not None else conversation.name
        if shown == conversation.name and all(
            card == holder.card for card, holder in zip(right, holders, strict=True)
        ):
            continue
        conversation.name = shown
        for card, holder in zip(right, holders, strict=True):
            holder.card = card
        session.flush()
        told = {field: news.get(field, "") for field in wished}
        events.append(session, one, "card_edited", events.SYSTEM, {"card": told}, now)
        changed += 1
    return changed
