"""Whether digits are a postal code or the number of a département, and not a date, a class, a code received by SMS."""

from helpdesk.routing.clues import signs
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.reading import Break
from helpdesk.routing.clues.spot import Spot

_CODE_LABELS = words("code codes numero num n no identifiant id erreur error dossier ref reference ticket sms")
_OF_A_MESSAGE = words(
    "sms texto message recu recois recevoir mail erreur error provisoire confirmation securite activation"
)
_QUANTITIES = words("euros euro eur km m ans fois eleves habitants")
_DATES_AND_STREETS = words(
    """
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre h eme e er ieme ans an mois
    jours jour euros eur minutes min heures heure fois eleves enfants pm am km au rue avenue bd boulevard chemin route
    allee place impasse
    """
)
_DAYS = words("lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim")
_DEPARTMENT_LABELS = words("departement dept dep dpt depart academie")
_BETWEEN_LABEL_AND_NUMBER = words("du de le n numero")
_IN_THE = words("dans ds sur f habite habitons")
_SCHOOL_NOUNS = ("col", "clg", "lyc", "lic", "ec", "ek", "etab")
_COUNTED_THINGS = words("salle classe groupe numero n page bus ligne les des mes nos")
_NEAR_ITS_SCHOOL = 6  # words
_FIRST_NEVER_A_CLASS = 20  # smaller numbers behind a school's name may be a class or a day


def is_postal_code(spot: Spot, known_codes: frozenset[str]) -> bool:
    """Five digits that are a code in use, or that a label, CEDEX or a school and a town make one. `known_codes` is
    empty if codes in use are not known.
    """
    labelled = "postal" in (spot.before, spot.second) or spot.before == "cp" or spot.after == "cedex"
    if spot.after in _QUANTITIES:
        return False
    near = {spot.before, spot.second, spot.third}
    first = spot.mention.first
    if first and spot.reading.breaks[first] == Break.SOFT:
        near.add(spot.reading.words[first - 1])
    if near & _CODE_LABELS and not labelled and "postal" not in near and not _is_a_bare_code(spot):
        return False
    if labelled or not known_codes or spot.mention.value in known_codes:
        return True
    return spot.owned_by(signs.SCHOOL) and bool(spot.after) and spot.reading.capital(spot.mention.last)


def _is_a_bare_code(spot: Spot) -> bool:
    """« Buxeuil, code 37160 », but not « le code 37160 reçu par SMS »."""
    reading, first = spot.reading, spot.mention.first
    around = reading.words[max(0, first - _NEAR_ITS_SCHOOL) : first + _NEAR_ITS_SCHOOL]
    return spot.before == "code" and spot.ends_clause and _OF_A_MESSAGE.isdisjoint(around)


def is_department_number(spot: Spot) -> bool:
    """« dans le 93 », « collège du 77 », « (34) », « lycée Jean Jaurès 93 », « 974 »."""
    mention, context = spot.mention, spot.context
    if spot.after in _DATES_AND_STREETS or spot.before in _DAYS or spot.after.isdigit() or _is_of_a_longer_number(spot):
        return False
    if spot.before in _DEPARTMENT_LABELS:
        return True
    if spot.second in _DEPARTMENT_LABELS and spot.before in _BETWEEN_LABEL_AND_NUMBER:
        return True
    if spot.before == "le" and spot.second in _IN_THE:
        return True
    if spot.before == "du" and spot.owned_by(signs.SCHOOL, signs.HOME, signs.ACADEMY):
        return mention.first - context.governor <= _NEAR_ITS_SCHOOL
    if len(mention.value) == 3:
        return spot.before not in _CODE_LABELS
    return _is_in_brackets(spot) or _ends_a_school_name(spot)


def _is_in_brackets(spot: Spot) -> bool:
    start, end = spot.reading.starts[spot.mention.first], spot.reading.ends[spot.mention.last - 1]
    return spot.reading.text[max(0, start - 1) : start] == "(" and spot.reading.text[end : end + 1] == ")"


def _ends_a_school_name(spot: Spot) -> bool:
    if not spot.owned_by(signs.SCHOOL) or not spot.ends_clause or spot.before in _COUNTED_THINGS:
        return False
    if not spot.reading.words[spot.context.governor].startswith(_SCHOOL_NOUNS):
        return False
    named = 2 <= spot.mention.first - spot.context.governor < _NEAR_ITS_SCHOOL
    return named and int(spot.mention.value, 16) >= _FIRST_NEVER_A_CLASS


def _is_of_a_longer_number(spot: Spot) -> bool:
    """« 12/10/2026 », « 06.12.34 », « 93,5 », « 93 % »."""
    reading, mention = spot.reading, spot.mention
    start, end = reading.starts[mention.first], reading.ends[mention.last - 1]
    left, right = reading.text[max(0, start - 2) : start], reading.text[end : end + 2]
    if left[:1].isdigit() and left[-1:] in ("/", ".", ",", ":", "+"):
        return True
    if right[:1] in ("%", "€") or (right[:1] in ("/", ".", ",", ":", "-") and right[1:].isdigit()):
        return True
    return spot.before.isdigit()
