"""Incidents, bursts, mentions, watched and snoozed tickets"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """All of it begins empty."""
    _incidents()
    _answers()
    _bursts()
    _telling()


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _incidents() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("academy", sa.String(length=2), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("academies", sa.String(length=200), nullable=False),
        sa.Column("topics", sa.String(length=500), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("banner_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _to("incident", "owner_id", "agent"),
        _to("incident", "banner_id", "banner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("token", name=op.f("uq_incident_token")),
    )
    op.create_index("ix_incident_state", "incident", ["state"])
    op.create_table(
        "incident_ticket",
        sa.Column("ticket_id", BIG_KEY, nullable=False, autoincrement=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("incident_ticket", "ticket_id", "ticket"),
        _to("incident_ticket", "incident_id", "incident"),
        _to("incident_ticket", "agent_id", "agent"),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_incident_ticket")),
    )
    op.create_index("ix_incident_ticket_incident_id", "incident_ticket", ["incident_id"])


def _answers() -> None:
    op.create_table(
        "incident_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("english", sa.Text(), nullable=False),
        sa.Column("solves", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("at", MOMENT, nullable=False),
        _to("incident_answer", "incident_id", "incident"),
        _to("incident_answer", "agent_id", "agent"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_answer")),
        sa.UniqueConstraint("token", name=op.f("uq_incident_answer_token")),
    )
    op.create_index("ix_incident_answer_incident_id", "incident_answer", ["incident_id"])
    op.create_table(
        "incident_part",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", BIG_KEY, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("told_on_id", BIG_KEY, nullable=True),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("because", sa.String(length=200), nullable=False),
        _to("incident_part", "answer_id", "incident_answer"),
        _to("incident_part", "ticket_id", "ticket"),
        _to("incident_part", "told_on_id", "ticket"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_part")),
        sa.UniqueConstraint("answer_id", "ticket_id", name=op.f("uq_incident_part_answer_id_ticket_id")),
        sa.UniqueConstraint("answer_id", "person_id", name=op.f("uq_incident_part_answer_id_person_id")),
    )
    op.create_index("ix_incident_part_ticket_id", "incident_part", ["ticket_id"])
    pending = sa.text("state = 'pending'")
    op.create_index("ix_incident_part_pending", "incident_part", ["id"], postgresql_where=pending, sqlite_where=pending)


def _bursts() -> None:
    op.create_table(
        "burst",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("academy", sa.String(length=2), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("dismissed_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("dismissed_by_id", sa.Integer(), nullable=True),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        _to("burst", "dismissed_by_id", "agent"),
        _to("burst", "incident_id", "incident"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_burst")),
        sa.UniqueConstraint("topic", "academy", "word", name=op.f("uq_burst_topic_academy_word")),
    )


def _telling() -> None:
    op.create_table(
        "mention",
        sa.Column("message_id", BIG_KEY, nullable=False, autoincrement=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", BIG_KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        _to("mention", "message_id", "message"),
        _to("mention", "agent_id", "agent"),
        _to("mention", "ticket_id", "ticket"),
        sa.PrimaryKeyConstraint("message_id", "agent_id", name=op.f("pk_mention")),
    )
    op.create_index("ix_mention_agent_id", "mention", ["agent_id", "read_at"])
    op.create_index("ix_mention_ticket_id", "mention", ["ticket_id"])
    for name, more in (
        ("watch", [sa.Column("seen", sa.BigInteger(), nullable=False)]),
        ("snooze", [sa.Column("until", MOMENT, nullable=False), sa.Column("at", MOMENT, nullable=False)]),
    ):
        op.create_table(
            name,
            sa.Column("agent_id", sa.Integer(), nullable=False),
            sa.Column("ticket_id", BIG_KEY, nullable=False, autoincrement=False),
            *more,
            _to(name, "agent_id", "agent"),
            _to(name, "ticket_id", "ticket"),
            sa.PrimaryKeyConstraint("agent_id", "ticket_id", name=op.f(f"pk_{name}")),
        )
        op.create_index(f"ix_{name}_ticket_id", name, ["ticket_id"])
