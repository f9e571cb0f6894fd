"""One case over every channel: who handled it when, who is asked first, which page has a call."""

import sqlalchemy as sa
from alembic import op

revision = "0011_stations"
down_revision = "0010_opinions"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "handlings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("began", sa.String(length=16), nullable=False),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("queued_at", Moment, nullable=True),
        sa.Column("ended", sa.String(length=16), nullable=True),
        sa.Column("ended_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_handlings_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalations.id"],
            name="fk_handlings_escalation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_handlings_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handlings"),
    )
    op.create_index("ix_handlings_conversation_id", "handlings", ["conversation_id", "ended_at"])
    op.create_index("ix_handlings_began_at", "handlings", ["began_at"])
    op.create_index("ix_handlings_escalation_id", "handlings", ["escalation_id"])
    # What is known of the past: who has or had each case, as far as it is not overwritten.
    op.execute(
        sa.text(
            "INSERT INTO handlings (conversation_id, escalation_id, agent_id, began, began_at,"
            " queued_at, ended, ended_at)"
            " SELECT conversation_id, id, agent_id, 'claim', claimed_at, joined_at,"
            " CASE WHEN ended_at IS NULL THEN NULL ELSE 'close' END, ended_at"
            " FROM escalations WHERE agent_id IS NOT NULL AND claimed_at IS NOT NULL"
        )
    )
    op.add_column("conversations", sa.Column("preferred_id", sa.Integer(), nullable=True))
    op.add_column("conversations", sa.Column("preferred_until", Moment, nullable=True))
    op.add_column("calls", sa.Column("agent_page", sa.String(length=32), nullable=True))
    op.add_column("calls", sa.Column("customer_away_at", Moment, nullable=True))
    op.add_column("calls", sa.Column("agent_away_at", Moment, nullable=True))
    op.add_column("calls", sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("calls", "epoch")
    op.drop_column("calls", "agent_away_at")
    op.drop_column("calls", "customer_away_at")
    op.drop_column("calls", "agent_page")
    op.drop_column("conversations", "preferred_until")
    op.drop_column("conversations", "preferred_id")
    op.drop_table("handlings")
