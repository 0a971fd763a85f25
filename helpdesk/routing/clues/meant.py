"""Whether a name is meant as a place here. Towns known to all are, nearly always; words of every day nearly never."""

from helpdesk.routing.clues import signs
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.mention import Mention, plausible
from helpdesk.routing.clues.names import is_a_persons, is_of_a_longer_name, is_of_a_street
from helpdesk.routing.clues.numbers import is_department_number, is_postal_code
from helpdesk.routing.clues.reading import Break
from helpdesk.routing.clues.spot import ARTICLES, AT, OF, PLACING, SAINTS, Spot
from helpdesk.routing.communes import Risk

_SCHOOL_KINDS = words(
    """
    public publique prive privee catholique general generale professionnel professionnelle pro technologique technique
    polyvalent polyvalente primaire elementaire maternelle superieur internationale international municipal municipale
    hotelier numero no sous contrat rep
    """
)
_NAMES_OF_SAINTS = frozenset({"saint vincent de paul", "saint jean de dieu", "saint louis de gonzague"})
_FIRMS = frozenset({"orange"})
_RIVERSIDES = words("val vallee vals bords bord rives rive quais berges pays coteaux portes boucles")
_IN_THE = words("dans ds sur habite f")
_OTHERS = words("celui celle ceux")  # « un code postal qui est celui de la Loire »
_DEPARTMENT_LABELS = words("departement dept dep dpt depart academie")
_BEFORE_A_VERB = words("te me se nous vous je tu il elle on ils elles")  # « que Dieu te garde »
_LIVING = words("habite habitons vis vivons vit ile")
_MEETING = words(
    """
    parents parent de d du avec pour information informations rentree zoom hier prevue organisee collective publique
    generale pedagogique equipe ce cette lundi mardi mercredi jeudi vendredi samedi ou
    """
)
# Inhabitants.
_LARGE = 20_000
_TOWN = 10_000
_SMALL_TOWN = 5_000
_SMALL = 2_000
_HAS_A_COLLEGE = 1_000  # « lycée d'Arsonval » is a name, not a village of 350


def is_meant(spot: Spot, known_codes: frozenset[str]) -> bool:
    """Whether the mention is a place here, whoever's it is. `known_codes` are the postal codes in use."""
    kind = spot.mention.kind
    if kind in ("ent", "agricultural", "abroad", "cned"):
        return True
    if kind == "number":
        return is_department_number(spot)
    if is_of_a_street(spot):
        return False
    if kind == "postal-code":
        return is_postal_code(spot, known_codes)
    if spot.mention.settled:
        return True
    if is_of_a_longer_name(spot) or is_a_persons(spot):
        return False
    if kind == "commune":
        return _is_commune(spot)
    return spot.before in AT if kind == "foreign" else _is_territory(spot)


def _is_commune(spot: Spot) -> bool:
    mention = spot.mention
    if mention.risk == Risk.COMMON or (spot.before in _BEFORE_A_VERB and not spot.capital):
        return False
    if spot.owned_by(signs.SCHOOL) and (spot.right_after_owner or spot.before in _SCHOOL_KINDS):
        return _is_school_called_by_its_town(mention, spot.reading.capital(mention.first))
    if mention.risk == Risk.WORD:
        return _is_risky_commune(spot)
    if spot.reading.cased and not spot.capital and mention.population < _SMALL:
        return False
    if spot.right_after_owner or spot.owned_by(signs.ACADEMY):
        return True
    owned = spot.is_ours or spot.owned_by(signs.OFFICE)
    if spot.before == "sur" and spot.second not in ("", "suis", "est", "sont") and _is_only_shortened(mention):
        return False  # « Cosne-sur-Loire » is not in Loire-Authion
    if spot.before in AT:
        if spot.before in OF and not _is_of_the_place(spot, owned):
            return False
        return owned or spot.capital or mention.population >= _TOWN
    if not spot.before:
        return mention.population >= _SMALL_TOWN or (owned and (spot.capital or mention.population >= _SMALL))
    return spot.before not in ARTICLES and _ends_a_school_name(spot)


def _is_school_called_by_its_town(mention: Mention, capital: bool) -> bool:
    """« lycée Marseille », « clg Trappes »: a town; « collège Sainte-Marie », « lycée Descartes »: a name."""
    if mention.risk == Risk.WORD:
        largest = mention.candidates[0]
        return capital and largest.population >= _LARGE and not (largest.article or largest.short)
    return mention.population >= _TOWN and not mention.key.startswith(SAINTS)


def _is_all_a_sentence(spot: Spot) -> bool:
    """« Je n’ai rien reçu. Menton »."""
    breaks, last = spot.reading.breaks, spot.mention.last
    return breaks[spot.mention.first] >= Break.LINE and (last == len(breaks) or breaks[last] >= Break.LINE)


def _is_only_shortened(mention: Mention) -> bool:
    return all(candidate.short for candidate in mention.candidates)


def _is_of_the_place(spot: Spot, owned: bool) -> bool:
    """« le collège de Lunel », « maman de Lille », but not « lycée d'Arsonval » nor « la MAIF de Niort »."""
    if spot.owned_by(signs.SCHOOL) and not spot.context.ecole:
        return spot.mention.population >= _HAS_A_COLLEGE
    return owned or (bool(spot.second) and bool(spot.marks[spot.mention.first - 2] & (signs.OTHER | signs.CHILD)))


def _ends_a_school_name(spot: Spot) -> bool:
    """« collège Jules Ferry Saint-Malo »: after a name, a town; but « Notre-Dame Saint-Joseph » is all a name."""
    mention = spot.mention
    saint = mention.key.startswith(SAINTS)
    if mention.key.count(" ") >= (3 if saint else 2) and mention.key not in _NAMES_OF_SAINTS:
        return mention.population >= _SMALL
    if not spot.owned_by(signs.SCHOOL):
        return mention.population >= _TOWN
    if saint:
        sure = len(plausible(mention.candidates)) == 1
        return sure and mention.population >= _TOWN
    return mention.population >= (_SMALL if spot.capital else _SMALL_TOWN)


def _is_risky_commune(spot: Spot) -> bool:
    """« à Tours », « collège de Sens », but not « à tours de bras » nor « un sens »."""
    mention, capital = spot.mention, spot.capital
    owned = spot.is_ours or spot.owned_by(signs.ACADEMY)
    right_after = mention.first - 1 == spot.context.governor
    if _is_all_a_sentence(spot):
        return spot.reading.capital(mention.first) and mention.population >= _TOWN and mention.key not in _FIRMS
    if spot.reading.cased and not capital:
        at_home = spot.owned_by(signs.HOME) and right_after
        return owned and (spot.before in PLACING or at_home) and mention.population >= _LARGE
    if spot.before in PLACING or (spot.before in OF and owned):
        return owned or (capital and mention.key not in _FIRMS)
    if right_after and owned:
        return capital or mention.population >= _TOWN
    as_a_name = capital or (spot.ends_clause and spot.reading.capital(mention.first))
    if spot.owned_by(signs.SCHOOL) and mention.population >= (_SMALL_TOWN if as_a_name else _LARGE):
        return capital or spot.ends_clause
    return not spot.before and owned and capital


def _is_territory(spot: Spot) -> bool:
    mention = spot.mention
    if _OTHERS.intersection(spot.reading.words[max(0, mention.first - 3) : mention.first]):
        return False
    if spot.before in _RIVERSIDES or (spot.before in OF | {"sur"} and spot.second in _RIVERSIDES):
        return False
    if spot.owned_by(signs.ACADEMY, signs.OFFICE):
        return True
    if mention.risk:
        return _is_the_island(spot) if spot.reading.words[mention.last - 1] == "reunion" else _is_risky_territory(spot)
    if spot.before == "sur":  # « Bry-sur-Marne » and the like; « sur l'Hérault » has its article before
        return mention.kind != "departement"
    placed = spot.before in AT | ARTICLES or not spot.before
    return mention.kind != "region" or placed or spot.reading.capital(mention.first)


def _is_risky_territory(spot: Spot) -> bool:
    """« dans le Nord », « un collège du Lot », but not « somme toute » nor « dans le nord de la France »."""
    capital = spot.reading.capital(spot.mention.first)
    if spot.after in OF or not (capital or spot.is_ours):
        return False
    shown = (capital or not spot.reading.cased) and spot.owned_by(signs.SCHOOL, signs.HOME)
    if spot.before in ARTICLES:
        return spot.second in _IN_THE or spot.second in _DEPARTMENT_LABELS or (shown and spot.second == "de")
    if spot.before == "du":
        return spot.second in _DEPARTMENT_LABELS or shown
    return not spot.before and spot.capital and spot.ends_clause and spot.context.owner != 0


def _is_the_island(spot: Spot) -> bool:
    """« à La Réunion », but not « à la réunion de rentrée »."""
    if spot.before != "la" or spot.after in _MEETING:
        return False
    if spot.second in _LIVING:
        return True
    if spot.reading.cased:
        return spot.capital
    return spot.second in ("a", "de", "sur") and spot.is_ours
