"""The agents' rota: weeks, days that differ, who came; how often each was changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0084_rota"
down_revision = "0083_words"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _of_agent(table: str, column: str = "agent_id") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], ["agents.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "rota_weeks",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("week", JSON, nullable=False),
        _of_agent("rota_weeks"),
        sa.PrimaryKeyConstraint("agent_id", "since", name="pk_rota_weeks"),
    )
    op.create_table(
        "rota_days",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("spans", JSON, nullable=False),
        sa.Column("with_id", sa.Integer(), nullable=True),
        _of_agent("rota_days"),
        _of_agent("rota_days", "with_id"),
        sa.PrimaryKeyConstraint("agent_id", "day", name="pk_rota_days"),
    )
    op.create_table(
        "arrivals",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("came_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        _of_agent("arrivals"),
        sa.PrimaryKeyConstraint("agent_id", "since", name="pk_arrivals"),
    )
    op.add_column("agents", sa.Column("rota", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("agents", "rota")
    for table in ("arrivals", "rota_days", "rota_weeks"):
        op.drop_table(table)
