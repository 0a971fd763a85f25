"""Fetching recordings from the provider, hanging them on their message, and having them deleted there."""

import io
import wave
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import select, update

from helpdesk.db import db, transaction
from helpdesk.files import FileStore, StorageFull, content_type_of
from helpdesk.intake.phone.fetching import Never, NotFetched, Provider, fetch, remove
from helpdesk.intake.phone.voice.states import RecordingState
from helpdesk.models import Attachment, Message, Recording, Ticket
from helpdesk.settings import Settings
from helpdesk.tickets import history

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
AT_ONCE = 20
# It often is told of before it is ready; after the last one it is given up.
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
_NAMES = {"audio/mpeg": "message-vocal.mp3", "audio/wav": "message-vocal.wav"}


class Source(Protocol):
    """Where recordings lie. Both raise NotFetched, or Never where it is in vain."""

    def fetch(self, url: str, limit: int) -> bytes:
        """The bytes of one."""

    def remove(self, url: str) -> None:
        """Have it deleted there; what is gone already is fine."""


class AtProvider:
    """The real one. A recording is asked for as MP3, a tenth of its size."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def fetch(self, url: str, limit: int) -> bytes:
        return fetch(self._provider, f"{url}.mp3", limit)

    def remove(self, url: str) -> None:
        remove(self._provider, f"{url}.json")


class InFolder:
    """The twin of a demo without an account: what its telephone recorded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sid: str, seconds: int) -> str:
        """Record silence of that length; returns its address."""
        self._folder.mkdir(parents=True, exist_ok=True)
        written = io.BytesIO()
        with wave.open(written, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(8000)
            sound.writeframes(b"\x80" * 8000 * seconds)
        (self._folder / f"{sid}.wav").write_bytes(written.getvalue())
        return f"demo:{sid}"

    def fetch(self, url: str, limit: int) -> bytes:
        try:
            content = self._path(url).read_bytes()
        except OSError as error:
            raise Never("enregistrement absent de la démonstration") from error
        if len(content) > limit:
            raise Never("fichier trop lourd")
        return content

    def remove(self, url: str) -> None:
        self._path(url).unlink(missing_ok=True)

    def _path(self, url: str) -> Path:
        sid = url.removeprefix("demo:")
        if not sid.isalnum():
            raise Never("adresse qui n’est pas celle de la démonstration")
        return self._folder / f"{sid}.wav"


def source_for(settings: Settings) -> Source | None:
    """By the account of the settings, else the folder of a demo; None: the channel is off."""
    if settings.twilio_account_sid:
        return AtProvider(Provider(settings.twilio_account_sid, settings.twilio_auth_tokens[0]))
    return demo_recordings(settings) if settings.demo else None


def demo_recordings(settings: Settings) -> InFolder:
    """Where the demo's telephone records."""
    return InFolder(settings.data_dir / "recordings")


def fetch_recordings(source: Source, files: FileStore, limit: int, now: datetime) -> int:
    """Fetch what is due, of `limit` bytes each at most, and delete there what is here; returns how many were tried.
    Safe in several processes.
    """
    to_do = Recording.state.in_((RecordingState.PENDING, RecordingState.KEPT)) & (Recording.due <= now)
    ids = db.session.scalars(select(Recording.id).where(to_do).order_by(Recording.due).limit(AT_ONCE)).all()
    for recording_id in ids:
        with transaction() as session:
            taken = session.execute(
                update(Recording)
                .where(Recording.id == recording_id, to_do)
                .values(due=now + LEASE, attempts=Recording.attempts + 1)
                .returning(Recording.url, Recording.attempts, Recording.state)
            ).first()
        if taken is not None:
            _fetch(recording_id, *taken, source, files, limit, now)
    db.session.rollback()
    return len(ids)


def _fetch(
    recording_id: int,
    url: str,
    attempt: int,
    state: RecordingState,
    source: Source,
    files: FileStore,
    limit: int,
    now: datetime,
) -> None:
    try:
        if state is RecordingState.PENDING:
            content = source.fetch(url, limit)
            kept = Attachment(sha256=files.keep(content), content_type=content_type_of(content), size=len(content))
            if not _keep(recording_id, attempt, kept, now):
                return
        source.remove(url)
    except (NotFetched, StorageFull) as error:
        _put_off(recording_id, attempt, error, now)
        return
    with transaction() as session:
        row = update(Recording).where(Recording.id == recording_id, Recording.state == RecordingState.KEPT)
        session.execute(row.values(state=RecordingState.DONE, error=""))


def _keep(recording_id: int, attempt: int, kept: Attachment, now: datetime) -> bool:
    """Hang it on its message, unless another worker has, or the ticket's data is gone."""
    with transaction() as session:
        recording = session.get(Recording, recording_id, with_for_update=True)
        if recording is None or recording.state is not RecordingState.PENDING or recording.attempts != attempt:
            return False
        kept.message_id, kept.name = recording.message_id, _NAMES.get(kept.content_type, "message-vocal.bin")
        # Deleting there begins anew: its attempts are its own.
        recording.state, recording.error, recording.attempts = RecordingState.KEPT, "", 0
        session.add(kept)
        _tell(session.get_one(Message, recording.message_id), now, "")
        return True


def _put_off(recording_id: int, attempt: int, error: Exception, now: datetime) -> None:
    log.warning("recording not fetched or not deleted", recording=recording_id, attempt=attempt, error=str(error))
    with transaction() as session:
        recording = session.get(Recording, recording_id, with_for_update=True)
        if recording is None or recording.state in (RecordingState.DONE, RecordingState.REFUSED):
            return
        recording.error = str(error)[:200]
        place = max(recording.attempts, 1) - 1
        if not isinstance(error, Never) and place < len(RETRIES):
            recording.due = now + RETRIES[place]
        elif recording.state is RecordingState.KEPT:
            recording.due = now + RETRIES[-1]  # a voice is not forgotten at a stranger’s: asked for again each day
        else:
            recording.state = RecordingState.REFUSED
            _tell(recording.message, now, str(error))


def _tell(message: Message, now: datetime, error: str) -> None:
    session = db.session()
    told = {"message": message.id, **({"error": error} if error else {})}
    history.record(session, session.get_one(Ticket, message.ticket_id), history.RECORDING, None, now, told)
