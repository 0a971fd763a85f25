"""Fetching the pictures that came with text messages, after the message itself is safe."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from helpdesk.db import db, transaction
from helpdesk.files import FileStore, StorageFull, content_type_of
from helpdesk.intake.phone.fetching import Never, NotFetched, Provider, fetch, remove
from helpdesk.models import Attachment, TextPicture, Ticket
from helpdesk.outbox.text_states import PictureState
from helpdesk.tickets import history

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
AT_ONCE = 20
# The message often comes before its pictures are ready; after the last one it is given up.
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/heic": "heic",
            "application/pdf": "pdf"}  # fmt: skip


def fetch_pictures(provider: Provider, files: FileStore, limit: int, now: datetime) -> int:
    """Fetch what is due, of `limit` bytes each at most; returns how many were tried. Safe in several processes."""
    waiting = (TextPicture.state == PictureState.PENDING) & (TextPicture.due <= now)
    ids = db.session.scalars(select(TextPicture.id).where(waiting).order_by(TextPicture.due).limit(AT_ONCE)).all()
    for picture_id in ids:
        _fetch(picture_id, provider, files, limit, now)
    db.session.rollback()
    return len(ids)


def _fetch(picture_id: int, provider: Provider, files: FileStore, limit: int, now: datetime) -> None:
    with transaction() as session:
        taken = session.execute(
            update(TextPicture)
            .where(TextPicture.id == picture_id, TextPicture.state == PictureState.PENDING, TextPicture.due <= now)
            .values(due=now + LEASE, attempts=TextPicture.attempts + 1)
            .returning(TextPicture.url, TextPicture.attempts)
        ).first()
    if taken is None:
        return
    url, attempt = taken
    try:
        content = fetch(provider, url, limit)
        kept = Attachment(sha256=files.keep(content), content_type=content_type_of(content), size=len(content))
    except (NotFetched, StorageFull) as error:
        _put_off(picture_id, attempt, error, now)
        return
    _keep(picture_id, attempt, kept, now)
    try:
        remove(provider, url)
    except NotFetched as error:
        log.warning("picture not deleted at the provider", picture=picture_id, error=str(error))


def _keep(picture_id: int, attempt: int, kept: Attachment, now: datetime) -> None:
    """Hang it on its message, unless another worker has, or the ticket's data is gone."""
    with transaction() as session:
        picture = session.get(TextPicture, picture_id, with_for_update=True)
        if picture is None or picture.state is not PictureState.PENDING or picture.attempts != attempt:
            return
        kept.message_id, kept.name = picture.message_id, f"photo-{picture.id}.{_ENDINGS.get(kept.content_type, 'bin')}"
        picture.state, picture.error = PictureState.KEPT, ""
        session.add(kept)
        ticket = session.get_one(Ticket, picture.message.ticket_id)
        history.record(session, ticket, history.PICTURE, None, now, {"message": picture.message_id})


def _put_off(picture_id: int, attempt: int, error: Exception, now: datetime) -> None:
    log.warning("picture not fetched", picture=picture_id, attempt=attempt, error=str(error))
    with transaction() as session:
        picture = session.get(TextPicture, picture_id, with_for_update=True)
        if picture is None or picture.state is not PictureState.PENDING or picture.attempts != attempt:
            return
        picture.error = str(error)
        if not isinstance(error, Never) and attempt <= len(RETRIES):
            picture.due = now + RETRIES[attempt - 1]
            return
        picture.state = PictureState.REFUSED
        told = {"message": picture.message_id, "error": str(error)}
        history.record(session, session.get_one(Ticket, picture.message.ticket_id), history.PICTURE, None, now, told)
