"""One update: read, dispatched, answered; forms and links on the way."""

from __future__ import annotations

import logging
from dataclasses import replace

from telegram.error import TelegramError

from bot.adapters.telegram import inline, limits
from bot.adapters.telegram.answer import Answer
from bot.adapters.telegram.api import Api
from bot.adapters.telegram.errors import is_closed
from bot.adapters.telegram.forms import Form
from bot.adapters.telegram.incoming import (
    CANCEL,
    SAID,
    Call,
    Query,
    Reader,
    downloads_into,
)
from bot.adapters.telegram.membership import Membership
from bot.adapters.telegram.notes import Notes
from bot.adapters.telegram.payloads import PLATFORM, Download, Json
from bot.adapters.telegram.press import Press
from bot.chat.commands import Access
from bot.chat.desk import Desk
from bot.chat.invocation import Attachment, Event, Invocation, Origin, PlaceRef, Value
from bot.chat.reply import Ask, Reply, say
from bot.chat.text import plain

log = logging.getLogger(__name__)

_STORED = "k"
_STALE = say("This button cannot be used any more. Call the command again.")


class Handling:
    """What becomes of an update. Whatever goes wrong is logged; nothing is raised."""

    def __init__(self, desk: Desk, api: Api, membership: Membership) -> None:
        self._desk = desk
        self._api = api
        self._membership = membership
        self._notes = Notes(desk)
        self.reader = Reader.of(desk.commands, membership.bot)

    def met(self) -> None:
        """Who the bot is has been told: what follows is read with it."""
        self.reader = Reader.of(self._desk.commands, self._membership.bot)

    def press_of(self, got: Call | Query) -> Press | None:
        """What ends the waiting sign of a press in time, from when the press came in."""
        if isinstance(got, Query) or got.callback_id is None:
            return None
        return Press(self._api, got.callback_id)

    async def handle(self, got: Call | Query, press: Press | None) -> None:
        if isinstance(got, Query):
            await inline.answer(self._desk, self._api, got)
            return
        place = got.invocation.place
        if got.is_elsewhere and got.invocation.message is not None:
            about = await self._notes.place_of(place.chat_id, got.invocation.message.message_id)
            place = about or place
        await self._answer(got, place, self._way_back(got, place, press))

    def _way_back(self, got: Call, place: PlaceRef, press: Press | None = None) -> Answer:
        bot = self._membership.bot
        return Answer(self._desk, self._api, bot, self._notes, got, place, press)

    async def _answer(self, got: Call, place: PlaceRef, answer: Answer) -> None:
        call = got.invocation
        if got.is_stale:
            await answer.give(_STALE)
        elif got.link is not None:
            await self._open_link(got, got.link)
        elif got.command == CANCEL:
            await answer.give(await self._cancel(call))
        elif got.command == SAID and (form := await self._form(got)) is not None:
            got = replace(got, is_talk=False)
            await self._fill(got, form, self._way_back(got, place))
        else:
            if got.command == "start" and call.place.is_private:
                await self._welcome(call)
            if got.command == SAID and not (got.is_meant or self._is_watched(place)):
                return
            reply = await self._called(got, replace(call, place=place))
            await self._show(got, reply, place, answer)

    def _is_watched(self, place: PlaceRef) -> bool:
        """Whether members give opinions here by plain message."""
        watched = {(one.chat_id, one.thread_id) for one in self._desk.watched(PLATFORM)}
        return (place.chat_id, place.thread_id) in watched or (place.chat_id, None) in watched

    async def _called(self, got: Call, call: Invocation) -> Reply:
        command = self.reader.commands.get(call.command)
        is_stored = call.command == _STORED
        is_strict = command is not None and command.access >= Access.ORGANISER
        if is_stored or is_strict or (command and command.is_ranked):
            if is_strict:
                await self._membership.look(call.place)
            # What is behind a stored button is known to the house alone, and seldom needs more;
            # what organisers only see more of may be a minute old.
            membership = self._membership.manager(call.actor, call.place, is_fresh=is_strict)
            call = replace(call, actor=await membership)
        argument = downloads_into(command)
        if got.download is not None and argument is not None and call.origin is not Origin.FORM:
            got_file = await self._fetched(got.download)
            if isinstance(got_file, Reply):
                return got_file
            call = replace(call, arguments={**call.arguments, argument: got_file})
        await self._membership.keep_names()
        name = self._membership.topic_name(call.place)
        return await self._desk.dispatch(replace(call, thread_name=name))

    async def _fetched(self, wanted: Download) -> Attachment | Reply:
        name, most = wanted.name, limits.FILE_BYTES
        content: bytes | None = None
        if wanted.size <= most:
            try:
                content = await self._api.fetch(wanted.file_id, most)
            except TelegramError as error:
                log.warning("a file could not be fetched: %s", error.message)
                return say(f"{name} could not be fetched from Telegram. Send it once more.")
        if content is None:
            return say(f"{name} is too large; a file has at most {most:,} bytes.")
        return Attachment(name, content, wanted.media_type)

    async def _show(self, got: Call, reply: Reply, place: PlaceRef, answer: Answer) -> None:
        if reply.ask is None or not reply.ask.fields:
            await answer.give(reply)
            return
        if reply.text:
            await answer.give(replace(reply, ask=None))
        await self._ask(got, reply, reply.ask, place, answer)
        await answer.end_press()

    async def _ask(
        self, got: Call, reply: Reply, ask: Ask, place: PlaceRef, answer: Answer
    ) -> None:
        """One field is asked where the call was made, several in the person's own chat.

        So is what is there already: it may be nobody else's business.
        """
        here = got.invocation.place
        if got.is_anonymous:
            await answer.give(reply)
            return
        is_here = here.is_private or (len(ask.fields) == 1 and not ask.fields[0].value)
        chat = here if is_here and not got.inline_message_id else answer.chat_of_person
        form = Form.of(ask, place, got.invocation.update)
        try:
            await self._put_question(got, form, chat)
            if chat.is_private and not here.is_private:
                await answer.point_at_private()
        except TelegramError as error:
            if is_closed(error) and (chat != here or got.inline_message_id):
                await answer.offer_link(replace(reply, text=()))
            else:
                log.warning("/%s could not be asked for: %s", got.command, error.message)

    async def _put_question(self, got: Call, form: Form, chat: PlaceRef, problem: str = "") -> None:
        who = None if chat.is_private else got.invocation.actor
        message, markup = form.question(problem, who)
        reply_to = got.reply_to if chat == got.invocation.place else None
        number = await self._api.send(chat, message, reply_to=reply_to, markup=markup)
        kept = replace(form, prompts=(*form.prompts[-5:], number))
        await self._desk.save_form(chat, got.invocation.actor, kept.to_text())

    async def _form(self, got: Call) -> Form | None:
        """The form that a message answers: in a group only a reply to what asked does."""
        call = got.invocation
        if not call.place.is_private and got.replied_to is None:
            return None
        text = await self._desk.load_form(call.place, call.actor)
        if text is None:
            return None
        try:
            form = Form.from_text(text)
        except (ValueError, KeyError, TypeError):
            log.warning("a form of an older version is closed")
            await self._desk.save_form(call.place, call.actor, None)
            return None
        return form if call.place.is_private or got.replied_to in form.prompts else None

    async def _fill(self, got: Call, form: Form, answer: Answer) -> None:
        call = got.invocation
        taken = form if form.is_answered_by(call.update) else form.answered(got)
        filled, problem = (form, taken) if isinstance(taken, str) else (taken, "")
        if filled.current is not None:
            try:
                await self._put_question(got, filled, call.place, problem)
            except TelegramError as error:
                log.warning("a form could not go on: %s", error.message)
            return
        reply = await self._submitted(filled, call)
        if reply is not None and reply.is_invalid and len(form.fields) == 1:
            # Whoever mistyped just types it once more. Of several answers nobody knows which.
            await self._put_question(got, form, call.place, plain(reply.text))
            return
        if reply is None:
            await answer.give(_STALE)
        else:
            after = self._way_back(got, filled.place)
            # Closed once the answer is shown: after a crash in between it is given again. What
            # comes back may be the next form, which then stands in the place of this one.
            before = await self._desk.load_form(call.place, call.actor)
            await self._show(got, reply, filled.place, after)
            if await self._desk.load_form(call.place, call.actor) == before:
                await self._desk.save_form(call.place, call.actor, None)

    async def _submitted(self, form: Form, call: Invocation) -> Reply | None:
        invocation = form.invocation(call)
        if invocation is None:
            return None
        arguments: dict[str, Value] = dict(invocation.arguments)
        for name, wanted in form.downloads().items():
            got_file = await self._fetched(wanted)
            if isinstance(got_file, Reply):
                return got_file
            arguments[name] = got_file
        invocation = replace(invocation, arguments=arguments)
        return await self._called(Call(invocation), invocation)

    async def _cancel(self, call: Invocation) -> Reply:
        """Closes the form here, and the one that went on in the person's own chat."""
        own = PlaceRef(call.place.platform, call.actor.account_id, is_private=True)
        was_open = False
        for place in dict.fromkeys((call.place, own)):
            if await self._desk.load_form(place, call.actor) is not None:
                was_open = True
                await self._desk.save_form(place, call.actor, None)
        return say("Cancelled." if was_open else "There is nothing to cancel.")

    async def _open_link(self, got: Call, token: str) -> None:
        """What could not be told in a group, in the chat that its asker has now opened."""
        call = got.invocation
        await self._welcome(call)
        kept = await self._notes.kept(token, call.actor)
        if kept is None:
            reply = await self._desk.dispatch(call)
            place = call.place
        else:
            reply, place = kept
        await self._show(got, reply, place, self._way_back(got, place))

    async def _welcome(self, call: Invocation) -> None:
        """Whoever opens the chat can be written to, whatever was known before."""
        told = Invocation(
            f"{call.id}-open", Event.BOT_UNBLOCKED, call.actor, call.place, Origin.EVENT
        )
        await self._desk.dispatch(told)

    def seen(self, update: Json) -> None:
        self._membership.seen(update)
