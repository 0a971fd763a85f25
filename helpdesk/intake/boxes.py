"""The mailboxes of `config/mailboxes.toml`, checked before anything is connected."""

import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpdesk.errors import ConfigError

_KEYS = {
    "maildir": {"path"},
    "imap": {"host", "port", "security", "user", "password", "token_file", "token_command", "folder", "filed"},
}
_COMMON = {"name", "kind", "address", "default", "trusted_host"}
_PORTS = {"tls": 993, "starttls": 143, "none": 143}
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
NATIONAL = "national"


@dataclass(frozen=True)
class MailboxSpec:
    """One mailbox. `academy` and `service` are where requests belong that tell nothing; empty for national triage.

    `password` is the secret itself, taken from the environment; `token_file` holds an OAuth token that another tool
    keeps fresh, `token_command` prints one, and is asked at each connection. `filed` is the folder for mails that are
    kept; without it they are flagged as seen. For a folder of files `path` is all there is.
    """

    name: str
    kind: str = "maildir"
    address: str = ""
    academy: str = ""
    service: str = ""
    trusted_host: str = ""
    path: Path = Path()
    host: str = ""
    port: int = 993
    security: str = "tls"
    user: str = ""
    password: str = field(default="", repr=False)
    token_file: Path | None = None
    token_command: tuple[str, ...] = ()
    folder: str = "INBOX"
    filed: str = ""


def load_mailboxes(
    path: Path, secrets: Mapping[str, str], data_dir: Path, services: Mapping[str, str]
) -> tuple[MailboxSpec, ...]:
    """Read the file; without one there is no mailbox. `services` gives the académie of each slug, empty if national.

    Raises ConfigError with every problem of the file. It names variables of the environment, never what they hold.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise ConfigError([f"{path.name} : le fichier ne peut pas être lu ({error})"]) from error
    tables = told.get("mailbox", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables) or set(told) - {"mailbox"}:
        raise ConfigError([f"{path.name} : seules des tables [[mailbox]] sont attendues"])
    problems = [
        f"{path.name}, boîte « {table.get('name', number)} » : {problem}."
        for number, table in enumerate(tables, 1)
        for problem in _problems(table, secrets, services)
    ]
    names = [table.get("name") for table in tables]
    problems += [
        f"{path.name} : deux boîtes s’appellent « {name} »." for name in {n for n in names if names.count(n) > 1}
    ]
    if problems:
        raise ConfigError(problems)
    return tuple(_spec(table, secrets, data_dir, services) for table in tables)


def _problems(table: Mapping[str, Any], secrets: Mapping[str, str], services: Mapping[str, str]) -> Iterator[str]:
    kind = table.get("kind")
    if kind not in _KEYS:
        yield "« kind » attend « maildir » ou « imap »"
        return
    yield from (f"« {key} » n’a pas de sens ici" for key in sorted(set(table) - _COMMON - _KEYS[kind]))
    for key, value in table.items():
        if key != "port" and not isinstance(value, str):
            yield f"« {key} » attend un texte"
            return
    if not 1 <= len(table.get("name", "")) <= 60:
        yield "« name » attend un nom de 60 caractères au plus"
    default = table.get("default", NATIONAL)
    if default != NATIONAL and default not in services and default not in set(services.values()) - {""}:
        yield f"« default » : « {default} » n’est ni « national », ni un code d’académie, ni un service"
    if kind == "maildir":
        if not table.get("path"):
            yield "il manque « path »"
        return
    yield from _problems_of_server(table, secrets)


def _problems_of_server(table: Mapping[str, Any], secrets: Mapping[str, str]) -> Iterator[str]:
    yield from (f"il manque « {key} »" for key in ("host", "user") if not table.get(key))
    security = table.get("security", "tls")
    if security not in _PORTS:
        yield "« security » attend « tls », « starttls » ou « none »"
    if security == "none" and table.get("host") not in _LOOPBACK:
        yield "« security » : un mot de passe ne part pas en clair vers une autre machine"
    port = table.get("port", 993)
    if not isinstance(port, int) or not 1 <= port <= 65535:
        yield "« port » attend un nombre de 1 à 65535"
    if sum(bool(table.get(key)) for key in ("password", "token_file", "token_command")) != 1:
        yield "il faut « password », « token_file » ou « token_command », et un seul"
    elif table.get("password") and not secrets.get(table["password"]):
        yield f"la variable d’environnement {table['password']} est vide"
    try:
        shlex.split(table.get("token_command", ""))
    except ValueError:
        yield "« token_command » : un guillemet n’est pas fermé"
    if table.get("filed") and table["filed"] == table.get("folder", "INBOX"):
        yield "« filed » et « folder » sont le même dossier"


def _spec(
    table: Mapping[str, Any], secrets: Mapping[str, str], data_dir: Path, services: Mapping[str, str]
) -> MailboxSpec:
    default = table.get("default", NATIONAL)
    security = table.get("security", "tls")
    return MailboxSpec(
        name=table["name"],
        kind=table["kind"],
        address=table.get("address", "").lower(),
        academy=services.get(default, "" if default == NATIONAL else default),
        service=default if default in services else "",
        trusted_host=table.get("trusted_host", ""),
        path=data_dir / table.get("path", ""),
        host=table.get("host", ""),
        port=table.get("port", _PORTS[security]),
        security=security,
        user=table.get("user", ""),
        password=secrets.get(table.get("password", ""), ""),
        token_file=data_dir / table["token_file"] if table.get("token_file") else None,
        token_command=tuple(shlex.split(table.get("token_command", ""))),
        folder=table.get("folder", "INBOX"),
        filed=table.get("filed", ""),
    )
