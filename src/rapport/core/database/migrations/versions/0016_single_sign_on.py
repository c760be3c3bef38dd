"""Single sign-on."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sso_connection",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("protocol", sa.String(length=8), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("provider", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("creates_people", sa.Boolean(), nullable=False),
        sa.Column("links_by_email", sa.Boolean(), nullable=False),
        sa.Column("default_role", sa.String(length=16), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_sso_connection_company_id_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sso_connection")),
        sa.UniqueConstraint(
            "company_id", "environment", name=op.f("uq_sso_connection_company_id_environment")
        ),
    )
    op.create_table(
        "sso_flow",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("code_verifier", sa.String(length=64), nullable=False),
        sa.Column("answer_url", sa.String(length=500), nullable=False),
        sa.Column("return_to", sa.String(length=500), nullable=False),
        sa.Column("ticket_hash", sa.String(length=64), nullable=True),
        sa.Column("identity", sa.JSON(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["sso_connection.id"],
            name=op.f("fk_sso_flow_connection_id_sso_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_sso_flow")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_sso_flow_ticket_hash")),
    )
    op.create_index(op.f("ix_sso_flow_connection_id"), "sso_flow", ["connection_id"], unique=False)
    op.create_index(op.f("ix_sso_flow_expires_at"), "sso_flow", ["expires_at"], unique=False)
    op.create_table(
        "sso_identity",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_sso_identity_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sso_identity")),
    )
    op.create_index(
        "ix_sso_identity_person", "sso_identity", ["person_id", "source_hash"], unique=False
    )
    op.add_column("session", sa.Column("environment", sa.String(length=10), nullable=True))


def downgrade() -> None:
    op.drop_column("session", "environment")
    op.drop_index("ix_sso_identity_person", table_name="sso_identity")
    op.drop_table("sso_identity")
    op.drop_index(op.f("ix_sso_flow_expires_at"), table_name="sso_flow")
    op.drop_index(op.f("ix_sso_flow_connection_id"), table_name="sso_flow")
    op.drop_table("sso_flow")
    op.drop_table("sso_connection")
