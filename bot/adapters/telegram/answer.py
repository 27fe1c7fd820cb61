"""Answering one call: in its chat, in place, in private, or behind a link that leads there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from dataclasses import replace

from telegram.error import ChatMigrated, TelegramError

from bot.adapters.telegram import limits
from bot.adapters.telegram.api import Api
from bot.adapters.telegram.errors import has_lost, is_closed
from bot.adapters.telegram.incoming import ELSEWHERE, Bot, Call
from bot.adapters.telegram.notes import Notes
from bot.adapters.telegram.payloads import PLATFORM
from bot.adapters.telegram.press import Press
from bot.adapters.telegram.render import Message, Rendered, alert, render
from bot.chat.desk import Desk
from bot.chat.invocation import Event, Invocation, MessageRef, Origin, PlaceRef
from bot.chat.reply import File, Reach, Reply, say

log = logging.getLogger(__name__)

_ANONYMOUS = say(
    "You write as the group itself, so there is nobody to answer in private. Switch off “Remain "
    "anonymous” in your administrator rights and ask again."
)
_OPEN = "I can only show this to you alone. Open our chat:"
_LOOK = "I have answered in our private chat."
_AT_A_GLANCE = 120


class Answer:
    """One call's way back. `place` is where it was asked, `seen_in` where it was typed or pressed.

    The two differ where a group's affairs are gone on with in the private chat.
    """

    def __init__(
        self,
        desk: Desk,
        api: Api,
        bot: Bot,
        notes: Notes,
        call: Call,
        place: PlaceRef,
        press: Press | None,
    ) -> None:
        self._desk = desk
        self._api = api
        self._bot = bot
        self._notes = notes
        self._call = call
        self._place = place
        self._seen_in = call.invocation.place
        self._press = press

    @property
    def _is_talk(self) -> bool:
        """Whether the others in the group would wonder at a message of the bot's."""
        return self._call.is_talk and not self._seen_in.is_private

    @property
    def chat_of_person(self) -> PlaceRef:
        return PlaceRef(PLATFORM, self._call.invocation.actor.account_id, is_private=True)

    async def give(self, reply: Reply) -> None:
        """Shows the reply. What Telegram refuses is logged; nothing is raised."""
        try:
            await self._give(reply)
        except TelegramError as error:
            log.warning("/%s could not be answered: %s", self._call.command, error.message)
        except Exception:
            log.exception("the answer to /%s could not be made", self._call.command)
            if not self._is_talk:
                await self._try(self._apologise())
        finally:
            await self.end_press()

    async def end_press(
        self, text: str | None = None, *, url: str = "", is_alert: bool = True
    ) -> None:
        """Ends the waiting sign of a press, once; a text is shown over the chat.

        An alert waits until it is closed; anything else goes away by itself.
        """
        if self._press is not None:
            await self._press.end(text, is_alert=is_alert, url=url)

    async def _give(self, reply: Reply) -> None:
        audience = reply.audience
        if audience.reach is Reach.PLACE and audience.place is not None:
            await self._put(reply, audience.place)
        elif audience.reach is Reach.PRIVATE and not self._seen_in.is_private:
            await self._whisper(reply)
        else:
            await self._show(reply)

    async def _show(self, reply: Reply) -> None:
        """Here: a press changes what was pressed, everything else is a message more."""
        await self._receipt(reply)
        if not _has_words(reply):
            return
        is_press = self._call.callback_id is not None
        if is_press and (told := alert(reply)) is not None and await self._alerted(told):
            return
        rendered = self._rendered(reply, self._seen_in)
        if is_press and self._is_in_place(reply) and not await self._is_beside(reply):
            await self._turn(rendered, reply)
            return
        place = self.chat_of_person if self._call.inline_message_id else self._seen_in
        reply_to = None if is_press else self._call.reply_to
        number = await self._post(place, rendered, reply_to)
        await self._note(place, number, reply)

    async def _alerted(self, told: str, *, is_brief: bool = False) -> bool:
        """Shows a few words over the chat; False where it is too late for that."""
        if self._press is None or self._press.was_late:
            return False
        # What goes away by itself must be read at a glance.
        await self.end_press(told, is_alert=not (is_brief and limits.size(told) <= _AT_A_GLANCE))
        return True

    async def _is_beside(self, reply: Reply) -> bool:
        """Whether what was pressed is about something else, and so stays as it is."""
        message = self._call.invocation.message
        if reply.subject is None or message is None:
            return False
        place = replace(message.place, thread_id=None)
        pressed = await self._desk.subject_of(replace(message, place=place))
        return pressed is not None and pressed != reply.subject

    def _is_in_place(self, reply: Reply) -> bool:
        """A card takes the place of what was pressed; words do not erase a card."""
        if self._call.inline_message_id is not None:
            return reply.card is not None
        return reply.card is not None and not reply.files

    async def _turn(self, rendered: Rendered, reply: Reply) -> None:
        call = self._call.invocation
        number = int(call.message.message_id) if call.message else None
        try:
            await self._api.edit(
                self._seen_in,
                rendered.messages[0],
                number=number,
                inline=self._call.inline_message_id,
            )
        except ChatMigrated as error:
            await self._moved(self._seen_in, error)
        except TelegramError as error:
            if is_closed(error) or self._call.inline_message_id:
                raise
            # Too old to be edited, or taken away meanwhile: then it is a message more.
            log.info("a message could not be edited: %s", error.message)
            number = await self._post(self._seen_in, rendered, None)
        if number is not None:
            await self._note(self._seen_in, number, reply)

    async def _put(self, reply: Reply, place: PlaceRef) -> None:
        """Posts it in a place for all who are there."""
        try:
            number = await self._post(place, render(reply, zone=self._desk.zone_of(place, None)))
        except TelegramError as error:
            log.info("/%s could not be posted: %s", self._call.command, error.message)
            await self._give(say("That could not be posted: the bot may not write there."))
            return
        await self._remember(place, number, reply)
        await self._show(say("Done."))

    async def _whisper(self, reply: Reply) -> None:
        """To one person of a group alone: over the chat, in their own chat, or behind a link."""
        await self._receipt(reply)
        if not _has_words(reply):
            return
        if self._call.is_anonymous:
            if not self._is_talk:
                await self._show(replace(_ANONYMOUS, audience=reply.audience))
            return
        told = alert(reply, in_brief=True)
        if told is not None and await self._alerted(told, is_brief=reply.is_brief):
            return
        private = self.chat_of_person
        try:
            number = await self._post(private, self._rendered(reply, private))
        except TelegramError as error:
            if not is_closed(error):
                raise
            if reply.is_brief:
                # What was asked is done, and a link for each tap would fill the group.
                await self._done_quietly()
            else:
                await self.offer_link(reply)
            return
        await self._note(private, number, reply)
        await self.point_at_private(has_receipt=reply.reaction is not None)

    async def _receipt(self, reply: Reply) -> None:
        """A sign on the message that is answered. What was pressed is the bot's own."""
        if reply.reaction is not None and not self._call.callback_id:
            await self._try(self._react(reply.reaction.emoji))

    async def _done_quietly(self) -> None:
        """A sign that it is done, for who has no private chat; a press shows its own."""
        if self._press is None and not self._is_talk:
            await self._try(self._react(limits.RECEIPT))

    async def point_at_private(self, *, has_receipt: bool = False) -> None:
        """Says in the group, as quietly as can be, that it goes on in the person's own chat."""
        if self._press is not None:
            await self.end_press(_LOOK, is_alert=False)
        elif not (has_receipt or self._is_talk):
            await self._try(self._react(limits.RECEIPT))

    async def offer_link(self, reply: Reply) -> None:
        """A button in the group that opens the private chat, where the answer then waits.

        Who asked nothing is offered nothing in front of the others.
        """
        if self._is_talk:
            return
        payload = await self._notes.keep(reply, self._call.invocation.actor, self._place)
        url = f"https://t.me/{self._bot.username}?start={payload}"
        if self._press is not None and not self._press.is_ended:
            await self.end_press(url=url)
            return
        shown = render(say(_OPEN), link=("Open our chat", url))
        await self._post(self._seen_in, shown, self._call.reply_to)

    def _rendered(self, reply: Reply, to: PlaceRef) -> Rendered:
        zone = self._desk.zone_of(self._place, self._call.invocation.actor)
        mark = ELSEWHERE if self._is_elsewhere(to) else ""
        return render(reply, zone=zone, mark=mark)

    def _is_elsewhere(self, to: PlaceRef) -> bool:
        """Whether what is sent there, to a private chat, is about another place."""
        return to.is_private and not self._place.is_private

    async def _post(self, place: PlaceRef, rendered: Rendered, reply_to: int | None = None) -> int:
        """Sends all of it; the number of the first message. A group that moved is followed."""
        try:
            return await self._post_at(place, rendered, reply_to)
        except ChatMigrated as error:
            return await self._post_at(await self._moved(place, error), rendered, reply_to)
        except TelegramError as error:
            await self._lost(place, error)
            raise

    async def _post_at(self, place: PlaceRef, rendered: Rendered, reply_to: int | None) -> int:
        messages, files = list(rendered.messages), list(rendered.files)
        if files and len(messages) == 1 and len(messages[0].text) <= limits.CAPTION:
            return await self._send_files(place, files, messages[0], reply_to)
        first = await self._api.send(place, messages[0], reply_to=reply_to) if messages else 0
        try:
            for message in messages[1:]:
                await self._api.send(place, message)
            if files:
                await self._send_files(place, files, None, None)
        except TelegramError as error:
            log.warning("/%s was answered in part: %s", self._call.command, error.message)
        return first

    async def _send_files(
        self, place: PlaceRef, files: list[File], caption: Message | None, reply_to: int | None
    ) -> int:
        first = await self._api.send_file(place, files[0], caption, reply_to=reply_to)
        for file in files[1:]:
            await self._api.send_file(place, file, None)
        return first

    async def _note(self, place: PlaceRef, number: int, reply: Reply) -> None:
        if self._is_elsewhere(place):
            await self._notes.about(place.chat_id, number, self._place)
        await self._remember(place, number, reply)

    async def _remember(self, place: PlaceRef, number: int, reply: Reply) -> None:
        if reply.subject is not None and number:
            # A chat's message ids are the same in all its topics.
            message = MessageRef(replace(place, thread_id=None), str(number))
            await self._desk.posted(message, reply.subject)

    async def _react(self, emoji: str) -> None:
        if self._call.reply_to is not None:
            await self._api.react(self._seen_in, self._call.reply_to, emoji)
        elif self._call.invocation.message is not None:
            number = int(self._call.invocation.message.message_id)
            await self._api.react(self._seen_in, number, emoji)

    async def _moved(self, place: PlaceRef, error: ChatMigrated) -> PlaceRef:
        to = replace(place, chat_id=str(error.new_chat_id))
        await self._happened(Event.PLACE_MOVED, place, to)
        return to

    async def _lost(self, place: PlaceRef, error: TelegramError) -> None:
        if has_lost(error):
            await self._happened(
                Event.BOT_BLOCKED if place.is_private else Event.BOT_REMOVED, place, None
            )

    async def _happened(self, event: Event, place: PlaceRef, to: PlaceRef | None) -> None:
        """What an answer of Telegram's tells in passing. It is no update of its own."""
        call = self._call.invocation
        told = Invocation(f"{call.id}-{event}", event, call.actor, place, Origin.EVENT)
        await self._desk.dispatch(replace(told, arguments={"to": to} if to else {}))

    async def _apologise(self) -> None:
        words = say(
            "This answer could not be shown here, and it is not your fault. Tell an organiser "
            f"this number: {self._call.invocation.id}."
        )
        await self._api.send(self._seen_in, render(words).messages[0], reply_to=self._call.reply_to)

    async def _try(self, doing: Awaitable[None]) -> None:
        """What is nice to have: a receipt, the end of a waiting sign."""
        try:
            await doing
        except TelegramError as error:
            log.debug("a receipt could not be given: %s", error.message)


def _has_words(reply: Reply) -> bool:
    return bool(reply.text or reply.card or reply.files)
