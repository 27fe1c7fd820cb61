"""Which lists count for a member: what they answer here, Luma's guest list, or both."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.commands import Arg, Data, command
from bot.chat.errors import Invalid
from bot.chat.reply import Action, Ask, AskField, Block, Card, Reply, Style
from bot.chat.text import Bold, Text, counted
from bot.core.context import Context
from bot.core.luma.guest_lists import normal_address
from bot.core.luma.guests import is_said_openly, mark_of, match_member
from bot.core.people import acting
from storage.reminders import BOTH, CHAT_ONLY, LUMA_ONLY, ReminderChoice

_LABELS: Mapping[str, str] = {
    CHAT_ONLY: "Chat only",
    LUMA_ONLY: "Luma only",
    BOTH: "Both",
}
_WORDS: Mapping[str, str] = {
    CHAT_ONLY: "Only what you answer here counts for you.",
    LUMA_ONLY: "Only Luma's guest list counts for you, where an event is on Luma.",
    BOTH: "What you answer here and Luma's guest list both count; the later word wins.",
}
_PRIVACY = (
    "The address is kept nowhere: only a mark is made of it, by which your name on a guest list "
    "is known again. Nobody else sees it."
)


@command(
    "guestlist",
    "Say which lists count for you: the chat's, Luma's, or both",
    data=Data.WRITE,
    private=True,
    hidden=True,
)
def choose_lists(
    ctx: Context,
    lists: Annotated[Literal["chat", "luma", "both"] | None, Arg("Which lists count")] = None,
    address: Annotated[
        str | None, Arg("The e-mail address that you use on Luma", max_length=254)
    ] = None,
) -> Reply:
    person = acting(ctx)
    before = ctx.uow.reminders.choice(person.id)
    if lists is None:
        return _card(before)
    if lists != CHAT_ONLY and address is None and before.luma_mark is None:
        return _ask(lists)
    mark = before.luma_mark
    if address is not None:
        known = normal_address(address)
        if known is None:
            # What was typed may be an address with a slip in it, so it is not repeated.
            raise Invalid("That is no e-mail address. Write the one that you use on Luma.")
        calendar = ctx.uow.luma.begin(secrets.token_hex(32))
        mark = mark_of(calendar.secret, known)
        if mark != before.luma_mark:
            # What the platform sent may hold the address still: the files are cleaned of it.
            ctx.uow.forgetting.begin()
    changed = replace(before, luma=lists, luma_mark=mark)
    ctx.uow.reminders.choose(person.id, changed)
    found = match_member(ctx, person.id, before)
    there = counted(found, "coming session")
    said = f"{_WORDS[lists]} Luma has you on the list of {there}." if found else _WORDS[lists]
    if address is not None and is_said_openly(ctx):
        said += " Delete your message: your address stands in it for everybody here."
    return _card(changed, said)


def _ask(lists: str) -> Reply:
    question = AskField("address", "Your e-mail on Luma (it is not kept)", max_length=254)
    action = Action(_LABELS[lists], "guestlist", (lists,))
    return Reply(ask=Ask(action, "Your address on Luma", (question,)))


def _card(choice: ReminderChoice, said: str = "") -> Reply:
    lines: list[Text] = [
        (Bold("Now"), f": {_WORDS[choice.luma or CHAT_ONLY]}"),
        (
            Bold("Your address on Luma"),
            ": a mark of it is kept." if choice.luma_mark else ": not given.",
        ),
        (_PRIVACY,),
    ]
    return Reply(
        text=(said,) if said else (),
        card=Card("You on Luma's guest lists", body=tuple(Block(line) for line in lines)),
        actions=(
            *(
                Action(label, "guestlist", (lists,))
                for lists, label in _LABELS.items()
                if lists != (choice.luma or CHAT_ONLY)
            ),
            *(
                (Action("Forget my address", "forget-address", style=Style.DANGER),)
                if choice.luma_mark
                else ()
            ),
            Action("My reminders", "reminders", ("mine",)),
        ),
    )


@command(
    "forget-address",
    "Forget the mark of your address on Luma",
    data=Data.WRITE,
    private=True,
    hidden=True,
)
def forget_address(ctx: Context) -> Reply:
    person = acting(ctx)
    before = ctx.uow.reminders.choice(person.id)
    changed = replace(before, luma=None, luma_mark=None)
    ctx.uow.reminders.choose(person.id, changed)
    match_member(ctx, person.id, before)
    return _card(changed, "Forgotten.")
