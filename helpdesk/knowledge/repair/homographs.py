"""Pairs of real words that differ by an accent: a/à, ou/où, la/là, des/dès, du/dû, sur/sûr, active/activé.

No list of words can tell these apart, their neighbours can. Each rule looks at the words around and either knows or
leaves the word alone; where it leans only a little, it follows what the document has lost elsewhere.
"""

from collections.abc import Callable, Iterator

from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair.accents import Evidence
from helpdesk.knowledge.repair.grammar import Around
from helpdesk.knowledge.repair.tokens import Token, tokens
from helpdesk.knowledge.repair.trail import Draft, Edit, Rule

_SUBJECTS = frozenset("il elle on qui y ça cela ceci".split())
_AFTER_HAS = frozenset(
    "pas jamais plus le les du deux trois quatre cinq plusieurs besoin lieu droit accès pour donc ainsi aussi déjà "
    "bien toujours peu beaucoup souvent également aucun aucune rien trop".split()
)
_SET_PHRASES = frozenset(
    "partir nouveau travers disposition distance propos condition défaut terme savoir noter tout tous toute toutes chaque "
    "laquelle lequel qui quoi quel quelle quels quelles côté cause moins peine part droite gauche domicile titre "
    "temps proximité destination compter jour la l cet cette ce ces mon ton son sa ma ses mes tes votre vos notre nos leur "
    "leurs celui celle ceux celles nous vous moi lui eux elle elles cela ça midi minuit présent demain bientôt pied "
    "vélo mesure long court moyen charge fin raison intervalle mi ceci aucun autrui soi mobilité l’".split()
)
_TAKES_A = (
    "acced adress correspond connect inscri apparten appartien particip repon destin reserv relati confor invit incit "
    "aid oblig habilit autoris consist cherch commenc continu reussi parven procede recour renonc succed associ rattach "
    "soumis ouvert propre envoy transm remis remett demand confi ajout contribu grace face suite jusqu quant rapport "
    "acces droit appel retour pret liee lies tenu tient tien reste sert serv revien est sont soit etre mis mise mises met "
    "mett oppos donne donner donn lieu ressembl assist pens repond reponse quant egal inferieur superieur preal identique "
    "possibilit difficult interet besoin frein quitt nuis obe plai profit servir abonn adhere identi signal communiqu "
    "permet adapt amen pouss prepar renvoi renvoy redirig derog limit expos".split()
)  # fmt: skip
_PLACES = frozenset(
    "page endroit lieu établissement école collège lycée ville commune jour moment cas année époque période salle rubrique "
    "service pays région département académie mesure là d jusqu partout par n’importe".split()
)
_HAVE = frozenset("a ai as avons avez ont avait avaient avoir aurait aurez aura auront eu ayant ait aient".split())
_BE = frozenset("est sont être été était étaient sera seront serait soit soient étant serez êtes sommes suis fut".split())
_LIGHT = frozenset("pas bien déjà jamais plus automatiquement toujours encore également aussi donc ensuite".split())


def mend_homographs(draft: Draft, lexicon: Lexicon, evidence: Evidence) -> None:
    """Put right the accents that only the neighbours of a word can tell."""
    draft.apply(list(_edits(draft.text, lexicon, evidence)))


def _edits(text: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[Edit]:
    found = tokens(text)
    for place, token in enumerate(found):
        around = Around(found, place, lexicon)
        rule = _RULES.get(token.lower, _participle)
        if (meant := rule(around, lexicon, evidence)) and meant != token.lower:
            new = meant[0].upper() + meant[1:] if token.text[0].isupper() else meant
            yield Edit(token.start, token.end, new, Rule.CONTEXT)


def _a_or_has(around: Around, lexicon: Lexicon, evidence: Evidence) -> str | None:
    token, before, after = around.token, around.word(-1), around.word(1)
    if token.text.isupper() and not token.opens_sentence or around.is_spelled_out:
        return None
    if around.is_tied(-1) and before in _SUBJECTS | {"elles", "ils", "je", "vous", "nous"}:  # « accède-t-il à »
        return "à"
    if token.after.startswith("-") or (before in _SUBJECTS | {"en"} and not around.is_infinitive(1)) or token.is_tied:
        return "à" if before in {"jusqu", "vis", "là"} else None
    if token.opens_sentence or around.is_infinitive(1) or around.is_infinitive_with_pronoun(1):
        return "à"
    if before in {"est", "sont", "être"} | {"jusqu"}:
        return "à"
    if around.is_participle(1) or after in _AFTER_HAS:
        return None
    if after in _SET_PHRASES or around.starts_with(-1, _TAKES_A) or around.is_infinitive(-1):
        return "à"
    return "à" if evidence.rate("à") > 0.5 and not around.ends_passage else None


def _or_where(around: Around, lexicon: Lexicon, evidence: Evidence) -> str | None:
    before, after = around.word(-1), around.word(1)
    if around.token.is_tied and before in {"d", "jusqu"}:
        return "où"
    if around.token.opens_sentence and around.asks and (around.is_infinitive(1) or around.is_inverted(1) or after in _BE):
        return "où"
    if before in {"là", "partout", "cas", "importe"} or before in _PLACES and after in _CLAUSE_SUBJECTS and evidence.rate("ù") > 0.2:
        return "où"
    return None


_CLAUSE_SUBJECTS = frozenset("il elle on vous nous ils elles je votre le la les l".split())


def _the_or_there(around: Around, lexicon: Lexicon, evidence: Evidence) -> str | None:
    before, after = around.word(-1), around.word(1)
    if around.token.is_tied and around.token.before == "-" and before not in {"de"} and not around.token.after.startswith("-"):
        return "là" if before.startswith(("celui", "celle", "ceux", "jour", "cas", "moment", "dossier", "jusque")) else None
    if around.token.after.startswith("-") and after in {"bas", "haut", "dessus", "dessous", "dedans"}:
        return "là"
    return None


def _some_or_from(around: Around, lexicon: Lexicon, evidence: Evidence) -> str | None:
    return "dès" if around.word(1) in {"que", "qu", "lors", "le", "la", "l", "son", "sa", "leur", "votre", "maintenant", "demain", "aujourd", "réception", "cette", "ce"} else None


def _of_or_had(around: Around, lexicon: Lexicon, evidence: Evidence) -> str | None:
    return "dû" if around.word(-1) in _HAVE and around.is_infinitive(1) else None


def _on_or_sure(around: Around, lexicon: Lexicon, evidence: Evidence) -> str | None:
    if around.word(-1) == "bien" and around.token.after[:1] in {",", ".", "!", ";"}:
        return "sûr"
    return "sûr" if around.word(-1) in _BE and around.word(1) in {"que", "qu"} else None


def _participle(around: Around, lexicon: Lexicon, evidence: Evidence) -> str | None:
    """« a ete active » → « activé », in documents that lost other é; never where the word also is an adjective."""
    word = around.token.lower
    if not word.endswith(("e", "es")) or not evidence.shows_loss("é") or len(word) < 4:
        return None
    helper = around.word(-1) if around.word(-1) not in _LIGHT else around.word(-2)
    ending = "és" if word.endswith("es") else "é"
    meant = word[: -len(ending)] + ending
    if helper not in _HAVE | _BE or not lexicon.frequency(meant):
        return None
    is_rival = helper in _BE and lexicon.frequency(word) > 2 * lexicon.frequency(meant)
    return None if is_rival else meant


_RULES: dict[str, Callable[[Around, Lexicon, Evidence], str | None]] = {
    "a": _a_or_has,
    "ou": _or_where,
    "la": _the_or_there,
    "des": _some_or_from,
    "du": _of_or_had,
    "sur": _on_or_sure,
}
