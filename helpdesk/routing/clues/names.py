"""Streets, people, names that begin like a town's: « rue de Paris », « Honoré de Balzac », « Toulouse-Lautrec »."""

from helpdesk.routing.clues import signs
from helpdesk.routing.clues.first_names import FIRST_NAMES
from helpdesk.routing.clues.lists import phrases, words
from helpdesk.routing.clues.reading import Break
from helpdesk.routing.clues.spot import AT, OF, Spot

_STREET_LINKS = words(
    """
    de du d des la le les l saint sainte general marechal docteur dr president colonel capitaine commandant abbe
    pasteur professeur amiral comte duc roi reine vieux vieille nouvelle grande grand petite petit ancienne ancien
    porte pont
    """
)
_STREET_REACH = 5  # words
# Who is "… de <place>": people that schools are named after, and dedications.
_OF_A_PLACE = phrases(
    """
    francois sales, vincent paul, dame lourdes, dame fatima, dame sion, jean dieu, baptiste salle, dame france,
    leconte lisle, therese avila, rose lima, dame bury, dame garaison, dame victoires, francois assise,
    benoit nursie, jeanne arc, chretien troyes, diane poitiers, david angers, gaston orleans, philippe orleans,
    charles orleans, louis orleans, raymond toulouse, bernard chartres, therese lisieux, catherine alexandrie,
    ignace lyon, irenee lyon, jean paris, martin tours, gregoire tours, remi reims, hilaire poitiers
    """
)
_CONTINUED = phrases(
    """
    toulouse lautrec, paris saint, nice day, nice to, nice weekend, nice evening, nice matin, orange bank,
    tours de, orange france, nord est, nord ouest, lille flandres, marseille saint, paris match, sens de, sens que,
    nantes atlantique
    """
)
_PARTS_OF_TOWNS = words("centre ville sud nord est ouest")
_NAME_VERBS = words("appelle appel nomme nommee prenomme prenommee")
_NAME_LABELS = words("nom prenom name")
_LARGE = 20_000
# « lycée Zola Rennes » is in Rennes, « Gaston Paris » is a person.
_CITY, _PARIS = 50_000, 2_000_000


def is_of_a_street(spot: Spot) -> bool:
    """Whether the mention is the name of a street: only small words and titles stand between « rue » and it."""
    first = spot.mention.first
    for index in range(first - 1, max(-1, first - _STREET_REACH - 1), -1):
        if spot.reading.breaks[index + 1] != Break.NONE:
            return False
        if spot.marks[index] & signs.STREET and not spot.marks[index] & signs.SCHOOL:
            return True
        if spot.reading.words[index] not in _STREET_LINKS and spot.reading.words[index] not in FIRST_NAMES:
            return False
    return False


def is_of_a_longer_name(spot: Spot) -> bool:
    """Whether the mention is a part of some other name, tied to it by a hyphen or known to continue."""
    reading, mention = spot.reading, spot.mention
    start, end = reading.starts[mention.first], reading.ends[mention.last - 1]
    tied_before = mention.first > 0 and reading.ends[mention.first - 1] == start - 1 and reading.text[start - 1] == "-"
    tied_after = reading.text[end : end + 1] == "-" and reading.text[end + 1 : end + 2].isalpha()
    if tied_before or (tied_after and spot.after not in _PARTS_OF_TOWNS):
        return True
    return f"{reading.words[mention.last - 1]} {spot.after}" in _CONTINUED


def is_a_persons(spot: Spot) -> bool:
    """« Mme Lyon », « Jean Sens », « Anne de Bretagne », but « Saint-Joseph de Lyon » is a school of Lyon."""
    mention = spot.mention
    if _follows_a_label(spot):
        return True
    if not spot.before:
        return False
    if spot.marks[mention.first - 1] & signs.TITLE:
        return True
    if spot.before in FIRST_NAMES:
        whole_name = spot.second not in ("", *OF) and not spot.marks[mention.first - 2] & signs.CHILD
        enough = _LARGE if spot.second in FIRST_NAMES else _CITY
        in_a_city = whole_name and enough <= mention.population < _PARIS
        return spot.second not in ("saint", "sainte") and not in_a_city
    if spot.before not in OF:
        return False
    if f"{spot.second} {spot.reading.words[mention.first]}" in _OF_A_PLACE:
        return True
    alone = spot.second in FIRST_NAMES and spot.third not in ("saint", "sainte") and spot.third not in FIRST_NAMES
    return alone and not (mention.kind == "commune" and mention.population >= _LARGE)


def _follows_a_label(spot: Spot) -> bool:
    """« il s'appelle Loan Paris », « Nom : Paris »."""
    reading, first = spot.reading, spot.mention.first
    if first and reading.words[first - 1] in _NAME_LABELS and reading.breaks[first] == Break.SOFT:
        return True
    for word in (spot.before, spot.second, spot.third):
        if word in _NAME_VERBS:
            return True
        if word in AT:
            return False
    return False
