"""A key for each conversation, under which what is said in it is sealed.

This only adds: what is there is read as before, and sealed by a job (web/privacy/seal.py). An
earlier version would show sealed messages as empty ones, so it must not run on this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0077_keys"
down_revision = "0076_desk"
branch_labels = None
depends_on = None
removes = True


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_data_keys_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_data_keys"),
    )
    op.add_column("events", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    where = sa.text("sealed IS NULL")
    op.create_index(
        "ix_events_unsealed",
        "events",
        ["conversation_id"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    sealed = sa.text("SELECT count(*) FROM events WHERE sealed IS NOT NULL")
    if op.get_bind().execute(sealed).scalar():
        raise RuntimeError("what is sealed would be lost: restore the backup of before")
    op.drop_index("ix_events_unsealed", "events")
    op.drop_column("events", "sealed")
    op.drop_table("data_keys")
