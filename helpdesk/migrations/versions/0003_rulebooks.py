"""Versions of the rules"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty at first: until a version is published, `config/routing.toml` holds."""
    op.create_table(
        "rules_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("publisher_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["based_on_id"], ["rules_version.id"], name=op.f("fk_rules_version_based_on_id_rules_version")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["agent.id"], name=op.f("fk_rules_version_author_id_agent")),
        sa.ForeignKeyConstraint(["publisher_id"], ["agent.id"], name=op.f("fk_rules_version_publisher_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_version")),
        sa.UniqueConstraint("number", name=op.f("uq_rules_version_number")),
    )
    # The counter that tells every process which version is in force; it stands there so that two first publications
    # meet at its lock.
    op.execute(sa.text("INSERT INTO edition (name, number) VALUES ('rules', 0)"))
