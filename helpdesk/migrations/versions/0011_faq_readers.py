"""What readers of the FAQ say of its answers, and the notices that they are shown"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three new tables; nothing that was there changes."""
    op.create_table(
        "vote",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_vote_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("article_id", "visitor", name=op.f("uq_vote_article_id_visitor")),
    )
    op.create_index(op.f("ix_vote_at"), "vote", ["at"])
    op.create_table(
        "banner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy", sa.String(length=2), nullable=True),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("english", sa.String(length=300), nullable=False),
        sa.Column("academies", sa.String(length=200), nullable=False),
        sa.Column("topics", sa.String(length=500), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banner")),
    )
    op.create_index("ix_banner_ends_at", "banner", ["ends_at"])
    op.create_table(
        "banner_event",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("banner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["banner_id"], ["banner.id"], name=op.f("fk_banner_event_banner_id_banner")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_banner_event_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banner_event")),
    )
    op.create_index(op.f("ix_banner_event_banner_id"), "banner_event", ["banner_id"])
