"""Mail addresses as people type them."""

import re
from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import OSA

from helpdesk.text import fold

# Where French families have their mail; only slips of these are asked about.
_PROVIDERS = (
    "gmail.com", "orange.fr", "wanadoo.fr", "hotmail.fr", "hotmail.com", "outlook.fr", "outlook.com", "live.fr",
    "yahoo.fr", "yahoo.com", "free.fr", "sfr.fr", "laposte.net", "icloud.com", "bbox.fr", "neuf.fr", "numericable.fr",
    "aliceadsl.fr", "club-internet.fr", "protonmail.com",
)  # fmt: skip
# Real providers that are a slip away from one of these.
_OTHERS = frozenset((
    "ymail.com", "rocketmail.com", "googlemail.com", "email.com", "mail.com", "gmx.fr", "gmx.com", "gmx.net", "aol.com",
    "aol.fr", "live.com", "me.com", "mac.com", "msn.com", "orange.com", "sfr.com", "free.com", "laposte.fr",
    "bouygtel.fr", "proton.me", "pm.me",
))  # fmt: skip
# These have mail in many countries: yahoo.gr is no slip of yahoo.fr.
_WORLDWIDE = frozenset(("hotmail", "outlook", "live", "yahoo"))
_NEIGHBOURS_OF_FR = frozenset(("ar", "br", "cr", "gr", "hr", "kr", "tr", "fi"))
# These have mail under one ending only.
_ONE_ENDING = {"gmail": "gmail.com", "icloud": "icloud.com"}
_LONG_ENOUGH = 5  # letters; one letter off « sfr » is somebody else's name


def read_email(text: str) -> str | None:
    """The address in lower case, or None if mail could never reach it. No network is asked.

    What stands around it (`<…>`, « mailto: », a full stop), spaces at the @ or the dots, and a comma for the dot of the
    domain are forgiven.
    """
    bare = re.sub(r"\s{0,3}([@.])\s{0,3}", r"\1", text.strip()[:400].removeprefix("mailto:").strip("<>()[]\"'.,;: "))
    name, at, domain = bare.rpartition("@")
    whole = f"{name}{at}{domain.replace(',', '.')}"
    try:
        found = validate_email(whole, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        return None
    return found.normalized.lower()


def takes_no_answers(address: str) -> bool:
    """Whether its name says so: noreply@, ne-pas-repondre@."""
    return (
        re.match(r"(?:.*[._-])?(?:(?:no|do-?not)[._-]?reply|(?:ne[._-]?)?pas[._-]?repondre)\b", address.lower())
        is not None
    )


def likely_typo(address: str) -> str | None:
    """The address that was probably meant (« lou@gmial.com » → « lou@gmail.com »), or None if it looks right.

    Cautious: a slip of a great provider, or accents and « www. » before the @. The person decides.
    """
    name, at, domain = address.strip().lower().rpartition("@")
    if not at or not name:
        return None
    meant = f"{fold(name).removeprefix('www.')}@{_meant_domain(domain.strip('.'))}"
    return meant if meant != f"{name}@{domain}" else None


def _meant_domain(domain: str) -> str:
    if domain in _PROVIDERS or domain in _OTHERS:
        return domain
    label, _dot, ending = domain.partition(".")
    if label in _ONE_ENDING:
        return _ONE_ENDING[label]
    if label in _WORLDWIDE and ending in _NEIGHBOURS_OF_FR:
        return domain
    slips = sorted(_slips(domain))
    return slips[0][1] if slips else domain


def _slips(domain: str) -> Iterator[tuple[int, str]]:
    """Providers that the domain is one slip of name and one slip of ending away from, with the number of both."""
    label, dot, ending = domain.partition(".")
    for provider in _PROVIDERS:
        right_label, _dot, right_ending = provider.partition(".")
        if not dot:
            # « gmail.com » typed without its dot, or without its ending.
            if domain in {right_label, right_label + right_ending}:
                yield 0, provider
            continue
        in_label = OSA.distance(label, right_label, score_cutoff=1)
        in_ending = OSA.distance(ending, right_ending, score_cutoff=1)
        if in_label <= 1 and in_ending <= 1 and _same_name(label, right_label):
            yield in_label + in_ending, provider


def _same_name(label: str, right: str) -> bool:
    """Whether one letter off is still that name: « grange » is no slip of « orange », nor « sdr » of « sfr »."""
    if len(right) < _LONG_ENOUGH:
        return set(label) == set(right)
    return label[:1] == right[0] or sorted(label) == sorted(right)
