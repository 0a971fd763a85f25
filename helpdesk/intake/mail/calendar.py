"""What an invitation (text/calendar, RFC 5545) says, as a few lines of text."""

import re

_WANTED = {"SUMMARY": "Invitation", "DTSTART": "Début", "DTEND": "Fin", "LOCATION": "Lieu", "DESCRIPTION": ""}
_FOLD = re.compile(r"\n[ \t]")
_ESCAPE = re.compile(r"\\([\\;,nN])")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\dZ?)?")


def calendar_text(calendar: str) -> str:
    """Title, times as written, place and description of the first event; empty without one."""
    found: dict[str, str] = {}
    inside = False
    for line in _FOLD.sub("", calendar[:200_000].replace("\r\n", "\n")).split("\n"):
        name, _colon, value = line.partition(":")
        name = name.partition(";")[0].strip().upper()
        if name == "BEGIN" and value.strip().upper() in {"VEVENT", "VTODO"}:
            inside = True
        elif name == "END" and inside and value.strip().upper() in {"VEVENT", "VTODO"}:
            break
        elif inside and name in _WANTED:
            found.setdefault(name, _plain(value))
    lines = [f"{label} : {found[name]}" if label else found[name] for name, label in _WANTED.items() if found.get(name)]
    return "\n".join(lines) if "SUMMARY" in found or "DESCRIPTION" in found else ""


def _plain(value: str) -> str:
    stamp = _STAMP.fullmatch(value.strip())
    if stamp:
        year, month, day, hour, minute = stamp.groups()
        return f"{day}/{month}/{year}" + (f" {hour}:{minute}" if hour else "")
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
