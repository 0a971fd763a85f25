"""Tags and acts on many requests, as histories tell of them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from helpdesk.tickets import history

SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    history.TAGGED: lambda who, data: _("%(who)s a mis l’étiquette « %(tag)s ».", who=who, tag=data["tag"]),
    history.UNTAGGED: lambda who, data: _("%(who)s a enlevé l’étiquette « %(tag)s ».", who=who, tag=data["tag"]),
    history.BULK_UNDONE: lambda who, _data: _(
        "%(who)s a annulé une action faite sur plusieurs demandes : celle-ci est comme avant.", who=who
    ),
}
