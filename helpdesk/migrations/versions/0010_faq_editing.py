"""What editors of the FAQ need"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Until now every entry came from a document, and says what it said last.
FROM_DOCUMENT = {
    "sqlite": "json_object('section', section.title, 'question', question, 'answer', answer, 'readers', readers)",
    "postgresql": (
        "json_build_object('section', section.title, 'question', question, 'answer', answer, 'readers', readers)"
    ),
}


def upgrade() -> None:
    """Entries and their versions stay; what is known of the latest version is noted with it."""
    op.add_column("agent", sa.Column("editor_role", sa.String(length=20), nullable=True))
    _widen_articles()
    _widen_versions()
    _add_translations_and_drafts()
    _add_history_pictures_and_imports()


def _widen_articles() -> None:
    owner = sa.ForeignKey("agent.id", name=op.f("fk_article_owner_id_agent"))
    op.add_column("article", sa.Column("topics", sa.String(length=500), nullable=False, server_default=""))
    op.add_column("article", sa.Column("spoken", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("article", sa.Column("owner_id", sa.Integer(), owner, nullable=True), inline_references=True)
    op.add_column("article", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column("article", sa.Column("review_told_on", sa.Date(), nullable=True))
    op.add_column("article", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("article", sa.Column("imported", sa.JSON(), nullable=True))
    said = FROM_DOCUMENT[op.get_bind().dialect.name]
    op.execute(
        # Names are our own, values are bound.
        f"UPDATE article SET imported = (SELECT {said} FROM section WHERE section.id = section_id)"  # noqa: S608 (own)
    )


def _widen_versions() -> None:
    op.add_column("article_version", sa.Column("language", sa.String(length=5), nullable=False, server_default="fr"))
    op.add_column("article_version", sa.Column("readers", sa.String(length=20), nullable=True))
    op.add_column("article_version", sa.Column("topics", sa.String(length=500), nullable=False, server_default=""))
    op.add_column("article_version", sa.Column("spoken", sa.String(length=300), nullable=False, server_default=""))
    for name, table in (("section_id", "section"), ("author_id", "agent"), ("reviewer_id", "agent")):
        key = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_article_version_{name}_{table}"))
        op.add_column("article_version", sa.Column(name, sa.Integer(), key, nullable=True), inline_references=True)
    of_article = "FROM article WHERE article.id = article_version.article_id"
    op.execute(
        f"UPDATE article_version SET readers = (SELECT readers {of_article}), "  # noqa: S608 (own names only)
        f"section_id = (SELECT section_id {of_article})"
    )


def _add_translations_and_drafts() -> None:
    op.create_table(
        "article_translation",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("question", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("spoken", sa.String(length=300), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("of_number", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_translation_article_id_article")),
        sa.PrimaryKeyConstraint("article_id", "language", name=op.f("pk_article_translation")),
    )
    op.create_table(
        "article_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("spoken", sa.String(length=300), nullable=False),
        sa.Column("readers", sa.String(length=20), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("topics", sa.String(length=500), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_draft_article_id_article")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_article_draft_section_id_section")),
        sa.ForeignKeyConstraint(["author_id"], ["agent.id"], name=op.f("fk_article_draft_author_id_agent")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["agent.id"], name=op.f("fk_article_draft_reviewer_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_draft")),
        sa.UniqueConstraint("article_id", "language", name=op.f("uq_article_draft_article_id_language")),
    )
    op.create_index("ix_article_draft_state", "article_draft", ["state", "publish_at"])


def _add_history_pictures_and_imports() -> None:
    op.create_table(
        "article_event",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_event_article_id_article")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_article_event_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_event")),
    )
    op.create_index(op.f("ix_article_event_article_id"), "article_event", ["article_id"])
    op.create_table(
        "picture",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_picture_agent_id_agent")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_picture")),
    )
    op.create_index(op.f("ix_picture_sha256"), "picture", ["sha256"])
    op.create_table(
        "pending_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("repairs", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_pending_import_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_import")),
    )
