"""What a mailbox is to those who empty it: a place where mails wait, are fetched, and are filed once they are kept."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


class MailboxAway(Exception):
    """The mailbox cannot be read now; worth trying again. The text is fit for an administrator and holds no secret."""


class MailboxRefused(MailboxAway):
    """The server does not let us in: somebody must change the password. Not to be tried again and again."""


class MailNotGiven(MailboxAway):
    """The server answers, but will not give what was asked for. Others of its mails may be had."""


@dataclass(frozen=True)
class Found:
    """A mail that lies there: its number in the mailbox, and its bytes counted."""

    uid: str
    size: int
    message_id: str = ""


class Opened(Protocol):
    """A mailbox that is open. All raise MailboxAway when it is lost."""

    uidvalidity: int
    leaves: bool  # whether what is filed leaves the place where mails wait

    def waiting(self) -> list[str]:
        """The numbers of what lies there, oldest first; where filing only marks, also of what is filed."""

    def sizes(self, uids: Sequence[str]) -> dict[str, int]:
        """Bytes of some."""

    def filed(self) -> list[Found]:
        """What was filed, for comparing. Its numbers are its own."""

    def fetch(self, uids: Sequence[str], *, filed: bool = False) -> Iterator[tuple[str, bytes]]:
        """The bytes of some, one after the other. Looking changes nothing there."""

    def file(self, uids: Sequence[str]) -> None:
        """Out of the way; only after they were kept for good. Filing what is filed is no error."""

    def wait(self, seconds: float) -> bool:
        """Until a mail comes, or this long; False, at once, where the mailbox cannot tell."""


class Source(Protocol):
    """A mailbox that can be opened."""

    def connected(self) -> AbstractContextManager[Opened]:
        """Open it. Raises MailboxRefused or MailboxAway."""
