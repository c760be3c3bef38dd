"""Corrections of spelling."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spelling_correction",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=True),
        sa.Column("misspelled", sa.String(length=200), nullable=False),
        sa.Column("corrected", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spelling_correction")),
    )
    op.create_index(
        "ix_spelling_correction_created_at", "spelling_correction", ["created_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_spelling_correction_created_at", table_name="spelling_correction")
    op.drop_table("spelling_correction")
