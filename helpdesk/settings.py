"""The settings of this process, read from the environment and checked before anything starts.

Nothing else reads the environment. A test holds `docs/settings.md` and `config/example.env` to the list of them.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.errors import ConfigError
from helpdesk.setting_list import SETTINGS
from helpdesk.setting_values import is_loopback


@dataclass(frozen=True)
class Settings:
    """The checked settings. Field names are the environment's, in lower case."""

    public_base_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    database_url: str
    data_dir: Path
    redis_url: str
    host: str
    port: int
    threads: int
    proxy_hops: int
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    smtp_password: str
    mail_from: str
    mailboxes_file: str
    reply_tags: bool
    smtp_per_minute: int
    acknowledgements_per_hour: int
    twilio_account_sid: str
    twilio_auth_tokens: tuple[str, ...]
    text_from: str
    text_segments: int
    text_thread_days: int
    jdma_url: str
    call_number: str
    contact_phone: str
    contact_hours: str
    legal_director: str
    legal_host: str
    form_limit: str
    form_seconds: int
    form_limit_sender: str
    school_limit: str
    proposal_limit: str
    search_limit: str
    control_percent: int
    embed_sites: str
    vote_limit: str
    login_limit: str
    upload_mb: int
    undo_seconds: int
    session_hours: int
    reopen_days: int
    close_days: int
    waiting_days: int
    alert_mails: bool
    keep_days: int
    archive_days: int
    faq_four_eyes: bool
    demo: bool
    log_format: str

    @property
    def https(self) -> bool:
        """Whether people reach the site by https, so that cookies may be tied to it."""
        return self.public_base_url.startswith("https://")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The present key first, then those whose signatures are still accepted."""
        return (self.secret_key, *self.secret_key_fallbacks)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check every setting. Raises one ConfigError that lists all problems.

    On a loopback address without SECRET_KEY, a key is drawn once and kept in DATA_DIR, readable by the owner only.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        raw = environ.get(setting.name, "").strip() or setting.default
        try:
            values[setting.name.lower()] = setting.read(raw)
        except ValueError as error:
            shown = "" if setting.secret or "@" in raw.partition("://")[2] else f" (« {raw[:100]} »)"
            problems.append(f"{setting.name}{shown} : {error}.")
    if not problems:
        problems = _contradictions(values)
    if problems:
        raise ConfigError(problems)
    values["database_url"] = values["database_url"] or f"sqlite:///{values['data_dir'].resolve() / 'helpdesk.sqlite'}"
    values["secret_key"] = values["secret_key"] or _drawn_key(values["data_dir"])
    return Settings(**values)


def _contradictions(values: dict[str, Any]) -> list[str]:
    """What is wrong between settings; fills in DEMO where it was left to fit."""
    problems = []
    loopback = is_loopback(values["public_base_url"])
    if values["demo"] is None:
        values["demo"] = loopback
    if values["demo"] and not loopback:
        problems.append(
            "DEMO : les pages de démonstration ne s’ouvrent que sur cette machine (PUBLIC_BASE_URL en 127.0.0.1)."
        )
    if not loopback and not values["secret_key"]:
        problems.append("SECRET_KEY : indispensable dès que le site est public.")
    if values["secret_key"] and len(values["secret_key"]) < 32:
        problems.append("SECRET_KEY : 32 caractères au moins.")
    if values["keep_days"] < values["reopen_days"]:
        problems.append("KEEP_DAYS : au moins autant que REOPEN_DAYS, sinon une réponse arriverait dans l’archive.")
    if bool(values["smtp_user"]) != bool(values["smtp_password"]):
        problems.append("SMTP_USER et SMTP_PASSWORD vont ensemble.")
    if values["smtp_user"] and not values["smtp_host"]:
        problems.append("SMTP_HOST : il manque le serveur auquel SMTP_USER se présente.")
    if values["smtp_user"] and values["smtp_security"] == "none" and not is_loopback(f"http://{values['smtp_host']}"):
        problems.append("SMTP_SECURITY : un mot de passe ne part pas en clair vers une autre machine.")
    problems += _of_telephone(values)
    if not loopback and not values["smtp_host"]:
        problems.append("SMTP_HOST : indispensable dès que le site est public, sinon aucune réponse ne part.")
    return problems


def _of_telephone(values: dict[str, Any]) -> list[str]:
    """What is wrong between the settings of calls and text messages."""
    problems = []
    if bool(values["twilio_account_sid"]) != bool(values["twilio_auth_tokens"]):
        problems.append("TWILIO_ACCOUNT_SID et TWILIO_AUTH_TOKENS vont ensemble.")
    if values["call_number"] and not values["twilio_account_sid"]:
        problems.append("CALL_NUMBER : il manque TWILIO_ACCOUNT_SID, le compte qui prend les appels.")
    if values["text_from"] and not values["twilio_account_sid"]:
        problems.append("TEXT_FROM : il manque TWILIO_ACCOUNT_SID, le compte par lequel les SMS partent.")
    return problems


def _drawn_key(data_dir: Path) -> str:
    path = data_dir / "secret-key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Two processes may start at once: the first to link its file wins, both read the same key.
            draft = data_dir / f"secret-key.{secrets.token_hex(4)}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                path.hardlink_to(draft)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise ConfigError([f"DATA_DIR (« {data_dir} ») : {error.strerror}."]) from error
