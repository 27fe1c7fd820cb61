"""The messages about sessions, each made of what is so at the moment of sending.

A session that was cancelled or moved since composes to nothing, and so does a reminder to somebody
who has left, or has said since that they cannot come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.chat.reply import Action, Reply, Style
from bot.chat.text import Bold, Mention, Span, Text, When, WhenStyle
from bot.core.deliveries import Kind
from bot.core.page_view import shown
from bot.core.sessions.audience import AFTER, DAY, HOUR, NUDGE, Member
from bot.core.sessions.card import ANNOUNCED, RSVP, digest_of, intro, session_card
from bot.core.sessions.news import cancellation, news
from bot.core.sessions.reading_plan import reading_plan
from bot.core.sessions.reminding import (
    CALLED_OFF,
    CHANGED,
    SEAT,
    members_of,
    places_of,
    tell_people,
)
from bot.core.sessions.words import ends_at, is_over, title_of, where_of
from storage.deliveries import Delivery
from storage.mirrors import CARD
from storage.reminders import OFF, PLACE
from storage.rsvps import NO
from storage.session_rows import CANCELLED, SCHEDULED, ClubSession
from storage.unit_of_work import UnitOfWork

_SAID = {
    NUDGE: "You have not said yet whether you come. One tap is enough.",
    HOUR: "It begins soon.",
    SEAT: "A seat is free now, and it is yours. If you cannot take it, pass it on.",
}


def _session(uow: UnitOfWork, delivery: Delivery) -> ClubSession | None:
    return uow.sessions.by_number(int(delivery.subject))


def _people(delivery: Delivery) -> list[int]:
    """Those whom it is sent to, or whom it names."""
    if delivery.is_private:
        return [delivery.person_id] if delivery.person_id else []
    return [int(number) for number in delivery.people or ()]


def _moves(delivery: Delivery) -> int:
    """For which time of the session it was planned: that stands in its key."""
    return int(delivery.key.split(":")[2])


def _compose(uow: UnitOfWork, delivery: Delivery) -> Reply | None:
    uow = uow.of_club(delivery.club_id)
    session = _session(uow, delivery)
    if session is None or session.state != SCHEDULED:
        return None
    if delivery.kind not in (ANNOUNCED, SEAT) and _moves(delivery) != session.moves:
        # It was planned for another time than the session is at now.
        return None
    match delivery.kind:
        case kind if kind == ANNOUNCED:
            return _announcement(uow, delivery, session)
        case kind if kind == AFTER:
            return _after(uow, session)
        case kind if kind == RSVP:
            return _card(uow, session, delivery, intro(uow, RSVP))
    return _reminder(uow, delivery, session)


def _announcement(uow: UnitOfWork, delivery: Delivery, session: ClubSession) -> Reply | None:
    here = (delivery.platform, delivery.chat_id, delivery.thread_id)
    if here not in [(one.platform, one.chat_id, one.thread_id) for one in places_of(uow)]:
        # The club has left that place, or announces elsewhere now.
        return None
    return _card(uow, session, delivery, intro(uow, ANNOUNCED))


def _card(uow: UnitOfWork, session: ClubSession, delivery: Delivery, said: Text) -> Reply:
    # What is due and not sent yet is composed a moment later, so that its instant is the present.
    return session_card(uow, session, _present(session, delivery.due_at), said=said)


def _present(session: ClubSession, due_at: datetime) -> datetime:
    return min(max(due_at, session.created_at), ends_at(session) - timedelta(seconds=1))


def _reminder(uow: UnitOfWork, delivery: Delivery, session: ClubSession) -> Reply | None:
    members = {one.person.id: one for one in members_of(uow, session, _people(delivery))}
    if delivery.is_private:
        member = members.get(delivery.person_id or 0)
        if member is None or not _is_wanted(member, delivery.kind):
            return None
        if delivery.kind != SEAT and member.choice.where in (PLACE, OFF):
            # They have said since that they want nothing in private.
            return None
        said = _words(uow, session, delivery.kind)
        return _with_way_out(_card(uow, session, delivery, said), delivery)
    named = [
        members[int(number)]
        for number in delivery.people or ()
        if int(number) in members and _is_wanted(members[int(number)], delivery.kind)
    ]
    if not named:
        return None
    words = _words(uow, session, delivery.kind)
    said = (*mentions(named, delivery.platform), *words)
    return _with_way_out(_card(uow, session, delivery, said), delivery)


def _with_way_out(card: Reply, delivery: Delivery) -> Reply:
    """Whoever has got a seat and cannot take it presses what the words say."""
    if delivery.kind != SEAT:
        return card
    return replace(
        card, actions=(Action("Pass it on", "rsvp", (NO, delivery.subject)), *card.actions)
    )


def _is_wanted(member: Member, kind: str) -> bool:
    if kind == NUDGE:
        return member.rsvp is None and member.chat is not None and member.wants(kind)
    return member.is_coming and (kind == SEAT or member.wants(kind))


def _words(uow: UnitOfWork, session: ClubSession, kind: str) -> tuple[Span, ...]:
    if kind not in (DAY, HOUR):
        return (_SAID[kind],)
    spans: list[Span] = ["It begins ", When(session.starts_at, WhenStyle.RELATIVE), "."]
    if where := where_of(session):
        spans += [" Where: ", *where, "."]
    if kind == DAY and (plan := reading_plan(uow, session.code)):
        spans += ["\n", Bold("Reading plan"), f": {plan}"]
    return tuple(spans)


def mentions(members: list[Member], platform: str) -> list[Span]:
    """Those who are named, each by the account that they have here."""
    spans: list[Span] = []
    for member in members:
        account = member.person.account_on(platform)
        if account is not None:
            spans += [Mention(account.account_id, shown(member.person.name)), " "]
    return spans


def _after(uow: UnitOfWork, session: ClubSession) -> Reply | None:
    title = title_of(session, uow.papers.head)
    if session.code is None:
        return None
    return Reply(
        text=(
            Bold(title),
            " is over. What do you think of the paper now? ",
            "You decide who may read what you say.",
        ),
        actions=(Action("Give an opinion", "opinion", (session.code,), Style.PRIMARY),),
    )


def _notice(uow: UnitOfWork, delivery: Delivery) -> Reply | None:
    """What has changed, or that it does not take place, to those whom it concerns."""
    uow = uow.of_club(delivery.club_id)
    session = _session(uow, delivery)
    wanted = CANCELLED if delivery.kind == CALLED_OFF else SCHEDULED
    if session is None or session.state != wanted:
        return None
    if delivery.kind == CHANGED and is_over(session, delivery.due_at):
        return None
    concerned = members_of(uow, session, _people(delivery))
    members = {one.person.id: one for one in concerned if one.is_concerned}
    if delivery.is_private and delivery.person_id not in members:
        return None
    named = [members[int(one)] for one in delivery.people or () if int(one) in members]
    is_off = delivery.kind == CALLED_OFF
    said = cancellation(uow, session) if is_off else news(uow, session)
    said = (*mentions(named, delivery.platform), *said)
    if is_off:
        return Reply(text=said)
    return _card(uow, session, delivery, said)


def _elsewhere(uow: UnitOfWork, delivery: Delivery) -> None:
    """Whose private chat is closed is named in the place, if they are known to come."""
    uow = uow.of_club(delivery.club_id)
    session = _session(uow, delivery)
    if session is None or not delivery.is_private or delivery.kind == NUDGE:
        return
    if delivery.expires_at is not None and delivery.settled_at is not None:
        # It came too late for them, and would come too late in the place.
        return
    for member in members_of(uow, session, _people(delivery)):
        if member.is_concerned:
            until = delivery.expires_at or ends_at(session)
            part = f"{delivery.key.rsplit(':', 1)[1]}.p{member.person.id}"
            closed = Member(member.person, rsvp=member.rsvp, had=member.had)
            tell_people(uow, session, delivery.kind, [closed], delivery.due_at, until, part=part)


def _shown(uow: UnitOfWork, delivery: Delivery, message_id: str, reply: Reply) -> None:
    """From now on the card is kept in step with the session."""
    uow = uow.of_club(delivery.club_id)
    session = _session(uow, delivery)
    if session is None or delivery.is_private:
        return
    uow.mirrors.add(
        uow.club_id,
        session.id,
        CARD,
        delivery.platform,
        delivery.chat_id,
        message_id=message_id,
        intro=delivery.kind,
        thread_id=delivery.thread_id,
        server_id=delivery.server_id,
        # Somebody may have answered while it was on its way.
        due_at=delivery.due_at,
        digest=digest_of(reply),
    )


SESSION_KINDS: Mapping[str, Kind] = {
    **{kind: Kind(_compose, sent=_shown) for kind in (ANNOUNCED, RSVP)},
    **{kind: Kind(_compose, failed=_elsewhere) for kind in (NUDGE, DAY, HOUR, SEAT)},
    AFTER: Kind(_compose),
    CHANGED: Kind(_notice, failed=_elsewhere),
    # That it does not take place must be known; told twice it does no harm.
    CALLED_OFF: Kind(_notice, failed=_elsewhere, is_repeated=True),
}
