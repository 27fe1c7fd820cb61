"""Every table in one import, for those who need them all."""

from storage.announcements import AnnouncementTable
from storage.asks import AskTable
from storage.base import Base
from storage.clubs import ClubTable
from storage.codes import CodeTable
from storage.contacts import ContactTable
from storage.deliveries import DeliveryTable
from storage.inbox import InboxTable
from storage.leases import LeaseTable
from storage.paper_rows import PaperTable
from storage.passages import PassageTable, WordTable
from storage.people import AccountTable, PersonTable, RoleTable
from storage.places import PlaceTable
from storage.platform_state import PlatformStateTable
from storage.posts import PostTable
from storage.revisions import ContributorTable, LinkTable, RevisionTable
from storage.sections import ItemTable, SectionTable
from storage.stored_actions import StoredActionTable

__all__ = [
    "AccountTable",
    "AnnouncementTable",
    "AskTable",
    "Base",
    "ClubTable",
    "CodeTable",
    "ContactTable",
    "ContributorTable",
    "DeliveryTable",
    "InboxTable",
    "ItemTable",
    "LeaseTable",
    "LinkTable",
    "PaperTable",
    "PassageTable",
    "PersonTable",
    "PlaceTable",
    "PlatformStateTable",
    "PostTable",
    "RevisionTable",
    "RoleTable",
    "SectionTable",
    "StoredActionTable",
    "WordTable",
]
