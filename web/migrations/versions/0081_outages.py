"""Who was told of an announced outage and asked, to be told when it is over."""

import sqlalchemy as sa
from alembic import op

revision = "0081_outages"
down_revision = "0080_improvements"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outages",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_outages"),
    )
    op.create_table(
        "outage_askers",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["name"], ["outages.name"], name="fk_outage_askers_name", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_outage_askers_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name", "conversation_id", name="pk_outage_askers"),
    )
    op.create_index("ix_outage_askers_conversation_id", "outage_askers", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("outage_askers")
    op.drop_table("outages")
