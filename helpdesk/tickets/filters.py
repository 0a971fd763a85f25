"""What a list of tickets is narrowed to, as it stands in an address: every filter a word, and back again.

What an address says that no filter knows is left out and told; nothing a person writes there can do harm.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from helpdesk.text import one_line
from helpdesk.vocabulary import Channel, Priority, Status

LONGEST = 200  # characters of one filter
ME, NOBODY = "moi", "personne"  # who holds a ticket, beside the id of an agent


class Age(StrEnum):
    """How long ago a ticket came, in days: less than, or more than."""

    DAY = "moins-1"
    WEEK = "moins-7"
    MONTH = "moins-30"
    OVER_DAYS = "plus-3"
    OVER_WEEK = "plus-7"
    OVER_MONTH = "plus-30"

    @property
    def days(self) -> int:
        return int(self.value.rpartition("-")[2])

    @property
    def at_least(self) -> bool:
        return self.value.startswith("plus")


@dataclass(frozen=True)
class Filters:
    """Empty: not narrowed by this. `school` is a code (UAI) or words of a name or town; `holder` is ME, NOBODY or the
    id of an agent; `tag` is a name; `text` is words as in the search. `NAMES` has the names of the fields in addresses.
    """

    service: str = ""
    topic: str = ""
    academy: str = ""
    school: str = ""
    status: Status | None = None
    channel: Channel | None = None
    priority: Priority | None = None
    age: Age | None = None
    holder: str = ""
    language: str = ""
    tag: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return self != Filters()

    def arguments(self) -> dict[str, str]:
        """Those that narrow, as an address says them."""
        said = {NAMES[each.name]: getattr(self, each.name) for each in fields(self)}
        return {name: _WORDS.get(value, str(value)) for name, value in said.items() if value}


NAMES = {
    "service": "service",
    "topic": "sujet",
    "academy": "academie",
    "school": "etablissement",
    "status": "statut",
    "channel": "canal",
    "priority": "priorite",
    "age": "recue",
    "holder": "suivi",
    "language": "langue",
    "tag": "etiquette",
    "text": "texte",
}
STATUS_WORDS = {
    "nouvelle": Status.NEW,
    "en-cours": Status.OPEN,
    "en-attente": Status.WAITING,
    "resolue": Status.SOLVED,
    "close": Status.CLOSED,
}
PRIORITY_WORDS = {"urgente": Priority.URGENT, "normale": Priority.NORMAL, "basse": Priority.LOW}
CHANNEL_WORDS = {
    "formulaire": Channel.WEB,
    "courriel": Channel.EMAIL,
    "telephone": Channel.PHONE,
    "sms": Channel.SMS,
    "agent": Channel.AGENT,
}
_CLOSED: Mapping[str, Mapping[str, object]] = {
    "status": STATUS_WORDS,
    "priority": PRIORITY_WORDS,
    "channel": CHANNEL_WORDS,
    "age": {age.value: age for age in Age},
}
_WORDS: dict[object, str] = {member: word for words in _CLOSED.values() for word, member in words.items()}


def read_filters(arguments: Mapping[str, str], known: Mapping[str, Collection[str]]) -> tuple[Filters, list[str]]:
    """The filters of an address, and the arguments that were left out, as « canal=pigeon ».

    `known` gives, by field, what a filter of an open list may be: slugs of topics and services, codes of académies.
    """
    found: dict[str, object] = {}
    left_out = []
    for field, name in NAMES.items():
        said = one_line(arguments.get(name, ""), LONGEST)
        if not said:
            continue
        value = _value(field, said, known)
        if value is None:
            left_out.append(f"{name}={said}")
        else:
            found[field] = value
    return Filters(**found), left_out  # type: ignore[arg-type]  # each is of its field's type


def _value(field: str, said: str, known: Mapping[str, Collection[str]]) -> object | None:
    if field in _CLOSED:
        return _CLOSED[field].get(said)
    if field in known:
        return said if said in known[field] else None
    if field == "holder":
        return said if said in (ME, NOBODY) or (said.isdecimal() and len(said) < 10) else None
    if field == "language":
        return said if said.isalpha() and len(said) <= 3 else None
    return said
