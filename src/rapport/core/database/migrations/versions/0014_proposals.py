"""Proposals of responses."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "response_proposal",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("conversations", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("responses", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_proposal")),
    )
    op.create_index(
        "ix_response_proposal_scope",
        "response_proposal",
        ["company_id", "environment", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_response_proposal_scope", table_name="response_proposal")
    op.drop_table("response_proposal")
