"""Lists of responses, and past replies."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_reply",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=True),
        sa.Column("situation", sa.LargeBinary(), nullable=True),
        sa.Column("meaning", sa.LargeBinary(), nullable=True),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_reply")),
        sa.UniqueConstraint(
            "company_id",
            "environment",
            "fingerprint",
            name=op.f("uq_past_reply_company_id_environment_fingerprint"),
        ),
    )
    op.create_index(
        "ix_past_reply_scope", "past_reply", ["company_id", "environment", "id"], unique=False
    )
    op.create_index(
        "ix_past_reply_waiting",
        "past_reply",
        ["id"],
        unique=False,
        sqlite_where=sa.text("meaning IS NULL"),
        postgresql_where=sa.text("meaning IS NULL"),
    )
    op.create_table(
        "custom_folder",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.String(length=26), nullable=False),
        sa.Column(
            "folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_folder")),
    )
    op.create_index(
        "ix_custom_folder_agent",
        "custom_folder",
        ["company_id", "environment", "agent_id", "parent_id"],
        unique=False,
    )
    op.create_table(
        "custom_response",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("folder_id", sa.String(length=26), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "folded_title",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "folded_text",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_response")),
    )
    op.create_index(
        "ix_custom_response_agent",
        "custom_response",
        ["company_id", "environment", "agent_id", "folder_id"],
        unique=False,
    )
    op.create_table(
        "global_folder",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("folder_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.String(length=26), nullable=False),
        sa.Column(
            "folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_global_folder")),
    )
    op.create_index(
        "ix_global_folder_list", "global_folder", ["company_id", "until", "since"], unique=False
    )
    op.create_table(
        "global_response",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("response_id", sa.String(length=26), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("folder_id", sa.String(length=26), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_global_response")),
    )
    op.create_index(
        "ix_global_response_list", "global_response", ["company_id", "until", "since"], unique=False
    )
    op.create_index(
        "ix_global_response_of", "global_response", ["company_id", "response_id"], unique=False
    )
    op.create_index(
        "ix_global_response_text", "global_response", ["company_id", "fingerprint"], unique=False
    )
    op.create_table(
        "global_response_use",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("response_id", sa.String(length=26), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "company_id", "environment", "response_id", name=op.f("pk_global_response_use")
        ),
    )
    op.create_table(
        "metadata_key",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("example", sa.String(length=200), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metadata_key")),
        sa.UniqueConstraint(
            "company_id", "kind", "key", name=op.f("uq_metadata_key_company_id_kind_key")
        ),
    )
    op.create_table(
        "response_list",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("saved", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_response_list")),
    )
    op.create_table(
        "response_list_change",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=26), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "revision", name=op.f("pk_response_list_change")),
    )
    op.create_index(
        "ix_response_list_change_target",
        "response_list_change",
        ["company_id", "target"],
        unique=False,
    )
    op.create_table(
        "response_list_deployment",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "company_id", "environment", "number", name=op.f("pk_response_list_deployment")
        ),
    )
    op.create_table(
        "response_list_version",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_list_version")),
        sa.UniqueConstraint(
            "company_id", "number", name=op.f("uq_response_list_version_company_id_number")
        ),
    )
    op.create_table(
        "text_vector",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "fingerprint", name=op.f("pk_text_vector")),
    )


def downgrade() -> None:
    op.drop_table("text_vector")
    op.drop_table("response_list_version")
    op.drop_table("response_list_deployment")
    op.drop_index("ix_response_list_change_target", table_name="response_list_change")
    op.drop_table("response_list_change")
    op.drop_table("response_list")
    op.drop_table("metadata_key")
    op.drop_table("global_response_use")
    op.drop_index("ix_global_response_text", table_name="global_response")
    op.drop_index("ix_global_response_of", table_name="global_response")
    op.drop_index("ix_global_response_list", table_name="global_response")
    op.drop_table("global_response")
    op.drop_index("ix_global_folder_list", table_name="global_folder")
    op.drop_table("global_folder")
    op.drop_index("ix_custom_response_agent", table_name="custom_response")
    op.drop_table("custom_response")
    op.drop_index("ix_custom_folder_agent", table_name="custom_folder")
    op.drop_table("custom_folder")
    op.drop_index(
        "ix_past_reply_waiting",
        sqlite_where=sa.text("meaning IS NULL"),
        postgresql_where=sa.text("meaning IS NULL"),
        table_name="past_reply",
    )
    op.drop_index("ix_past_reply_scope", table_name="past_reply")
    op.drop_table("past_reply")
