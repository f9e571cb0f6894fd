"""What agents ask of the wallet: about which transaction, why, and who looked twice."""

import sqlalchemy as sa
from alembic import op

revision = "0073_wallet"
down_revision = "0071_size"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
# One open request for one transaction, however many windows ask for it.
OPEN = "state IN ('proposed', 'asked', 'accepted') AND kind IN ('Refund', 'Dispute')"


def upgrade() -> None:
    with op.batch_alter_table("wallet_requests") as requests:
        requests.add_column(sa.Column("transaction_id", sa.String(length=64), nullable=True))
        requests.add_column(sa.Column("about", Json, nullable=True))
        requests.add_column(sa.Column("note", sa.String(length=280), nullable=True))
        requests.add_column(sa.Column("second_id", sa.Integer(), nullable=True))
        requests.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        requests.create_foreign_key("fk_wallet_requests_second_id", "agents", ["second_id"], ["id"])
    op.create_index(
        "uq_wallet_requests_open",
        "wallet_requests",
        ["kind", "transaction_id"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_index("ix_wallet_requests_state", "wallet_requests", ["state", "at"])


def downgrade() -> None:
    op.drop_index("ix_wallet_requests_state", "wallet_requests")
    op.drop_index("uq_wallet_requests_open", "wallet_requests")
    with op.batch_alter_table("wallet_requests") as requests:
        requests.drop_constraint("fk_wallet_requests_second_id", type_="foreignkey")
        for name in ("decided_at", "second_id", "note", "about", "transaction_id"):
            requests.drop_column(name)
