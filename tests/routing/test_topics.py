"""What a request is about, who writes, and whether it presses, in parents' own words."""

from dataclasses import replace

import pytest

from helpdesk.vocabulary import Audience
from tests.routing.messages import a_message
from tests.routing.rulebooks import understood

TOPICS = [
    ("activation-compte", "Bonjour, je n'ai jamais reçu le code par SMS pour activer mon compte."),
    ("activation-compte", "jé pa ressu le code sms pour activé educonnect"),
    ("activation-compte", "C'est ma première connexion, l'école ne m'a pas donné d'identifiant."),
    ("activation-compte", "Je n'ai pas de téléphone portable, comment recevoir le code d'activation ?"),
    ("activation-compte", "I never received the SMS code to activate my account"),
    ("activation-compte", "salam, ma wselnich code bach nactiver compte"),
    ("compte-introuvable", "Le site me dit que mon numéro de téléphone est inconnu, pourtant c'est le bon."),
    ("compte-introuvable", "La date de naissance de ma fille est refusée."),
    ("compte-introuvable", "« Aucun compte ne correspond aux informations saisies »"),
    ("mot-de-passe-responsable", "J'ai oublié mon mot de passe EduConnect."),
    ("mot-de-passe-responsable", "slt jai perdu mon mdp et mon identifiant svp"),
    ("mot-de-passe-responsable", "Mon compte est bloqué après trop de tentatives."),
    ("mot-de-passe-responsable", "he olvidado mi contraseña"),
    ("compte-eleve", "Mon fils a oublié son mot de passe élève, le collège est fermé."),
    ("compte-eleve", "Le compte élève de ma fille est désactivé."),
    ("changement-coordonnees", "J'ai changé de numéro de téléphone, comment prévenir l'école ?"),
    ("changement-coordonnees", "Mon nom de famille est mal orthographié sur EduConnect."),
    ("rattachement-enfants", "Il manque mon deuxième enfant sur mon compte."),
    ("rattachement-enfants", "J'ai deux comptes, un par enfant, je voudrais les fusionner."),
    ("franceconnect", "FranceConnect tourne en boucle et me renvoie à l'accueil."),
    ("ent-connexion", "EduConnect fonctionne mais Pronote affiche une page blanche."),
    ("teleservices", "Je n'arrive pas à faire la demande de bourse."),
    ("teleservices", "Où trouver le livret scolaire de mon fils ?"),
    ("situation-familiale", "Je suis séparée, le père a-t-il droit à un compte ?"),
    ("situation-familiale", "Mon mari est décédé, comment fermer son compte ?"),
    ("securite-donnees", "Je vois sur mon compte un enfant qui n'est pas le mien, avec ses notes."),
    ("securite-donnees", "Au titre du RGPD je demande l'accès à mes données personnelles."),
    ("reclamation", "Je souhaite déposer une réclamation et saisir le médiateur."),
    ("hors-perimetre", "Merci beaucoup, c'est réglé."),
    ("hors-perimetre", "À quelle heure ouvre la cantine ?"),
]


@pytest.mark.parametrize(("topic", "text"), TOPICS)
def test_the_topic_is_the_one_that_a_careful_agent_would_choose(topic: str, text: str) -> None:
    assert understood(text).topic.slug == topic


@pytest.mark.parametrize(
    "text",
    [
        "Mon fils dit qu'il veut mourir",
        "ma fille se fait frapper tous les jours par une bande",
        "mon père me tape avec la ceinture",
        "il a menacé de venir avec un couteau",
        "ma fille de 13 ans n'est pas rentrée à la maison hier soir",
        "elle est harcelée depuis des mois",
        "je vais me suicider si ça continue avec ce site",
        "my son says he wants to die",
        "mi hijo quiere morir",
        "Bonjour, je cherche mon mot de passe. D'ailleurs mon fils a écrit une lettre d'adieu. Merci.",
        "Une personne est en danger, c'est mon voisin",
        "Je ne sais pas s'il est en danger, il n'est pas rentré",
        "personne ne m'aide, il touche ma soeur la nuit",
        "personne ne sait que je suis en danger",
        "mon fils va me tuer, aidez-moi",
        "mes enfants ont disparu de la maison",
        "Je signale la disparition de mon fils, il n'est pas sur la liste de présence",
        "ma fille subit du harcèlement, j'ai rempli le questionnaire et rien n'a changé",
        "le collège ne prend pas mon cas au sérieux, je suis harcelée",
    ],
)
def test_a_person_in_danger_is_never_missed(text: str) -> None:
    found = understood(text)

    assert (found.topic.slug, found.priority.slug) == ("urgence-protection", "urgent")


@pytest.mark.parametrize(
    "text",
    [
        "Ce site va me faire mourir de rire, j'ai encore oublié mon mot de passe",
        "J'ai tapé mon mot de passe trois fois, compte bloqué",
        "Un de mes enfants a disparu de la liste",
        "ça me tue, page blanche sur Pronote",
        "Ma fille n'a fait qu'une faute de frappe, son compte est fermé",
        "Je n'ai pas déclaré mes revenus, puis-je refaire la demande de bourse ?",
        "La maîtresse a mis un mot, c'est marqué que le code part par sms, rien n'arrive et je recommence chaque soir",
        "mon fils est a l ecole du coteau, je ne recois pas le code",
        "on est a bourg en bresse et le sms n arrive pas",
        "au lycée là où je vais il n'y a pas de secrétaire et mon code ne marche pas",
        "Personne n'est en danger, il me faut seulement le code",
        "Mes enfants ont disparu de l'écran, je ne vois plus que « aucun enfant »",
    ],
)
def test_a_figure_of_speech_raises_no_alarm(text: str) -> None:
    assert understood(text).priority.slug == "normal"


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("activation-compte", "Amélie est en CM1, je ne reçois pas le code par SMS"),
        ("mot-de-passe-responsable", "j'ai oublié mon mot de passe, l'école est à Salon-de-Provence"),
        ("mot-de-passe-responsable", "mot de passe perdu, nous habitons près de Rennes"),
    ],
)
def test_names_of_children_and_towns_are_no_words_of_a_topic(topic: str, text: str) -> None:
    assert understood(text).topic.slug == topic


def test_what_was_clicked_on_by_nobody_is_no_alarm() -> None:
    text = "J'ai reçu un faux mail EduConnect, "

    assert understood(f"{text}je n'ai cliqué sur rien.").priority.slug != "urgent"
    assert understood(f"{text}j'ai cliqué et donné mon mot de passe.").priority.slug == "urgent"


def test_what_did_not_happen_is_not_the_trouble() -> None:
    found = understood("Je n'ai PAS perdu mon mot de passe, c'est le code SMS d'activation que je ne reçois pas.")

    assert found.topic.slug == "activation-compte"


def test_the_history_below_a_mail_says_nothing_of_today() -> None:
    mail = (
        "Bonjour, cette fois c'est Pronote : page blanche après EduConnect.\n\n"
        "Le mar. 3 nov. 2026 à 09:12, Assistance a écrit :\n"
        "> Votre demande de bourse et votre mot de passe oublié ont été traités.\n"
        "> Le code SMS a été renvoyé.\n"
    )

    assert understood(mail).topic.slug == "ent-connexion"


def test_nothing_but_ca_marche_pas_names_no_trouble_but_somebody_is_hindered() -> None:
    found = understood("ça marche pas")

    assert (found.topic.slug, found.audience.slug, found.priority.slug) == ("hors-perimetre", "responsable", "normal")


def test_an_empty_message_hinders_nobody() -> None:
    found = understood(" . ")

    assert (found.topic.slug, found.audience.slug, found.priority.slug) == ("hors-perimetre", "autre", "low")


@pytest.mark.parametrize(
    ("audience", "text"),
    [
        ("responsable", "Je suis professeure des écoles mais j'écris en tant que maman : mot de passe oublié."),
        ("enseignant", "Je suis secrétaire au collège, une famille n'a pas reçu ses identifiants."),
        ("eleve", "Je suis en seconde et j'ai perdu mon mot de passe."),
        ("autre", "Je suis la grand-mère de deux élèves, puis-je avoir un compte ?"),
        ("autre", "Journaliste, je prépare un reportage sur l'école."),
    ],
)
def test_people_are_known_by_what_they_say_of_themselves(audience: str, text: str) -> None:
    assert understood(text).audience.slug == audience


def test_the_box_ticked_in_the_form_decides_when_the_text_does_not() -> None:
    form = replace(a_message("mot de passe oublié"), profile=Audience.ELEVE)

    found = understood(form)

    assert (found.audience.slug, found.topic.slug) == ("eleve", "compte-eleve")


def test_the_box_ticked_in_the_form_gives_way_to_what_the_text_says() -> None:
    form = replace(a_message("Je suis sa maman : ma fille a oublié son mot de passe."), profile=Audience.ELEVE)

    assert understood(form).audience.slug == "responsable"


def test_staff_writing_as_staff_goes_to_the_staff_s_topic_whatever_the_trouble() -> None:
    mail = a_message("Un parent ne reçoit pas son code, que faire ?", email="ce.0711324D@ac-dijon.fr")

    assert understood(mail).topic.slug == "personnel-etablissement"


@pytest.mark.parametrize(
    ("priority", "text"),
    [
        ("urgent", "J'ai donné mon mot de passe et mon code à un faux site"),
        ("urgent", "Quelqu'un est entré dans mon compte et a changé mon adresse mail"),
        ("normal", "Je n'arrive pas à activer mon compte"),
        ("low", "Merci pour votre aide, tout fonctionne."),
        ("low", "Undelivered Mail Returned to Sender"),
    ],
)
def test_how_long_somebody_can_wait(priority: str, text: str) -> None:
    assert understood(text).priority.slug == priority
