"""Sessions with limits, passwords that must be changed, second factors."""

import sqlalchemy as sa
from alembic import op

revision = "0020_accounts"
down_revision = "0012_tickets"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("agents") as agents:
        agents.add_column(
            sa.Column("temporary", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # Who is signed in goes on; the last sign of life is the best guess of the last use.
    with op.batch_alter_table("agent_sessions") as sessions:
        sessions.add_column(sa.Column("used_at", Moment, nullable=True))
        sessions.add_column(
            sa.Column("stage", sa.String(length=8), nullable=False, server_default="whole")
        )
        sessions.add_column(sa.Column("codes", sa.Integer(), nullable=False, server_default="0"))
        sessions.add_column(
            sa.Column("second", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for name in ("address", "browser"):
            sessions.add_column(
                sa.Column(name, sa.String(length=64), nullable=False, server_default="")
            )
    op.execute(sa.text("UPDATE agent_sessions SET used_at = seen_at"))
    with op.batch_alter_table("agent_sessions") as sessions:
        sessions.alter_column("used_at", existing_type=Moment, nullable=False)
    op.create_table(
        "second_factors",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", Moment, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_second_factors_agent_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent_id", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_recovery_codes_agent_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_agent_id", "recovery_codes", ["agent_id"])


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
    with op.batch_alter_table("agent_sessions") as sessions:
        for name in ("browser", "address", "second", "codes", "stage", "used_at"):
            sessions.drop_column(name)
    with op.batch_alter_table("agents") as agents:
        agents.drop_column("temporary")
