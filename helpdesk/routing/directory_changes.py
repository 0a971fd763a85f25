"""What an extract changes in the directory: schools added, changed, closed; lines left out; and whether to believe it.

An extract may hold one académie, or collèges only. So a school is taken for closed by its absence only where the file
tells of others of its kind in its département.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from helpdesk.routing.directory_file import DirectoryFile, Refused, Row
from helpdesk.routing.school_names import family_of, read_name, read_town

# More closings by absence than this share, and this number, are rather a file that holds less than it seems to.
_SHARE, _NUMBER = 0.05, 10
_REFUSED_SHARE = 0.1
_SHOWN = 20
_REPORT_EVERY = 1_000  # lines

Progress = Callable[[int], None]  # lines read so far


@dataclass(frozen=True, slots=True)
class Entry:
    """A school with the keys by which it is looked up."""

    row: Row
    family: str
    name_key: str
    commune_key: str

    @property
    def unit(self) -> tuple[str, str]:
        return self.row.department, self.row.kind

    def values(self) -> dict[str, Any]:
        """By column of the table."""
        told = {each.name: getattr(self.row, each.name) for each in fields(Row)}
        return {**told, "family": self.family, "name_key": self.name_key, "commune_key": self.commune_key}


@dataclass
class Changes:
    """`before` are the entries that `changed` replace, in the same order. `absent` and `said_closed` are those that
    close: the first are no longer in the file, the second are in it as closed. `at_stake` counts the open schools that
    the file could have closed by absence.
    """

    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    before: list[Entry] = field(default_factory=list)
    absent: list[Entry] = field(default_factory=list)
    said_closed: list[Entry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unchanged: int = 0
    repeated: int = 0
    at_stake: int = 0
    departments: frozenset[str] = frozenset()

    @property
    def read(self) -> int:
        """Lines of the file, its header apart."""
        told = len(self.added) + len(self.changed) + len(self.said_closed) + self.unchanged
        return told + self.repeated + len(self.refused)

    @property
    def closes_too_many(self) -> bool:
        """Whether so many schools are missing that the file is probably an extract of another kind."""
        return len(self.absent) > max(_NUMBER, _SHARE * self.at_stake)

    @property
    def is_mostly_refused(self) -> bool:
        """Whether so many lines are wrong that the file itself must be."""
        return len(self.refused) > _REFUSED_SHARE * self.read

    def closed(self) -> list[Entry]:
        """All that close, as they are afterwards."""
        return self.said_closed + [replace(entry, row=replace(entry.row, open=False)) for entry in self.absent]

    def to_json(self) -> dict[str, Any]:
        """Counts, and each school or line that an administrator may want to look at."""
        return {
            "read": self.read,
            "added": [_told(entry) for entry in self.added],
            "changed": [
                {**_told(after), "fields": _differing(before, after)}
                for before, after in zip(self.before, self.changed, strict=True)
            ],
            "closed": [{**_told(entry), "absent": False} for entry in self.said_closed]
            + [{**_told(entry), "absent": True} for entry in self.absent],
            "refused": [{"line": each.line, "uai": each.uai, "why": each.why} for each in self.refused],
            "unchanged": self.unchanged,
            "repeated": self.repeated,
            "departments": sorted(self.departments),
        }


@dataclass
class Extract:
    """A file as read: `told` are its schools by code; `silent_on` the fields of which it says nothing."""

    told: dict[str, Entry] = field(default_factory=dict)
    silent_on: frozenset[str] = frozenset()
    refused: list[Refused] = field(default_factory=list)
    repeated: int = 0


def entry_of(row: Row) -> Entry:
    """A row with its keys."""
    name = read_name(row.name)
    return Entry(row, family_of(name, row.kind), name.key[:200], read_town(row.commune).key[:200])


def read_extract(file: DirectoryFile, progress: Progress) -> Extract:
    """All schools of a file, by code, each once."""
    extract = Extract(silent_on=file.silent_on)
    for number, line in enumerate(file.lines, start=1):
        if number % _REPORT_EVERY == 0:
            progress(number)
        if isinstance(line, Refused):
            extract.refused.append(line)
        elif line.uai not in extract.told:
            extract.told[line.uai] = entry_of(line)
        else:
            # The ministry repeats a school that is listed under two headings; open wins over closed.
            extract.repeated += 1
            if line.open and not extract.told[line.uai].row.open:
                extract.told[line.uai] = entry_of(line)
    return extract


def compare(stored: Mapping[str, Entry], extract: Extract) -> Changes:
    """What a file changes in what is stored, by code."""
    changes = Changes(refused=extract.refused, repeated=extract.repeated)
    told = [_completed(entry, stored.get(uai), extract.silent_on) for uai, entry in extract.told.items()]
    for entry in told:
        _place(changes, stored.get(entry.row.uai), entry)
    changes.departments = frozenset(entry.row.department for entry in told)
    units = {entry.unit for entry in told}
    at_stake = [entry for entry in stored.values() if entry.row.open and entry.unit in units]
    known = extract.told.keys() | {line.uai for line in extract.refused}
    changes.at_stake = len(at_stake)
    changes.absent = [entry for entry in at_stake if entry.row.uai not in known]
    return changes


def _completed(entry: Entry, before: Entry | None, silent_on: Collection[str]) -> Entry:
    """What a file says nothing of stays as it is known."""
    if before is None or not silent_on:
        return entry
    return entry_of(replace(entry.row, **{name: getattr(before.row, name) for name in silent_on}))


def _place(changes: Changes, before: Entry | None, entry: Entry) -> None:
    if before == entry:
        changes.unchanged += 1
    elif before is None:
        changes.added.append(entry)
    elif before.row.open and not entry.row.open:
        changes.said_closed.append(entry)
    else:
        changes.changed.append(entry)
        changes.before.append(before)


def sentences(changes: Changes) -> Iterator[str]:
    """The report in words, short enough to be read on a terminal."""
    closed = len(changes.said_closed) + len(changes.absent)
    yield f"{_counted(changes.read, 'ligne lue', 'lignes lues')}, {len(changes.departments)} département(s)."
    yield (
        f"Ajoutés : {len(changes.added)}. Modifiés : {len(changes.changed)}. Fermés : {closed}. "
        f"Inchangés : {changes.unchanged}. Répétés : {changes.repeated}. Refusés : {len(changes.refused)}."
    )
    for entry in changes.absent[:_SHOWN]:
        yield f"  fermé (absent du fichier) : {entry.row.uai} {entry.row.name}, {entry.row.commune}"
    for refused in changes.refused[:_SHOWN]:
        yield f"  ligne {refused.line} refusée : {refused.why}"
    for kind, listed in (("fermés", changes.absent), ("refus", changes.refused)):
        if len(listed) > _SHOWN:
            yield f"  … et {len(listed) - _SHOWN} autres {kind} (--json les donne tous)"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number < 2 else many}"


def _told(entry: Entry) -> dict[str, str]:
    return {"uai": entry.row.uai, "name": entry.row.name, "commune": entry.row.commune}


def _differing(before: Entry, after: Entry) -> list[str]:
    old, new = before.values(), after.values()
    return [name for name in new if old[name] != new[name]]
