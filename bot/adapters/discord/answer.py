"""Answering one interaction: at once, or deferred and edited, or elsewhere when it is too late."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from bot.adapters.discord.api import Api, nonce_of
from bot.adapters.discord.errors import ApiError
from bot.adapters.discord.forms import modal
from bot.adapters.discord.incoming import PLATFORM, Incoming, channel_of
from bot.adapters.discord.render import EPHEMERAL, Payload, Rendered, render
from bot.chat.invocation import MessageRef, Origin, PlaceRef
from bot.chat.reply import PRIVATE, File, Reach, Reply, say
from bot.chat.text import Mention, plain

log = logging.getLogger(__name__)

_MESSAGE, _THINKING, _NOTHING_YET, _UPDATE, _MODAL = 4, 5, 6, 7, 9
_NO_DIRECT_MESSAGES = 50007


class _Deferred(Enum):
    """What Discord was told so far."""

    NO = "no"
    NEW = "new"
    """A "thinking" message, which is edited later."""
    OLD = "old"
    """The pressed message will change, or not."""
    LOST = "lost"
    """Discord did not take it in time."""


class Answer:
    """One interaction's answer. `is_private` says so of the command, before there is a reply."""

    def __init__(self, api: Api, incoming: Incoming, *, is_private: bool) -> None:
        self._api = api
        self._incoming = incoming
        self._call = incoming.invocation
        self._interaction = (self._call.id, incoming.token)
        self._deferring: asyncio.Task[_Deferred] | None = None
        # In a direct conversation nobody else is there to hide anything from.
        self._is_direct = self._call.place.is_private
        self._thinks_privately = not self._is_direct and (is_private or incoming.is_on_message)

    def defer(self) -> None:
        """Buys time: 15 minutes instead of 3 s."""
        changes_old = self._incoming.is_on_private or self._incoming.is_share
        self._deferring = asyncio.create_task(self._deferred(changes_old=changes_old))

    async def _deferred(self, *, changes_old: bool) -> _Deferred:
        try:
            if changes_old:
                await self._api.answer(self._interaction, _NOTHING_YET)
                return _Deferred.OLD
            flags: Payload = {"flags": EPHEMERAL} if self._thinks_privately else {}
            await self._api.answer(self._interaction, _THINKING, flags)
        except ApiError as error:
            log.warning("/%s could not be put off: %s", self._call.command, error)
            return _Deferred.LOST
        return _Deferred.NEW

    async def give(self, reply: Reply) -> MessageRef | None:
        """Shows the reply; where everybody sees it, gives the message that it became."""
        state = await self._deferring if self._deferring else _Deferred.NO
        ask = reply.ask if reply.ask and reply.ask.fields else None
        can_open = state is _Deferred.NO and self._call.origin is not Origin.FORM
        try:
            if ask is not None and can_open:
                words = (plain(reply.text),) if reply.text else ()
                await self._api.answer(self._interaction, _MODAL, modal(ask, words))
                return None
            shown = _with_form_button(reply, self._call.origin)
            place = reply.audience.place
            if reply.audience.reach is Reach.PLACE and place and place.platform == PLATFORM:
                return await self._put(shown, place, state)
            return await self._show(shown, state)
        except ApiError as error:
            return await self._failed(reply, error)
        except Exception:
            log.exception("the answer to /%s could not be made", self._call.command)
            await self._apologise()
        return None

    async def _show(self, reply: Reply, state: _Deferred) -> MessageRef | None:
        is_hidden = self._is_hidden(reply)
        in_place = self._is_in_place(reply)
        rendered = self._rendered(reply, is_hidden=is_hidden, in_place=in_place)
        if state is _Deferred.LOST:
            return await self._elsewhere(rendered, is_hidden)
        number = await self._first(rendered, state, is_hidden, in_place, wants=bool(reply.subject))
        for payload in rendered.more:
            await self._api.follow_up(self._incoming.token, _flagged(payload, is_hidden))
        if is_hidden or reply.subject is None:
            return None
        if number is None and not in_place:
            number = await self._api.read_answer(self._incoming.token)
        if in_place:
            return self._call.message
        return MessageRef(self._call.place, number) if number else None

    async def _first(
        self, rendered: Rendered, state: _Deferred, is_hidden: bool, in_place: bool, wants: bool
    ) -> str | None:
        payload, files, token = rendered.payload, rendered.files, self._incoming.token
        match state:
            case _Deferred.NO if in_place:
                return await self._api.answer(
                    self._interaction, _UPDATE, _replacing(payload, files), files
                )
            case _Deferred.NO:
                payload = _flagged(payload, is_hidden)
                return await self._api.answer(
                    self._interaction,
                    _MESSAGE,
                    payload,
                    files,
                    wants_message=wants and not is_hidden,
                )
            case _Deferred.OLD if not in_place:
                return await self._api.follow_up(token, _flagged(payload, is_hidden), files)
            case _Deferred.NEW if is_hidden and not self._thinks_privately:
                # Everybody sees the "thinking" message, and what is edited into it.
                await self._api.delete_answer(token)
                return await self._api.follow_up(token, _flagged(payload, is_hidden), files)
        return await self._api.edit_answer(token, _replacing(payload, files), files)

    async def _put(self, reply: Reply, place: PlaceRef, state: _Deferred) -> MessageRef | None:
        """Posts the reply in a place for all who are there; what was pressed stays as it is."""
        if state is _Deferred.NO:
            state = await self._deferred(changes_old=self._incoming.is_on_message)
        message = await self._posted(render(reply), place, f"put {self._call.id}")
        if state is _Deferred.LOST or (message and state is _Deferred.OLD):
            return message
        words = "Done." if message else "That could not be posted: the bot may not write there."
        told = render(say(words)).payload
        if state is _Deferred.NEW:
            await self._api.edit_answer(self._incoming.token, told)
        else:
            await self._api.follow_up(self._incoming.token, _flagged(told, not self._is_direct))
        return message

    async def share(self, reply: Reply) -> MessageRef | None:
        """Shows the reply to everybody here, as a message of the bot's own where it may."""
        is_hidden = self._is_hidden(replace(reply, card=None)) and reply.audience == PRIVATE
        rendered, place = render(reply), self._call.place
        if not is_hidden and self._incoming.can_post:
            return await self._posted(rendered, place, f"share {self._call.id}")
        shown = await self._followed(rendered, is_hidden)
        return MessageRef(place, shown) if shown and not is_hidden else None

    async def _posted(self, rendered: Rendered, place: PlaceRef, key: str) -> MessageRef | None:
        """As a message of the bot's own where it may write, else as one of the interaction's."""
        try:
            return MessageRef(place, await self._sent(channel_of(place), rendered, key))
        except ApiError as error:
            log.info("/%s is not posted by the bot itself: %s", self._call.command, error)
        if place != self._call.place:
            return None
        shown = await self._followed(rendered, is_hidden=False)
        return MessageRef(place, shown) if shown else None

    async def _followed(self, rendered: Rendered, is_hidden: bool) -> str | None:
        try:
            payload = _flagged(rendered.payload, is_hidden)
            shown = await self._api.follow_up(self._incoming.token, payload, rendered.files)
            for after in rendered.more:
                await self._api.follow_up(self._incoming.token, _flagged(after, is_hidden))
        except ApiError as error:
            log.warning("/%s could not be posted: %s", self._call.command, error)
            return None
        return shown

    async def _sent(self, channel: str, rendered: Rendered, key: str) -> str:
        """The id of a message of the bot's own; those after it are sent as far as that goes."""
        number = await self._api.send(channel, rendered.payload, rendered.files, nonce_of(key))
        try:
            for position, payload in enumerate(rendered.more, start=2):
                await self._api.send(channel, payload, (), nonce_of(f"{key} {position}"))
        except ApiError as error:
            log.warning("/%s was sent in part: %s", self._call.command, error)
        return number

    def _is_in_place(self, reply: Reply) -> bool:
        """A card takes the place of the private message that was pressed; words do not erase it."""
        if not self._incoming.is_on_private or reply.files:
            return False
        return reply.card is not None or not self._incoming.has_card

    def _is_hidden(self, reply: Reply) -> bool:
        """One person's reading does not flip the card that everybody sees."""
        if self._is_direct:
            return False
        is_press = self._call.origin is Origin.BUTTON and not self._incoming.is_share
        is_private = reply.audience.reach is Reach.PRIVATE
        return is_private or is_press or self._incoming.is_on_private

    def _rendered(self, reply: Reply, *, is_hidden: bool, in_place: bool) -> Rendered:
        is_for_all = reply.audience.reach is Reach.HERE and reply.card is not None
        return render(
            reply, can_share=is_hidden and is_for_all, can_notify=not is_hidden and not in_place
        )

    async def _failed(self, reply: Reply, error: ApiError) -> MessageRef | None:
        if error.is_answered:
            log.warning("/%s was answered by another process", self._call.command)
        elif error.is_too_late:
            log.warning("/%s was answered too late: %s", self._call.command, error)
            is_hidden = self._is_hidden(reply)
            shown = _with_form_button(reply, self._call.origin)
            rendered = self._rendered(shown, is_hidden=is_hidden, in_place=False)
            return await self._elsewhere(rendered, is_hidden)
        else:
            log.error("/%s could not be answered: %s", self._call.command, error)
            if error.is_refused:
                await self._apologise()
        return None

    async def _elsewhere(self, rendered: Rendered, is_hidden: bool) -> MessageRef | None:
        """The channel takes what all may see, where the bot may write there; else it is sent to
        the person, and the channel is told no more than that where that is not possible either.
        """
        place, key = self._call.place, f"late {self._call.id}"
        try:
            if not is_hidden:
                try:
                    return MessageRef(place, await self._sent(channel_of(place), rendered, key))
                except ApiError as error:
                    if self._is_direct or not error.is_gone:
                        raise
            own = await self._api.direct_channel(self._call.actor.account_id)
            await self._sent(own, rendered, key)
        except ApiError as error:
            log.warning("/%s could not be answered elsewhere: %s", self._call.command, error)
            if error.code == _NO_DIRECT_MESSAGES and not self._is_direct:
                await self._say_closed()
        return None

    async def _say_closed(self) -> None:
        actor = self._call.actor
        who = Mention(actor.account_id, actor.name)
        words = ": this took too long, and you take no direct messages. Ask again."
        line = render(Reply(text=(who, words)))
        try:
            await self._sent(channel_of(self._call.place), line, f"closed {self._call.id}")
        except ApiError as error:
            log.warning("/%s could not be said to have failed: %s", self._call.command, error)

    async def _apologise(self) -> None:
        words = say(
            "This answer could not be shown here, and it is not your fault. Tell an organiser "
            f"this number: {self._call.id}."
        )
        payload = _flagged(render(words).payload, not self._is_direct)
        try:
            if self._deferring is None:
                await self._api.answer(self._interaction, _MESSAGE, payload)
            else:
                await self._api.follow_up(self._incoming.token, payload)
        except ApiError as error:
            log.warning("/%s could not even be apologised for: %s", self._call.command, error)


def _replacing(payload: Payload, files: Sequence[File]) -> Payload:
    """A message keeps the files that an edit says nothing of."""
    return payload if files else payload | {"attachments": []}


def _flagged(payload: Payload, is_hidden: bool) -> Payload:
    return payload | {"flags": EPHEMERAL} if is_hidden else payload


def _with_form_button(reply: Reply, origin: Origin) -> Reply:
    """A form that cannot be opened now: only the first answer to a press or a command can be one.

    Also what says nothing at all says something here, since Discord takes no empty message.
    """
    if reply.ask is not None:
        label = "Continue" if origin is Origin.FORM else "Open the form"
        text = reply.text or (f"{reply.ask.title}: a form is waiting.",)
        action = replace(reply.ask.action, label=label)
        return replace(reply, text=text, actions=(*reply.actions, action), ask=None)
    if not (reply.text or reply.card or reply.files or reply.reaction):
        return replace(reply, text=("Done.",))
    return reply
