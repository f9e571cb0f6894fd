"""What customers agreed to and took back; what the wallet tells once quiet hours are over."""

import sqlalchemy as sa
from alembic import op

revision = "0074_consents"
down_revision = "0073_wallet"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_consents_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_conversation_id", "consents", ["conversation_id", "purpose"])
    op.create_index("ix_consents_subject", "consents", ["subject", "purpose"])
    op.create_table(
        "wallet_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("due", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_wallet_notices_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wallet_notices"),
    )
    op.create_index("ix_wallet_notices_conversation_id", "wallet_notices", ["conversation_id"])
    op.create_index("ix_wallet_notices_due", "wallet_notices", ["due"])


def downgrade() -> None:
    op.drop_table("wallet_notices")
    op.drop_table("consents")
