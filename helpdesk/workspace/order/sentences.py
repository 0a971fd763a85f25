"""Tags and split messages, as histories tell of them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from helpdesk.tickets import history


def _split(who: str, data: Mapping[str, Any]) -> str:
    if data.get("back"):
        return _("%(who)s a séparé ce message de %(other)s : c’est maintenant une demande.", who=who, other=data["to"])
    return _("%(who)s a séparé un message : il est maintenant dans %(other)s.", who=who, other=data["to"])


SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    history.TAGGED: lambda who, data: _("%(who)s a mis l’étiquette « %(tag)s ».", who=who, tag=data["tag"]),
    history.UNTAGGED: lambda who, data: _("%(who)s a enlevé l’étiquette « %(tag)s ».", who=who, tag=data["tag"]),
    history.SPLIT: _split,
}
