"""Which places in the queue wait behind the others, until their script has worked for them."""

import sqlalchemy as sa
from alembic import op

revision = "0082_doubts"
down_revision = "0081_outages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversations",
        sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("conversations", "doubtful")
