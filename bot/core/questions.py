"""What an author is asked about an opinion: in private, and about each one twice at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.archive.speaking import Speech, printed
from bot.chat.reply import Action, Block, Card, Field, Reach, Reply, Style
from bot.chat.text import Bold
from bot.core import parts
from bot.core.context import Context
from bot.core.deliveries import Kind
from bot.core.page_view import shown
from storage.deliveries import Delivery, DeliveryDraft
from storage.opinions import (
    CHOOSE,
    DELETED,
    EDITED,
    MEMBERS,
    NAMED,
    NAMELESS,
    PRIVATE,
    SAID,
    WORDING,
    Opinion,
)
from storage.people import Person
from storage.unit_of_work import UnitOfWork

QUESTION, NOTICE = "question", "notice"
ASK_AGAIN_AFTER = timedelta(days=3)
_ABOUT_OPINIONS = frozenset(
    {"mine", "consent", "follow", "reword", "topic", "newtopic", "about", "withdraw", "quiet"}
)
_EXPIRES_AFTER = timedelta(days=7)
_STATES = {
    NAMED: "published with your name",
    NAMELESS: "published without your name",
    MEMBERS: "for members only",
    PRIVATE: "private: nobody else sees it",
}
_CHOICES = (
    (NAMED, "Publish with my name"),
    (NAMELESS, "Publish without my name"),
    (MEMBERS, "Members only"),
    (PRIVATE, "Keep private"),
)
_ASKED = {
    CHOOSE: "Who may read this?",
    EDITED: "You have edited your message. Shall the opinion follow?",
    DELETED: "You have deleted your message. Shall the opinion go as well?",
    WORDING: "An organiser proposes another wording. Nothing changes unless you agree.",
    SAID: "An organiser has noted this as yours. It stands nowhere unless you agree.",
}


def opinion_card(opinion: Opinion, said: str = "", *, again: bool = False) -> Reply:
    """What was understood, what becomes of it, and everything that its author can do."""
    fields = [Field("Paper", (opinion.code,))]
    if opinion.page_start is not None and opinion.page_end is not None:
        pages = parts.Pages(opinion.page_start, opinion.page_end)
        fields.append(Field("Pages", (str(pages),)))
    if opinion.topic:
        fields.append(Field("Topic", (shown(opinion.topic),)))
    fields.append(Field("Now", (_state(opinion),)))
    body = [Block((shown(opinion.text),))] if opinion.text else []
    body += _proposal(opinion)
    asked = _ASKED.get(opinion.question or "", "")
    return Reply(
        text=(said or asked,) if said or asked else (),
        card=Card(f"Your opinion on {opinion.code}", tuple(fields), tuple(body)),
        actions=(*_answers(opinion, again=again), *_changes(opinion)),
    )


def _state(opinion: Opinion) -> str:
    if opinion.withdrawn_at is not None:
        return "withdrawn"
    if opinion.hidden_at is not None:
        return f"hidden by an organiser: {opinion.hidden_reason}"
    if opinion.question in (CHOOSE, SAID):
        return "waits for your word; until then nobody else sees it"
    return _STATES[opinion.visibility]


def _proposal(opinion: Opinion) -> list[Block]:
    """The exact line as it would be printed."""
    if not opinion.proposed or opinion.question not in (EDITED, WORDING, SAID):
        return []
    is_named = opinion.is_named or opinion.question == SAID
    said = Speech(opinion.key, opinion.proposed, opinion.name if is_named else None)
    return [Block((Bold("It would say"), "\n", shown(printed(said))))]


def _answers(opinion: Opinion, *, again: bool) -> list[Action]:
    if opinion.withdrawn_at is not None:
        return []
    key = opinion.key
    quiet = [Action("Stop asking me", "quiet", (key,))] if again else []
    match opinion.question:
        case None:
            return [
                Action(label, "consent", (key, choice))
                for choice, label in _CHOICES
                if choice != opinion.visibility
            ]
        case question if question == CHOOSE:
            return [*_choices(key), *quiet]
        case question if question == DELETED:
            return [
                Action("Withdraw it", "withdraw", (key, "yes"), Style.DANGER),
                Action("Keep it", "follow", (key, "no")),
                *quiet,
            ]
        case question if question == SAID:
            return [
                Action("Yes, with my name", "follow", (key, "named"), Style.PRIMARY),
                Action("Yes, without my name", "follow", (key, "nameless")),
                Action("No, drop it", "follow", (key, "no"), Style.DANGER),
                *quiet,
            ]
    return [
        Action("Yes, change it", "follow", (key, "yes"), Style.PRIMARY),
        Action("No, leave it", "follow", (key, "no")),
        *quiet,
    ]


def _choices(key: str) -> list[Action]:
    first, *others = _CHOICES
    return [
        Action(first[1], "consent", (key, first[0]), Style.PRIMARY),
        *(Action(label, "consent", (key, choice)) for choice, label in others),
    ]


def _changes(opinion: Opinion) -> list[Action]:
    if opinion.withdrawn_at is not None:
        return []
    key = opinion.key
    actions = [Action("Edit", "reword", (key,))]
    if opinion.text:
        actions += [Action("Topic", "topic", (key,)), Action("Another paper", "about", (key,))]
    if opinion.question != DELETED:
        actions.append(Action("Withdraw", "withdraw", (key,), Style.DANGER))
    return actions


def ask(uow: UnitOfWork, opinion: Opinion, now: datetime) -> None:
    """Puts the opinion's question to its author in private.

    Who cannot be reached finds it with the next private answer; who wants to be asked nothing more
    finds it in the profile alone.
    """
    person = uow.people.by_id(opinion.person_id) if opinion.person_id else None
    if person is None or person.left_at is not None:
        return
    if person.is_quiet and opinion.question == CHOOSE:
        uow.opinions.mark(opinion, question=None)
        return
    number = opinion.asked + 1
    key = f"{QUESTION}:{opinion.key}:{opinion.question}:{number}"
    is_planned = tell(uow, person, QUESTION, opinion.key, key, now, opinion.platform)
    uow.opinions.mark(opinion, asked=number, asked_at=now, is_stuck=not is_planned)


def tell(
    uow: UnitOfWork,
    person: Person,
    kind: str,
    subject: str,
    key: str,
    now: datetime,
    platform: str | None = None,
) -> bool:
    """Plans a private message to a person; False where no account of theirs takes any."""
    open_ones = [
        one for one in person.accounts if one.unreachable_at is None and one.platform != "console"
    ]
    # Where they said it is where they look.
    open_ones.sort(key=lambda one: one.platform != platform)
    if not open_ones:
        return False
    account = open_ones[0]
    draft = DeliveryDraft(
        key=key,
        kind=kind,
        subject=subject,
        platform=account.platform,
        chat_id=account.account_id,
        is_private=True,
        person_id=person.id,
        due_at=now,
        expires_at=now + _EXPIRES_AFTER,
    )
    uow.deliveries.plan([draft], now)
    return True


def _compose(uow: UnitOfWork, delivery: Delivery) -> Reply | None:
    """The question as it stands now; nothing where it was answered meanwhile."""
    uow = uow.of_club(delivery.club_id)
    opinion = uow.opinions.by_key(delivery.subject)
    if opinion is None or opinion.question is None or opinion.person_id != delivery.person_id:
        return None
    return opinion_card(opinion, again=opinion.asked > 1)


def _not_asked(uow: UnitOfWork, delivery: Delivery) -> None:
    uow = uow.of_club(delivery.club_id)
    opinion = uow.opinions.by_key(delivery.subject)
    if opinion is not None and opinion.question is not None:
        uow.opinions.mark(opinion, is_stuck=True)


def ask_again(uow: UnitOfWork, now: datetime) -> None:
    """Asks once more what nobody has answered for a while; after that, never again."""
    for opinion in uow.opinions.unanswered_before(now - ASK_AGAIN_AFTER):
        person = uow.people.by_id(opinion.person_id) if opinion.person_id else None
        if person is not None and not person.is_quiet:
            ask(uow, opinion, now)


def with_question(reply: Reply, ctx: Context) -> Reply:
    """The private answer with a word on a question that could not be put otherwise."""
    person = ctx.person
    is_private = reply.audience.reach is Reach.PRIVATE or ctx.invocation.place.is_private
    if person is None or not person.has_question or not is_private or reply.ask:
        return reply
    if not (reply.text or reply.card) or ctx.invocation.command in _ABOUT_OPINIONS:
        return reply
    gap = ("\n\n",) if reply.text else ()
    words = "An opinion of yours waits for your word."
    waiting = Action("Decide about my opinion", "mine", ("waiting",), Style.PRIMARY)
    return replace(reply, text=(*reply.text, *gap, words), actions=(*reply.actions, waiting))


def _notice(uow: UnitOfWork, delivery: Delivery) -> Reply | None:
    """What became of an author's opinion without their doing."""
    uow = uow.of_club(delivery.club_id)
    opinion = uow.opinions.by_key(delivery.subject)
    if opinion is None or opinion.person_id != delivery.person_id:
        return None
    reason = ""
    if opinion.hidden_at is not None:
        reason = f"An organiser has hidden your opinion on {opinion.code}: {opinion.hidden_reason}"
    elif opinion.is_public:
        reason = f"Your opinion on {opinion.code} can be read again."
    return opinion_card(opinion, reason) if reason else None


QUESTION_KINDS: Mapping[str, Kind] = {
    QUESTION: Kind(_compose, failed=_not_asked),
    NOTICE: Kind(_notice),
}
