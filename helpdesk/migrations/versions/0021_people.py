"""Looks at persons"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A new table; nobody has looked yet."""
    op.create_table(
        "person_look",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_look_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_person_look_agent_id_agent")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_person_look_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_look")),
    )
    op.create_index(op.f("ix_person_look_person_id"), "person_look", ["person_id"])
    op.create_index(op.f("ix_person_look_agent_id"), "person_look", ["agent_id"])
    op.create_index(op.f("ix_person_look_at"), "person_look", ["at"])
