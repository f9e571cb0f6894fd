"""The fast lane, which one client cannot buy for many: so many an hour, then the ordinary queue.

What was said decides whether a case is urgent; a script can say it as well as a victim. So urgent
cases are counted by address, or by customer where one is signed in. Danger to life is never
counted, and nobody is refused a place.
"""

from __future__ import annotations

from web.desk import conversations, tokens, triage
from web.desk.models import Conversation
from web.realtime.bus import tell
from web.services import Services, utc_now


def is_believed(web: Services, conversation_id: str) -> bool:
    """Count a wish for the fast lane; False where this client has had its share of the hour."""
    with web.database.read() as session:
        conversation = conversations.find(session, conversation_id)
        if is_hasty(conversation):
            return True
    return _has_some_left(web, conversation)


def temper(web: Services, conversation_id: str) -> None:
    """Lower a case that a message has made urgent, where its client has had its share."""
    with web.database.read() as session:
        conversation = conversations.find(session, conversation_id)
        counts = is_hasty(conversation) and not conversation.front
    if not counts or _has_some_left(web, conversation):
        return
    with web.database.write() as session:
        lowered = triage.lower(session, conversation_id, utc_now())
    if lowered is not None:
        tell(web.bus, conversation_id, moved=True)


def is_hasty(conversation: Conversation) -> bool:
    """Tell whether somebody waits in the fast lane."""
    return conversation.owner == "queue" and conversation.urgent


def _has_some_left(web: Services, conversation: Conversation) -> bool:
    if conversation.subject is None:
        return web.haste.allows_here("address:")
    return web.haste.allows(f"customer:{tokens.who(conversation.subject)}")
