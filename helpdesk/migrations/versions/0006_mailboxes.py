"""The ledger of mails"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Mails, the places where they lay, and the health of each mailbox."""
    op.create_table(
        "incoming_mail",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(length=60), nullable=False),
        sa.Column("message_id", sa.String(length=900), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=True),
        sa.Column("ticket_id", BIG_KEY, nullable=True),
        sa.Column("message_row_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["message_row_id"], ["message.id"], name=op.f("fk_incoming_mail_message_row_id_message")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_incoming_mail_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_incoming_mail_fingerprint")),
    )
    op.create_index("ix_incoming_mail_outcome_due", "incoming_mail", ["outcome", "due"])
    op.create_index("ix_incoming_mail_outcome_id", "incoming_mail", ["outcome", "id"])
    for column in ("message_id", "ticket_id", "message_row_id"):
        op.create_index(op.f(f"ix_incoming_mail_{column}"), "incoming_mail", [column])
    op.create_table(
        "mail_place",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("mailbox", sa.String(length=60), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("mail_id", BIG_KEY, nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["incoming_mail.id"], name=op.f("fk_mail_place_mail_id_incoming_mail")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_place")),
        sa.UniqueConstraint("mailbox", "uidvalidity", "uid", name=op.f("uq_mail_place_mailbox_uidvalidity_uid")),
    )
    op.create_index(op.f("ix_mail_place_mail_id"), "mail_place", ["mail_id"])
    op.create_table(
        "mailbox_health",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("last_success", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox_health")),
    )
    op.create_index("ix_outgoing_to_address", "outgoing", ["to_address", "created_at"])
