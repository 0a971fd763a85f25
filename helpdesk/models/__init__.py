"""The tables, one file a subject. Import from here: all tables are then known to the mapper and to Alembic."""

from helpdesk.models.agent import Agent, Membership, Service
from helpdesk.models.answering import AnswerDraft, AnswerDraftFile, ArticleUse, CannedAnswer, Hold
from helpdesk.models.article import Article, ArticleVersion, Edition, Redirect, Section, Translation
from helpdesk.models.bulk import BulkAct, BulkPart
from helpdesk.models.calls import Call, PhoneRefusal, Recording
from helpdesk.models.correction import Correction
from helpdesk.models.deflection import Missed, Proposal, ProposalDay, Proposed, ProposedDay, WordsVersion
from helpdesk.models.desk import SavedView, Unread
from helpdesk.models.duty import Duty
from helpdesk.models.editing import ArticleEvent, Draft, PendingImport, Picture
from helpdesk.models.figures import FiguresMark, Opinion, figure
from helpdesk.models.hit import Hit
from helpdesk.models.incident import Burst, Incident, IncidentAnswer, IncidentPart, IncidentTicket
from helpdesk.models.looks import PersonLook
from helpdesk.models.mailbox import IncomingMail, MailboxHealth, MailPlace
from helpdesk.models.notice import Notice
from helpdesk.models.order import TicketLink, Withdrawal
from helpdesk.models.outgoing import Outgoing
from helpdesk.models.person import Address, Person
from helpdesk.models.phone_desk import CallBack, TextPicture, TextReport, TextStop
from helpdesk.models.presence import Absence, Closing
from helpdesk.models.readers import Banner, BannerEvent, Vote
from helpdesk.models.rules import RulesVersion
from helpdesk.models.school import School, SchoolWord
from helpdesk.models.tags import Tag, TicketTag
from helpdesk.models.telling import Mention, Snooze, Watch
from helpdesk.models.ticket import Attachment, Event, Message, Ticket

__all__ = [
    "Absence",
    "Address",
    "Agent",
    "AnswerDraft",
    "AnswerDraftFile",
    "Article",
    "ArticleEvent",
    "ArticleUse",
    "ArticleVersion",
    "Attachment",
    "Banner",
    "BannerEvent",
    "BulkAct",
    "BulkPart",
    "Burst",
    "Call",
    "CallBack",
    "CannedAnswer",
    "Closing",
    "Correction",
    "Draft",
    "Duty",
    "Edition",
    "Event",
    "FiguresMark",
    "Hit",
    "Hold",
    "Incident",
    "IncidentAnswer",
    "IncidentPart",
    "IncidentTicket",
    "IncomingMail",
    "MailPlace",
    "MailboxHealth",
    "Membership",
    "Mention",
    "Message",
    "Missed",
    "Notice",
    "Opinion",
    "Outgoing",
    "PendingImport",
    "Person",
    "PersonLook",
    "PhoneRefusal",
    "Picture",
    "Proposal",
    "ProposalDay",
    "Proposed",
    "ProposedDay",
    "Recording",
    "Redirect",
    "RulesVersion",
    "SavedView",
    "School",
    "SchoolWord",
    "Section",
    "Service",
    "Snooze",
    "Tag",
    "TextPicture",
    "TextReport",
    "TextStop",
    "Ticket",
    "TicketLink",
    "TicketTag",
    "Translation",
    "Unread",
    "Vote",
    "Watch",
    "Withdrawal",
    "WordsVersion",
    "figure",
]
