"""The wallet: who looked at what, what it was asked to do, what it has told."""

import sqlalchemy as sa
from alembic import op

revision = "0030_wallet"
down_revision = "0021_audit"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)
Json = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "wallet_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("concern", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("refs", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_wallet_looks_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_wallet_looks_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_wallet_looks"),
    )
    op.create_index("ix_wallet_looks_conversation_id", "wallet_looks", ["conversation_id"])
    op.create_table(
        "wallet_requests",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_wallet_requests_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_wallet_requests_agent_id"),
        sa.PrimaryKeyConstraint("key", name="pk_wallet_requests"),
    )
    op.create_index("ix_wallet_requests_conversation_id", "wallet_requests", ["conversation_id"])
    op.create_index("ix_wallet_requests_request_id", "wallet_requests", ["request_id"])
    op.create_table(
        "wallet_told",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wallet_told"),
    )
    op.create_index("ix_wallet_told_at", "wallet_told", ["at"])


def downgrade() -> None:
    op.drop_table("wallet_told")
    op.drop_table("wallet_requests")
    op.drop_table("wallet_looks")
