"""The lead's board and reports: events by their time, since when agents are as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0050_board"
down_revision = "0040_revisions"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_events_type", "events", ["type", "at"])
    op.add_column("agents", sa.Column("status_at", Moment, nullable=True))


def downgrade() -> None:
    op.drop_column("agents", "status_at")
    op.drop_index("ix_events_type", "events")
