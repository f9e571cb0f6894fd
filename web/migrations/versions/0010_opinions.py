"""Opinions: what customers want the product team to know."""

import sqlalchemy as sa
from alembic import op

revision = "0010_opinions"
down_revision = "0008_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opinions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.String(length=32),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_opinions_conversation_id", "opinions", ["conversation_id"])
    op.create_index("ix_opinions_at", "opinions", ["at"])


def downgrade() -> None:
    op.drop_table("opinions")
