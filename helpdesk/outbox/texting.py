"""Handing a text message to the outside: Twilio, or a folder when there is no account."""

import hashlib
import json
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from helpdesk.outbox.mailer import DeliveryError, Refused
from helpdesk.settings import Settings

API = "https://api.twilio.com"
TIMEOUT = 15  # seconds; the library has none of its own
LONGEST = 1600  # characters that the provider takes at once
_STOPPED = 21610  # the provider's own list of people who wrote STOP


class Texter(Protocol):
    """What `outbox.deliver` hands its text messages to."""

    def send(self, number: str, text: str, *, name: str, report_to: str) -> str:
        """Hand over one text; returns the provider's name of it. `name` is ours, the same for the same row. What
        becomes of it is told to the address `report_to`. Raises Refused or DeliveryError.
        """

    def ping(self) -> str:
        """One French phrase on its state, for `helpdesk check`. Asks nobody."""


class TwilioTexter:
    """The real one. The library is read when the first text leaves: a site that sends none does without."""

    def __init__(self, account: str, token: str, sender: str, api: str = API) -> None:
        self._account, self._token, self._sender, self._api = account, token, sender, api

    def send(self, number: str, text: str, *, name: str, report_to: str) -> str:
        sender = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        fields = {"To": number, sender: self._sender, "Body": text}
        if report_to.startswith("https://"):  # nobody outside reaches a laptop
            fields["StatusCallback"] = report_to
        try:
            answer = self._client.request(
                "POST", f"{self._api}/2010-04-01/Accounts/{self._account}/Messages.json", data=fields, timeout=TIMEOUT
            )
        except OSError as error:  # of the library below, all are
            raise DeliveryError(f"opérateur de SMS injoignable ({type(error).__name__})") from error
        return _sid_in(answer.status_code, answer.text)

    def ping(self) -> str:
        return f"par Twilio, de {self._sender}"

    @cached_property
    def _client(self) -> Any:
        from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
        from twilio.rest import Client  # type: ignore[import-untyped]

        http = TwilioHttpClient(timeout=TIMEOUT, max_retries=0)
        # What is said here is what counts, not what the environment says.
        return Client(self._account, self._token, http_client=http, environment={"TWILIO_REGION": ""})


class FolderTexter:
    """The twin for a laptop: texts become files that the demo shows. Same name twice, same file: one text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, number: str, text: str, *, name: str, report_to: str) -> str:
        said = {"to": number, "text": text, "at": datetime.now(UTC).isoformat()}
        draft = self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
            draft.replace(self.folder / f"{name}.json")
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise DeliveryError(f"dossier des SMS : {error.strerror}") from error
        return f"SM{hashlib.sha256(name.encode()).hexdigest()[:32]}"

    def ping(self) -> str:
        return f"aucun compte : les SMS sont gardés dans {self.folder}"


def texter_for(settings: Settings) -> Texter | None:
    """By the settings' account, else in the folder of a demo; None: the channel is off."""
    if settings.text_from and settings.twilio_account_sid:
        return TwilioTexter(settings.twilio_account_sid, settings.twilio_auth_tokens[0], settings.text_from)
    return FolderTexter(settings.data_dir / "texts") if settings.demo else None


def _sid_in(status: int, answer: str) -> str:
    """The provider's name of what it took. Its own words are not repeated: they may hold the number."""
    try:
        told = json.loads(answer)
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    if status in (200, 201) and isinstance(told.get("sid"), str):
        return str(told["sid"])[:40]
    code = told.get("code") if isinstance(told.get("code"), int) else ""
    if code == _STOPPED:
        raise Refused("la personne a répondu STOP")
    problem = f"SMS refusé par l’opérateur (réponse {status}{f', code {code}' if code else ''})"
    # 400 is about this message; all else (account, load, a fault of theirs) may be better later.
    raise Refused(problem) if status == 400 else DeliveryError(problem)
