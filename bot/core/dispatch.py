"""The one door: every invocation comes in here, and whatever happens goes out as a reply."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Literal, TypeVar

from bot.chat.actions import base36, encode
from bot.chat.adapter import Sight
from bot.chat.codec import decode_reply, encode_reply
from bot.chat.commands import Access, Command, Data, Kind, Parameter
from bot.chat.errors import Invalid, NotAllowed, NotFound, UserError
from bot.chat.fetching import Fetch, Fetched, FetchFailed, fetch_nothing
from bot.chat.invocation import Event, Invocation, Origin, PlaceRef
from bot.chat.reply import HERE, PRIVATE, Action, Card, Choice, Reply, say
from bot.core.binding import Ambiguous, Bound, Missing, Unresolved, bind
from bot.core.catalogue import NO_CLUB, Catalogue
from bot.core.context import Context, sees_nothing
from bot.core.questions import with_question
from bot.core.snapshots import Snapshots
from bot.core.suggest import did_you_mean, no_such_code, paper_choices, similar_commands
from storage.inbox import AlreadyHandled
from storage.places import StoredPlace
from storage.stored_actions import StoredAction
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

log = logging.getLogger(__name__)
T = TypeVar("T")

Outcome = Literal["answered", "asked", "refused", "repeated", "failed"]
"""What came of a call; what was refused is a fault of the caller, what failed one of ours."""
STORED = "k"
"""The command name of a button whose arguments did not fit and are stored."""
_EVENTS = frozenset(Event)
_SLOW_GUESS = 3
_MAX_STORED = 2**31 - 1
_STALE_BUTTON = "This button is not valid any more. Call the command again."


class Dispatcher:
    """Who asks, is it allowed, what is meant; then the handler; then the one error boundary."""

    def __init__(
        self,
        table: Sequence[Command],
        database: DatabaseWorker,
        snapshots: Snapshots,
        clock: Callable[[], datetime],
        *,
        sight: Callable[[PlaceRef], Sight | None] = sees_nothing,
        is_open: bool = False,
        time_zone: str = "UTC",
        planned: Callable[[], None] = lambda: None,
        fetch: Fetch = fetch_nothing,
    ) -> None:
        """`planned` is called after a commit that has planned something to be delivered."""
        self._table = tuple(table)
        self._commands = {command.name: command for command in table}
        self._database = database
        self._snapshots = snapshots
        self._clock = clock
        self._sight = sight
        self._is_open = is_open
        self._time_zone = time_zone
        self._planned = planned
        self._fetch = fetch
        self.has_forgotten = False
        """Somebody was forgotten, and what told the bot so may still be in the log's file."""
        self.handled: Callable[[str, Outcome, float], None] = lambda name, outcome, seconds: None
        """Told of each call that was handled: its command, what came of it, how long it took."""

    async def dispatch(self, invocation: Invocation) -> Reply:
        """Never raises, except for the cancellation of the caller."""
        begun = perf_counter()
        outcome: Outcome = "answered"
        try:
            invocation, catalogue = await self._meant(invocation)
            reply = await self._handle(invocation, catalogue)
            if reply.ask is not None:
                outcome = "asked"
        except UserError as error:
            outcome = "refused"
            actions = error.actions or _once_more(invocation, error)
            is_invalid = isinstance(error, Invalid)
            reply = Reply(text=error.text, actions=actions, audience=PRIVATE, is_invalid=is_invalid)
        except AlreadyHandled:
            # Whoever was first answers as well.
            log.info("/%s was handled meanwhile", invocation.command)
            outcome, reply = "repeated", Reply()
        except Exception:
            log.exception("/%s failed", invocation.command)
            outcome = "failed"
            reply = say(
                "Something went wrong here, and it is not your fault. Try once more; if it happens "
                f"again, tell an organiser this number: {invocation.id}.",
                audience=PRIVATE,
            )
        self.handled(invocation.command, outcome, perf_counter() - begun)
        if outcome in ("refused", "failed") and invocation.command in _EVENTS:
            # Nobody has asked for anything, so nobody is told.
            return Reply()
        return reply

    async def _meant(self, invocation: Invocation) -> tuple[Invocation, Catalogue]:
        """The call that is meant, also by a button whose call is stored, and its club."""
        command = self._commands.get(invocation.command)
        catalogue = self._catalogue(invocation, is_needed=not (command and command.is_clubless))
        if invocation.command == STORED:
            invocation = await self._recalled(invocation, catalogue)
        return invocation, catalogue

    async def _handle(self, invocation: Invocation, catalogue: Catalogue) -> Reply:
        command = self._commands.get(invocation.command)
        # Event commands are in the table, so anybody could make up a button for one.
        if command is None or (command.name in _EVENTS and invocation.origin is not Origin.EVENT):
            return await self._unknown(invocation)
        context = self._context(invocation, catalogue)
        home = context.home
        if home is not None and home.gone_at is not None and invocation.origin is not Origin.EVENT:
            await self._come_back(home, context.catalogue)
        check_access(command, context)
        match bind(command, invocation, catalogue, context.now):
            case Bound(arguments):
                reply = await self._run(command, context, dict(arguments))
            case Missing(ask):
                reply = Reply(ask=ask, audience=PRIVATE)
            case Ambiguous(parameter, text, papers, others):
                reply = paper_choices(command, parameter, text, papers, others)
            case Unresolved(parameter, text, others):
                if catalogue.is_code(text):
                    reply = no_such_code(text, catalogue)
                else:
                    papers = await self._aside(partial(catalogue.near, text))
                    reply = did_you_mean(command, parameter, text, papers, others)
        if command.is_private and reply.audience.reach is not PRIVATE.reach:
            reply = replace(reply, audience=PRIVATE)
        reply = with_question(reply, context)
        return await self._with_short_codes(reply, context)

    async def _come_back(self, home: StoredPlace, catalogue: Catalogue) -> None:
        """A place that was given up is there again as soon as somebody does something in it."""
        await self._database.write(
            lambda uow: uow.reach.set_place(home.platform, home.chat_id, None)
        )
        await self._snapshots.refresh(catalogue.club.id)

    def _context(self, invocation: Invocation, catalogue: Catalogue) -> Context:
        return Context(
            invocation,
            self._table,
            catalogue,
            self._clock(),
            is_open=self._is_open,
            time_zone=self._time_zone,
            sight=self._sight,
        )

    def _catalogue(self, invocation: Invocation, *, is_needed: bool) -> Catalogue:
        catalogue = self._snapshots.of_place(invocation.place, invocation.actor)
        if catalogue is not None:
            return catalogue
        if not is_needed:
            return NO_CLUB
        prefixes = self._snapshots.prefixes()
        wanted = self._snapshots.default_prefix
        if prefixes and wanted is not None:
            raise NotFound(
                f"WPRC_CLUB is {wanted}, and there is no such club here, but these: "
                f"{', '.join(prefixes)}. Whoever runs the bot sets it to one of them."
            )
        if prefixes:
            raise NotFound(
                f"There are several clubs here: {', '.join(prefixes)}. Whoever runs the bot says "
                f"which one this place is for, with WPRC_CLUB={prefixes[0]} for example."
            )
        raise NotFound(
            "There is no club here yet. Whoever runs the bot founds one by bringing in its "
            "pages: wprc import FOLDER. To look round first: wprc chat --sample."
        )

    async def _unknown(self, invocation: Invocation) -> Reply:
        near = similar_commands(self._table, invocation.command)
        help_action = Action("Help", "help")
        actions = tuple(Action(f"/{name}", name) for name in near)
        return Reply(
            text=(
                f"There is no command /{invocation.command}. "
                + ("Did you mean one of these?" if near else "See /help."),
            ),
            actions=(*actions, help_action),
            audience=PRIVATE,
        )

    async def _run(self, command: Command, context: Context, arguments: dict[str, object]) -> Reply:
        if command.fetches is not None and (address := command.fetches(arguments)):
            # Before the unit of work, which must not wait for a network.
            context = replace(context, answer=await self._fetched(address))
        data = command.data_for(arguments)
        if data is Data.CATALOGUE:
            return command.handler(context, **arguments)
        club_id = context.catalogue.club.id or None

        def unit(uow: UnitOfWork) -> tuple[Reply, int, bool, bool]:
            if data is Data.WRITE:
                made = _once(command, replace(context, unit=uow), arguments)
            else:
                made = command.handler(replace(context, unit=uow), **arguments)
            version = (uow.clubs.version(club_id) or 0) if club_id else 0
            return made, version, uow.has_planned, uow.has_forgotten

        run = self._database.read if data is Data.READ else self._database.write
        reply, version, has_planned, has_forgotten = await run(unit, club_id)
        if has_planned:
            self._planned()
        if has_forgotten:
            self.has_forgotten = True
            await self._database.purge()
        if command.is_clubless and data is Data.WRITE:
            await self._snapshots.load()
        elif club_id and version != context.catalogue.club.version:
            await self._snapshots.refresh(club_id)
        return reply

    async def _fetched(self, address: str) -> Fetched | FetchFailed:
        try:
            return await self._fetch(address)
        except FetchFailed as error:
            return error

    async def _recalled(self, invocation: Invocation, catalogue: Catalogue) -> Invocation:
        """The call behind a button whose arguments are stored, if it is this person's to press."""
        key = invocation.values[0] if invocation.values else ""
        person = catalogue.person(invocation.actor)

        if not re.fullmatch(r"[0-9a-z]{1,6}", key) or int(key, 36) > _MAX_STORED:
            raise NotFound(_STALE_BUTTON)

        def stored(uow: UnitOfWork) -> StoredAction | None:
            return uow.actions.by_id(int(key, 36))

        found = await self._database.read(stored, catalogue.club.id)
        if found is None or found.owner_id not in (None, person and person.id):
            raise NotFound(_STALE_BUTTON)
        values = found.arguments.get("values")
        kept = tuple(str(value) for value in values) if isinstance(values, list) else ()
        return replace(invocation, command=found.command, values=kept)

    async def _with_short_codes(self, reply: Reply, context: Context) -> Reply:
        """Stores the actions that do not fit into a button's code, all in one unit of work."""
        card = reply.card
        actions = [*reply.actions, *((reply.again,) if reply.again else ())]
        actions += [reply.ask.action] if reply.ask else []
        actions += [action for block in (card.body if card else ()) for action in block.actions]
        long = list(dict.fromkeys(action for action in actions if encode(action) is None))
        if not long:
            return reply
        person = context.person

        def keep(uow: UnitOfWork) -> dict[Action, Action]:
            kept = {}
            for action in long:
                number = uow.actions.add(
                    action.command,
                    {"values": list(action.values)},
                    context.now,
                    owner_id=person.id if person and reply.audience != HERE else None,
                )
                kept[action] = replace(action, command=STORED, values=(base36(number),))
            return kept

        kept = await self._database.write(keep, context.catalogue.club.id)
        return _replaced(reply, kept)

    async def complete(self, invocation: Invocation, parameter: str, typed: str) -> list[Choice]:
        """What a half-typed argument may become; at most 25, papers by code and title first."""
        command = self._commands.get(invocation.command)
        catalogue = self._snapshots.of_place(invocation.place, invocation.actor)
        if command is None or catalogue is None:
            return []
        context = self._context(invocation, catalogue)
        try:
            check_access(command, context)
        except UserError:
            return []
        for known in command.parameters:
            if known.name == parameter:
                return (await self._completions(known, context, typed[:200]))[:25]
        return []

    async def _completions(
        self, parameter: Parameter, context: Context, typed: str
    ) -> list[Choice]:
        if parameter.arg.complete is not None:
            # It may have to go through the whole archive.
            return await self._aside(partial(parameter.arg.complete, context, typed))
        if parameter.kind is not Kind.PAPER:
            wanted = typed.casefold()
            return [c for c in parameter.choices if c.value.casefold().startswith(wanted)]
        found = context.catalogue.complete(typed, 25)
        if not found and len(typed.strip()) >= _SLOW_GUESS:
            found = await self._aside(partial(context.catalogue.near, typed, 25))
        return [Choice(f"{head.code} · {head.title}", head.code) for head in found]

    async def _aside(self, run: Callable[[], T]) -> T:
        """What would hold up the event loop, on the thread that is there for such things.

        On more threads it would not be done sooner, and the loop would have to wait for each.
        """
        return await self._database.read(lambda _: run())


def _once(command: Command, context: Context, arguments: dict[str, object]) -> Reply:
    """What the handler answers; where the call is a stored event, its effects happen only once.

    The reply is committed with the effects, so whoever handles the event again after a crash
    gives the answer that the first time had.
    """
    update = context.invocation.update
    if update is None:
        return command.handler(context, **arguments)
    inbox = context.uow.inbox
    kept = inbox.reply(update.source, update.number)
    if kept is not None:
        return decode_reply(kept)
    reply = command.handler(context, **arguments)
    inbox.keep_reply(update.source, update.number, encode_reply(reply))
    return reply


def check_access(command: Command, context: Context) -> None:
    """Raises NotAllowed. A button's code can be forged, so every origin passes here."""
    if command.access is Access.ORGANISER and not context.is_organiser:
        raise NotAllowed(_for_organisers(command, context))
    if command.access is Access.MANAGER and not context.invocation.actor.is_manager:
        raise NotAllowed(f"/{command.name} is for those who manage this place.")
    if command.access is Access.MEMBER and not (context.person and context.person.is_member):
        raise NotAllowed(
            "This is for members of the club: those who have done something in one of its places."
        )


def _once_more(invocation: Invocation, error: UserError) -> tuple[Action, ...]:
    """Whoever mistyped in a form gets it again; a platform closes it with the answer."""
    again = Action("Try again", invocation.command, invocation.values)
    is_slip = invocation.origin is Origin.FORM and isinstance(error, Invalid)
    return (again,) if is_slip and encode(again) is not None else ()


def _for_organisers(command: Command, context: Context) -> str:
    """A button has no name that people know; a private chat does not show who manages a group."""
    what = "This" if command.is_hidden else f"/{command.name}"
    words = f"{what} is for organisers of {context.catalogue.club.name}."
    home = next((one for one in context.catalogue.homes if one.organiser_role), None)
    if context.invocation.place.is_private and home is not None:
        words += " If you are one by your role in the server or group, type it there."
    return words


def _replaced(reply: Reply, kept: dict[Action, Action]) -> Reply:
    def swap(actions: Sequence[Action]) -> tuple[Action, ...]:
        return tuple(kept.get(action, action) for action in actions)

    card: Card | None = reply.card
    if card is not None:
        blocks = tuple(replace(block, actions=swap(block.actions)) for block in card.body)
        card = replace(card, body=blocks)
    again = kept.get(reply.again, reply.again) if reply.again else None
    ask = reply.ask
    if ask is not None:
        ask = replace(ask, action=kept.get(ask.action, ask.action))
    return replace(reply, card=card, actions=swap(reply.actions), again=again, ask=ask)
