"""Indexes for what looks for the oldest: the hourly deletion costs the same with a long history."""

from alembic import op

revision = "0071_size"
down_revision = "0060_publishing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_conversations_created_at", "conversations", ["created_at"])
    op.create_index("ix_attachments_at", "attachments", ["at"])


def downgrade() -> None:
    op.drop_index("ix_attachments_at", "attachments")
    op.drop_index("ix_conversations_created_at", "conversations")
