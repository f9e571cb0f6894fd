"""Reviews; an urgent case rings at several agents, a call that is due at one; own answers; tags."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0076_desk"
down_revision = "0075_blocks"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handling_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("form", json, nullable=False),
        sa.Column("points", json, nullable=False),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["handling_id"], ["handlings.id"], name="fk_reviews_handling_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_reviews_agent_id"),
        sa.ForeignKeyConstraint(["drawn_by"], ["agents.id"], name="fk_reviews_drawn_by"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["agents.id"], name="fk_reviews_reviewer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("handling_id", name="uq_reviews_handling_id"),
    )
    op.create_index("ix_reviews_state_drawn_at", "reviews", ["state", "drawn_at"])
    op.create_index("ix_reviews_agent_id_done_at", "reviews", ["agent_id", "done_at"])
    op.create_index("ix_reviews_done_at", "reviews", ["done_at"])
    op.create_table(
        "own_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_own_answers_agent_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_own_answers"),
    )
    op.create_index("ix_own_answers_agent_id", "own_answers", ["agent_id"])
    op.create_table(
        "tags",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name="fk_tags_escalation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("escalation_id", "tag", name="pk_tags"),
    )
    op.create_index("ix_tags_tag", "tags", ["tag"])
    with op.batch_alter_table("rings") as table:
        table.add_column(sa.Column("callback_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_rings_callback_id", "callbacks", ["callback_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index("ix_rings_callback_id", "rings", ["callback_id"])
    _index_rings(unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM rings WHERE callback_id IS NOT NULL")
    op.drop_index("ix_rings_callback_id", "rings")
    with op.batch_alter_table("rings") as table:
        table.drop_constraint("fk_rings_callback_id", type_="foreignkey")
        table.drop_column("callback_id")
    _index_rings(unique=True)
    op.drop_table("tags")
    op.drop_table("own_answers")
    op.drop_table("reviews")


def _index_rings(*, unique: bool) -> None:
    # Both anew: SQLite has just made the table anew.
    where = sa.text("state = 'rings'")
    for name, column, alone in (("case", "conversation_id", unique), ("agent", "agent_id", True)):
        op.drop_index(f"ix_rings_{name}", "rings")
        op.create_index(
            f"ix_rings_{name}",
            "rings",
            [column],
            unique=alone,
            sqlite_where=where,
            postgresql_where=where,
        )
