"""Delivery reports: RFC 3464, and the letters that mail servers write in their own words."""

import re
from collections.abc import Iterator
from dataclasses import replace

from helpdesk.intake.mail.structure import Part, parse
from helpdesk.intake.mail.value import BounceReport
from helpdesk.intake.mail.words import header_text
from helpdesk.text import one_line

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'«»=|]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
# What stands before a word of the report stays on its line: over many empty ones each would be read to the end.
_MESSAGE_ID = re.compile(r"(?im)^[> \t\u00a0|]*(?:x-original-)?message-id\s*:\s*(<[^<>\s]+>)")
_DAEMON = re.compile(
    r"(?:mailer|mail)[-_.]?daemon|post_?master|mail.?(?:delivery|subsystem|administrator|system)|bounce|"
    r"microsoftexchange|no-?reply|daemon|nobody|failure|mta",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"this is the qmail-send program|could not be delivered|couldn['’]t be delivered|was(?:n['’]t| not) delivered|"
    r"not been delivered|undeliverable|undelivered|"
    r"delivery (?:has )?failed|delivery to the following recipients? (?:has )?failed|did not reach|"
    r"failed permanently|fatal errors|"
    r"permanent(?:ly)? (?:error|fail|fatal)|unable to deliver|cannot be delivered|address (?:not found|couldn)|"
    r"user unknown|unknown user|"
    r"mailbox (?:is )?(?:full|unavailable)|no such user|returned to sender|delivery failure|message rejected|"
    r"failure notice|"
    r"n['’]a pas pu [êe]tre (?:remis|d[ée]livr|distribu|achemin|envoy)|n['’]ont pas pu [êe]tre|n['’]est pas parvenu|"
    r"non (?:remis|distribu|d[ée]livr)|"
    r"[ée]chec de (?:la )?(?:remise|distribution|livraison)|[ée]chec d['’](?:envoi|acheminement)|"
    r"impossible de (?:remettre|distribuer|livrer|d[ée]livrer)|"
    r"adresse introuvable|utilisateur inconnu|destinataire inconnu|bo[iî]te (?:aux lettres )?(?:est )?pleine|"
    r"unzustellbar|malformed address|was aborted|"
    r"following address(?:es)? (?:failed|had)|rejected by|mail delivery failed",
    re.IGNORECASE,
)
_FAILED_SUBJECT = re.compile(
    r"returned mail|mail failed|mail system error|delivery status notification\W*(?:\(?failure|error)|failure notice",
    re.IGNORECASE,
)
_ACTION = re.compile(r"(?im)^[> \t\u00a0]*action:\s*(failed|expired|delayed|delivered|relayed|expanded)")
_DELAYED = re.compile(
    r"\bdelay(?:ed)?\b|warning message only|do not need to resend|n['’]avez pas besoin de (?:le )?renvoyer|"
    r"remise (?:diff[ée]r[ée]e|retard[ée]e)|temporary problem|will (?:be retried|keep trying|continue)|"
    r"still being (?:re)?tried|not yet been delivered|could not send message for past|probl[èe]me temporaire|"
    r"delivery incomplete|distribution incompl[èe]te",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"(?im)^[> \t\u00a0*-]*(?:below this line is a copy|this is a copy of (?:the|your) message|(?:the )?(?:original|"
    r"returned|unsent) message"
    r"|message d['’]origine|en-t[êe]tes? d['’]origine|le message d['’]origine|transcript of session follows|"
    r"original message (?:headers )?follows|message (?:text|header) follows|copie du message|-+ message headers?|"
    r"reporting-mta:).{0,80}$"
    r"|^return-path:|^received: ",
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<!\d)([45])\d\d[ -](?:[45]\.\d|.{3})")


def bounce_of(
    root: Part, from_address: str, subject: str, text: str, reports: list[bytes], returned: list[bytes], ours: set[str]
) -> BounceReport | None:
    """What the report says; None if it tells no failure or delay. `ours`: addresses that cannot have failed."""
    message_id = _failed_message_id(root, text, returned)
    is_report = root.content_type == "multipart/report" or _from_daemon(root, from_address)
    if is_report:
        for body in reports:
            if b"disposition" in body.lower() and b"action:" not in body.lower():
                continue
            told = _from_report(body, message_id)
            if told is not None:
                return _with_recipient(told, root, text, ours) if told.permanent or told.recipient else None
    if not is_report and not root.raw("x-failed-recipients"):
        return None
    if any(b"disposition:" in body.lower() or b"action:" in body.lower() for body in reports):
        return None
    return _from_words(root, subject, text, message_id, ours)


def _from_daemon(root: Part, from_address: str) -> bool:
    path = header_text(root.raw("return-path"))
    return bool(_DAEMON.search(from_address)) or path.replace(" ", "") == "<>" or not from_address


def _from_report(body: bytes, message_id: str) -> BounceReport | None:
    """The first recipient that failed, else the first one delayed. None where no recipient has an action."""
    groups = [dict(group) for group in _groups(body)]
    acted = [group for group in groups if group.get("action")]
    for action in ("failed", "expired", "delayed"):
        for group in acted:
            if group["action"].lower().startswith(action):
                status = _STATUS.search(group.get("status", "") + " " + group.get("diagnostic-code", ""))
                return BounceReport(
                    recipient=_recipient(group),
                    message_id=message_id,
                    permanent=action != "delayed",
                    status=status.group(1) if status else "",
                    diagnostic=one_line(
                        group.get("diagnostic-code", "").partition(";")[2] or group.get("diagnostic-code", ""), 500
                    ),
                )
    return BounceReport(permanent=False) if acted else None


def _with_recipient(told: BounceReport, root: Part, text: str, ours: set[str]) -> BounceReport:
    """The report, its recipient looked for in the letter where the report itself names none."""
    if told.recipient:
        return told
    return replace(told, recipient=_first_address(header_text(root.raw("x-failed-recipients")) or text[:20_000], ours))


def _recipient(group: dict[str, str]) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        found = _ADDRESS.search(group.get(name, "").partition(";")[2] or group.get(name, ""))
        if found:
            return found.group().lower()
    return ""


def _groups(body: bytes) -> Iterator[list[tuple[str, str]]]:
    """The field groups of a report: blank lines stand between them."""
    rest = body.replace(b"\r\n", b"\n").lstrip(b"\n")
    for block in re.split(rb"\n[ \t]*\n", rest)[:200]:
        part = parse(block + b"\n\n")
        yield [(name, header_text(value)) for name, value in reversed(part.fields)]


def _failed_message_id(root: Part, text: str, returned: list[bytes]) -> str:
    for body in returned:
        found = re.search(r"<[^<>\s]+>", header_text(parse(body).raw("message-id")))
        if found:
            return found.group()
    copied = _MESSAGE_ID.search(text)
    if copied:
        return copied.group(1)
    answered = re.findall(r"<[^<>\s]+>", header_text(root.raw("in-reply-to")) or header_text(root.raw("references")))
    return str(answered[-1]) if answered else ""


def _from_words(root: Part, subject: str, text: str, message_id: str, ours: set[str]) -> BounceReport | None:
    copy = _COPY.search(text)
    letter = text[: copy.start()] if copy and copy.start() > 40 else text
    letter = letter[:20_000]
    action = _ACTION.search(text[:50_000])
    if action and action.group(1).lower() in {"delivered", "relayed", "expanded"}:
        return None
    delayed = bool(_DELAYED.search(subject) or _DELAYED.search(letter[:3000]))
    failed = bool(
        _FAILED.search(subject)
        or _FAILED_SUBJECT.search(subject)
        or _FAILED.search(letter)
        or root.raw("x-failed-recipients")
        or action
    )
    if not failed and not (delayed and re.search(r"deliver|remise|message", subject + letter, re.IGNORECASE)):
        return None
    # Servers warn of a delay in words of failure (« has not yet been delivered »), never the other way round.
    permanent = not delayed or bool(re.search(r"permanent|giving up|final", letter, re.IGNORECASE))
    named = header_text(root.raw("x-failed-recipients"))
    status = _STATUS.search(letter)
    return BounceReport(
        recipient=_first_address(named or letter, ours) or _first_address(text[:50_000], ours),
        message_id=message_id,
        permanent=permanent,
        status=status.group(1) if status else "",
        diagnostic=_diagnostic(letter),
    )


def _first_address(letter: str, ours: set[str]) -> str:
    for found in _ADDRESS.finditer(letter):
        address = found.group().lower().strip(".")
        if address not in ours and not _DAEMON.match(address):
            return address
    return ""


def _diagnostic(letter: str) -> str:
    """The line with the other server's code."""
    return next((one_line(line, 500) for line in letter.split("\n")[:400] if _REPLY_CODE.search(line)), "")
