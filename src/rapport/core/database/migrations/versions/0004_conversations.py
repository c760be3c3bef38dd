"""Conversations, messages and participants."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation_activity",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("last_text", sa.String(length=200), nullable=True),
        sa.Column("last_role", sa.String(length=16), nullable=True),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("customer_message_count", sa.Integer(), nullable=False),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation_activity")),
    )
    op.create_index(
        "ix_conversation_activity_live",
        "conversation_activity",
        ["is_live", "last_at"],
        unique=False,
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint(
            "company_id",
            "environment",
            "external_id",
            name=op.f("uq_customer_company_id_environment_external_id"),
        ),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("sender_external_id", sa.String(length=255), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(
        "ix_message_conversation_id_sent_at",
        "message",
        ["conversation_id", "sent_at", "seq"],
        unique=False,
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("customer_external_id", sa.String(length=255), nullable=False),
        sa.Column("customer_name", sa.String(length=255), nullable=True),
        sa.Column("agent_external_id", sa.String(length=255), nullable=True),
        sa.Column("agent_name", sa.String(length=255), nullable=True),
        sa.Column("agent_person_id", sa.String(length=26), nullable=True),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_conversation_customer_id_customer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint(
            "company_id",
            "environment",
            "external_id",
            name=op.f("uq_conversation_company_id_environment_external_id"),
        ),
    )
    op.create_index(
        "ix_conversation_agent_person_id",
        "conversation",
        ["agent_person_id", "ended_at"],
        unique=False,
    )
    op.create_index("ix_conversation_customer_id", "conversation", ["customer_id"], unique=False)
    op.create_index(
        "ix_conversation_live",
        "conversation",
        ["company_id", "environment", "ended_at", "opened_at"],
        unique=False,
    )
    op.create_table(
        "conversation_leg",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("agent_external_id", sa.String(length=255), nullable=False),
        sa.Column("agent_name", sa.String(length=255), nullable=True),
        sa.Column("agent_person_id", sa.String(length=26), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("joined_seq", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("left_seq", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_conversation_leg_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_leg")),
    )
    op.create_index(
        "ix_conversation_leg_conversation_id", "conversation_leg", ["conversation_id"], unique=False
    )
    op.create_table(
        "conversation_mark",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_conversation_mark_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", "role", name=op.f("pk_conversation_mark")),
    )
    op.create_table(
        "conversation_note",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("author", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_conversation_note_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_note")),
    )
    op.create_index(
        op.f("ix_conversation_note_conversation_id"),
        "conversation_note",
        ["conversation_id"],
        unique=False,
    )
    op.create_table(
        "customer_credential",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("customer_external_id", sa.String(length=255), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_customer_credential_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_customer_credential")),
    )


def downgrade() -> None:
    op.drop_table("customer_credential")
    op.drop_index(op.f("ix_conversation_note_conversation_id"), table_name="conversation_note")
    op.drop_table("conversation_note")
    op.drop_table("conversation_mark")
    op.drop_index("ix_conversation_leg_conversation_id", table_name="conversation_leg")
    op.drop_table("conversation_leg")
    op.drop_index("ix_conversation_live", table_name="conversation")
    op.drop_index("ix_conversation_customer_id", table_name="conversation")
    op.drop_index("ix_conversation_agent_person_id", table_name="conversation")
    op.drop_table("conversation")
    op.drop_index("ix_message_conversation_id_sent_at", table_name="message")
    op.drop_table("message")
    op.drop_table("customer")
    op.drop_index("ix_conversation_activity_live", table_name="conversation_activity")
    op.drop_table("conversation_activity")
