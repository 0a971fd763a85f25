"""Run by Alembic. The connection is handed in by `helpdesk.schema`; nothing is read from a file."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

import helpdesk.models  # noqa: F401 (makes all tables known)
from helpdesk.db import Base


def _as_stored(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Steps name the database's own types: ours may change later, what was done then does not."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite cannot alter a table in place: batches copy it.
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=_as_stored,
)
with context.begin_transaction():
    context.run_migrations()
