"""Every setting, declared once here and documented in docs/settings.md; `settings` reads and checks them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.setting_values import (
    account,
    base_url,
    database_url,
    host,
    keys,
    limit,
    mail_address,
    number,
    one_of,
    redis_url,
    sender_of_texts,
    sites,
    text,
    web_address,
    yes_no,
)


@dataclass(frozen=True)
class Setting:
    """One name an administrator may set. `default` is text, as it would stand in the environment."""

    name: str
    default: str
    help: str
    read: Callable[[str], Any]
    secret: bool = False


SETTINGS = (
    Setting(
        "PUBLIC_BASE_URL", "http://127.0.0.1:8000", "Address of the site as people type it; used in mails.", base_url
    ),
    Setting(
        "SECRET_KEY",
        "",
        "Signs sessions, forms and follow-up links: 32 characters or more. "
        "Left empty on a loopback address, one is drawn and kept in DATA_DIR.",
        text,
        secret=True,
    ),
    Setting(
        "SECRET_KEY_FALLBACKS",
        "",
        "Former secret keys, separated by spaces: links signed with them stay valid.",
        keys,
        secret=True,
    ),
    Setting(
        "DATABASE_URL",
        "",
        "sqlite:///path or postgresql://user:password@host/base. Left empty: SQLite in DATA_DIR.",
        database_url,
        secret=True,
    ),
    Setting("DATA_DIR", "var", "Folder of what is kept on disk: attachments, and the SQLite database.", Path),
    Setting(
        "REDIS_URL",
        "",
        "redis://host:port/0 wakes workers and shares rate limits. Left empty: the same process does the work.",
        redis_url,
        secret=True,
    ),
    Setting("HOST", "127.0.0.1", "Address that `helpdesk run` listens on.", host),
    Setting("PORT", "8000", "Port that `helpdesk run` listens on.", number(1, 65535)),
    Setting("THREADS", "8", "Threads of `helpdesk run`.", number(1, 128)),
    Setting(
        "PROXY_HOPS",
        "0",
        "How many reverse proxies stand in front and set X-Forwarded-For; 0 when none does.",
        number(0, 5),
    ),
    Setting(
        "SMTP_HOST",
        "",
        "Mail server that takes our mails. Left empty on a demo: mails are kept for reading at /demo/mails.",
        host,
    ),
    Setting("SMTP_PORT", "587", "Its port.", number(1, 65535)),
    Setting(
        "SMTP_SECURITY",
        "starttls",
        "starttls, tls (from the first byte) or none (a relay on this machine).",
        one_of("starttls", "tls", "none"),
    ),
    Setting("SMTP_USER", "", "User name, if the server asks for one.", text),
    Setting("SMTP_PASSWORD", "", "Its password.", text, secret=True),
    Setting(
        "MAIL_FROM",
        "assistance@educonnect.example",
        "Sender's address of our mails; its domain is that of our Message-IDs.",
        mail_address,
    ),
    Setting("MAILBOXES_FILE", "", "File that names the mailboxes. Left empty: config/mailboxes.toml.", text),
    Setting(
        "REPLY_TAGS",
        "no",
        "yes or no: answers go to MAIL_FROM with the request's number in it (name+ec-4f7k-9xr3@…), "
        "where the mail server takes such addresses.",
        yes_no,
    ),
    Setting(
        "SMTP_PER_MINUTE", "0", "Most mails handed to the server in one minute; 0 for no limit.", number(0, 100_000)
    ),
    Setting(
        "ACKNOWLEDGEMENTS_PER_HOUR",
        "5",
        "Most acknowledgements sent to one address in one hour; requests by mail beyond it are taken in without.",
        number(1, 1000),
    ),
    Setting("TWILIO_ACCOUNT_SID", "", "Account at Twilio (AC…). Left empty: no calls and no text messages.", account),
    Setting(
        "TWILIO_AUTH_TOKENS",
        "",
        "Its secret; while it is being changed both, separated by spaces, the new one first.",
        keys,
        secret=True,
    ),
    Setting(
        "TEXT_FROM",
        "",
        "Our number for text messages (+33…), or the sid of a messaging service (MG…). Left empty: none leave.",
        sender_of_texts,
    ),
    Setting(
        "TEXT_SEGMENTS",
        "3",
        "Parts of a text message, each of which is paid for, from which on agents are warned while they write.",
        number(1, 10),
    ),
    Setting(
        "TEXT_THREAD_DAYS",
        "14",
        "A text message within this time after the last one goes on with the same request; later it opens a new one.",
        number(1, 365),
    ),
    Setting(
        "JDMA_URL",
        "",
        "Address of the button « Je donne mon avis » (Services Publics +), shown once a request was sent.",
        web_address,
    ),
    Setting(
        "CALL_NUMBER",
        "",
        "Our number for calls (09 72 …), answered by the account; shown with call codes. Left empty: none are shown.",
        text,
    ),
    Setting("CONTACT_PHONE", "", "Phone number shown to the public. Left empty: none is shown.", text),
    Setting("CONTACT_HOURS", "", "Opening hours shown beside it, in French.", text),
    Setting("LEGAL_DIRECTOR", "", "Director of the publication, named in the legal notice.", text),
    Setting("LEGAL_HOST", "", "Who hosts the site (name, address, phone), for the legal notice.", text),
    Setting("FORM_LIMIT", "20 per hour", "Requests accepted from one network address.", limit),
    Setting(
        "FORM_SECONDS",
        "3",
        "Seconds that filling in the form takes at least; what comes sooner is asked to send again.",
        number(0, 60),
    ),
    Setting("FORM_LIMIT_SENDER", "10 per day", "Requests accepted under one mail address.", limit),
    Setting("SCHOOL_LIMIT", "120 per minute", "Proposals of schools given to one network address.", limit),
    Setting("PROPOSAL_LIMIT", "120 per minute", "Answers proposed in the form to one network address.", limit),
    Setting("SEARCH_LIMIT", "120 per minute", "Searches by other sites that one network address may make.", limit),
    Setting(
        "CONTROL_PERCENT",
        "5",
        "Of a hundred visitors, so many are shown no answers while they type a request: what they do tells what the "
        "answers spare. 0 shows them to all.",
        number(0, 50),
    ),
    Setting(
        "EMBED_SITES",
        "https:",
        "Sites that may show our search in a frame, parted by spaces, as a CSP names them: `https:` for all, or "
        "`https://ent.example.fr https://*.ac-test.fr`. none for nobody.",
        sites,
    ),
    Setting("VOTE_LIMIT", "60 per hour", "Votes on answers of the FAQ accepted from one network address.", limit),
    Setting(
        "LOGIN_LIMIT",
        "10 per minute",
        "Sign-in attempts accepted from one network address and for one account.",
        limit,
    ),
    Setting("UPLOAD_MB", "10", "Largest size of the files of one request together, in megabytes.", number(1, 100)),
    Setting(
        "UNDO_SECONDS",
        "10",
        "Seconds during which an agent may take an answer back before its mail leaves; 0 sends at once.",
        number(0, 60),
    ),
    Setting("SESSION_HOURS", "10", "An agent signs in again after this long.", number(1, 24)),
    Setting(
        "REOPEN_DAYS",
        "30",
        "An answer of the person within this time reopens a closed request; later it opens a new one.",
        number(1, 365),
    ),
    Setting("CLOSE_DAYS", "14", "A solved request is closed after this long without a word.", number(1, 365)),
    Setting(
        "WAITING_DAYS",
        "60",
        "An answered request is closed after this long without a word of the person.",
        number(1, 365),
    ),
    Setting(
        "ALERT_MAILS",
        "yes",
        "yes or no: mails to agents and supervisors about requests that are late or nearly so.",
        yes_no,
    ),
    Setting(
        "KEEP_DAYS",
        "365",
        "A closed request stays with its service this long; then it is archived, for supervisors only.",
        number(30, 3650),
    ),
    Setting(
        "ARCHIVE_DAYS", "365", "An archived request keeps its personal data this long; then figures.", number(1, 3650)
    ),
    Setting(
        "FAQ_FOUR_EYES",
        "yes",
        "yes or no: an entry of the FAQ is published by another person than those who wrote it. no is for small teams.",
        yes_no,
    ),
    Setting(
        "DEMO", "", "yes or no: demo pages (mails, log-ins). Left empty: yes on a loopback address, else no.", yes_no
    ),
    Setting("LOG_FORMAT", "text", "text for people, json for collectors.", one_of("text", "json")),
)
