"""Configuration."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "redaction_rule",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_redaction_rule_company_id_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction_rule")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_redaction_rule_company_id_name")),
    )
    op.create_table(
        "redaction_rule_set",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("deployed_by", sa.String(length=200), nullable=False),
        sa.Column("deployed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_redaction_rule_set_company_id_company")
        ),
        sa.PrimaryKeyConstraint(
            "company_id", "environment", "version", name=op.f("pk_redaction_rule_set")
        ),
    )
    op.create_table(
        "redaction_switch",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("entity", sa.String(length=64), nullable=False),
        sa.Column("customer_immediate", sa.Boolean(), nullable=False),
        sa.Column("customer_delayed", sa.Boolean(), nullable=False),
        sa.Column("agent_immediate", sa.Boolean(), nullable=False),
        sa.Column("auto_transcribe", sa.Boolean(), nullable=False),
        sa.Column("voice", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_redaction_switch_company_id_company")
        ),
        sa.PrimaryKeyConstraint(
            "company_id", "environment", "entity", name=op.f("pk_redaction_switch")
        ),
    )


def downgrade() -> None:
    op.drop_table("redaction_switch")
    op.drop_table("redaction_rule_set")
    op.drop_table("redaction_rule")
