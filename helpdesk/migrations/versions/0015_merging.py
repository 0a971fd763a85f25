"""Tickets that are merged, and unwanted ones"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A row beside each ticket that is no request of its own now; until now there is none."""
    op.create_table(
        "withdrawal",
        sa.Column("ticket_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("into_id", BIG_KEY, nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_withdrawal_agent_id_agent")),
        sa.ForeignKeyConstraint(["into_id"], ["ticket.id"], name=op.f("fk_withdrawal_into_id_ticket")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_withdrawal_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_withdrawal")),
    )
    op.create_index(op.f("ix_withdrawal_into_id"), "withdrawal", ["into_id"])
