"""Conversations of long ago, by the million: what a database holds after years, for `history`."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import text

from web.desk import agents
from web.desk.database import Database
from web.desk.sealing import Keys

NAMED = re.compile(r":(count|at|agent|key)\b")
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, CAST(:count AS integer)))",
}
# <id>, <hash>, <no>, <yes>, <bytes> and <day> are written as the database wants them.
NAMES = {
    "sqlite": {
        "<id>": "printf('%032d', i)", "<hash>": "printf('%064d', i)", "<no>": "0", "<yes>": "1",
        "<bytes>": "x'00'", "<at>": ":at",
    },
    "postgresql": {
        "<id>": "lpad(i::text, 32, '0')", "<hash>": "lpad(i::text, 64, '0')", "<no>": "false",
        "<yes>": "true", "<bytes>": "'\\x00'::bytea", "<at>": "CAST(:at AS timestamp)",
    },
}  # fmt: skip
# Ended long ago: two messages each under a key of their own, one in five with a case, one in three
# of a customer, of whom some agreed to tips and have had all of them, or booked a call.
TABLES = (
    "INSERT INTO conversations (id, channel, subject, owner, urgent, front, doubtful, card,"
    " last_event, bot_down, customer_read, agent_read, created_at, updated_at)"
    " SELECT <id>, 'app', 'kept:' || (i / 3), 'bot', <no>, <no>, <no>, '{}', 2, <no>, 0, 0, <at>,"
    " <at> FROM n",
    "INSERT INTO data_keys (conversation_id, sealed) SELECT <id>, :key FROM n",
    "INSERT INTO customers (subject, conversation_id) SELECT 'kept:' || (i / 3), <id> FROM n"
    " WHERE i % 3 = 0",
    "INSERT INTO events (conversation_id, id, type, at, actor_kind, data, sealed)"
    " SELECT <id>, 1, 'message', <at>, 'customer', '{}', <bytes> FROM n",
    "INSERT INTO events (conversation_id, id, type, at, actor_kind, cause, data, sealed)"
    " SELECT <id>, 2, 'message', <at>, 'bot', 1, '{}', <bytes> FROM n",
    "INSERT INTO escalations (id, conversation_id, number, reason, urgent, card, state, created_at,"
    " ended_at) SELECT i / 5, <id>, 'K' || (i / 5), 'asked', <no>, '{}', 'closed', <at>, <at>"
    " FROM n WHERE i % 5 = 0",
    "UPDATE conversations SET escalation_id ="
    " (SELECT escalations.id FROM escalations WHERE conversation_id = conversations.id)"
    " WHERE substr(id, 32) IN ('0', '5') AND updated_at = <at>",
    "INSERT INTO handlings (conversation_id, escalation_id, agent_id, began, began_at, queued_at,"
    " ended, ended_at) SELECT <id>, i / 5, :agent, 'claim', <at>, <at>, 'close', <at> FROM n"
    " WHERE i % 5 = 0",
    "INSERT INTO promises (conversation_id, place, low, high, told_at, until, judged_at, outcome)"
    " SELECT <id>, 1, 1, 2, <at>, <at>, <at>, 'kept' FROM n WHERE i % 5 = 0",
    "INSERT INTO turns (conversation_id, event_id, state, started_at)"
    " SELECT <id>, 1, 'done', <at> FROM n",
    "INSERT INTO tokens (token_hash, conversation_id, who, created_at, expires_at)"
    " SELECT <hash>, <id>, 'anonymous', <at>, <at> FROM n",
    "INSERT INTO asked (at, place, text, band, confidence, faq_id, outcome, conversation_id)"
    " SELECT <at>, 'chat', '怎么提现', 'answer', 0.9, 'withdraw', 'answer', <id> FROM n",
    "INSERT INTO feedback (faq_id, helpful, at) SELECT 'withdraw', <yes>, <at> FROM n"
    " WHERE i % 10 = 0",
    "INSERT INTO misses (conversation_id, event_id, at) SELECT <id>, 1, <at> FROM n"
    " WHERE i % 10 = 1",
    "INSERT INTO attachments (id, conversation_id, width, height, size, at)"
    " SELECT <id>, <id>, 9, 9, 99, <at> FROM n WHERE i % 20 = 0",
    "INSERT INTO calls (id, conversation_id, media, state, code, agent_id, refused, created_at,"
    " ended_at, customer_seen_at) SELECT <id>, <id>, 'audio', 'ended', '0', :agent, '[]', <at>,"
    " <at>, <at> FROM n WHERE i % 50 = 0",
    "INSERT INTO callbacks (conversation_id, who, number, number_hash, number_shown, code, state,"
    " slot, due_at, attempts, created_at, ended_at) SELECT <id>, 'kept:' || (i / 3), '', <hash>,"
    " '', '0', 'done', <at>, <at>, 1, <at>, <at> FROM n WHERE i % 50 = 1",
    "INSERT INTO consents (at, conversation_id, subject, purpose, given)"
    " SELECT <at>, <id>, 'kept:' || (i / 3), 'tips', <yes> FROM n WHERE i % 60 = 0",
    "INSERT INTO consents (at, conversation_id, subject, purpose, given)"
    " SELECT <at>, <id>, 'kept:' || (i / 3), 'pictures', <yes> FROM n WHERE i % 15 = 0",
    "INSERT INTO tips_sent (whose, tip, conversation_id, at)"
    " SELECT 'kept:' || (i / 3), <tip>, <id>, <at> FROM n WHERE i % 60 = 0",
    "INSERT INTO wallet_looks (at, conversation_id, what, outcome, refs)"
    " SELECT <at>, <id>, 'payments', 'found', '[]' FROM n WHERE i % 10 = 2",
    "INSERT INTO audit_entries (id, at, who, role, address, action, object, reason, before, hash)"
    " SELECT -i, <at>, 'before', 'agent', '127.0.0.1', 'read', 'kept', '', <hash>, <hash> FROM n"
    " WHERE i <= :count / 10",
)


def make(database: Database, count: int, at: datetime, tips: tuple[str, ...], keys: Keys) -> None:
    """Write so many conversations that ended at a time. tips: those that customers have had."""
    kind = database.engine.dialect.name
    with database.write() as session:
        agent = agents.add(session, "before", "before", "left long ago", at).id
    given = {"agent": agent, "key": keys.draw(), "count": count, "at": at.replace(tzinfo=None)}
    for statement in TABLES:
        every = tips if "<tip>" in statement else ("",)
        for tip in every:
            written = _written(statement, kind).replace("<tip>", f"'{tip}'")
            named = {name: given[name] for name in NAMED.findall(written)}
            with database.write() as session:
                session.execute(text(written), named)
    with database.write() as session:
        if kind == "postgresql":  # cases were given their numbers here
            highest = "SELECT setval(pg_get_serial_sequence('escalations', 'id'), :count)"
            session.execute(text(highest), {"count": count})
            session.execute(text("ANALYZE"))  # as its own housekeeping does; SQLite has none


def _written(statement: str, kind: str) -> str:
    for name, own in NAMES[kind].items():
        statement = statement.replace(name, own)
    if not statement.startswith("INSERT"):
        return statement
    insert, _, rest = statement.partition(" SELECT ")
    return f"{insert} {NUMBERS[kind]} SELECT {rest}"
