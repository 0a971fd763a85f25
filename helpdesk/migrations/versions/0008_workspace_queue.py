"""What the agents' queue and search need: indexes in the order of each list, saved views, the words of tickets"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TODO = "status IN ('new', 'open')"
WAITING = "status = 'waiting'"
DONE = "status IN ('solved', 'closed') AND archived_at IS NULL"
INDEXES = {
    "ix_ticket_todo": (["service_id", "priority", "due_at", "id", "assignee_id"], TODO),
    "ix_ticket_todo_everywhere": (["priority", "due_at", "id", "service_id", "assignee_id"], TODO),
    "ix_ticket_waiting_everywhere": (["priority", "due_at", "id", "service_id"], WAITING),
    "ix_ticket_done": (["service_id", "changed_at", "id"], DONE),
    "ix_ticket_done_everywhere": (["changed_at", "id", "service_id"], DONE),
    "ix_ticket_newest": (["service_id", "id"], None),
    "ix_ticket_school": (["school_uai", "id"], "school_uai <> ''"),
}
SEARCH = {
    "postgresql": (
        """CREATE TABLE ticket_search (
            ticket_id BIGINT CONSTRAINT pk_ticket_search PRIMARY KEY, words TSVECTOR NOT NULL)""",
        "CREATE INDEX ix_ticket_search_words ON ticket_search USING gin (words)",
    ),
    "sqlite": (
        """CREATE VIRTUAL TABLE ticket_search
            USING fts5(who, school, files, said, tokenize="unicode61 remove_diacritics 0")""",
    ),
}


def upgrade() -> None:
    """Tickets that are there are read for search by the duty "index-tickets", newest first, down from `below`."""
    for name, (columns, where) in INDEXES.items():
        some = sa.text(where) if where else None
        op.create_index(name, "ticket", columns, postgresql_where=some, sqlite_where=some)
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_saved_view_agent_id_agent")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_saved_view_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_agent_id"), "saved_view", ["agent_id"])
    op.create_index(op.f("ix_saved_view_service_id"), "saved_view", ["service_id"])
    op.create_table(
        "unread",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("below", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_unread")),
    )
    for statement in SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute("INSERT INTO unread (name, below) SELECT 'tickets', max(id) + 1 FROM ticket HAVING max(id) IS NOT NULL")
