"""From a message to its decision: who writes, about what, how urgent, which académie, which service, and why.

    IncomingMessage → reading → words and likeness → audience, topic, priority ┐
                    → clues → académie ────────────────────────────────────────┴→ facts → first rule → Decision

Pure: the day and the moment are given. The decision keeps the facts and the rule, so that it can be told and worked
out again after the rules have changed.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from helpdesk.intake.message import IncomingMessage
from helpdesk.routing.academy import choose_academy
from helpdesk.routing.clues.search import find
from helpdesk.routing.decision import AcademyChoice, Clue, Decision, Strength
from helpdesk.routing.geography import Geography
from helpdesk.routing.rulebook import OTHERWISE, Rulebook
from helpdesk.routing.rules import DAYS, LEFT_TO, RULE, SAID, Rule, first_rule
from helpdesk.routing.schools import SchoolDirectory
from helpdesk.routing.services import Service, of_academy
from helpdesk.routing.understanding import Understanding, understand
from helpdesk.vocabulary import Audience, Priority

NATIONAL_ZONE = "Europe/Paris"
TRIAGE = "triage"  # kind of the service that sorts what nobody else can
MAILBOX_DECIDES = "elle est arrivée dans la boîte de ce service, et rien ne dit qu’elle est à un autre"
NO_SCHOOL = "no-school"  # academy_reason: publicity, bounces, press: no child's school is concerned
NOBODYS = AcademyChoice(None, (), NO_SCHOOL)


def decide(
    incoming: IncomingMessage,
    rulebook: Rulebook,
    geography: Geography,
    *,
    today: date,
    now: datetime | None = None,
    directory: SchoolDirectory | None = None,
) -> Decision:
    """Decide on one message. Never raises, whatever was written.

    `today` is the day in Paris, against which « demain » is read. `now`, aware, is only needed by rules with hours or
    days: without it none of them holds.
    """
    understood = understand(incoming, rulebook, today)
    choice = NOBODYS if concerns_no_school(understood) else academy_of(incoming, geography, directory)
    return concluded(incoming, understood, choice, rulebook, geography, now)


def concluded(
    incoming: IncomingMessage,
    understood: Understanding,
    choice: AcademyChoice,
    rulebook: Rulebook,
    geography: Geography,
    now: datetime | None,
) -> Decision:
    """The decision, once it is known what a message says and whose it is."""
    facts = facts_of(incoming, understood, choice, rulebook, geography, now)
    rule = first_rule(rulebook.rules, facts)
    service, because, left = chosen(rule, facts, rulebook)
    return Decision(
        academy=choice.academy,
        topic=understood.topic.slug,
        audience=Audience(understood.audience.slug),
        priority=Priority(understood.priority.slug),
        service=service,
        rule=rule.name,
        because=because,
        clues=choice.clues,
        academy_reason=choice.reason,
        facts={
            **facts,
            RULE: rule.to_json(),
            LEFT_TO: left,
            "service_title": title_of(rulebook.service(service), facts, geography),
            "config": rulebook.config,
        },
        words={
            "topic": understood.topic.words,
            "audience": understood.audience.words,
            "priority": understood.priority.words,
            "rule": understood.said.get(rule.name, ()),
        },
    )


def title_of(service: Service, facts: Mapping[str, str], geography: Geography) -> str:
    """Its short name; with its académie where that is not the school's."""
    if service.academy is None or service.academy == facts["academy"]:
        return service.title
    return f"{service.title} de l’{of_academy(geography.academies[service.academy].name)}"


def concerns_no_school(understood: Understanding) -> bool:
    """Whether it is publicity, a bounce or the like: the places in it are nobody's school."""
    return understood.topic.slug == OTHERWISE and understood.topic.score.nowhere


def academy_of(
    incoming: IncomingMessage, geography: Geography, directory: SchoolDirectory | None = None
) -> AcademyChoice:
    """The académie by all clues of a message that concerns a school."""
    return choose_academy((*find(incoming, geography, directory), *mailbox_clue(incoming, geography)))


def mailbox_clue(incoming: IncomingMessage, geography: Geography) -> Iterator[Clue]:
    """The académie whose mailbox the request came to: only heard when nothing in the request tells more."""
    academy = geography.academies.get(incoming.mailbox_academy)
    if academy is not None:
        yield Clue("mailbox", academy.name, (academy.code,), Strength.LAST, "", "mailbox", 0, 0)


def chosen(rule: Rule, facts: Mapping[str, str], rulebook: Rulebook) -> tuple[str, str, str]:
    """The service, why, and the service again if the mailbox chose it and not the rule.

    Instead of triage, the service whose mailbox a request came to gets it, if nothing speaks against that one.
    """
    slug, mailbox = rule.slug_for(facts), facts.get("mailbox_service", "")
    if mailbox and rulebook.service(slug).kind == TRIAGE:
        academy = rulebook.service(mailbox).academy or ""
        if academy == facts["academy"] and (academy or facts["academy_reason"] == "none"):
            return mailbox, MAILBOX_DECIDES, mailbox
    return slug, rule.because, ""


def service_of(facts: Mapping[str, str], rulebook: Rulebook) -> str:
    """The service alone, where that is all one wants to know."""
    return chosen(first_rule(rulebook.rules, facts), facts, rulebook)[0]


def facts_of(
    incoming: IncomingMessage,
    understood: Understanding,
    choice: AcademyChoice,
    rulebook: Rulebook,
    geography: Geography,
    now: datetime | None,
) -> dict[str, str]:
    """All that a rule may ask, and the names that the sentence needs; an empty text is « not known »."""
    return {
        "topic": understood.topic.slug,
        "topic_label": rulebook.label_of(understood.topic.slug),
        "alike": "oui" if understood.topic.alone else "",
        "audience": understood.audience.slug,
        "priority": understood.priority.slug,
        "deadline": understood.deadline.day.isoformat() if understood.deadline else "",
        "channel": incoming.channel.value,
        "level": incoming.school.level.value if incoming.school.level else "",
        "sector": understood.sector,
        "academy": choice.academy or "",
        "academy_name": geography.academies[choice.academy].name if choice.academy else "",
        "academy_reason": choice.reason,
        "mailbox_academy": incoming.mailbox_academy,
        "mailbox_service": incoming.mailbox_service,
        SAID: "\n".join(understood.said),
        **moment(now, choice.academy, geography),
    }


def moment(now: datetime | None, academy: str | None, geography: Geography) -> dict[str, str]:
    """Day and time where the school is, in Paris if that is not known."""
    if now is None:
        return {"day": "", "time": ""}
    here = now.astimezone(ZoneInfo(geography.academies[academy].timezone if academy else NATIONAL_ZONE))
    return {"day": DAYS[here.weekday()], "time": f"{here:%H:%M}"}
