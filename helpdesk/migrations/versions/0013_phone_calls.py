"""Calls by telephone"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Calls, their recordings, and what was refused."""
    op.create_table(
        "call",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("talk", sa.JSON(), nullable=False),
        sa.Column("ending", sa.String(length=20), nullable=True),
        sa.Column("ticket_id", BIG_KEY, nullable=True),
        sa.Column("error", sa.String(length=20), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_call_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("sid", name=op.f("uq_call_sid")),
    )
    going_on = sa.text("ended_at IS NULL")
    op.create_index("ix_call_going_on", "call", ["changed_at"], postgresql_where=going_on, sqlite_where=going_on)
    op.create_index(op.f("ix_call_ticket_id"), "call", ["ticket_id"])
    op.create_index(op.f("ix_call_started_at"), "call", ["started_at"])
    op.create_table(
        "recording",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("message_id", BIG_KEY, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_recording_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("sid", name=op.f("uq_recording_sid")),
    )
    op.create_index(op.f("ix_recording_message_id"), "recording", ["message_id"])
    op.create_index("ix_recording_state_due", "recording", ["state", "due"])
    op.create_table(
        "phone_refusal",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "why", name=op.f("pk_phone_refusal")),
    )
