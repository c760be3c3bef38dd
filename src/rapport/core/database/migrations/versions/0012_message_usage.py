"""Message usage."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_action",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("suggestions_id", sa.String(length=26), nullable=False),
        sa.Column("correction_id", sa.String(length=255), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("augmentation_type", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("typed_characters", sa.Integer(), nullable=False),
        sa.Column("after_seq", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.Column("acted_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_action")),
    )
    with op.batch_alter_table("message_action", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_action_conversation", ["conversation_id", "agent"], unique=False
        )

    op.create_table(
        "message_report",
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("augmentation_type", sa.Text(), nullable=False),
        sa.Column("num_edits", sa.Integer(), nullable=False),
        sa.Column("selected_suggestion_text", sa.Text(), nullable=False),
        sa.Column("selected_suggestions_id", sa.String(length=255), nullable=False),
        sa.Column("selected_suggestion_index", sa.Integer(), nullable=False),
        sa.Column("initial_suggestions_id", sa.String(length=255), nullable=False),
        sa.Column("time_to_action", sa.Float(), nullable=False),
        sa.Column("crafting_time", sa.Float(), nullable=False),
        sa.Column("dwell_time", sa.Float(), nullable=False),
        sa.Column("phrase_autocomplete_presented_ct", sa.Integer(), nullable=False),
        sa.Column("phrase_autocomplete_selected_ct", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("typed_characters", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_report")),
    )
    with op.batch_alter_table("message_report", schema=None) as batch_op:
        batch_op.create_index("ix_message_report_conversation", ["conversation_id"], unique=False)

    op.create_table(
        "message_usage",
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("queue", sa.String(length=200), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("is_greeting", sa.Boolean(), nullable=False),
        sa.Column("amounts", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_usage")),
    )
    with op.batch_alter_table("message_usage", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_usage_conversation", ["conversation_id", "seq"], unique=False
        )

    op.create_table(
        "usage_agent",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "environment", "agent", name=op.f("pk_usage_agent")),
    )
    op.create_table(
        "usage_day",
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("queue", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("reported", sa.BigInteger(), nullable=False),
        sa.Column("greetings", sa.BigInteger(), nullable=False),
        sa.Column("offered", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("replaced", sa.BigInteger(), nullable=False),
        sa.Column("edited", sa.BigInteger(), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.Column("characters_saved", sa.BigInteger(), nullable=False),
        sa.Column("timed_augmented", sa.BigInteger(), nullable=False),
        sa.Column("crafting_augmented", sa.Float(), nullable=False),
        sa.Column("timed_plain", sa.BigInteger(), nullable=False),
        sa.Column("crafting_plain", sa.Float(), nullable=False),
        sa.Column("augmented_utterances_ct", sa.BigInteger(), nullable=False),
        sa.Column("multiple_augmentation_features_used_ct", sa.BigInteger(), nullable=False),
        sa.Column("autosuggest_ct", sa.BigInteger(), nullable=False),
        sa.Column("autocomplete_ct", sa.BigInteger(), nullable=False),
        sa.Column("phrase_autocomplete_ct", sa.BigInteger(), nullable=False),
        sa.Column("custom_drawer_ct", sa.BigInteger(), nullable=False),
        sa.Column("custom_insert_ct", sa.BigInteger(), nullable=False),
        sa.Column("global_insert_ct", sa.BigInteger(), nullable=False),
        sa.Column("unknown_augmentation_ct", sa.BigInteger(), nullable=False),
        sa.Column("fluency_apply_ct", sa.BigInteger(), nullable=False),
        sa.Column("fluency_undo_ct", sa.BigInteger(), nullable=False),
        sa.Column("autosuggest_utterance_ct", sa.BigInteger(), nullable=False),
        sa.Column("autocomplete_utterance_ct", sa.BigInteger(), nullable=False),
        sa.Column("phrase_autocomplete_utterance_ct", sa.BigInteger(), nullable=False),
        sa.Column("custom_drawer_utterance_ct", sa.BigInteger(), nullable=False),
        sa.Column("custom_insert_utterance_ct", sa.BigInteger(), nullable=False),
        sa.Column("global_insert_utterance_ct", sa.BigInteger(), nullable=False),
        sa.Column("fluency_apply_utterance_ct", sa.BigInteger(), nullable=False),
        sa.Column("fluency_undo_utterance_ct", sa.BigInteger(), nullable=False),
        sa.Column("message_edits_ct", sa.BigInteger(), nullable=False),
        sa.Column("time_to_action_seconds", sa.Float(), nullable=False),
        sa.Column("crafting_time_seconds", sa.Float(), nullable=False),
        sa.Column("dwell_time_seconds", sa.Float(), nullable=False),
        sa.Column("phrase_autocomplete_presented_ct", sa.BigInteger(), nullable=False),
        sa.Column("phrase_autocomplete_selected_ct", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "company_id",
            "environment",
            "day",
            "agent",
            "queue",
            "source",
            name=op.f("pk_usage_day"),
        ),
    )


def downgrade() -> None:
    op.drop_table("usage_day")
    op.drop_table("usage_agent")
    with op.batch_alter_table("message_usage", schema=None) as batch_op:
        batch_op.drop_index("ix_message_usage_conversation")

    op.drop_table("message_usage")
    with op.batch_alter_table("message_report", schema=None) as batch_op:
        batch_op.drop_index("ix_message_report_conversation")

    op.drop_table("message_report")
    with op.batch_alter_table("message_action", schema=None) as batch_op:
        batch_op.drop_index("ix_message_action_conversation")

    op.drop_table("message_action")
