"""Answering: who is on a ticket, drafts, model answers, articles sent, and tickets that wait for a day"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nothing of it is known for tickets that are there already."""
    op.create_table(
        "hold",
        sa.Column("ticket_id", BIG_KEY, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("writing", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_hold_agent_id_agent")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_hold_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_hold")),
    )
    op.create_table(
        "answer_draft",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("ticket_id", BIG_KEY, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_answer_draft_agent_id_agent")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_answer_draft_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_draft")),
        sa.UniqueConstraint("ticket_id", "agent_id", name=op.f("uq_answer_draft_ticket_id_agent_id")),
    )
    op.create_table(
        "answer_draft_file",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("draft_id", BIG_KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["answer_draft.id"], name=op.f("fk_answer_draft_file_draft_id_answer_draft")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_draft_file")),
    )
    op.create_index(op.f("ix_answer_draft_file_draft_id"), "answer_draft_file", ["draft_id"])
    op.create_index(op.f("ix_answer_draft_file_sha256"), "answer_draft_file", ["sha256"])
    op.create_table(
        "canned_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["agent.id"], name=op.f("fk_canned_answer_changed_by_id_agent")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_canned_answer_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answer")),
    )
    op.create_index("ix_canned_answer_service_id", "canned_answer", ["service_id", "key"])
    op.create_table(
        "article_use",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", BIG_KEY, nullable=False),
        sa.Column("message_id", BIG_KEY, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_article_use_agent_id_agent")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_use_article_id_article")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_article_use_message_id_message")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_article_use_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_use")),
    )
    op.create_index("ix_article_use_article_id", "article_use", ["article_id", "at"])
    op.create_index(op.f("ix_article_use_message_id"), "article_use", ["message_id"])
    op.add_column("ticket", sa.Column("wake_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_ticket_wake_at"), "ticket", ["wake_at"])
