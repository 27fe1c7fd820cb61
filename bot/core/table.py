"""Every command, in the order in which help shows them."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.core.announce import announce, drop_announcement, post_announcement
from bot.core.founding import enter_code, found_club, give_code, leave_club
from bot.core.help import show_club, show_help
from bot.core.intake import add_details, add_paper
from bot.core.listing import list_papers
from bot.core.outbox import list_deliveries, retry_deliveries
from bot.core.papers import download_page, show_paper
from bot.core.reach import lose_person, lose_place, move_place, regain_person, regain_place
from bot.core.search import search_pages
from bot.core.setup import post_pinboard, set_up, set_zone, trust_administrators, use_here
from bot.core.talk import hear_message

TABLE: tuple[Command, ...] = (
    show_paper,
    list_papers,
    search_pages,
    show_help,
    show_club,
    add_paper,
    set_up,
    announce,
    list_deliveries,
    add_details,
    download_page,
    enter_code,
    found_club,
    leave_club,
    give_code,
    use_here,
    trust_administrators,
    set_zone,
    post_announcement,
    drop_announcement,
    retry_deliveries,
    post_pinboard,
    hear_message,
    move_place,
    lose_person,
    regain_person,
    lose_place,
    regain_place,
)
