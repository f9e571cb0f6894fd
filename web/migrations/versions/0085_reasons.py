"""Sealed reasons of blocks, words of reviews, letters and what wallets told, beside what they hide.

This only adds: what is there is read as before, and sealed bit by bit (web/privacy/unsealed.py), as
are the pages that people came from. An earlier version would show empty reasons and send empty
letters, so it must not run on this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0085_reasons"
down_revision = "0084_rota"
branch_labels = None
depends_on = None
removes = True
TABLES = "blocks", "reviews", "mails", "wallet_looks", "wallet_requests", "wallet_notices"


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
