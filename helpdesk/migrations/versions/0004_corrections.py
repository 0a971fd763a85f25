"""What routing got right, and who is given what"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Rule, kinds of the clues and académie of the decision that each ticket keeps in its history: one decision a ticket.
# Kinds in the order of their bytes, as the application writes them.
FROM_HISTORY = {
    "sqlite": """
        UPDATE ticket SET
            rule = substr(coalesce(json_extract(event.data, '$.rule'), ''), 1, 80),
            routed_academy = json_extract(event.data, '$.academy'),
            clue_kinds = coalesce((
                SELECT group_concat(kind, ',') FROM (
                    SELECT DISTINCT json_extract(value, '$.kind') AS kind
                    FROM json_each(event.data, '$.clues') ORDER BY kind
                )
            ), '')
        FROM event WHERE event.ticket_id = ticket.id AND event.kind = 'routed'
    """,
    "postgresql": """
        UPDATE ticket SET
            rule = left(coalesce(event.data ->> 'rule', ''), 80),
            routed_academy = event.data ->> 'academy',
            clue_kinds = coalesce((
                SELECT string_agg(kind, ',' ORDER BY kind COLLATE "C") FROM (
                    SELECT DISTINCT clue ->> 'kind' AS kind FROM json_array_elements(event.data -> 'clues') AS clue
                ) AS kinds
            ), '')
        FROM event WHERE event.ticket_id = ticket.id AND event.kind = 'routed'
    """,
}


def upgrade() -> None:
    """Old tickets get what their history says, so that figures reach back to the first of them."""
    _widen_what_there_is()
    _add_corrections()
    _add_absences_and_closings()


def _widen_what_there_is() -> None:
    op.add_column("service", sa.Column("assignment", sa.String(length=20), nullable=False, server_default="pull"))
    op.add_column("membership", sa.Column("takes_part", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("membership", sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("ticket", sa.Column("rule", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("clue_kinds", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("routed_academy", sa.String(length=2), nullable=True))
    lent_by = sa.ForeignKey("service.id", name=op.f("fk_ticket_lent_by_id_service"))
    op.add_column("ticket", sa.Column("lent_by_id", sa.Integer(), lent_by, nullable=True), inline_references=True)
    op.execute(FROM_HISTORY[op.get_bind().dialect.name])
    op.create_index(op.f("ix_ticket_lent_by_id"), "ticket", ["lent_by_id"])
    op.create_index("ix_ticket_routing", "ticket", ["received_at", "routed_academy", "rule", "clue_kinds"])


def _add_corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("ticket_id", BIG_KEY, nullable=False),
        sa.Column("routed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("clue_kinds", sa.String(length=300), nullable=False),
        sa.Column("academy_before", sa.String(length=2), nullable=True),
        sa.Column("academy_after", sa.String(length=2), nullable=True),
        sa.Column("service_before_id", sa.Integer(), nullable=False),
        sa.Column("service_after_id", sa.Integer(), nullable=False),
        sa.Column("topic_before", sa.String(length=40), nullable=False),
        sa.Column("topic_after", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_correction_ticket_id_ticket")),
        sa.ForeignKeyConstraint(
            ["service_before_id"], ["service.id"], name=op.f("fk_correction_service_before_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["service_after_id"], ["service.id"], name=op.f("fk_correction_service_after_id_service")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_correction_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("ticket_id", "routed_at", name=op.f("uq_correction_ticket_id_routed_at")),
    )
    op.create_index("ix_correction_routed_at", "correction", ["routed_at", "academy_before"])


def _add_absences_and_closings() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_absence_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("agent_id", "first_day", "last_day", name=op.f("uq_absence_agent_id_first_day_last_day")),
    )
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_closing_service_id_service")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["service.id"], name=op.f("fk_closing_stand_in_id_service")),
        sa.ForeignKeyConstraint(["created_by_id"], ["agent.id"], name=op.f("fk_closing_created_by_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
    )
    op.create_index("ix_closing_service_id", "closing", ["service_id", "last_day"])
    op.create_index("ix_closing_stand_in_id", "closing", ["stand_in_id", "last_day"])
