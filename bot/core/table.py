"""Every command, in the order in which help shows them."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.core.announce import announce, drop_announcement, post_announcement
from bot.core.authors import (
    consent,
    follow,
    new_topic,
    reword,
    set_paper,
    set_topic,
    show_own,
    stop_asking,
    withdraw,
)
from bot.core.digests import (
    move_item,
    move_item_to_new,
    order_topic,
    rename_topic,
    show_digest,
    show_heading,
    show_item,
    write_introduction,
)
from bot.core.doctor import show_doctor
from bot.core.founding import enter_code, found_club, give_code, leave_club
from bot.core.help import show_club, show_help
from bot.core.intake import add_details, add_paper
from bot.core.leaving import export_own_data, forget_me, leave_as_member
from bot.core.linking import confirm_link, link_accounts, unlink
from bot.core.listing import list_papers
from bot.core.luma.calendar import read_feed_now, set_feed, show_luma
from bot.core.luma.choice import choose_lists, forget_address
from bot.core.members import (
    agree_to_claim,
    appoint,
    erase_member,
    list_members,
    remove_member,
    set_barred,
)
from bot.core.moderation import (
    bar_author,
    hide,
    list_hidden,
    note_said,
    propose_wording,
    show_audit,
    unhide,
)
from bot.core.opinion_lists import list_for_members, list_opinions
from bot.core.opinions import give_opinion
from bot.core.outbox import list_deliveries, retry_deliveries
from bot.core.papers import download_page, show_paper
from bot.core.profile import (
    allow_asking,
    claim_name,
    come_back,
    set_name,
    set_own_zone,
    set_shows_name,
    set_standing,
    show_profile,
)
from bot.core.reach import lose_person, lose_place, move_place, regain_person, regain_place
from bot.core.search import search_pages
from bot.core.sessions.attendance import note_attendance
from bot.core.sessions.changes import (
    alter,
    cancel_session,
    keep_defaults,
    save_session,
    tell_change,
    uncancel,
)
from bot.core.sessions.preparing import prepare
from bot.core.sessions.reminders import change_own, change_plan, notify_me, show_reminders
from bot.core.sessions.rsvps import give_calendar, rsvp
from bot.core.sessions.series_changes import end_series
from bot.core.sessions.sessions import list_sessions, organise, schedule, show_session
from bot.core.setup import post_pinboard, set_up, set_zone, trust_administrators, use_here
from bot.core.talk import follow_deletion, follow_edit, hear_message
from bot.core.weaving import preview, publish

TABLE: tuple[Command, ...] = (
    show_paper,
    list_papers,
    search_pages,
    give_opinion,
    list_opinions,
    show_session,
    list_sessions,
    rsvp,
    show_reminders,
    show_profile,
    link_accounts,
    show_help,
    show_club,
    add_paper,
    set_up,
    schedule,
    show_luma,
    announce,
    show_digest,
    note_said,
    list_members,
    show_audit,
    list_deliveries,
    show_doctor,
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
    follow_edit,
    follow_deletion,
    *(consent, follow, reword, set_topic, new_topic, set_paper, withdraw, stop_asking, show_own),
    list_for_members,
    *(show_item, move_item, move_item_to_new, show_heading, rename_topic, order_topic),
    *(write_introduction, preview, publish),
    *(hide, unhide, list_hidden, propose_wording, bar_author),
    *(set_name, set_own_zone, set_standing, set_shows_name, allow_asking, claim_name, come_back),
    *(confirm_link, unlink),
    *(leave_as_member, forget_me, export_own_data),
    *(appoint, set_barred, remove_member, erase_member, agree_to_claim),
    *(organise, prepare, alter, save_session, tell_change, cancel_session, uncancel, keep_defaults),
    end_series,
    *(change_plan, change_own, notify_me, give_calendar, note_attendance),
    *(set_feed, read_feed_now, choose_lists, forget_address),
    move_place,
    lose_person,
    regain_person,
    lose_place,
    regain_place,
)
