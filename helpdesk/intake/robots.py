"""Telling robots from people without asking people anything: a field that nobody sees, and the time that typing takes.

Whoever is taken for a robot by mistake loses nothing: the form comes back filled in and is accepted the second time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from itsdangerous import BadData, TimestampSigner
from wtforms import HiddenField, StringField

_SIGNED = "request-form"


class RobotTraps:
    """For a form. `remarks` is hidden from people; `shown_at` says, signed, when the page was made."""

    remarks: Any = StringField(_("Laissez ce champ vide"))
    shown_at: Any = HiddenField()

    def note_shown(self, keys: Sequence[str]) -> None:
        """Called when the page is made. `keys`: the one that signs comes first."""
        self.shown_at.data = _signer(keys).sign(_SIGNED).decode()

    def looks_automatic(self, keys: Sequence[str], least: timedelta, now: datetime) -> bool:
        """Whether the trap was filled or the form came sooner than anybody types. Readies it to be shown again."""
        trapped, self.remarks.data = bool(self.remarks.data), ""
        try:
            _, shown = _signer(keys).unsign(self.shown_at.data or "", return_timestamp=True)
        except BadData:
            self.note_shown(keys)
            return trapped or least > timedelta()
        return trapped or now - shown < least


def _signer(keys: Sequence[str]) -> TimestampSigner:
    return TimestampSigner(list(reversed(keys)), salt="robots")
