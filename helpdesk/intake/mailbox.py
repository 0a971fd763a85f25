"""Mailboxes on a server, through IMAP (RFC 3501, with MOVE, UIDPLUS and IDLE where the server has them)."""

import re
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from imapclient import SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.maildir import Maildir
from helpdesk.intake.source import Found, MailboxAway, MailboxRefused, MailNotGiven, Source

TIMEOUT = SocketTimeout(connect=15, read=60)  # seconds
TOKEN_TIMEOUT = 30  # seconds
_FOR_NOW = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]", re.IGNORECASE)  # RFC 5530: not the password's fault
_AT_ONCE = 200  # mails named in one command
_TAGGED = b"BODY[]"
_ID = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"


def source_for(spec: MailboxSpec) -> Source:
    """The mailbox that the specification names."""
    return Maildir(spec) if spec.kind == "maildir" else ImapMailbox(spec)


class ImapMailbox:
    """A folder of a server, read with BODY.PEEK: until a mail is filed, nothing there shows that we looked."""

    def __init__(self, spec: MailboxSpec) -> None:
        self._spec = spec

    @contextmanager
    def connected(self) -> Iterator["OpenedImap"]:
        """Sign in and open the folder. The connection is dropped at the end, whatever happens."""
        client = None
        try:
            with _told(self._spec):
                client = self._connect()
                self._sign_in(client)
                opened = OpenedImap(client, self._spec)
            yield opened
            with suppress(IMAPClientError, OSError):
                client.logout()
                client = None
        finally:
            if client is not None:
                with suppress(IMAPClientError, OSError):
                    client.shutdown()

    def _connect(self) -> IMAPClient:
        spec, on_tls = self._spec, self._spec.security == "tls"
        tls = ssl.create_default_context() if spec.security != "none" else None
        client = IMAPClient(
            spec.host, spec.port, ssl=on_tls, ssl_context=tls if on_tls else None, timeout=TIMEOUT, use_uid=True
        )
        if spec.security == "starttls":
            try:
                client.starttls(tls)
            except BaseException:
                with suppress(OSError):
                    client.shutdown()
                raise
        return client

    def _sign_in(self, client: IMAPClient) -> None:
        spec = self._spec
        if not spec.token_file and not spec.token_command:
            client.login(spec.user, spec.password)
            return
        client.oauth2_login(spec.user, _token(spec))


class OpenedImap:
    """One signed-in connection with the folder open."""

    def __init__(self, client: IMAPClient, spec: MailboxSpec) -> None:
        self._client, self._spec = client, spec
        self._folder, self.leaves = "", bool(spec.filed)
        self.uidvalidity = self._open(spec.folder)
        if spec.filed and not client.folder_exists(spec.filed):
            client.create_folder(spec.filed)

    def waiting(self) -> list[str]:
        # Never by the flag: somebody who reads the mailbox with a program of their own must not hide a mail from us.
        with _told(self._spec):
            self._open(self._spec.folder)
            return [str(uid) for uid in sorted(self._client.search(["ALL"]))]

    def sizes(self, uids: Sequence[str]) -> dict[str, int]:
        with _told(self._spec):
            self._open(self._spec.folder)
            return {found.uid: found.size for found in self._found([int(uid) for uid in uids], ids=False)}

    def filed(self) -> list[Found]:
        with _told(self._spec):
            self._open(self._spec.filed or self._spec.folder)
            return self._found(sorted(self._client.search(["ALL"])), ids=True)

    def fetch(self, uids: Sequence[str], *, filed: bool = False) -> Iterator[tuple[str, bytes]]:
        with _told(self._spec):
            self._open((self._spec.filed if filed else "") or self._spec.folder)
            answer = self._client.fetch([int(uid) for uid in uids], ["BODY.PEEK[]"])
        for uid in uids:
            raw = answer.get(int(uid), {}).get(_TAGGED)
            if isinstance(raw, bytes):  # else it has gone meanwhile
                yield uid, raw

    def file(self, uids: Sequence[str]) -> None:
        numbers = [int(uid) for uid in uids]
        with _told(self._spec):
            self._open(self._spec.folder)
            for start in range(0, len(numbers), _AT_ONCE):
                self._file(numbers[start : start + _AT_ONCE])

    def _file(self, numbers: list[int]) -> None:
        client = self._client
        if not self._spec.filed:
            client.add_flags(numbers, [SEEN], silent=True)
        elif client.has_capability("MOVE"):
            client.move(numbers, self._spec.filed)
        else:
            client.copy(numbers, self._spec.filed)
            client.delete_messages(numbers, silent=True)
            # Without UIDPLUS an expunge would also take what somebody else marked: those stay, marked, and known to us.
            if client.has_capability("UIDPLUS"):
                client.uid_expunge(numbers)

    def wait(self, seconds: float) -> bool:
        if not self._client.has_capability("IDLE"):
            return False
        with _told(self._spec):
            self._open(self._spec.folder)
            self._client.idle()
            # Not idle_check: it gives up the connection when only half a line has come yet.
            with DefaultSelector() as news:
                news.register(self._client.socket(), EVENT_READ)
                news.select(seconds)
            self._client.idle_done()
        return True

    def _open(self, folder: str) -> int:
        if folder != self._folder:
            self._uidvalidity = int(self._client.select_folder(folder)[b"UIDVALIDITY"])
            self._folder = folder
        return self._uidvalidity

    def _found(self, numbers: Sequence[int], *, ids: bool) -> list[Found]:
        found = []
        wanted = ["RFC822.SIZE", *(["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"] if ids else [])]
        for start in range(0, len(numbers), _AT_ONCE):
            answer = self._client.fetch(numbers[start : start + _AT_ONCE], wanted)
            found += [Found(str(uid), _size(data), _message_id(data)) for uid, data in sorted(answer.items())]
        return found


def _token(spec: MailboxSpec) -> str:
    """The OAuth token of now: what the command prints, or what the file holds. What the command complains of is not
    told on: it may hold the token.
    """
    if spec.token_file is not None:
        try:
            return spec.token_file.read_text("utf-8").strip()
        except OSError as error:
            raise MailboxRefused(f"{spec.token_file} : {error.strerror}") from error
    try:
        ended = subprocess.run(  # noqa: S603 (the administrator's own command, without a shell)
            spec.token_command, capture_output=True, timeout=TOKEN_TIMEOUT, check=True, text=True
        )
    except OSError as error:
        raise MailboxRefused(f"{spec.token_command[0]} : {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise MailboxAway(f"{spec.token_command[0]} ne donne pas de jeton en {TOKEN_TIMEOUT} s") from error
    except subprocess.CalledProcessError as error:
        raise MailboxAway(f"{spec.token_command[0]} ne donne pas de jeton (code {error.returncode})") from error
    return ended.stdout.strip()


def _size(data: Any) -> int:
    size = data.get(b"RFC822.SIZE")
    return size if isinstance(size, int) else 0


def _message_id(data: Any) -> str:
    header = data.get(_ID)
    return header.decode("ascii", "replace").partition(":")[2].strip() if isinstance(header, bytes) else ""


@contextmanager
def _told(spec: MailboxSpec) -> Iterator[None]:
    """Errors of the library and of the network as ours; never with what was sent."""
    try:
        yield
    except LoginError as error:
        # The library calls everything a refusal that goes wrong while signing in.
        if isinstance(error.__context__, IMAPClientAbortError) or _FOR_NOW.search(str(error)):
            raise MailboxAway(f"{spec.host} n’a pas pu vérifier nos identifiants") from error
        raise MailboxRefused(f"{spec.host} refuse nos identifiants ({spec.user})") from error
    except ssl.SSLCertVerificationError as error:
        raise MailboxAway(f"{spec.host} : certificat refusé ({error.verify_message})") from error
    except TimeoutError as error:
        raise MailboxAway(f"{spec.host} ne répond plus") from error
    except IMAPClientAbortError as error:
        raise MailboxAway(f"{spec.host} a coupé la connexion") from error
    except IMAPClientError as error:
        raise MailNotGiven(f"{spec.host} répond : {str(error)[:200]}") from error
    except (OSError, ValueError) as error:  # ValueError: an answer that is no IMAP
        raise MailboxAway(f"{spec.host} est injoignable ({type(error).__name__})") from error
