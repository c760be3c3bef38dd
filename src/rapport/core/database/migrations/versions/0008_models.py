"""Trained models."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compose_model",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("trained_on", sa.JSON(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("live_at", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compose_model")),
        sa.UniqueConstraint(
            "company_id",
            "environment",
            "kind",
            "version",
            name=op.f("uq_compose_model_company_id_environment_kind_version"),
        ),
    )


def downgrade() -> None:
    op.drop_table("compose_model")
