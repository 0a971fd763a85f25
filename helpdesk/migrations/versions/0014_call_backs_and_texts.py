"""Call backs and text messages"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """All that was to leave until now is mail."""
    op.add_column("outgoing", sa.Column("channel", sa.String(length=20), server_default="email", nullable=False))
    known = sa.text("sender_phone <> ''")
    op.create_index("ix_ticket_phone", "ticket", ["sender_phone", "id"], postgresql_where=known, sqlite_where=known)
    _call_backs()
    _texts()


def _call_backs() -> None:
    op.create_table(
        "call_back",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("ticket_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("slot_from", MOMENT, nullable=True),
        sa.Column("slot_until", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("late_at", MOMENT, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_call_back_agent_id_agent")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_call_back_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
    )
    open_ones = sa.text("state = 'open'")
    op.create_index(op.f("ix_call_back_ticket_id"), "call_back", ["ticket_id"])
    op.create_index(
        "uq_call_back_open",
        "call_back",
        ["ticket_id"],
        unique=True,
        postgresql_where=open_ones,
        sqlite_where=open_ones,
    )
    op.create_index(
        "ix_call_back_due", "call_back", ["next_at", "id"], postgresql_where=open_ones, sqlite_where=open_ones
    )


def _texts() -> None:
    op.create_table(
        "text_stop",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_text_stop")),
    )
    op.create_table(
        "text_report",
        sa.Column("outgoing_id", BIG_KEY, nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("error", sa.String(length=20), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_text_report_outgoing_id_outgoing")),
        sa.PrimaryKeyConstraint("outgoing_id", name=op.f("pk_text_report")),
    )
    op.create_table(
        "text_picture",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("message_id", BIG_KEY, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_text_picture_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_picture")),
        sa.UniqueConstraint("message_id", "url", name=op.f("uq_text_picture_message_id_url")),
    )
    op.create_index("ix_text_picture_state_due", "text_picture", ["state", "due"])
