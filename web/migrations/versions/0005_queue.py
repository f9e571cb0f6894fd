"""The queue's order and read marks, tickets, ratings, leases, letters, agents' presence."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_queue"
down_revision = "0004_attachments"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
ADDED: dict[str, list[sa.Column[Any]]] = {
    "agents": [
        sa.Column("status", sa.String(length=16), nullable=False, server_default="online"),
        sa.Column("max_chats", sa.Integer(), nullable=False, server_default="4"),
    ],
    "conversations": [
        sa.Column("front", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("customer_read", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("agent_read", sa.Integer(), nullable=False, server_default="0"),
    ],
    "escalations": [
        sa.Column("number", sa.String(length=16), nullable=True),
        sa.Column("joined_at", MOMENT, nullable=True),
        sa.Column("ticket_at", MOMENT, nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("rated_at", MOMENT, nullable=True),
    ],
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE escalations SET joined_at = created_at")
    op.create_index(op.f("ix_escalations_number"), "escalations", ["number"], unique=True)
    op.create_index("ix_escalations_ended", "escalations", ["state", "ended_at"])
    op.drop_index("ix_conversations_queue", "conversations")
    op.create_index(
        "ix_conversations_queue", "conversations", ["owner", "urgent", "front", "queued_at"]
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("ran_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_mails_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    op.create_index(op.f("ix_mails_conversation_id"), "mails", ["conversation_id"])
    op.create_index(op.f("ix_mails_due_at"), "mails", ["due_at"])


def downgrade() -> None:
    op.drop_table("mails")
    op.drop_table("leases")
    op.drop_index("ix_conversations_queue", "conversations")
    op.create_index("ix_conversations_queue", "conversations", ["owner", "urgent", "queued_at"])
    op.drop_index("ix_escalations_ended", "escalations")
    op.drop_index(op.f("ix_escalations_number"), "escalations")
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column.name)
