"""Sealed questions, votes, opinions and proposals, each in a column beside what it hides.

This only adds: what is there is read as before, and sealed bit by bit (web/privacy/unsealed.py), as
are customers' identities. An earlier version would show empty words and know nobody who signs in,
so it must not run on this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0083_words"
down_revision = "0082_doubts"
branch_labels = None
depends_on = None
removes = True
TABLES = "asked", "feedback", "improvements", "opinions"


def upgrade() -> None:
    for name in TABLES:
        op.add_column(name, sa.Column("sealed", sa.Text(), nullable=True))


def downgrade() -> None:
    for name in TABLES:
        sealed = sa.select(sa.func.count()).select_from(sa.table(name, sa.column("sealed")))
        if op.get_bind().execute(sealed.where(sa.column("sealed").is_not(None))).scalar():
            raise RuntimeError("what is sealed would be lost: restore the backup of before")
    for name in TABLES:
        op.drop_column(name, "sealed")
