"""Duties that outlive a process: owed turns are found fast, letters keep their Message-ID."""

import sqlalchemy as sa
from alembic import op

revision = "0007_duties"
down_revision = "0006_editors"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")
INDEXES = (
    ("ix_turns_owed", "turns", "started_at", PENDING),
    ("ix_conversations_escalation_id", "conversations", "escalation_id", None),
    ("ix_feedback_at", "feedback", "at", None),
    ("ix_escalations_created_at", "escalations", "created_at", None),
)


def upgrade() -> None:
    op.add_column("turns", sa.Column("attempts", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("mails", sa.Column("message_id", sa.String(length=255), nullable=True))
    for name, table, column, where in INDEXES:
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table)
    op.drop_column("mails", "message_id")
    op.drop_column("turns", "attempts")
