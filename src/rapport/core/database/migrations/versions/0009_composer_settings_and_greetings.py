"""Composer settings and greetings."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_greeting",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=True),
        sa.Column("generic", sa.Text(), nullable=True),
        sa.Column("named", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_agent_greeting_company_id_company")
        ),
        sa.PrimaryKeyConstraint(
            "company_id", "environment", "agent_id", name=op.f("pk_agent_greeting")
        ),
    )
    op.create_table(
        "agent_switches",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("suggestions_while_typing_disabled", sa.Boolean(), nullable=True),
        sa.Column("phrase_completions_disabled", sa.Boolean(), nullable=True),
        sa.Column("spellcheck_disabled", sa.Boolean(), nullable=True),
        sa.Column("autopilot_greetings_disabled", sa.Boolean(), nullable=True),
        sa.Column("autocompose_disabled", sa.Boolean(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_agent_switches_company_id_company")
        ),
        sa.PrimaryKeyConstraint(
            "company_id", "environment", "agent_id", name=op.f("pk_agent_switches")
        ),
    )
    op.create_table(
        "composer_switches",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("suggestions_while_typing_disabled", sa.Boolean(), nullable=False),
        sa.Column("phrase_completions_disabled", sa.Boolean(), nullable=False),
        sa.Column("spellcheck_disabled", sa.Boolean(), nullable=False),
        sa.Column("autopilot_greetings_disabled", sa.Boolean(), nullable=False),
        sa.Column("autocompose_disabled", sa.Boolean(), nullable=False),
        sa.Column("control_share", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_composer_switches_company_id_company")
        ),
        sa.PrimaryKeyConstraint("company_id", "environment", name=op.f("pk_composer_switches")),
    )
    op.create_table(
        "greeting_policy",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("delay_seconds", sa.Integer(), nullable=False),
        sa.Column("trigger_after_seconds", sa.Integer(), nullable=False),
        sa.Column("generic", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_greeting_policy_company_id_company")
        ),
        sa.PrimaryKeyConstraint("company_id", "environment", name=op.f("pk_greeting_policy")),
    )
    op.create_table(
        "greeting_offer",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_greeting_offer_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_greeting_offer")),
    )


def downgrade() -> None:
    op.drop_table("greeting_offer")
    op.drop_table("greeting_policy")
    op.drop_table("composer_switches")
    op.drop_table("agent_switches")
    op.drop_table("agent_greeting")
