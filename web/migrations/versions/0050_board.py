"""The lead's board and reports: events by time, since when agents are so, times that were told."""

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
    op.add_column("agents", sa.Column("status_at", Moment, nullable=True))


def downgrade() -> None:
    op.drop_column("agents", "status_at")
    op.drop_table("promises")
    op.drop_index("ix_events_type", "events")
