"""The words by which people say a password or a code, and those that look alike and are not; all folded (text.fold).

Only lists: said.py uses them. A word moves here when a real message was masked wrongly or missed.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What announces a secret. « mot de passe » as it is really typed; then the languages that families also write.
ANNOUNCES = re.compile(
    r"(?<![^\W_])(?:"
    r"(?P<password>m[eo]t?s?[ -]?(?:de?|2)[ -]?pas{1,3}e?s?|mots?[ -]?passe|mdps?|mpd|m\.d\.p\.?|pass ?words?|passwd"
    r"|pwd|pass|contrasena|palavra-passe|senha|sifre|parola|пароль|كلمة السر|كلمة المرور)"
    r"|(?P<pair>identifiants|(?:mes|nos|ses|vos|les) acces)"
    r"|(?P<sms>sms|textos?)"
    r"|(?P<pin>code pin|pin|otp)"
    r"|(?P<code>codes?)"
    r")(?![^\W_])"
)

# « est », and what stands for it. The weak ones are misspelt (« mon mot de passe et … ») or say other things as well.
LINKS = _words("est etait sera cest is was es e vaut dit indique contient affiche disait marque")
WEAK_LINKS = _words("et ses ces c cet avec soit etre donne mets met tape saisis entre rentre sont")
# Words that may follow the link without breaking it: « est bien le », « c’est-à-dire ».
AFTER_LINK = _words("bien le la a dire donc toujours simplement actuellement maintenant suivant ceci ci dessous me")

# Words that may stand between the announcing word and the secret, even with no link at all.
NEAR = (
    LINKS
    | WEAK_LINKS
    | AFTER_LINK
    | _words(
        "provisoire temporaire actuel definitif initial nouveau ancien personnel secret educonnect edu connect ent"
        " pronote compte de du des d pour au l les un une mon ma mes son sa notre nos fils fille enfant enfants eleve"
        " parent suivants recu recue recus essaye essayes note choisi tape saisi utilise que qui j ai je on m nous"
        " habituel my the sms texto par activation verif verification confirmation securite validation usage unique"
        " confidentiel acces connexion ce matin hier soir envoye numero mail portable telephone"
        " depuis deblocage debloquage reinitialisation recuperation ,"
    )
)
# « que vous m’avez envoyé », « que j’ai mis »: the password comes, even far away or without a link.
GIVEN = _words(
    "envoye envoyer donne donner recu recevoir mis mettre tape taper choisi choisir utilise utiliser saisi cree"
)
# « mot de passe … version X12 »: a number of something else.
NUMBERED = _words("numero n version modele salle batiment appartement article annexe figure")
# Another piece of information begins: what follows is no longer the password.
STOPS = _words(
    "identifiant identifiants login user utilisateur num reference uai rne dossier ticket demande classe date"
    " naissance bonjour cordialement"
)

# Said of a password, never the password itself: stems first, then whole words.
DULL = re.compile(
    r"(?:oubli|perd|correct|incorrect|inval|valid|refus|bloqu|expir|erron|provisoir|temporair|different|identi|reinit"
    r"|reset|renouv|chang|modif|enregistr|accept|rejet|reconn|inconn|impossib|obligat|necessair|introuv|illisib|erreur"
    r"|vide|null?e?|exact|inexact|mauvais|perim|desact|supprim|demand|envoy|recu|masqu|crypt|affich|effac|memor"
    r"|communiq|transm|remis|ecri|tape|saisi|utilis|cree|defini|choisi|secret|personn|confidenti|unique|compli|diffic"
    r"|facil|simple|toujour|encore|jamais|aussi|urgen|merci|bonjour|besoin|probl|question|comment|pourquoi|quel|celui"
    r"|suiv|obtenu|manqu|donne|fourni|faible|insuff|securis|actif|inactif|active|absent|proteg|disponib|indispon|inutil"
    r"|ineffic|identifi|connexion|fonction|obsolet|vieux|vieil|ancien|nouv|recent|connu|arriv|parti|bizar|etrang|conform"
    r"|compatib|commun|partag|visib|invisib|cach|sensib|solid|robust|fiab|trouv|exist|sauvegard|synchron|mauv)\w*"
    r"|(?:ok|non|oui|bon|bonne|faux|fausse|juste|court|long|meme|pas|plus|ou|quoi|qui|quand|le|la|les|un|une|des|mon|ma"
    r"|mis|vu|su|lu|ici|faire|cela|ca|voir|fait|rien|deja|svp|stp|compte|ent|educonnect|pronote|trop|tres|mal"
    r"|mort|hs|fort|sur|dans|chez|celle|ceux|elle|il|on|je|nous|vous|lui|leur|arrete|aucune?|parfait|idem|aide|eleve"
    r"|parent|parents|responsable|enfant|mail|telephone|note|bien|requis|exige|the|not|lost|forgotten|wrong)"
)
# Shapes with digits that are everyday words: a class, an hour, a count, a machine, an identifier of EduConnect.
ORDINARY = re.compile(
    r"[1-6](?:e|eme|er|ere|re|nde|nd)\w{0,3}|\d{1,2}h(?:\d\d)?|\d+(?:x|j|s|mn|min|fois|ans|jours|mois|euros|%|mo|go)"
    r"|[a-z]\.[a-z-]+\d{0,3}|n?°?\d+|\d+(?:[/.]\d+)+|2fa"
)
# « Pronote2026 », « parent1 »: names with a number, but people make passwords of them too.
NAMES_WITH_NUMBER = re.compile(
    r"(?:iphone|ipad|windows|win|android|ios|office|firefox|chrome|safari|edge|galaxy|covid|pronote|ent|educonnect|bac"
    r"|rentree|parcoursup|ecole|college|lycee|parent|compte|enfant|eleve|classe|numero|groupe|etape|page|essai|erreur"
    r"|e|n|v)\d{1,4}"
)
IDENTIFIER = re.compile(r"[a-z]\.[a-z-]+\d{0,3}")
BRANDS = _words(
    "educonnect franceconnect ecoledirecte proconnect pronote whatsapp youtube facebook ameli chatgpt google"
    " iphone ipad windows android safari firefox chrome edge samsung"
)

# A code said to be of this sort opens an account; a code of the others is printed everywhere.
SECRET_CODES = _words(
    "recu recue recus sms texto activation verif verification confirmation securite validation unique secret"
    " confidentiel provisoire temporaire acces connexion usage envoye authentification personnel suivant suivants"
    " deblocage debloquage reinitialisation recuperation"
)
OTHER_CODES = _words(
    "erreur erreurs error postal postaux postale insee etablissement ecole college lycee commune ville departement http"
    " academie region pays barre naf ape siret siren produit article formation diplome mef uai rne porte etat statut"
)
# « mot de passe refusé sur X12 »: the machine or the site.
ELSEWHERE = _words("sur dans chez via depuis avec version")
# « code reçu à 38200 Rives », « en 2026 »: a place or a time comes, not the code.
PLACES = _words("a au aux en dans depuis vers apres avant pendant chez il y sur des entre jusqu pour")
