"""What we write to a person about a call, in the language of the request. Agents can go over the memo."""

from collections.abc import Callable

from helpdesk.languages import LANGUAGES, catalogue
from helpdesk.places import translations_dir


def memo(language: str, day: str) -> str:
    """The beginning of what was said on the phone; the gap keeps it from leaving as it is."""
    _ = _words(language)
    return (
        _("Bonjour,\n\nComme convenu au téléphone le %(day)s :") % {"day": day} + "\n[à compléter : ce qui a été dit]"
    )


def number_wanted(language: str, number: str) -> str:
    """To ask for the right number, by mail; `number` as people read it."""
    _ = _words(language)
    text = _(
        "Bonjour,\n\nNous avons essayé de vous appeler au %(number)s. Ce numéro ne semble pas être le vôtre.\n\n"
        "Pouvez-vous nous donner un autre numéro, ou nous écrire votre question ici ?"
    )
    return text % {"number": number}


def never_reached(language: str, tries: int) -> str:
    """That we do not call any more."""
    _ = _words(language)
    text = _(
        "Bonjour,\n\nNous vous avons appelé %(tries)s fois, sans réponse. Dites-nous quand vous rappeler, "
        "ou écrivez votre question : nous vous répondrons."
    )
    return text % {"tries": tries}


def _words(language: str) -> Callable[[str], str]:
    return catalogue(language if language in LANGUAGES else LANGUAGES[0], translations_dir()).gettext
