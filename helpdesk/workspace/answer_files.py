"""Files that an agent chooses to send along: kept at once, so that a page that comes back has not forgotten them."""

from collections.abc import Sequence

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from helpdesk.files import content_type_of
from helpdesk.models import AnswerDraftFile
from helpdesk.pages import parts
from helpdesk.text import one_line
from helpdesk.workspace.ticket_forms import ReplyForm

MAX_FILES = 5  # of one answer, as of one request


def new_files(form: ReplyForm, kept: Sequence[AnswerDraftFile]) -> list[AnswerDraftFile]:
    """Those of the form, stored. With too many, or too much together with those `kept` before, none is taken and the
    form says why. Raises StorageFull.
    """
    chosen = [
        (one_line(upload.filename or "", 200), content)
        for upload in form.files.data or []
        if isinstance(upload, FileStorage) and upload.filename and (content := upload.read())
    ]
    megabytes = parts().settings.upload_mb
    size = sum(file.size for file in kept) + sum(len(content) for _name, content in chosen)
    form.files.errors = []
    if chosen and len(kept) + len(chosen) > MAX_FILES:
        form.files.errors = [_("Joignez %(n)s fichiers au plus.", n=MAX_FILES)]
    elif chosen and size > megabytes * 1024 * 1024:
        form.files.errors = [_("Les fichiers dépassent %(n)s Mo ensemble : joignez-en moins.", n=megabytes)]
    if form.files.errors:
        return []
    return [
        AnswerDraftFile(
            sha256=parts().files.keep(content),
            name=name or "fichier",
            content_type=content_type_of(content),
            size=len(content),
        )
        for name, content in chosen
    ]
