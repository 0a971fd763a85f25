"""The search itself: every field of a message, every kind of clue, then what they say together.

text ─ reading (words, zones) ─ signs ─┐
             └ places (mentions) ──────┴─ whose (context) ─ meant ─ weigh ─ findings ─ together ─┐
schools named, if there is a directory ───────────────────────────────────── findings ───────────┤
school codes, mail and web addresses ─────────────────────────────────────── findings ───────────┤
form fields, sender, telephone numbers ───────────────────────────────────────────────────────── clues
"""

from bisect import bisect_left
from dataclasses import replace
from functools import lru_cache

from helpdesk.intake.message import IncomingMessage, Sender
from helpdesk.routing import uai as codes
from helpdesk.routing.clues import signs
from helpdesk.routing.clues.addresses import PHONE_LIKE, of_address, of_phone
from helpdesk.routing.clues.finding import Finding, weigh
from helpdesk.routing.clues.form import clues_of_form, uai_clue
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.meant import is_meant
from helpdesk.routing.clues.mention import Mention
from helpdesk.routing.clues.places import Places
from helpdesk.routing.clues.reading import Reading, read
from helpdesk.routing.clues.schools import schools_told
from helpdesk.routing.clues.spot import spot
from helpdesk.routing.clues.together import together
from helpdesk.routing.clues.whose import Context, context
from helpdesk.routing.clues.wording import Wording
from helpdesk.routing.clues.zones import Zone
from helpdesk.routing.decision import Clue, Strength
from helpdesk.routing.geography import Geography
from helpdesk.routing.schools import SchoolDirectory

_OWN = words("mon ma mes notre nos my our mi mis meu minha mio mia")
_OWN_IN_ONE_WORD = words("wldi weldi wlidi waldi bnti benti bniti wladi drari")
_ERASING, _TAKING_OUT = ("effac", "rgpd", "cnil"), ("suppr", "clotur", "fermer", "fermez", "fermeture")
_ACCOUNTS = words("compte comptes donnees informations account data")
_CODES_AT_MOST = 20  # codes, and addresses, looked at
_SUBJECT_AT_MOST = 500  # characters


class _Search:
    """What stays the same from one message to the next."""

    def __init__(self, geography: Geography) -> None:
        self.geography = geography
        self.places = Places(geography)
        names = geography.communes.words() | {word for name in geography.territories for word in name.split(" ")}
        self.wording = Wording(names)

    def read(self, text: str, field: str) -> Reading:
        return read(text, field, self.wording)


@lru_cache(maxsize=4)
def _search(geography: Geography) -> _Search:
    return _Search(geography)


def find(incoming: IncomingMessage, geography: Geography, directory: SchoolDirectory | None = None) -> tuple[Clue, ...]:
    """All clues in a message on the académie of the child's school, those that count for nothing left out.

    The first 20,000 characters of the text are read. Places are those of the characters in their field. Former
    schools, streets, people's names, firms' signatures and the writer's job make no clue; a quotation makes one only
    when nothing was said this time. Never raises, whatever the text.
    """
    search = _search(geography)
    subject = search.read(incoming.subject[:_SUBJECT_AT_MOST], "subject")
    text = search.read(incoming.text, "text")
    own_child = _has_own_child(subject) or _has_own_child(text)
    leaving = _is_leaving(subject) or _is_leaving(text)
    findings = [
        finding for reading in (subject, text) for finding in _findings(reading, search, directory, own_child, leaving)
    ]
    clues = clues_of_form(incoming.school, geography, search.places, search.read, directory)
    clues += together(subject, text, findings, own_child)
    clues += _of_sender(incoming.sender, geography)
    return _distinct(clues + _of_phones(text, geography))


def _findings(
    reading: Reading, search: _Search, directory: SchoolDirectory | None, own_child: bool, leaving: bool
) -> list[Finding]:
    marks = signs.mark(reading.words)
    known = search.places.postal_codes
    findings = _of_codes(reading, marks, search.geography, directory) + _of_addresses(reading, marks, search.geography)
    places = []
    for mention in search.places.mentions(reading):
        here = spot(reading, marks, mention, context(reading, marks, mention))
        if not is_meant(here, known):
            continue
        if (finding := weigh(here, search.geography, own_child, leaving)) is not None:
            places.append((finding, mention))
    findings += [finding for finding, _ in places]
    return findings if directory is None else findings + schools_told(reading, marks, places, directory)


def _of_codes(
    reading: Reading, marks: list[int], geography: Geography, directory: SchoolDirectory | None
) -> list[Finding]:
    findings = []
    for start, end, code in codes.find_codes(reading.text)[:_CODES_AT_MOST]:
        clue = uai_clue(code, reading.text[start:end], reading.field, start, geography, directory)
        found, zone = _around(reading, marks, start)
        if found.time != signs.PAST:
            findings.append(Finding(_weaker_unless_fresh(clue, zone), found, bisect_left(reading.starts, start), zone))
    return findings


def _of_addresses(reading: Reading, marks: list[int], geography: Geography) -> list[Finding]:
    findings = []
    for start, end in reading.addresses[:_CODES_AT_MOST]:
        clue = of_address(reading.text[start:end], reading.field, start, geography, Strength.WEAK)
        if clue is None:
            continue
        found, zone = _around(reading, marks, start)
        if found.time != signs.PAST:
            findings.append(Finding(_weaker_unless_fresh(clue, zone), found, bisect_left(reading.starts, start), zone))
    return findings


def _around(reading: Reading, marks: list[int], start: int) -> tuple[Context, Zone]:
    """The context of something at a place where there may be no word."""
    index = bisect_left(reading.starts, start)
    zone = reading.zones[min(index, len(reading.zones) - 1)] if reading.zones else Zone.FRESH
    return context(reading, marks, Mention("place", "", index, index)), zone


def _weaker_unless_fresh(clue: Clue, zone: Zone) -> Clue:
    if zone == Zone.FRESH or clue.strength != Strength.STRONG:
        return clue
    return replace(clue, strength=Strength.WEAK)


def _of_sender(sender: Sender, geography: Geography) -> list[Clue]:
    clues = []
    if sender.email and (clue := of_address(sender.email[:320], "sender.email", 0, geography, Strength.WEAK)):
        clues.append(clue)
    if sender.phone and (clue := of_phone(sender.phone[:40], "sender.phone", 0, geography)):
        clues.append(clue)
    return clues


def _of_phones(text: Reading, geography: Geography) -> list[Clue]:
    if "0" not in text.text and "+" not in text.text:  # with which all begin
        return []
    found = PHONE_LIKE.finditer(text.text)
    return [clue for match in found if (clue := of_phone(match[0], "text", match.start(), geography))]


def _has_own_child(reading: Reading) -> bool:
    words = reading.words
    if _OWN_IN_ONE_WORD.intersection(words):
        return True
    table = signs.by_first_word()
    after = [words[index + 1] for index, word in enumerate(words[:-1]) if word in _OWN]
    return any(sign & signs.CHILD and not rest for word in after for rest, sign in table.get(word, ()))


def _is_leaving(reading: Reading) -> bool:
    """Whether somebody wants an account, or data, erased."""
    words = reading.words
    if any(word.startswith(_ERASING) for word in words):
        return True
    return any(word.startswith(_TAKING_OUT) for word in words) and not _ACCOUNTS.isdisjoint(words)


def _distinct(clues: list[Clue]) -> tuple[Clue, ...]:
    kept: dict[tuple[str, str, tuple[str, ...], Strength], Clue] = {}
    for clue in clues:
        kept.setdefault((clue.kind, clue.value, clue.academies, clue.strength), clue)
    return tuple(kept.values())
