"""The fields of the public form, and the message they make."""

import hashlib
import secrets
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older
from wtforms.validators import AnyOf

from helpdesk.files import FileStore, content_type_of
from helpdesk.forms import AtMost, Form, MailAddress, Needed, PhoneNumber, tidy
from helpdesk.intake.message import IncomingFile, IncomingMessage, SchoolHint, Sender
from helpdesk.intake.robots import RobotTraps
from helpdesk.people.emails import likely_typo
from helpdesk.people.phones import read_phone
from helpdesk.routing.uai import normal_form
from helpdesk.text import one_line
from helpdesk.vocabulary import AUDIENCE_LABELS, LEVEL_LABELS, Audience, Channel, Level

MAX_FILES = 5
MAX_TEXT = 10_000
_TOKEN_LENGTH = 32


def new_token() -> str:
    """Drawn with the page; makes the request unique, however often its button is pressed."""
    return secrets.token_hex(_TOKEN_LENGTH // 2)


class FilesMixin:
    """Files of a form. Browsers forget chosen files when a form comes back; here they are kept on disk, and the hidden
    field `kept` (signed) remembers them until the form is accepted.
    """

    files: Any
    kept: Any
    too_many = False

    def validate_files(self, field: Any) -> None:
        """Told rather than dropped in silence. All that came is refused, so that the person chooses which to send."""
        if self.too_many:
            raise ValidationError(str(_("Choisissez %(n)s fichiers au plus.", n=MAX_FILES)))

    def brings_files(self) -> bool:
        """Whether the browser sends files along, beside those kept before."""
        return any(isinstance(upload, FileStorage) and upload.filename for upload in self.files.data or [])

    def collect_files(self, store: FileStore, key: str) -> tuple[IncomingFile, ...]:
        """All files of the form, those of earlier tries included. Raises StorageFull."""
        signer = URLSafeSerializer(key, salt="kept-files")
        try:
            listed = signer.loads(self.kept.data) if self.kept.data else []
        except BadData:
            listed = []
        # One more than there may be is enough to refuse them all.
        for upload in (self.files.data or [])[: MAX_FILES + 1]:
            if isinstance(upload, FileStorage) and upload.filename:
                content = upload.read()
                if content:
                    listed.append([store.keep(content), one_line(upload.filename, 200)])
        self.too_many = len(listed) > MAX_FILES
        if self.too_many:
            listed = []
        self.kept.data = signer.dumps(listed) if listed else ""
        found = []
        for digest, name in listed:
            content = store.read(digest)
            found.append(IncomingFile(name, content_type_of(content), content))
        return tuple(found)


class RequestForm(Form, FilesMixin, RobotTraps):
    """What a parent is asked: little, and nothing secret (no password, no code, no identity document)."""

    token = HiddenField()
    kept = HiddenField()
    email_checked = HiddenField()
    proposals = HiddenField()  # the answers that were shown beside it
    school_uai = HiddenField(filters=[tidy])  # filled in by the proposals of schools
    profile = RadioField(
        _("Vous êtes"),
        choices=[SelectChoice(audience.value, _(label)) for audience, label in AUDIENCE_LABELS.items()],
        default=Audience.RESPONSABLE.value,
        validators=[AnyOf(list(Audience), _("Dites-nous qui vous êtes."))],
        validate_choice=False,  # the line above says it in plainer words
    )
    last_name = StringField(_("Nom"), [Needed(_("Il manque votre nom.")), AtMost(100)], filters=[tidy])
    first_name = StringField(_("Prénom"), [Needed(_("Il manque votre prénom.")), AtMost(90)], filters=[tidy])
    email = StringField(_("Adresse de courriel (e-mail)"), [MailAddress(), AtMost(254)], filters=[tidy])
    phone = StringField(_("Numéro de téléphone"), [PhoneNumber(), AtMost(40)], filters=[tidy])
    school_level = RadioField(
        _("Où l’enfant est-il scolarisé ?"),
        choices=[
            *(SelectChoice(level.value, _(label)) for level, label in LEVEL_LABELS.items()),
            SelectChoice("", _("Je ne sais pas")),
        ],
        validators=[AnyOf(["", *Level], _("Choisissez une des réponses."))],
        validate_choice=False,
        default="",
    )
    school_name = StringField(_("Nom de l’établissement"), [AtMost(200)], filters=[tidy])
    school_commune = StringField(_("Ville de l’établissement"), [AtMost(120)], filters=[tidy])
    school_postal_code = StringField(_("Code postal de l’établissement"), [AtMost(20)], filters=[tidy])
    text = TextAreaField(
        _("Votre demande"),
        [Needed(_("Il manque votre demande : dites-nous ce qui se passe.")), AtMost(MAX_TEXT)],
        filters=[tidy],
    )
    shown_message = StringField(_("Message affiché à l’écran"), [AtMost(300)], filters=[tidy])
    files = MultipleFileField(_("Captures d’écran ou documents"))

    def validate_phone(self, field: Any) -> None:
        """One way to answer is enough; the other is asked for only when both are missing."""
        if not field.data and not self.email.data:
            raise ValidationError(
                str(_("Donnez une adresse de courriel ou un numéro de téléphone, pour vous répondre."))
            )

    def validate_email(self, field: Any) -> None:
        """A likely slip is asked about once; sending the same address again confirms it."""
        meant = likely_typo(field.data) if field.data and not field.errors else None
        if meant and self.email_checked.data != field.data:
            self.email_checked.data = field.data
            raise ValidationError(
                str(_("Vouliez-vous dire %(meant)s ? Si votre adresse est juste, envoyez à nouveau.", meant=meant))
            )

    def message(self, files: tuple[IncomingFile, ...], language: str) -> IncomingMessage:
        """What was sent, as every channel tells it. Call it once the form is valid."""
        text = self.said("text")
        if self.shown_message.data:
            text = f"{text}\n\n{_('Message affiché à l’écran')} : « {self.shown_message.data} »"
        phone = read_phone(self.phone.data) if self.phone.data else None
        return IncomingMessage(
            channel=Channel.WEB,
            external_id=self.said("token"),
            text=text,
            sender=Sender(
                name=one_line(f"{self.first_name.data} {self.last_name.data}"),
                email=self.said("email"),
                phone=phone.e164 if phone else "",
            ),
            profile=Audience(self.profile.data),
            school=SchoolHint(
                name=self.said("school_name"),
                commune=self.said("school_commune"),
                postal_code=self.said("school_postal_code"),
                uai=normal_form(self.said("school_uai")[:20]) or "",
                level=Level(self.school_level.data) if self.school_level.data else None,
            ),
            language=language,
            files=files,
        )


class FollowUpForm(Form, FilesMixin):
    """A further message from the follow-up page."""

    token = HiddenField()
    kept = HiddenField()
    text = TextAreaField(_("Votre message"), [Needed(_("Il manque votre message.")), AtMost(MAX_TEXT)], filters=[tidy])
    files = MultipleFileField(_("Captures d’écran ou documents"))


def is_token(value: str | None) -> bool:
    """Whether the hidden token is one that a page could hold."""
    return bool(value) and len(value or "") == _TOKEN_LENGTH and set(value or "") <= set("0123456789abcdef")


def said_again(token: str, text: str) -> str:
    """The id of other words that came under a token already used (the back button, then another sentence)."""
    return f"{token}:{hashlib.sha256(text.encode()).hexdigest()[:24]}"
