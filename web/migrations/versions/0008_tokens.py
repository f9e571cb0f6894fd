"""Tokens are bound to an identity, expire, and can be exchanged; openings can be repeated."""

import hashlib
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0008_tokens"
down_revision = "0007_duties"
branch_labels = None
depends_on = None

LIFE = timedelta(days=30)


def upgrade() -> None:
    with op.batch_alter_table("tokens") as tokens:
        tokens.add_column(
            sa.Column("who", sa.String(length=64), nullable=False, server_default="anonymous")
        )
        tokens.add_column(sa.Column("login", sa.String(length=64), nullable=True))
        tokens.add_column(sa.Column("replaces", sa.String(length=64), nullable=True))
        tokens.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    _bind_to_identities()
    with op.batch_alter_table("tokens") as tokens:
        tokens.alter_column("expires_at", nullable=False)
    op.create_index(op.f("ix_tokens_login"), "tokens", ["login"])
    op.create_index(op.f("ix_tokens_replaces"), "tokens", ["replaces"])
    # Not as a batch: SQLite would drop the table, and with it all that hangs on conversations.
    op.add_column("conversations", sa.Column("opening", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_conversations_opening"), "conversations", ["opening"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_conversations_opening"), "conversations")
    op.drop_column("conversations", "opening")
    op.drop_index(op.f("ix_tokens_replaces"), "tokens")
    op.drop_index(op.f("ix_tokens_login"), "tokens")
    with op.batch_alter_table("tokens") as tokens:
        tokens.drop_column("expires_at")
        tokens.drop_column("replaces")
        tokens.drop_column("login")
        tokens.drop_column("who")


def _bind_to_identities() -> None:
    """Tokens given out before are good for another month, for whoever has the conversation."""
    connection = op.get_bind()
    tokens = sa.table(
        "tokens",
        sa.column("conversation_id"),
        sa.column("who"),
        sa.column("expires_at", sa.DateTime(timezone=True)),
    )
    conversations = sa.table("conversations", sa.column("id"), sa.column("subject"))
    connection.execute(tokens.update().values(expires_at=datetime.now(UTC) + LIFE))
    signed = sa.select(conversations.c.subject).where(conversations.c.subject.is_not(None))
    for subject in connection.execute(signed.distinct()).scalars().all():
        theirs = sa.select(conversations.c.id).where(conversations.c.subject == subject)
        who = hashlib.sha256(f"xiaohu:{subject}".encode()).hexdigest()
        connection.execute(
            tokens.update().where(tokens.c.conversation_id.in_(theirs)).values(who=who)
        )
