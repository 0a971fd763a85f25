"""The languages of pages and mails, and the words of each.

French is what the code is written in: its catalogue only sets the no-break spaces that French asks for, so that nobody
has to type them. The others are files of `helpdesk/translations`.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations

LANGUAGES = ("fr", "en")  # the first is that of the code
_BEFORE_SIGN = re.compile(r" (?=[?!:;»])|(?<=«) ")


@lru_cache(maxsize=5_000)
def typeset(text: str) -> str:
    """French text with no-break spaces where a line must not end: before « ? ! : ; » and inside « »."""
    return _BEFORE_SIGN.sub("\u00a0", text)


class French(NullTranslations):
    """What the code says, typeset."""

    def gettext(self, message: str) -> str:
        return typeset(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """In French none is singular."""
        return typeset(msgid2 if abs(n) >= 2 else msgid1)

    # The names by which Flask-Babel asks.
    ugettext, ungettext = gettext, ngettext


@cache
def catalogue(language: str, folder: Path) -> NullTranslations:
    """The words of a language of LANGUAGES; `folder` holds the translations. A missing file leaves the French ones."""
    return French() if language == LANGUAGES[0] else Translations.load(folder, [language])
