"""Who serves whom."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_state",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("assigned_at", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "environment", name=op.f("pk_agent_state")),
    )
    op.create_index(
        "ix_agent_state_status",
        "agent_state",
        ["company_id", "environment", "status"],
        unique=False,
    )
    op.create_table(
        "assignment",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("waiting_since", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("assigned_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_assignment")),
    )
    op.create_index(
        "ix_assignment_person_id", "assignment", ["person_id", "ended_at"], unique=False
    )
    op.create_index(
        "ix_assignment_waiting",
        "assignment",
        ["company_id", "environment", "ended_at", "person_id", "waiting_since"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_assignment_waiting", table_name="assignment")
    op.drop_index("ix_assignment_person_id", table_name="assignment")
    op.drop_table("assignment")
    op.drop_index("ix_agent_state_status", table_name="agent_state")
    op.drop_table("agent_state")
