"""A folder of files as a mailbox: what is dropped into `new` is taken in, then lies in `cur`."""

import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.source import Found, MailboxAway

_QUIET = 1.0  # seconds without a change: a file that a person copies here is whole by then


class Maildir:
    """The folder. The hash of a file's bytes is its number, so that one name used twice is two mails."""

    def __init__(self, spec: MailboxSpec, *, quiet: float = _QUIET) -> None:
        self._folder, self._quiet = spec.path, quiet
        self._paths: dict[str, Path] = {}
        self.uidvalidity, self.leaves = 0, True

    @contextmanager
    def connected(self) -> Iterator["Maildir"]:
        """Make the folder if it is not there. Raises MailboxAway."""
        try:
            for name in ("tmp", "new", "cur"):
                (self._folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MailboxAway(f"{self._folder} : {error.strerror}") from error
        yield self

    def waiting(self) -> list[str]:
        """What lies in `new`, by name, which in a Maildir is by age."""
        return [found.uid for found in self._found(self._folder / "new", time.time() - self._quiet)]

    def sizes(self, uids: Sequence[str]) -> dict[str, int]:
        """As the disk says."""
        return {uid: self._paths[uid].stat().st_size for uid in uids if self._paths[uid].exists()}

    def filed(self) -> list[Found]:
        """What was taken in before."""
        return self._found(self._folder / "cur", time.time())

    def fetch(self, uids: Sequence[str], *, filed: bool = False) -> Iterator[tuple[str, bytes]]:
        """The bytes of some; one that has gone meanwhile is left out."""
        for uid in uids:
            try:
                yield uid, self._paths[uid].read_bytes()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise MailboxAway(f"{self._paths[uid].name} : {error.strerror}") from error

    def file(self, uids: Sequence[str]) -> None:
        """Move to `cur`, seen. The number goes before the name: two files of one name stay two."""
        for uid in uids:
            path = self._paths[uid]
            name = re.sub(r":2,[A-Z]*$", "", path.name)[:150]
            try:
                path.rename(self._folder / "cur" / f"{uid[:16]}.{name.removeprefix(uid[:16] + '.')}:2,S")
            except FileNotFoundError:
                continue  # another poller did it
            except OSError as error:
                raise MailboxAway(f"{path.name} : {error.strerror}") from error

    def wait(self, seconds: float) -> bool:
        """A folder does not tell; it is looked at often instead."""
        return False

    def _found(self, folder: Path, until: float) -> list[Found]:
        found = []
        for path in sorted(folder.iterdir()):
            try:
                if path.name.startswith(".") or not path.is_file() or path.stat().st_mtime > until:
                    continue
                with path.open("rb") as file:
                    uid = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                continue  # moved by another poller, or not ours to read
            self._paths[uid] = path
            found.append(Found(uid, path.stat().st_size if path.exists() else 0))
        return found
