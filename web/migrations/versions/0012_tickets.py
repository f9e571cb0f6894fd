"""Tickets in progress: which answer asked the customer back. Their owner is the case's agent."""

import sqlalchemy as sa
from alembic import op

revision = "0012_tickets"
down_revision = "0011_stations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("escalations", sa.Column("asked_back", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("escalations", "asked_back")
