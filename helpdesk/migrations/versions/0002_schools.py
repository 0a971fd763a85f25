"""Schools of the directory"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _key(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "school",
        sa.Column("uai", sa.String(8), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("sector", sa.String(10), nullable=False),
        sa.Column("level", sa.String(20), nullable=True),
        sa.Column("address", sa.String(400), nullable=False),
        sa.Column("postal_code", _key(40), nullable=False),
        sa.Column("commune", sa.String(120), nullable=False),
        sa.Column("department", sa.String(3), nullable=False),
        sa.Column("academy", sa.String(2), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("ministry", sa.String(120), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("family", sa.String(20), nullable=False),
        sa.Column("name_key", _key(200), nullable=False),
        sa.Column("commune_key", _key(200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uai", name=op.f("pk_school")),
    )
    for column in ("postal_code", "department", "name_key", "commune_key"):
        op.create_index(op.f(f"ix_school_{column}"), "school", [column])
    op.create_table(
        "school_word",
        sa.Column("word", _key(40), nullable=False),
        sa.Column("uai", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(["uai"], ["school.uai"], name=op.f("fk_school_word_uai_school")),
        sa.PrimaryKeyConstraint("word", "uai", name=op.f("pk_school_word")),
    )
    op.create_index(op.f("ix_school_word_uai"), "school_word", ["uai"])
