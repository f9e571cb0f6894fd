"""Senders who are kept from people for a while: until when, why, by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0075_blocks"
down_revision = "0074_consents"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("lifted_at", Moment, nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_blocks_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_blocks_agent_id"),
        sa.ForeignKeyConstraint(["lifted_by"], ["agents.id"], name="fk_blocks_lifted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_blocks"),
    )
    op.create_index("ix_blocks_conversation_id", "blocks", ["conversation_id"])
    op.create_index("ix_blocks_subject", "blocks", ["subject", "until"])


def downgrade() -> None:
    op.drop_table("blocks")
