"""How every part fares: one line each, on, off or wrong. `helpdesk check` prints it, `/agent/sante` shows it."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from helpdesk import schema
from helpdesk.db import Unavailable, db, utc_now
from helpdesk.duties import overdue
from helpdesk.intake.phone.voice.health import phone_health
from helpdesk.models import IncomingMail, MailboxHealth, School
from helpdesk.outbox.mailer import DeliveryError
from helpdesk.pages import parts
from helpdesk.parts import Parts
from helpdesk.places import static_dir
from helpdesk.routing.in_force import in_force
from helpdesk.vocabulary import MailOutcome


@dataclass(frozen=True)
class Result:
    """One line. `state` is "on", "off" or "wrong"."""

    name: str
    state: str
    text: str

    @property
    def wrong(self) -> bool:
        return self.state == "wrong"

    @property
    def mark(self) -> str:
        return {"on": "✓", "off": "–", "wrong": "✗"}[self.state]


def checks(app: Flask) -> list[Result]:
    """As `look`, from outside a request."""
    with app.app_context():
        return look()


def look() -> list[Result]:
    """Look at every part without changing anything; some seconds where a server does not answer. That the application
    exists means that settings and `config/` are in order.
    """
    plugged = parts()
    rulebook = plugged.routing.rulebook
    return [
        Result("Réglages", "on", f"{plugged.settings.public_base_url}, démonstration {_yes(plugged.settings.demo)}"),
        Result("Routage", "on", f"{len(rulebook.services)} services, {len(rulebook.lists.topics)} sujets"),
        _rules(plugged),
        _communes(plugged),
        _database(),
        _directory(),
        _files(plugged),
        _mail(plugged),
        _texts(plugged),
        *_mailboxes(plugged),
        _telephone(plugged),
        _redis(plugged),
        _front(),
        _worker(),
    ]


def _rules(plugged: Parts) -> Result:
    try:
        held = in_force(plugged.routing)
    except Unavailable:
        return Result("Règles", "off", "non vérifiées sans base de données")
    source = f"version {held.number} publiée" if held.number else "config/routing.toml"
    if held.problems:
        return Result("Règles", "wrong", f"{' ; '.join(held.problems)} ; {source} décide à la place")
    return Result("Règles", "on", f"{len(held.routing.rulebook.rules)} règles, {source}")


def _communes(plugged: Parts) -> Result:
    if not plugged.routing.geography.communes.missing:
        return Result("Communes", "on", "liste chargée")
    return Result("Communes", "wrong", "liste absente, les villes ne sont pas reconnues : lancez « make setup »")


def _database() -> Result:
    shown = db.engine.url.render_as_string(hide_password=True)
    try:
        if schema.is_current(db.engine):
            return Result("Base de données", "on", shown)
        return Result("Base de données", "wrong", f"{shown}, pas à jour : lancez « helpdesk db upgrade »")
    except SQLAlchemyError as error:
        return Result("Base de données", "wrong", f"{shown}, injoignable ({type(error).__name__})")


def _directory() -> Result:
    name = "Annuaire des établissements"
    try:
        count = db.session.scalar(select(func.count()).select_from(School).where(School.open)) or 0
    except SQLAlchemyError:
        db.session.rollback()
        return Result(name, "off", "non vérifié sans base de données")
    if count:
        return Result(name, "on", f"{count} établissements ouverts")
    return Result(name, "off", "vide : « helpdesk directory import » le remplit")


def _files(plugged: Parts) -> Result:
    folder = plugged.settings.data_dir
    try:
        probe = folder / ".check"
        probe.write_bytes(b"check")
        probe.unlink()
    except OSError as error:
        return Result("Fichiers", "wrong", f"{folder} : {error.strerror}")
    return Result("Fichiers", "on", str(folder))


def _mail(plugged: Parts) -> Result:
    try:
        return Result("Courriel", "on" if plugged.settings.smtp_host else "off", plugged.mailer.ping())
    except DeliveryError as error:
        return Result("Courriel", "wrong", str(error))


def _texts(plugged: Parts) -> Result:
    """What is set; nobody is asked, since each question is paid for."""
    if plugged.texter is None:
        return Result("SMS", "off", "TEXT_FROM et TWILIO_ACCOUNT_SID ne sont pas réglés")
    return Result("SMS", "on" if plugged.settings.text_from else "off", plugged.texter.ping())


def _mailboxes(plugged: Parts) -> list[Result]:
    """As the last round left them: nobody is connected to here, so that a refused password is not tried again."""
    try:
        rows = {row.name: row for row in db.session.scalars(select(MailboxHealth))}
        unread = db.session.scalar(select(func.count()).where(IncomingMail.outcome == MailOutcome.UNREADABLE))
    except SQLAlchemyError:
        return [Result("Boîtes aux lettres", "off", "non vérifiées sans base de données")]
    results = [_mailbox(spec.name, rows.get(spec.name)) for spec in plugged.mailboxes]
    results += _answers(plugged)
    if unread:
        text = f"{unread} courriel(s) que personne n’a pu lire : voyez-les dans « Courriels »"
        results.append(Result("Courriels illisibles", "wrong", text))
    return results


def _mailbox(name: str, health: MailboxHealth | None) -> Result:
    if health is None:
        return Result(f"Boîte « {name} »", "off", "jamais relevée : lancez « helpdesk mailbox poll »")
    if health.problem:
        return Result(f"Boîte « {name} »", "wrong", health.problem)
    if health.last_success is None or utc_now() - health.last_success > timedelta(minutes=15):
        text = "pas relevée depuis un quart d’heure : lancez « helpdesk mailbox poll »"
        return Result(f"Boîte « {name} »", "wrong", text)
    return Result(f"Boîte « {name} »", "on", "relevée")


def _answers(plugged: Parts) -> list[Result]:
    """Whether what people answer to our mails comes to a mailbox that is read."""
    read = {spec.address or spec.user.lower() for spec in plugged.mailboxes if spec.kind == "imap" or spec.address}
    if not read or plugged.settings.mail_from.lower() in read:
        return []
    text = (
        f"les réponses à nos courriels iraient à {plugged.settings.mail_from} (MAIL_FROM), qui n’est l’adresse "
        "(« address ») d’aucune boîte relevée"
    )
    return [Result("Réponses par courriel", "wrong", text)]


def _telephone(plugged: Parts) -> Result:
    """As calls and the door left it: the provider is not asked."""
    settings, name = plugged.settings, "Téléphone"
    if not settings.twilio_account_sid:
        where = f"à essayer sur {settings.public_base_url}/demo/telephone" if settings.demo else "éteint"
        return Result(name, "off", f"pas de TWILIO_ACCOUNT_SID : {where}")
    try:
        health = phone_health(utc_now())
    except SQLAlchemyError:
        db.session.rollback()
        return Result(name, "off", "non vérifié sans base de données")
    problems = [f"erreur {code} de l’opérateur ({count} appel(s))" for code, count in sorted(health.errors.items())]
    refused = f"{health.refused} requête(s) refusée(s)"
    if health.refused and not health.calls:  # forgeries come to every site; that nothing else comes is a wrong setting
        problems.append(f"{refused} et aucun appel : vérifiez TWILIO_AUTH_TOKENS et PUBLIC_BASE_URL")
    if health.missing:
        problems.append(f"{health.missing} message(s) vocal(aux) pas encore repris ou perdu(s)")
    if problems:
        return Result(name, "wrong", f"depuis 7 jours : {' ; '.join(problems)}")
    return Result(name, "on", f"depuis 7 jours : {health.calls} appel(s), {refused}")


def _redis(plugged: Parts) -> Result:
    if not plugged.settings.redis_url:
        return Result("Redis", "off", "le même processus fait le travail")
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        with Redis.from_url(plugged.settings.redis_url, socket_connect_timeout=2) as redis:
            redis.ping()
    except RedisError as error:
        return Result("Redis", "wrong", f"injoignable ({type(error).__name__})")
    return Result("Redis", "on", "répond")


def _front() -> Result:
    if (static_dir() / "vendor" / "dsfr" / "dsfr.min.css").exists():
        return Result("Habillage", "on", "système de design de l’État en place")
    return Result("Habillage", "wrong", "feuilles de style absentes : lancez « make setup »")


def _worker() -> Result:
    try:
        late = overdue(utc_now())
    except SQLAlchemyError:
        return Result("Travail périodique", "off", "non vérifié sans base de données")
    if late:
        return Result(
            "Travail périodique", "wrong", f"personne ne le fait ({', '.join(late)}) : lancez « helpdesk worker »"
        )
    return Result("Travail périodique", "on", "à l’heure")


def _yes(value: bool) -> str:
    return "ouverte" if value else "fermée"
