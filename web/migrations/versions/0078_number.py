"""The proof of an anonymous callback's number: the link that was sent to it, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0078_number"
down_revision = "0077_signin"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("callbacks", sa.Column("proof_hash", sa.String(length=64), nullable=True))
    op.add_column("callbacks", sa.Column("proof_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_callbacks_proof_hash", "callbacks", ["proof_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_callbacks_proof_hash", "callbacks")
    op.execute("DELETE FROM callbacks WHERE state IN ('unproven', 'lapsed')")
    op.drop_column("callbacks", "proof_until")
    op.drop_column("callbacks", "proof_hash")
