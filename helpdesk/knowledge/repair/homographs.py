"""Pairs of real words that differ by an accent: a/à, ou/où, la/là, des/dès, du/dû, sur/sûr.

No list of words can tell these apart, their neighbours can. What speaks for either is weighed in nats, and together
with what the document has lost elsewhere: in a text that keeps its accents only a certain sign changes a word.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial

from helpdesk.knowledge.closed_lists import word_list, word_set
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair.accents import Evidence
from helpdesk.knowledge.repair.grammar import BE, HAVE, Around
from helpdesk.knowledge.repair.tokens import tokens
from helpdesk.knowledge.repair.trail import Draft, Edit, Rule

_SUBJECTS = word_set("il elle on qui y en ça cela ceci")
_INVERTED_SUBJECTS = word_set("il elle on ils elles je")
_OBJECTS = word_set("m t s l nous vous")
_LATIN = word_set("priori posteriori minima maxima fortiori contrario")
_HAD = word_set("besoin lieu droit accès peur raison tort faim hâte envie intérêt pour affaire connaissance recours")
_HAS_AFTER = word_set(
    "le les du pas jamais plus bien mal donc ainsi aussi déjà toujours peu beaucoup également ensuite cependant alors "
    "depuis souvent par désormais enfin toutefois longtemps encore pourtant néanmoins parfois récemment"
)
_NUMBERS = word_set(
    "un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente "
    "quarante cinquante soixante cent mille"
)
_OPEN = _NUMBERS | word_set("des de d plusieurs aucun aucune tout rien vocation trait très trop")
_OF_PLACE_OR_PERSON = word_set(
    "la l cet cette ce ces mon ton son sa ma ses mes tes votre vos notre nos leur leurs celui celle ceux celles nous "
    "vous moi lui eux elle elles chaque laquelle lequel qui quoi quel quelle quels quelles"
)
# Verbs, nouns and adjectives that « à » follows, folded; up to four letters the whole word, else its beginning.
_TAKES_A = word_list(
    "acced adress correspond connect inscri apparten appartien particip repon destin reserv relati confor invit incit "
    "aid oblig habilit autoris consist cherch commenc continu reussi parven procede recour renonc succed associ "
    "rattach soumis ouvert propre envoy transm remis remett demand confi ajout contribu grace face suite jusqu quant "
    "rapport acces droit appel retour pret liee lies lie tenu tient tien reste sert revien soit mise mises mettre "
    "donner donne ressembl assist pense quant egal egale inferieur superieur identique possibilit difficulte interet "
    "besoin nuire plaire profit servir abonn adhere identi signal communiqu permet adapt amener pousse prepar renvoi "
    "renvoy redirig derog limit expos impos mener mene menes due dues allergi present applicab favorab contrair "
    "fidele confie livre vendu payer"
)
_PLACES = word_set(
    "page pages endroit endroits lieu lieux établissement école écoles collège lycée ville commune quartier quartiers "
    "maison jour jours moment cas année époque période salle rubrique service services pays région département "
    "académie mesure semaine situation situations heure classe point zone zones contexte plateforme site sites étape "
    "espace territoires"
)
_PRONOUNS = word_set("il elle on vous nous ils elles je se s")
_ARTICLES = word_set("le la les l votre vos leur un une des ce cette son sa ses")
_KNOW = word_set("sais sait savent savoir savez importe partout d jusqu la là")
_SINCE = word_set("que qu lors le la l son sa leur votre maintenant demain aujourd réception cette ce")
_THAT_ONE = ("celui", "celle", "ceux", "jour", "cas", "moment", "jusque")
_CERTAIN = 9.0
_CLEAR = 4.0
_LIKELY = 2.0


def mend_homographs(draft: Draft, lexicon: Lexicon, evidence: Evidence) -> None:
    """Put right the accents that only the neighbours of a word can tell."""
    draft.apply(list(_edits(draft.text, lexicon, evidence)))


def _edits(text: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[Edit]:
    rules: dict[str, Callable[[Around], str | None]] = {
        "a": partial(_a_or_has, evidence=evidence),
        "ou": partial(_or_where, evidence=evidence),
        "la": _the_or_there,
        "des": _some_or_since,
        "dés": _some_or_since,
        "du": _of_or_had_to,
        "sur": _on_or_sure,
    }
    found = tokens(text)
    for place, token in enumerate(found):
        rule = rules.get(token.lower)
        is_piece = token.after in (".", "·") and place + 1 < len(found)  # « C.A.F »
        if rule and not is_piece and token.after[:1] != "’" and (meant := rule(Around(found, place, lexicon))):
            new = meant[0].upper() + meant[1:] if token.text[0].isupper() else meant
            yield Edit(token.start, token.end, new, Rule.CONTEXT)


def _a_or_has(around: Around, evidence: Evidence) -> str | None:
    token = around.token
    is_elided = token.is_tied and around.word(-1) not in {"jusqu", "qu", "lorsqu", "vis"}  # « n’a », « l’a »
    if around.is_spelled_out or token.after[:1] not in (" ", "") or is_elided:
        return None
    if token.text == "A" and not token.opens_sentence:
        return None
    rate = evidence.rate("à")
    prior = math.log(4 * rate / (1.02 - rate))  # « à » is four times as common as « a »
    return "à" if _weight_of_a(around) + prior > 0 else None


def _weight_of_a(around: Around) -> float:
    """What the neighbours say: above 0 for « à », below for the verb."""
    before, after = around.word(-1), around.word(1)
    if after in _LATIN or not after:
        return -_CERTAIN
    if around.token.text == "A" or before in {"jusqu", "vis"}:
        return _CERTAIN
    is_verb = around.is_participle(1) or after in _HAD or after in _HAS_AFTER or after.endswith("ment")
    if around.is_tied(-1) and before in _INVERTED_SUBJECTS:  # « accède-t-il à »
        return _CERTAIN
    if before in _SUBJECTS or (before in _OBJECTS and is_verb):
        return -_CERTAIN
    if around.is_infinitive_with_pronoun(1) or (_is_number(before) and _is_number(after)):
        return _CERTAIN
    taken = _LIKELY if around.starts_with(-1, _TAKES_A) or around.is_infinitive(-1) or before in BE else 0.0
    if is_verb:
        return taken - _LIKELY if after in {"plus", "peu", "beaucoup", "bien"} else -_CERTAIN
    if after in _OPEN:
        return taken
    if after in _OF_PLACE_OR_PERSON:
        return _LIKELY + taken
    if after.isdigit() or around.is_capital(1):
        return taken
    return _CLEAR + taken


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _NUMBERS


def _or_where(around: Around, evidence: Evidence) -> str | None:
    before, after = around.word(-1), around.word(1)
    if before in _KNOW or (before == "pas" and around.word(-2) in _KNOW):
        return "où"
    if (
        around.token.opens_sentence
        and around.asks
        and (around.is_infinitive(1) or around.is_inverted(1) or after in BE)
    ):
        return "où"
    # « la page où vous lisez », « l’école où l’enfant est inscrit », but « l’école ou le collège ».
    has_verb = after in _PRONOUNS or (
        after in _ARTICLES and around.word(3) in BE | HAVE | {"se", "s", "ne", "n", "peut"}
    )
    return "où" if before in _PLACES and has_verb and evidence.shows_loss("ù") else None


def _the_or_there(around: Around) -> str | None:
    token, after = around.token, around.word(1)
    if after in {"ou", "où"} and token.after == " ":
        return "là"
    if token.before == "-" and around.word(-1).startswith(_THAT_ONE) and not token.after.startswith("-"):
        return "là"
    return "là" if token.after == "-" and after in {"bas", "haut", "dessus", "dessous", "dedans"} else None


def _some_or_since(around: Around) -> str | None:
    return "dès" if around.word(1) in _SINCE else None


def _of_or_had_to(around: Around) -> str | None:
    return "dû" if around.word(-1) in HAVE and around.is_infinitive(1) else None


def _on_or_sure(around: Around) -> str | None:
    if around.word(-1) == "bien" and (around.token.after[:1] in set(",.!;") or not around.word(1)):
        return "sûr"
    return "sûr" if around.word(-1) in BE and around.word(1) in {"que", "qu"} else None
