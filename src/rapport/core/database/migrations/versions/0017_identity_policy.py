"""How companies want their customers' tokens to be checked."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_policy",
        sa.Column("accepts", sa.JSON(), nullable=False),
        sa.Column("same_as_page", sa.JSON(), nullable=False),
        sa.Column("same_as_profile", sa.JSON(), nullable=False),
        sa.Column("profile_url", sa.String(length=2000), nullable=True),
        sa.Column("token_url", sa.String(length=2000), nullable=True),
        sa.Column("client_id", sa.String(length=255), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "environment", name=op.f("pk_identity_policy")),
    )


def downgrade() -> None:
    op.drop_table("identity_policy")
