"""Responses and past replies."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_reply",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=True),
        sa.Column("situation", sa.LargeBinary(), nullable=True),
        sa.Column("meaning", sa.LargeBinary(), nullable=True),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_reply")),
        sa.UniqueConstraint(
            "company_id",
            "environment",
            "fingerprint",
            name=op.f("uq_past_reply_company_id_environment_fingerprint"),
        ),
    )
    op.create_index(
        "ix_past_reply_scope", "past_reply", ["company_id", "environment", "id"], unique=False
    )
    op.create_index(
        "ix_past_reply_waiting",
        "past_reply",
        ["id"],
        unique=False,
        sqlite_where=sa.text("meaning IS NULL"),
        postgresql_where=sa.text("meaning IS NULL"),
    )
    op.create_table(
        "response",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folder", sa.String(length=200), nullable=True),
        sa.Column("import_id", sa.String(length=26), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
    )
    op.create_index(op.f("ix_response_import_id"), "response", ["import_id"], unique=False)
    op.create_index(
        "ix_response_scope", "response", ["company_id", "environment", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_response_scope", table_name="response")
    op.drop_index(op.f("ix_response_import_id"), table_name="response")
    op.drop_table("response")
    op.drop_index(
        "ix_past_reply_waiting",
        sqlite_where=sa.text("meaning IS NULL"),
        postgresql_where=sa.text("meaning IS NULL"),
        table_name="past_reply",
    )
    op.drop_index("ix_past_reply_scope", table_name="past_reply")
    op.drop_table("past_reply")
