"""Figures of days, absences with a stand-in, opinions"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = ("created", "answered", "solved", "closed", "reopened", "transferred", "good", "fair", "poor")
CLASSES = [f"{name}_{place}" for name in ("answer", "solve") for place in range(16)]


def upgrade() -> None:
    """Figures begin empty and are counted from the history by the duty, or at once by `helpdesk figures rebuild`.
    Absences that are known keep their tickets where they are.
    """
    op.create_table(
        "figure",
        sa.Column("grain", sa.String(length=1), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False, server_default="0") for name in (*COUNTS, *CLASSES)),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_figure_service_id_service")),
        sa.PrimaryKeyConstraint("grain", "service_id", "first_day", "topic", "channel", name=op.f("pk_figure")),
    )
    op.create_index(
        "ix_figure_together",
        "figure",
        ["grain", "service_id", "first_day"],
        postgresql_where=sa.text("topic = ''"),
        sqlite_where=sa.text("topic = ''"),
    )
    op.create_table(
        "figures_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counted_to", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures_mark")),
    )
    op.execute("INSERT INTO figures_mark (id, counted_to, seen) VALUES (1, 0, 0)")
    op.create_table(
        "opinion",
        sa.Column("ticket_id", BIG_KEY, nullable=False, autoincrement=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_opinion_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_opinion")),
    )
    stand_in = sa.ForeignKey("agent.id", name=op.f("fk_absence_stand_in_id_agent"))
    op.add_column("absence", sa.Column("stand_in_id", sa.Integer(), stand_in, nullable=True), inline_references=True)
    op.add_column("absence", sa.Column("gives_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("absence", sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))
    # How many answers each agent of a service gave since a moment.
    op.create_index(
        "ix_message_answers",
        "message",
        ["service_id", "at", "agent_id"],
        postgresql_where=sa.text("direction = 'out'"),
        sqlite_where=sa.text("direction = 'out'"),
    )
