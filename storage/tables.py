"""Every table in one import, for those who need them all."""

from storage.announcements import AnnouncementTable
from storage.asks import AskTable
from storage.audit import AuditTable
from storage.base import Base
from storage.claims import ClaimTable
from storage.clubs import ClubTable
from storage.codes import CodeTable
from storage.contacts import ContactTable
from storage.deliveries import DeliveryTable
from storage.digests import DigestTable
from storage.inbox import InboxTable
from storage.leases import LeaseTable
from storage.link_codes import LinkCodeTable
from storage.luma import LumaTable
from storage.mirrors import MirrorTable
from storage.opinion_rows import OpinionRevisionTable, OpinionTable
from storage.paper_rows import PaperTable
from storage.passages import PassageTable, WordTable
from storage.people import AccountTable, PersonTable, RoleTable
from storage.places import PlaceTable
from storage.platform_state import PlatformStateTable
from storage.posts import PostTable
from storage.reminders import ClubSettingsTable, ReminderChoiceTable
from storage.revisions import ContributorTable, LinkTable, RevisionTable
from storage.rsvps import LumaGuestTable, RsvpTable
from storage.sections import ItemTable, SectionTable
from storage.session_rows import SeriesTable, SessionTable
from storage.stored_actions import StoredActionTable

__all__ = [
    "AccountTable",
    "AnnouncementTable",
    "AskTable",
    "AuditTable",
    "Base",
    "ClaimTable",
    "ClubSettingsTable",
    "ClubTable",
    "CodeTable",
    "ContactTable",
    "ContributorTable",
    "DeliveryTable",
    "DigestTable",
    "InboxTable",
    "ItemTable",
    "LeaseTable",
    "LinkCodeTable",
    "LinkTable",
    "LumaGuestTable",
    "LumaTable",
    "MirrorTable",
    "OpinionRevisionTable",
    "OpinionTable",
    "PaperTable",
    "PassageTable",
    "PersonTable",
    "PlaceTable",
    "PlatformStateTable",
    "PostTable",
    "ReminderChoiceTable",
    "RevisionTable",
    "RoleTable",
    "RsvpTable",
    "SectionTable",
    "SeriesTable",
    "SessionTable",
    "StoredActionTable",
    "WordTable",
]
