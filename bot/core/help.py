"""/help and /start, written from the table: a new command explains itself."""

from __future__ import annotations

from typing import Annotated

from bot.chat.commands import Access, Arg, Command, Data, Parameter, command
from bot.chat.errors import NotFound
from bot.chat.reply import Action, Block, Card, Choice, Reply, Style
from bot.chat.text import Bold, Code, Span, When
from bot.core.context import Context
from bot.core.papers import glance_reply
from bot.core.suggest import similar_commands
from storage.session_rows import CANCELLED, SCHEDULED

ALL = "all"


def complete_command(ctx: Context, typed: str) -> list[Choice]:
    wanted = typed.strip().lstrip("/").casefold()
    return [
        Choice(f"/{known.name} — {known.summary}", known.name)
        for known in visible(ctx)
        if known.name.startswith(wanted)
    ]


def visible(ctx: Context) -> list[Command]:
    """The commands that this person may call, in the order of the table."""
    return [
        known
        for known in ctx.table
        if not known.is_hidden
        and (known.access is not Access.ORGANISER or ctx.is_organiser)
        and (known.access is not Access.MANAGER or ctx.invocation.actor.is_manager)
    ]


@command(
    "help",
    "What you can do here, and how",
    data=Data.CATALOGUE,
    private=True,
    ranked=True,
    first=True,
    clubless=True,
    examples=("/help", "/help paper"),
)
def show_help(
    ctx: Context,
    topic: Annotated[
        str | None, Arg("A command, for its details", complete=complete_command, max_length=100)
    ] = None,
) -> Reply:
    name = (topic or "").strip().lstrip("/").casefold()
    if name and name != ALL:
        return _one(ctx, name)
    known = visible(ctx)
    shown = known if name == ALL else [one for one in known if one.is_first]
    blocks = [Block((Bold(usage(one)), f" — {one.summary}")) for one in shown]
    more = (
        () if name == ALL or len(shown) == len(known) else (Action("All commands", "help", (ALL,)),)
    )
    details = tuple(Action(f"/{one.name}", "help", (one.name,)) for one in shown)
    return Reply(
        card=Card(f"{ctx.catalogue.club.name or 'Here'}: what you can do", body=tuple(blocks)),
        actions=(*more, *details),
        again=ctx.again(name),
        page=ctx.invocation.page,
    )


def usage(known: Command) -> str:
    """A command as one types it: ``/paper [what] [part]``, required arguments without brackets."""
    words = [f"/{known.name}"]
    words += [p.name if p.is_required else f"[{p.name}]" for p in known.parameters]
    return " ".join(words)


def _one(ctx: Context, name: str) -> Reply:
    known = next((one for one in visible(ctx) if one.name == name), None)
    if known is None:
        near = similar_commands(visible(ctx), name)
        raise NotFound(
            f"There is no command /{name}." + (" Did you mean:" if near else " See all of them:"),
            actions=(
                *(Action(f"/{one}", "help", (one,)) for one in near),
                Action("All commands", "help", (ALL,)),
            ),
        )
    blocks = [Block((known.summary + ".",))]
    blocks += [Block(_explained(parameter)) for parameter in known.parameters]
    blocks += [Block(("For example: ", *_codes(known.examples)))] if known.examples else []
    return Reply(
        card=Card(usage(known), body=tuple(blocks)),
        actions=(
            Action(f"Try /{known.name}", known.name, style=Style.PRIMARY),
            Action("Back to help", "help"),
        ),
    )


def _explained(parameter: Parameter) -> tuple[Span, ...]:
    optional = "" if parameter.is_required else " (may be left out)"
    return ("• ", Bold(parameter.name), f": {parameter.arg.help}{optional}")


def _codes(examples: tuple[str, ...]) -> list[Span]:
    spans: list[Span] = []
    for example in examples:
        spans += [Code(example), "  "]
    return spans[:-1]


@command("start", "The club at a glance", data=Data.READ)
def show_club(ctx: Context) -> Reply:
    """The first thing that somebody who opens the bot sees: the newest paper, and what to press."""
    club = ctx.catalogue.club
    newest = ctx.catalogue.newest()
    welcome = f"This is {club.name}. It reads one paper at a time; its archive is open to you."
    if newest is None:
        return Reply(
            text=(f"{welcome} No paper is in it yet: an organiser adds one with /newpaper.",),
            actions=(Action("Help", "help"),),
        )
    card = glance_reply(ctx, newest)
    count = len(ctx.catalogue.papers)
    coming = next(
        (
            one
            for one in ctx.catalogue.sessions
            if one.state in (SCHEDULED, CANCELLED)
            and one.ends_at > ctx.now
            and not one.is_known_off(ctx.now)
        ),
        None,
    )
    next_one: tuple[Span, ...] = ()
    session: tuple[Action, ...] = ()
    if coming is not None:
        next_one = ("The next session is on ", When(coming.starts_at), ". ")
        session = (Action("Next session", "session", (str(coming.number),), Style.PRIMARY),)
    return Reply(
        text=(
            f"{welcome} ",
            *next_one,
            "To say what you think, press “Give an opinion” or type /opinion. ",
            f"The newest of {count} {'paper' if count == 1 else 'papers'}:",
        ),
        card=card.card,
        actions=(
            *session,
            *card.actions,
            Action("All papers", "papers"),
            Action("Help", "help"),
        ),
        again=card.again,
        revision=card.revision,
        subject=card.subject,
    )
