"""What nodes have still to be told about organic responses."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organic_news",
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "environment", "agent", name=op.f("pk_organic_news")),
    )


def downgrade() -> None:
    op.drop_table("organic_news")
