"""What a call asks of the database and of the map: places, call codes, spoken answers."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from helpdesk.db import db
from helpdesk.intake.phone.voice.codes import number_of
from helpdesk.intake.phone.voice.script import LANGUAGES, Place
from helpdesk.models import Address, Article, Section, Ticket, Translation
from helpdesk.routing.communes import TOWN_FROM, bare_key
from helpdesk.routing.geography import Geography
from helpdesk.routing.postal_codes import department
from helpdesk.vocabulary import Readers

_WORDS_AT_MOST = 12  # of what was said; places stand at its beginning or end


def place_of(figures: str, geography: Geography) -> Place | None:
    """The place of a département (« 69 », « 974 »; « 20 » is Corse) or of a postal code."""
    if len(figures) == 5:
        found = department(figures)
    elif 1 < len(figures) < 4:
        found = "2A" if figures == "20" else figures
    else:
        return None
    academy = geography.academy_of(found) if found else None
    return Place(figures, academy) if academy else None


def place_named(words: str, geography: Geography) -> Place | None:
    """The place of a name: a département, an académie, a town of which there is only one. The longest name counts."""
    said = words.split()[:_WORDS_AT_MOST]
    for length in range(min(4, len(said)), 0, -1):
        for start in range(len(said) - length + 1):
            name = " ".join(said[start : start + length])
            if academy := _academy_named(bare_key(name), geography):
                return Place(name, academy)
    return None


def _academy_named(key: str, geography: Geography) -> str | None:
    territory = geography.territories.get(key) or geography.after_academie.get(key)
    if territory is not None:  # « Nord » too: a place was asked for, and is asked about once more
        return territory.academies[0] if len(territory.academies) == 1 else None
    town = geography.communes.named(key)
    if town is None:
        return None
    large = {each.department for each in town.candidates if each.population >= TOWN_FROM and not each.short}
    academies = geography.academies_of(large)
    return academies[0] if len(academies) == 1 else None


def ticket_of(code: str) -> str:
    """Reference of the ticket that bears the call code; empty if there is none, or it is archived."""
    number = number_of(code)
    if number is None:
        return ""
    found = select(Ticket.reference).where(Ticket.id == number, Ticket.archived_at.is_(None))
    return db.session.scalar(found) or ""


def takes_part(number: str, reference: str) -> bool:
    """Whether the telephone number is one of the person of the ticket."""
    theirs = select(Address.id).where(
        Address.person_id == Ticket.person_id, Address.kind == "phone", Address.value == number
    )
    mine = select(Ticket.id).where(Ticket.reference == reference, or_(Ticket.sender_phone == number, theirs.exists()))
    return bool(number) and db.session.scalar(mine) is not None


def spoken_answer(topics: Sequence[str], language: str) -> str:
    """What the first fitting entry of the FAQ says on the telephone; empty where none says anything in the language."""
    spoken = Article.spoken if language == LANGUAGES[0] else Translation.spoken
    query = (
        select(Article.topics, spoken)
        .join(Section, Section.id == Article.section_id)
        .where(Article.published, Article.readers == Readers.FAMILIES, Article.topics != "", spoken != "")
        .order_by(Section.position, Article.position)
    )
    if language != LANGUAGES[0]:
        query = query.join(Translation, Translation.article_id == Article.id).where(Translation.language == language)
    wanted = set(topics)
    return next((said for told, said in db.session.execute(query) if wanted & set(told.split())), "")
