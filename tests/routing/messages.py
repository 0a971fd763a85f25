"""Messages for the tests of routing, with only what matters said."""

from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.routing.academy import choose_academy
from helpdesk.routing.clues.search import find
from helpdesk.routing.decision import AcademyChoice
from helpdesk.routing.geography import Geography
from helpdesk.vocabulary import Channel


def a_message(
    text: str = "", *, subject: str = "", email: str = "", phone: str = "", school: SchoolHint | None = None
) -> IncomingMessage:
    """A mail in those words."""
    return IncomingMessage(
        channel=Channel.EMAIL,
        external_id="<1@parent.example>",
        text=text,
        sender=Sender(email=email, phone=phone),
        subject=subject,
        school=school or SchoolHint(),
    )


def choice(france: Geography, incoming: IncomingMessage | str) -> AcademyChoice:
    """The académie found for a message, or for a mail of just that text."""
    message = a_message(incoming) if isinstance(incoming, str) else incoming
    return choose_academy(find(message, france))
