"""What the neighbours of a word are, as far as endings and a few closed lists tell in French."""

from collections.abc import Sequence
from itertools import islice

from helpdesk.knowledge.closed_lists import word_set
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair.tokens import Token
from helpdesk.text import fold

HAVE = word_set("a ai as avons avez ont avait avaient avoir aurait aurez aura auront ayant ait aient aurais")
BE = word_set("est sont être été était étaient sera seront serait seraient soit soient étant serez êtes sommes suis")
_PRONOUNS = word_set("le la les l lui leur nous vous y en se s me m te t ne n pas plus bien mieux toujours")
# Those that the endings of their verbs do not tell, and short ones.
_SPECIAL_PARTICIPLES = word_set(
    "été eu fait dit mis pris reçu pu dû su vu lu cru bu plu permis ouvert offert couvert découvert souffert mort né "
    "acquis requis conquis assis exclu inclu conclu élu relu aperçu conçu déçu perçu paru apparu disparu connu "
    "reconnu vécu résolu couru parcouru voulu valu fallu atteint joint rejoint craint plaint éteint peint"
)
_NOT_PARTICIPLES = word_set(
    "santé été côté cité société liberté qualité égalité moitié pitié amitié clé clés café marché degré degrés blé "
    "bébé année années journée entrée arrivée rentrée durée idée idées musée lycée lycées comité comités faculté "
    "difficulté difficultés volonté majorité côtés beauté bonté fierté propreté sûreté pauvreté unité unités armée "
    "employé employés députée député députés"
) - {"été"}  # fmt: skip
_NOT_INFINITIVES = word_set(
    "hier mer fer ver cher hiver papier cahier dossier fichier courrier quartier métier premier dernier entier "
    "particulier calendrier courriers atelier clavier escalier banquier policier infirmier conseiller fichiers "
    "cuisinier loisir plaisir avenir désir soir espoir noir tiroir couloir trottoir devoir livre libre autre notre "
    "votre titre chiffre centre nombre ordre lettre membre contre entre septembre octobre novembre décembre semestre "
    "trimestre règle maître maire horaire formulaire scolaire secrétaire salaire affaire histoire mémoire territoire "
    "foire obligatoire provisoire provisoires heure mesure lecture culture nature voiture procédure signature facture "
    "ouverture fermeture candidature demeure moindre propre sombre être avoir pouvoir cancer hamburger quatre encore "
    "genre ministère caractère manière matière première dernière lumière rivière frère père mère affaire notaire "
    "commentaire annuaire exemplaire vocabulaire primaire élémentaire secondaire tertiaire nécessaire populaire "
    "militaire temporaire contraire ordinaire complémentaire supplémentaire stagiaire titulaire destinataire "
    "partenaire propriétaire locataire solidaire bancaire universitaire communautaire réglementaire alimentaire "
    "sanitaire budgétaire monétaire unitaire itinéraire inventaire dictionnaire questionnaire fonctionnaire "
    "gestionnaire anniversaire dispensaire commissaire adversaire partiaire offre chambre ombre sucre fenêtre théâtre "
    "cadre registre ministre rencontre montre ancre encre poudre"
) - {"être", "avoir", "pouvoir"}  # fmt: skip


class Around:
    """One word among the words of its passage."""

    def __init__(self, found: Sequence[Token], place: int, lexicon: Lexicon) -> None:
        self.token = found[place]
        self._found, self._place, self._lexicon = found, place, lexicon

    def word(self, distance: int) -> str:
        """The word so far away in lower case; empty beyond the passage or beyond the end of the sentence."""
        place = self._place + distance
        if not 0 <= place < len(self._found):
            return ""
        low, high = sorted((place, self._place))
        if any(mark in token.after for token in self._found[low:high] for mark in ".?!:;»«()"):
            return ""
        return self._found[place].lower

    def is_capital(self, distance: int) -> bool:
        """Whether the word so far away begins with a capital."""
        return bool(self.word(distance)) and self._found[self._place + distance].text[0].isupper()

    def is_tied(self, distance: int) -> bool:
        """Whether a hyphen ties the word so far away to the one before it: « il » in « peut-il »."""
        place = self._place + distance
        return bool(self.word(distance)) and self._found[place].before == "-"

    @property
    def asks(self) -> bool:
        """Whether the sentence that the word stands in ends as a question."""
        for token in islice(self._found, self._place, None):
            if "?" in token.after:
                return True
            if set(token.after) & set(".!:;"):
                return False
        return False

    @property
    def is_spelled_out(self) -> bool:
        """Whether it is a letter that stands for itself: « a) », « la lettre a », « 5 a »."""
        is_marked = self.token.after[:1] in (")", "/") or self.token.before[-1:] == "/"
        return is_marked or self.word(-1) in {"lettre", "point", "alinéa"}

    def is_infinitive(self, distance: int) -> bool:
        """Whether the word so far away is a verb in its basic form."""
        word = self.word(distance)
        known = word.endswith(("er", "ir", "re")) and self._lexicon.frequency(word) > 0
        return known and len(word) > 3 and word not in _NOT_INFINITIVES

    def is_infinitive_with_pronoun(self, distance: int) -> bool:
        """Whether an infinitive starts there, pronouns before it included: « vous connecter », « ne pas le perdre »."""
        for further in range(distance, distance + 4):
            if self.word(further) not in _PRONOUNS:
                return self.is_infinitive(further)
        return False

    def is_participle(self, distance: int) -> bool:
        """Whether the word so far away is a past participle (and not a noun that ends like one)."""
        word = self.word(distance)
        if word in _SPECIAL_PARTICIPLES or word in _NOT_PARTICIPLES:
            return word in _SPECIAL_PARTICIPLES
        base = word if word.endswith(("é", "is")) else word.removesuffix("s").removesuffix("e").removesuffix("s")
        if base.endswith("é"):
            return self._lexicon.frequency(base[:-1] + "er") > 0 or not self._lexicon.frequency(base)
        if base.endswith(("mis", "pris")) or base in _SPECIAL_PARTICIPLES:
            return True
        infinitives = {"i": ("ir",), "u": ("re", "oir", "ir"), "t": ("re",), "s": ("r",)}.get(base[-1:], ())
        return len(base) > 3 and any(self._lexicon.frequency(base[:-1] + ending) for ending in infinitives)

    def is_inverted(self, distance: int) -> bool:
        """Whether a verb with its subject behind it stands there: « puis-je », « doit-on »."""
        place = self._place + distance
        return 0 <= place < len(self._found) and bool(self.word(distance)) and self._found[place].after == "-"

    def starts_with(self, distance: int, stems: Sequence[str]) -> bool:
        """Whether the word so far away begins with one of the folded stems; one of up to four letters is the word."""
        word = fold(self.word(distance))
        return any(word == stem or (len(stem) > 4 and word.startswith(stem)) for stem in stems)
