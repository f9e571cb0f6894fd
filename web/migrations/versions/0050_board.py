"""The lead's board and reports; times that were told; cases handed out, and by what skill."""

import sqlalchemy as sa
from alembic import op

revision = "0050_board"
down_revision = "0040_revisions"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_events_type", "events", ["type", "at"])
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("told_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("judged_at", Moment, nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_promises_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_promises"),
    )
    open_ones = sa.text("judged_at IS NULL")
    op.create_index(
        "ix_promises_open",
        "promises",
        ["conversation_id"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    op.create_index("ix_promises_judged_at", "promises", ["judged_at"])
    op.create_index("ix_promises_conversation_id", "promises", ["conversation_id"])
    op.create_table(
        "rings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("queued_at", Moment, nullable=False),
        sa.Column("rings_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("overflow", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_rings_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_rings_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rings"),
    )
    rings = sa.text("state = 'rings'")
    for name, column in (("ix_rings_case", "conversation_id"), ("ix_rings_agent", "agent_id")):
        op.create_index(
            name, "rings", [column], unique=True, sqlite_where=rings, postgresql_where=rings
        )
    op.create_index("ix_rings_conversation_id", "rings", ["conversation_id", "queued_at"])
    op.create_index("ix_rings_agent_id", "rings", ["agent_id", "id"])
    op.create_table(
        "skills",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_skills_agent_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent_id", "topic", name="pk_skills"),
    )
    op.create_index("ix_handlings_agent_id", "handlings", ["agent_id", "began_at"])
    op.add_column("agents", sa.Column("status_at", Moment, nullable=True))


def downgrade() -> None:
    op.drop_column("agents", "status_at")
    op.drop_index("ix_handlings_agent_id", "handlings")
    op.drop_table("skills")
    op.drop_table("rings")
    op.drop_table("promises")
    op.drop_index("ix_events_type", "events")
