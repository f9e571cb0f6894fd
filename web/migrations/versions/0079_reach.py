"""What was not seen, browsers and addresses to be told at, the push key; tokens of letters."""

import sqlalchemy as sa
from alembic import op

revision = "0079_reach"
down_revision = "0078_number"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=f"fk_{table}_conversation_id",
        ondelete="CASCADE",
    )


def upgrade() -> None:
    op.create_table(
        "followups",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("lettered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _conversation("followups"),
        sa.PrimaryKeyConstraint("conversation_id", "event_id", name="pk_followups"),
    )
    op.create_index("ix_followups_due_at", "followups", ["due_at"])
    op.create_table(
        "devices",
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("auth", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _conversation("devices"),
        sa.PrimaryKeyConstraint("endpoint_hash", name="pk_devices"),
    )
    for column in ("conversation_id", "who", "token_hash"):
        op.create_index(f"ix_devices_{column}", "devices", [column])
    op.create_table(
        "addresses",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("words", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _conversation("addresses"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_addresses"),
    )
    op.create_table(
        "push_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push_keys"),
    )
    op.add_column(
        "tokens",
        sa.Column("scope", sa.String(length=8), server_default="whole", nullable=False),
    )


def downgrade() -> None:
    op.execute("DELETE FROM tokens WHERE scope <> 'whole'")
    op.drop_column("tokens", "scope")
    op.drop_table("push_keys")
    op.drop_table("addresses")
    op.drop_table("devices")
    op.drop_table("followups")
