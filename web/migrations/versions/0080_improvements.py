"""What agents propose to editors; letters to the staff, of no conversation; tips that were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0080_improvements"
down_revision = "0079_reach"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "improvements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("faq_id", sa.String(length=100), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_improvements_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_improvements_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_improvements"),
        sa.UniqueConstraint(
            "conversation_id", "event_id", name="uq_improvements_conversation_id_event_id"
        ),
    )
    op.create_index("ix_improvements_state", "improvements", ["state", "id"])
    op.create_table(
        "tips_sent",
        sa.Column("whose", sa.String(length=255), nullable=False),
        sa.Column("tip", sa.String(length=60), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_tips_sent_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("whose", "tip", name="pk_tips_sent"),
    )
    op.create_index("ix_tips_sent_conversation_id", "tips_sent", ["conversation_id"])
    with op.batch_alter_table("mails") as table:
        table.alter_column("conversation_id", existing_type=sa.String(length=32), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM mails WHERE conversation_id IS NULL")
    with op.batch_alter_table("mails") as table:
        table.alter_column("conversation_id", existing_type=sa.String(length=32), nullable=False)
    op.drop_table("tips_sent")
    op.drop_table("improvements")
