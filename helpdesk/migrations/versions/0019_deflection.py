"""What proposals were worth; the words of search; the order of the home page"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nothing was proposed yet, no word changed, no entry put first."""
    op.add_column("article", sa.Column("rank", sa.Integer(), nullable=True))
    _proposals()
    _days()
    op.create_table(
        "missed_search",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_search")),
        sa.UniqueConstraint("key", "visitor", name=op.f("uq_missed_search_key_visitor")),
    )
    op.create_index("ix_missed_search_at", "missed_search", ["at"])
    op.create_table(
        "words_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("comment", sa.String(length=300), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["agent.id"], name=op.f("fk_words_version_author_id_agent")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_words_version")),
    )


def _proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("control", sa.Boolean(), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=True),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("token", name=op.f("uq_proposal_token")),
    )
    op.create_index("ix_proposal_visitor", "proposal", ["visitor", "at"])
    op.create_index("ix_proposal_contact", "proposal", ["contact"])
    op.create_index("ix_proposal_at", "proposal", ["at"])
    op.create_table(
        "proposed",
        sa.Column("proposal_id", BIG_KEY, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_proposed_article_id_article")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposed_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("proposal_id", "article_id", name=op.f("pk_proposed")),
    )
    op.create_index("ix_proposed_article_id", "proposed", ["article_id"])


def _days() -> None:
    op.create_table(
        "proposal_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("control", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("shown", "solved", "sent", "returned")),
        sa.PrimaryKeyConstraint("day", "place", "control", name=op.f("pk_proposal_day")),
    )
    counts = ("shown", "opened", "useful", "useless", "followed")
    op.create_table(
        "proposed_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("control", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_proposed_day_article_id_article")),
        sa.PrimaryKeyConstraint("day", "article_id", "control", name=op.f("pk_proposed_day")),
    )
