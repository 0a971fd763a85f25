"""Clocks that pause, warn and escalate"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What the rows themselves tell. Dates that need a calendar are worked out by the first round of the duty "clocks",
# which an alarm at the day of receipt brings to every ticket that still counts.
FROM_HISTORY = (
    """
    UPDATE ticket SET
        answer_due_at = due_at,
        answered_at = (SELECT min(at) FROM message WHERE message.ticket_id = ticket.id AND message.direction = 'out')
    """,
    "UPDATE ticket SET clock_since = received_at, alarm_at = received_at WHERE status IN ('new', 'open')",
    "UPDATE ticket SET paused_at = changed_at WHERE status IN ('waiting', 'solved', 'closed')",
)


def upgrade() -> None:
    """Old tickets count from the day they came; those that wait or are finished stand still since their last change."""
    for name in (
        "answered_at",
        "answer_due_at",
        "solve_due_at",
        "clock_since",
        "paused_at",
        "alarm_at",
        "archived_at",
        "erased_at",
    ):
        op.add_column("ticket", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("clock_used", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ticket", sa.Column("lateness", sa.String(length=20), nullable=False, server_default="on-time"))
    for statement in FROM_HISTORY:
        op.execute(statement)
    op.create_index(op.f("ix_ticket_alarm_at"), "ticket", ["alarm_at"])
    op.create_index("ix_ticket_ended", "ticket", ["status", "closed_at"])
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"])
    op.add_column("outgoing", sa.Column("earlier_attempts", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "notice",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("ticket_id", BIG_KEY, nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("lateness", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outgoing_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_notice_outgoing_id_outgoing")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_notice_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "ticket_id", "lateness", "due_at", "address", name=op.f("uq_notice_ticket_id_lateness_due_at_address")
        ),
    )
    op.create_index("ix_notice_outgoing_id", "notice", ["outgoing_id", "address"])
