"""Revisions: what came after what, for a version that is older than its database."""

import sqlalchemy as sa
from alembic import op

revision = "0040_revisions"
down_revision = "0030_wallet"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revisions",
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column("follows", sa.String(length=64), nullable=True),
        sa.Column("removes", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_revisions"),
    )


def downgrade() -> None:
    op.drop_table("revisions")
