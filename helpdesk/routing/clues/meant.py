"""Whether a name is meant as a place: « rue de Paris », « Honoré de Balzac », « have a nice day » are not."""

from helpdesk.routing.clues import signs
from helpdesk.routing.clues.first_names import FIRST_NAMES
from helpdesk.routing.clues.mention import Mention, plausible
from helpdesk.routing.clues.reading import Break, Reading
from helpdesk.routing.clues.whose import Context
from helpdesk.routing.communes import Risk

_OF = frozenset({"de", "d", "du", "des"})
_AT = frozenset("a au aux sur en dans in at vers pour f fi b ds em dyal chez from entre et ou de d du des depuis".split())
_PLACING = frozenset({"a", "au", "aux", "sur", "in", "f", "fi", "vers", "en"})
_ARTICLES = frozenset({"le", "la", "les", "l", "los", "el", "las"})
_SCHOOL_KINDS = frozenset(
    """public publique prive privee catholique general generale professionnel professionnelle pro technologique technique
    polyvalent polyvalente primaire elementaire maternelle superieur internationale international municipal municipale hotelier
    numero no sous contrat rep""".split()
)
_STREET_LINKS = frozenset(
    """de du d des la le les l saint sainte general marechal docteur dr president colonel capitaine commandant abbe pasteur
    professeur amiral comte duc roi reine vieux vieille nouvelle grande grand petite petit ancienne ancien porte pont""".split()
)
_RIVER_NAMES_AFTER = frozenset("val vallee vals bords bord rives rive quais berges pays coteaux portes boucles".split())
# People and dedications: « Saint François de Sales », and names that continue after a town's.
_DEDICATIONS = frozenset(
    """francois sales|vincent paul|dame lourdes|dame fatima|dame sion|jean dieu|baptiste salle|dame france|leconte lisle|therese avila|
    rose lima|dame bury|dame garaison|dame victoires|francois assise|benoit nursie|jeanne arc""".replace("\n", "").split("|")
)
_FAMOUS = frozenset(
    """chretien troyes|diane poitiers|david angers|gaston orleans|philippe orleans|charles orleans|louis orleans|
    raymond toulouse|bernard chartres|therese lisieux|catherine alexandrie|ignace lyon|irenee lyon|jean paris|martin tours|
    gregoire tours|remi reims|hilaire poitiers""".replace("\n", "").replace(" " * 4, "").split("|")
)
_CONTINUED = frozenset(
    """toulouse lautrec|paris saint|nice day|nice to|nice weekend|nice evening|nice matin|orange bank|tours de|orange france|
    nord est|nord ouest|lille flandres|marseille saint|paris match|sens de|sens que|nantes atlantique""".replace("\n", "").split("|")
)
_NAME_LABELS = frozenset({"appelle", "appel", "nomme", "nommee", "prenomme", "prenommee"})
_MEETING = frozenset(
    """parents parent de d du avec pour information informations rentree zoom hier prevue organisee collective publique
    generale pedagogique equipe ce cette lundi mardi mercredi jeudi vendredi samedi ou""".split()
)
_NOT_A_CODE_AFTER = frozenset("code codes numero num n no identifiant id erreur error dossier ref reference ticket sms".split())
_NOT_A_CODE_BEFORE = frozenset("euros euro eur km m ans fois eleves habitants".split())
_NOT_A_DEPARTMENT_BEFORE = frozenset(
    """janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre h eme e er ieme ans an mois jours jour
    euros eur minutes min heures heure fois eleves enfants pm am km au rue avenue bd boulevard chemin route allee place
    impasse""".split()
)
_SCHOOL_NOUNS = ("col", "clg", "lyc", "lic", "ec", "ek", "etab")
_COUNTED_THINGS = frozenset("salle classe groupe numero n page bus ligne les des mes nos".split())
_DEPARTMENT_WORDS = frozenset({"departement", "dept", "dep", "dpt", "depart", "academie"})
_NAMES_OF_SAINTS = frozenset({"saint vincent de paul", "saint jean de dieu", "saint louis de gonzague"})
_FIRMS = frozenset({"orange"})
_TOWN = 10_000
_LARGE = 20_000
_SMALL = 2_000
_HAS_A_COLLEGE = 1_000  # inhabitants: « lycée d'Arsonval » is a name, not a village of 350


def is_meant(reading: Reading, marks: list[int], mention: Mention, context: Context, known_codes: frozenset[str]) -> bool:
    """Whether the mention is a place here, whoever's it is."""
    if mention.kind in ("ent", "agricultural", "abroad", "cned"):
        return True
    if mention.kind == "number":
        return _is_department_number(reading, mention, context)
    if _is_of_a_street(reading, marks, mention.first):
        return False
    if mention.kind == "postal-code":
        return _is_postal_code(reading, mention, context, known_codes)
    if mention.settled:
        return True
    if _is_of_a_longer_name(reading, mention) or _is_a_persons(reading, marks, mention):
        return False
    if mention.kind == "commune":
        return _is_commune(reading, marks, mention, context)
    if mention.kind == "foreign":
        return _before(reading, mention) in _AT
    return _is_territory(reading, mention, context)


def _before(reading: Reading, mention: Mention, back: int = 1) -> str:
    """The word before, if no comma or end stands between; for `back` 2 the one before that."""
    index = mention.first - back
    if index < 0 or any(reading.breaks[index + 1 : mention.first + 1]):
        return ""
    return reading.words[index]


def _after(reading: Reading, mention: Mention) -> str:
    if mention.last < len(reading.words) and reading.breaks[mention.last] == Break.NONE:
        return reading.words[mention.last]
    return ""


def _ends_clause(reading: Reading, mention: Mention) -> bool:
    return mention.last >= len(reading.words) or reading.breaks[mention.last] != Break.NONE


def _is_of_a_street(reading: Reading, marks: list[int], first: int) -> bool:
    for index in range(first - 1, max(-1, first - 6), -1):
        if reading.breaks[index + 1] != Break.NONE:
            return False
        if marks[index] & signs.STREET and not marks[index] & signs.SCHOOL:
            return True
        if reading.words[index] not in _STREET_LINKS and reading.words[index] not in FIRST_NAMES:
            return False
    return False


def _is_of_a_longer_name(reading: Reading, mention: Mention) -> bool:
    start, end = reading.starts[mention.first], reading.ends[mention.last - 1]
    if start and reading.text[start - 1] == "-" and mention.first and reading.ends[mention.first - 1] == start - 1:
        return True
    after = _after(reading, mention)
    if f"{reading.words[mention.last - 1]} {after}" in _CONTINUED:
        return True
    hyphenated = reading.text[end : end + 1] == "-" and reading.text[end + 1 : end + 2].isalpha()
    return hyphenated and after not in ("centre", "ville", "sud", "nord", "est", "ouest", "ville")


def _is_a_persons(reading: Reading, marks: list[int], mention: Mention) -> bool:
    """« Mme Lyon », « Jean Sens », « Anne de Bretagne », but « Saint-Joseph de Lyon » is a school of Lyon."""
    before, second, third = (_before(reading, mention, back) for back in (1, 2, 3))
    if _follows_a_name_label(reading, mention):
        return True
    if not before:
        return False
    if marks[mention.first - 1] & signs.TITLE:
        return True
    if before in FIRST_NAMES:
        in_full = second not in ("", *_OF) and not marks[mention.first - 2] & (signs.SCHOOL | signs.CHILD)
        return second not in ("saint", "sainte") and not (in_full and mention.population >= 50_000)
    if before in _OF:
        if f"{second} {reading.words[mention.first]}" in _DEDICATIONS:
            return True
        if f"{second} {reading.words[mention.first]}" in _FAMOUS:
            return True
        named = second in FIRST_NAMES and third not in ("saint", "sainte") and third not in FIRST_NAMES
        return named and not (mention.kind == "commune" and mention.population >= _LARGE)
    return False


def _follows_a_name_label(reading: Reading, mention: Mention) -> bool:
    """« il s'appelle Loan Paris », « Nom : Paris »."""
    for index in range(mention.first - 1, max(-1, mention.first - 4), -1):
        if reading.words[index] in _NAME_LABELS:
            return True
        if reading.breaks[index + 1] >= Break.SOFT or reading.words[index] in _AT:
            break
    label = reading.words[mention.first - 1] if mention.first else ""
    return label in ("nom", "prenom", "name") and reading.breaks[mention.first] == Break.SOFT


def _is_commune(reading: Reading, marks: list[int], mention: Mention, context: Context) -> bool:
    if mention.risk == Risk.COMMON:
        return False
    before = _before(reading, mention)
    capital = reading.cased and reading.capital(mention.first)
    owned = context.owner in (signs.SCHOOL, signs.HOME, signs.CHILD, signs.ACADEMY, signs.OFFICE)
    right_after = bool(before) and mention.first - 1 == context.governor
    if context.owner == signs.SCHOOL and (right_after or before in _SCHOOL_KINDS):
        return _is_school_named_by_town(mention)
    if mention.risk == Risk.WORD:
        return _is_risky_commune(reading, mention, context, before, capital)
    if reading.cased and not capital and mention.population < _SMALL:
        return False
    if right_after or context.owner == signs.ACADEMY:
        return True
    if before in _OF and context.owner == signs.SCHOOL and not context.ecole and mention.population < _HAS_A_COLLEGE:
        return False
    if before in _AT:
        if before in _OF and not owned and not _is_of_a_parent(marks, mention):
            return False
        return owned or mention.population >= _TOWN or capital
    if not before:
        return mention.population >= 5_000 or (owned and (capital or mention.population >= _SMALL))
    return before not in _ARTICLES and _ends_a_school_name(mention, context, capital)


def _ends_a_school_name(mention: Mention, context: Context, capital: bool) -> bool:
    """« collège Jules Ferry Saint-Malo »: after a name, a town; but « Notre-Dame Saint-Joseph » is all a name."""
    saint = mention.key.startswith(("saint ", "sainte "))
    if mention.key.count(" ") >= (3 if saint else 2) and mention.key not in _NAMES_OF_SAINTS:
        return mention.population >= _SMALL
    if context.owner != signs.SCHOOL:
        return mention.population >= _TOWN
    if saint:
        return mention.population >= _TOWN and len(plausible(mention.key, mention.candidates, context.ecole)) == 1
    return mention.population >= (_SMALL if capital else 5_000)


def _is_of_a_parent(marks: list[int], mention: Mention) -> bool:
    """« maman de Lille », but not « la MAIF de Niort »."""
    return mention.first >= 2 and bool(marks[mention.first - 2] & (signs.OTHER | signs.CHILD))


def _is_school_named_by_town(mention: Mention) -> bool:
    """« lycée Marseille »: a town; « collège Sainte-Marie », « lycée Descartes »: a name."""
    saint = mention.key.startswith(("saint ", "sainte "))
    return mention.risk == Risk.NONE and mention.population >= _TOWN and not saint


def _is_risky_commune(reading: Reading, mention: Mention, context: Context, before: str, capital: bool) -> bool:
    owned = context.owner in (signs.SCHOOL, signs.HOME, signs.CHILD, signs.ACADEMY)
    if reading.cased and not capital:
        return owned and before in _PLACING and mention.population >= _LARGE
    if before in _PLACING or (before in _OF and owned):
        return owned or (capital and mention.key not in _FIRMS)
    if mention.first - 1 == context.governor and owned:
        return capital or mention.population >= _TOWN
    if context.owner == signs.SCHOOL and mention.population >= (5_000 if capital else _LARGE):
        return capital or _ends_clause(reading, mention)
    return not before and owned and capital


def _is_territory(reading: Reading, mention: Mention, context: Context) -> bool:
    before, second = _before(reading, mention), _before(reading, mention, 2)
    if before in _OF | {"sur"} and second in _RIVER_NAMES_AFTER or before in _RIVER_NAMES_AFTER:
        return False
    if context.owner in (signs.ACADEMY, signs.OFFICE):
        return True
    if reading.words[mention.last - 1] == "reunion" and mention.risk:
        return _is_the_island(reading, mention, context, before, second)
    if mention.risk:
        return _is_risky_territory(reading, mention, context, before, second)
    if before == "sur":
        return not mention.kind == "departement"
    return mention.kind != "region" or before in _AT | _ARTICLES or not before or reading.capital(mention.first)


def _is_risky_territory(reading: Reading, mention: Mention, context: Context, before: str, second: str) -> bool:
    if _after(reading, mention) in _OF:
        return False
    capital = reading.capital(mention.first)
    shown = capital or not reading.cased
    owned = context.owner in (signs.SCHOOL, signs.HOME, signs.CHILD)
    if not capital and not owned:
        return False
    if before in _ARTICLES:
        if second in ("dans", "ds", "sur", "habite", "f") or second in _DEPARTMENT_WORDS:
            return True
        return shown and second == "de" and context.owner in (signs.SCHOOL, signs.HOME)
    if before == "du":
        return second in _DEPARTMENT_WORDS or (shown and context.owner in (signs.SCHOOL, signs.HOME))
    return not before and capital and reading.cased and _ends_clause(reading, mention) and context.owner != 0


def _is_the_island(reading: Reading, mention: Mention, context: Context, before: str, second: str) -> bool:
    after = _after(reading, mention)
    if before != "la" or after in _MEETING:
        return False
    if second in ("habite", "habitons", "vis", "vivons", "vit", "ile"):
        return True
    if reading.cased:
        return reading.capital(mention.first)
    return second in ("a", "de", "sur") and context.owner in (signs.SCHOOL, signs.HOME, signs.CHILD)


def _is_postal_code(reading: Reading, mention: Mention, context: Context, known_codes: frozenset[str]) -> bool:
    before, second = _before(reading, mention), _before(reading, mention, 2)
    after = _after(reading, mention)
    labelled = "postal" in (before, second) or before == "cp" or after == "cedex"
    if after in _NOT_A_CODE_BEFORE:
        return False
    near = {before, second, _before(reading, mention, 3)}
    if mention.first and reading.breaks[mention.first] == Break.SOFT:
        near.add(reading.words[mention.first - 1])
    if near & _NOT_A_CODE_AFTER and not labelled and "postal" not in near:
        return False
    if labelled or not known_codes or mention.value in known_codes:
        return True
    return context.owner == signs.SCHOOL and bool(after) and reading.capital(mention.last)


def _is_department_number(reading: Reading, mention: Mention, context: Context) -> bool:
    word = reading.words[mention.first]
    before, second = _before(reading, mention), _before(reading, mention, 2)
    after = _after(reading, mention)
    if after in _NOT_A_DEPARTMENT_BEFORE or after.isdigit() or _touches_numbers(reading, mention):
        return False
    if before in _DEPARTMENT_WORDS or (second in _DEPARTMENT_WORDS and before in ("du", "de", "le", "n", "numero")):
        return True
    if before == "le" and second in ("dans", "ds", "sur", "f", "habite", "habitons"):
        return True
    if before == "du" and context.owner in (signs.SCHOOL, signs.HOME, signs.ACADEMY):
        return mention.first - context.governor <= 6
    if len(word) == 3:
        return before not in _NOT_A_CODE_AFTER
    in_brackets = reading.text[reading.starts[mention.first] - 1 : reading.starts[mention.first]] == "("
    if in_brackets and reading.text[reading.ends[mention.last - 1] :][:1] == ")":
        return True
    if context.owner != signs.SCHOOL or not reading.words[context.governor].startswith(_SCHOOL_NOUNS):
        return False
    named = 2 <= mention.first - context.governor <= 5 and before not in _COUNTED_THINGS
    return named and _ends_clause(reading, mention) and int(word, 16) >= 20


def _touches_numbers(reading: Reading, mention: Mention) -> bool:
    """« 12/10/2026 », « 06.12.34 », « 93,5 »: part of a longer number."""
    start, end = reading.starts[mention.first], reading.ends[mention.last - 1]
    around = reading.text[max(0, start - 2) : start], reading.text[end : end + 2]
    if around[0][-1:] in "/.,:+" and around[0][:1].isdigit() and around[0]:
        return True
    if around[1][:1] in ("/", ".", ",", ":", "-", "%", "€") and (around[1][1:].isdigit() or around[1][:1] in "%€"):
        return True
    return mention.first > 0 and reading.words[mention.first - 1].isdigit() and not reading.breaks[mention.first]
