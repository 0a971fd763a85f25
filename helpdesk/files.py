"""Files from outside, kept by the hash of their bytes: the same picture sent twice lies there once."""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from helpdesk.errors import N_, HelpdeskError, NotFound

# First bytes of what people send as a screenshot or a letter, or say; all else is served as unknown bytes.
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"%PDF-", 0, "application/pdf"),
    (b"WAVE", 8, "audio/wav"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf3", 0, "audio/mpeg"),
)
UNKNOWN_TYPE = "application/octet-stream"


class StorageFull(HelpdeskError):
    """The disk refused the bytes; nothing was kept."""


def content_type_of(content: bytes) -> str:
    """The type told by the bytes themselves; what the sender claims is never believed."""
    for signature, place, content_type in _SIGNATURES:
        if content[place : place + len(signature)] == signature:
            return content_type
    return UNKNOWN_TYPE


class FileStore:
    """A folder of files named by SHA-256, two levels deep. Safe for several processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Store the bytes durably and return their hash. Raises StorageFull when the disk refuses."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        with suppress(OSError):  # not there, or not to be touched: written below, where refusals are told
            os.utime(path)  # wanted again: a sweep leaves it alone
            return digest
        draft = path.with_name(f"{digest}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise StorageFull("Le fichier n’a pas pu être enregistré.") from error
        return digest

    def read(self, digest: str) -> bytes:
        """The bytes. Raises NotFound if they are not here."""
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(N_("Ce fichier n’est plus disponible.")) from error

    def sweep(
        self, wanted: Callable[[Collection[str]], Collection[str]], before: datetime, *, dry_run: bool = False
    ) -> int:
        """Remove the files that are not wanted and that nobody has kept since `before`; returns how many.

        `wanted` is asked for some hashes at a time which of them are. Whoever keeps a file at the same moment finds it
        there afterwards. What ended processes left behind goes as well.
        """
        count = 0
        for some in _in_portions(sorted(self.digests()), 500):
            for digest in set(some) - set(wanted(some)):
                count += self._is_older(self._path(digest), before) if dry_run else self._remove(digest, before)
        if not dry_run:
            for path in self._folder.glob("??/*.*"):
                if self._is_older(path, before):
                    path.unlink(missing_ok=True)
        return count

    def _remove(self, digest: str, before: datetime) -> bool:
        path = self._path(digest)
        aside = path.with_name(f"{digest}.{secrets.token_hex(4)}")
        if not self._is_older(path, before):
            return False
        try:
            path.replace(aside)
            if self._is_older(aside, before):
                aside.unlink()
                return True
            aside.replace(path)  # it was kept again a moment ago
        except FileNotFoundError:
            pass  # another sweep was faster
        return False

    def _is_older(self, path: Path, moment: datetime) -> bool:
        try:
            return path.stat().st_mtime < moment.timestamp()
        except FileNotFoundError:
            return False

    def digests(self) -> Iterator[str]:
        """Every hash held, in no order."""
        for path in self._folder.glob("??/*"):
            if re.fullmatch("[0-9a-f]{64}", path.name):
                yield path.name

    def _path(self, digest: str) -> Path:
        if not re.fullmatch("[0-9a-f]{64}", digest):
            raise NotFound(N_("Ce fichier n’est plus disponible."))
        return self._folder / digest[:2] / digest


def _in_portions(digests: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(digests), size):
        yield digests[start : start + size]
