"""Versions of content files, which only grow; drafts that wait, and what was said about them."""

import sqlalchemy as sa
from alembic import op

revision = "0060_publishing"
down_revision = "0050_board"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "content_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("other", sa.String(length=200), nullable=True),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_content_versions"),
    )
    op.create_index("ix_content_versions_name_id", "content_versions", ["name", "id"])
    op.create_index("ix_content_versions_draft", "content_versions", ["draft"])
    op.create_table(
        "content_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decider", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_content_drafts"),
    )
    still_open = sa.text("state IN ('waiting', 'scheduled')")
    op.create_index(
        "uq_content_drafts_open",
        "content_drafts",
        ["name"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_content_drafts_state_due", "content_drafts", ["state", "due"])
    op.create_table(
        "draft_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["content_drafts.id"],
            name="fk_draft_comments_draft_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_draft_comments"),
    )
    op.create_index("ix_draft_comments_draft_id", "draft_comments", ["draft_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION content_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'versions of content only grow'; END $$"
        )
        op.execute(
            "CREATE TRIGGER content_versions_grow BEFORE UPDATE OR DELETE ON content_versions"
            " FOR EACH ROW EXECUTE FUNCTION content_refuse()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER content_versions_no_{verb.lower()} BEFORE {verb} ON content_versions"
            " BEGIN SELECT RAISE(ABORT, 'versions of content only grow'); END"
        )


def downgrade() -> None:
    op.drop_table("draft_comments")
    op.drop_table("content_drafts")
    op.drop_table("content_versions")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION content_refuse()")
