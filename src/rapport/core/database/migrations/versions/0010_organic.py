"""What agents say again and again, and what was offered to them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organic_text",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("is_common", sa.Boolean(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organic_text")),
        sa.UniqueConstraint(
            "company_id",
            "environment",
            "fingerprint",
            name=op.f("uq_organic_text_company_id_environment_fingerprint"),
        ),
    )
    op.create_index(
        "ix_organic_text_waiting",
        "organic_text",
        ["id"],
        unique=False,
        sqlite_where=sa.text("wanted AND vector IS NULL"),
        postgresql_where=sa.text("wanted AND vector IS NULL"),
    )
    op.create_table(
        "organic_use",
        sa.Column("text_id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("text_id", "conversation_id", "agent", name=op.f("pk_organic_use")),
    )
    op.create_index(
        "ix_organic_use_agent",
        "organic_use",
        ["company_id", "environment", "agent"],
        unique=False,
    )
    op.create_table(
        "suggestion_set",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("typed_characters", sa.Integer(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=True),
        sa.Column("previous_message_id", sa.String(length=26), nullable=True),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_set")),
    )
    op.add_column("past_reply", sa.Column("agent", sa.String(length=255), nullable=True))


def downgrade() -> None:
    op.drop_column("past_reply", "agent")
    op.drop_table("suggestion_set")
    op.drop_index("ix_organic_use_agent", table_name="organic_use")
    op.drop_table("organic_use")
    op.drop_index(
        "ix_organic_text_waiting",
        sqlite_where=sa.text("wanted AND vector IS NULL"),
        postgresql_where=sa.text("wanted AND vector IS NULL"),
        table_name="organic_text",
    )
    op.drop_table("organic_text")
