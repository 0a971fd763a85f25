"""The directory of schools, as the ministry publishes it, with the keys by which what people type is looked up."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Choice, UtcDateTime, utc_now
from helpdesk.vocabulary import Level

# Byte order on both databases: words that begin alike are then one range of an index, whatever the server's language.
_KEY, _SHORT_KEY = (String(length).with_variant(String(length, collation="C"), "postgresql") for length in (200, 40))


class School(Base):
    """One school (établissement). A school that closed keeps its row: older requests name it.

    `kind` and `ministry` are the ministry's words; `sector` is "public", "prive" or "". `level` is None for services
    and offices, which the directory lists too. `address` has its lines in one text. `department` and `academy` are
    numbers as in `config/academies.csv`. `family`, `name_key` and `commune_key` are worked out by
    `routing.school_names`.
    """

    __tablename__ = "school"

    uai: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))
    sector: Mapped[str] = mapped_column(String(10))
    level: Mapped[Level | None] = mapped_column(Choice(Level))
    address: Mapped[str] = mapped_column(String(400))
    postal_code: Mapped[str] = mapped_column(_SHORT_KEY, index=True)
    commune: Mapped[str] = mapped_column(String(120))
    department: Mapped[str] = mapped_column(String(3), index=True)
    academy: Mapped[str] = mapped_column(String(2))
    email: Mapped[str] = mapped_column(String(320))
    phone: Mapped[str] = mapped_column(String(40))
    ministry: Mapped[str] = mapped_column(String(120))
    open: Mapped[bool]
    family: Mapped[str] = mapped_column(String(20))
    name_key: Mapped[str] = mapped_column(_KEY, index=True)
    commune_key: Mapped[str] = mapped_column(_KEY, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class SchoolWord(Base):
    """A word of a school's name: finds the schools whose name holds a word, or one that begins so."""

    __tablename__ = "school_word"

    word: Mapped[str] = mapped_column(_SHORT_KEY, primary_key=True)
    uai: Mapped[str] = mapped_column(ForeignKey("school.uai"), primary_key=True, index=True)
