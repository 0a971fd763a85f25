"""Telling owners of the FAQ's entries that one is to be read again: one mail a day at most, with all that is due.

The duty's own row keeps two processes from doing it at once. A mail that leaves twice, after a kill at the wrong
moment, is harmless: so it needs no row in the outbox.
"""

from collections.abc import Iterable
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from itertools import groupby
from zoneinfo import ZoneInfo

import structlog
from babel.dates import format_date
from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from helpdesk.db import db, transaction
from helpdesk.knowledge.entries import due
from helpdesk.models import Agent, Article
from helpdesk.outbox.mailer import DeliveryError, Mailer
from helpdesk.settings import Settings

log = structlog.get_logger()
SHOWN = 30  # entries in one mail
_PARIS = ZoneInfo("Europe/Paris")


def remind_owners(mailer: Mailer, settings: Settings, now: datetime) -> int:
    """Send each owner what is due and was not told of yet; returns how many mails left.

    One that does not leave is tried at the next turn. Owners who have left are told nothing: the list « À revoir »
    shows it to all.
    """
    today = now.astimezone(_PARIS).date()
    untold = or_(Article.review_told_on.is_(None), Article.review_told_on < Article.review_on)
    query = select(Article).join(Article.owner).where(due(today), untold, Agent.active)
    whole = query.options(joinedload(Article.owner)).order_by(Article.owner_id, Article.review_on, Article.id)
    batches = [
        ([article.id for article in articles], _mail(owner, articles, settings, now))
        for owner, articles in _by_owner(db.session.scalars(whole))
    ]
    db.session.rollback()  # no transaction stays open while the network is slow
    return sum(_send(mailer, mail, ids, today) for ids, mail in batches)


def _by_owner(articles: Iterable[Article]) -> Iterable[tuple[Agent, list[Article]]]:
    for owner, owned in groupby(articles, key=lambda article: article.owner):
        if owner is not None:
            yield owner, list(owned)


def _mail(owner: Agent, articles: list[Article], settings: Settings, now: datetime) -> EmailMessage:
    site, count = settings.public_base_url, len(articles)
    lines = [
        f"- {article.question}\n  {_day(article.review_on)}\n  {site}/agent/fiches/{article.id}" for article in articles
    ]
    more = [f"Et {count - SHOWN} autres dans la liste."] if count > SHOWN else []
    text = ["Bonjour,", "Ces fiches de la FAQ sont à relire : sont-elles encore justes ?", *lines[:SHOWN], *more]
    text += [f"Toute la liste : {site}/agent/fiches?vue=a-revoir"]
    text += ["-- \nMessage automatique de l’assistance EduConnect. Inutile d’y répondre."]
    mail = EmailMessage()
    mail["From"] = Address("Assistance EduConnect", addr_spec=settings.mail_from)
    mail["To"] = owner.email
    mail["Subject"] = f"EduConnect : {count} fiche{'s' if count > 1 else ''} de la FAQ à relire"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=settings.mail_from.partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content("\n\n".join(text) + "\n")
    return mail


def _send(mailer: Mailer, mail: EmailMessage, article_ids: list[int], today: date) -> bool:
    try:
        mailer.send(mail)
    except DeliveryError as error:
        log.warning("reminder not sent", error=str(error))
        return False
    with transaction() as session:
        session.execute(update(Article).where(Article.id.in_(article_ids)).values(review_told_on=today))
    return True


def _day(value: date | None) -> str:
    return f"à revoir depuis le {format_date(value, 'd MMMM y', locale='fr')}" if value else ""
