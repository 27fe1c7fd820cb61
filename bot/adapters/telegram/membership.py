"""Who manages a group, and what the bot sees and may do in it; asked once in a while."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from telegram.error import TelegramError

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.incoming import Bot
from bot.adapters.telegram.payloads import PLATFORM, Json
from bot.chat.adapter import Sight
from bot.chat.desk import Desk
from bot.chat.invocation import Actor, PlaceRef

log = logging.getLogger(__name__)

_KEPT_SECONDS = 60.0
_MOST = 5_000
_MANAGES = frozenset({"creator", "administrator"})
_INLINE_OFF = (
    "Inline mode is off, so nobody can type the bot's name in another chat to find a paper. "
    "To switch it on, send /setinline to @BotFather."
)
_PRIVACY = (
    "Privacy mode is on: in a group the bot sees commands, replies to it, and nothing else. To let "
    "it read all, send /setprivacy to @BotFather, choose Disable, take the bot out of the group "
    "and add it again; or make it an administrator of the group."
)


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    may_write: bool = True
    is_administrator: bool = False


class Membership:
    """What getChatMember and the updates have told, kept for a minute."""

    def __init__(self, api: Api, desk: Desk) -> None:
        self._api = api
        self._desk = desk
        self.bot = Bot(0, "")
        self._managers: dict[tuple[str, str], tuple[float, bool]] = {}
        # Of chats, and of topics as ``chat/topic``. Telegram tells a topic's name only in passing.
        self._names: dict[str, str] = {}
        self._has_new_names = False
        self._groups: dict[str, tuple[float, _Group]] = {}

    async def manager(self, actor: Actor, place: PlaceRef, *, is_fresh: bool = True) -> Actor:
        """The actor with what Telegram says of them in this group, or said a minute ago."""
        if place.is_private or actor.is_manager:
            return actor
        key = (place.chat_id, actor.account_id)
        known = self._managers.get(key)
        if is_fresh or known is None or known[0] < time.monotonic():
            status = await self._status(*key)
            known = (time.monotonic() + _KEPT_SECONDS, status.get("status") in _MANAGES)
            _keep(self._managers, key, known)
        return replace(actor, is_manager=True) if known[1] else actor

    async def load(self) -> None:
        """The names that were learned before the last restart."""
        kept = await self._desk.load_state(PLATFORM, "names")
        self._names = {**(json.loads(kept) if kept else {}), **self._names}

    async def keep_names(self) -> None:
        """Keeps what was learned since the last time, for the next start."""
        if not self._has_new_names:
            return
        self._has_new_names = False
        try:
            await self._desk.save_state(PLATFORM, "names", json.dumps(self._names))
        except Exception:
            # A name is worth less than the call on whose way it was learned.
            self._has_new_names = True
            log.exception("the names of groups and topics could not be kept")

    def topic_name(self, place: PlaceRef) -> str | None:
        """What a topic is called, where that was told already."""
        if place.thread_id is None:
            return None
        return self._names.get(f"{place.chat_id}/{place.thread_id}")

    async def look(self, place: PlaceRef) -> None:
        """Asks what the bot may do in a group, so that `sight` can tell."""
        if place.is_private:
            return
        known = self._groups.get(place.chat_id)
        if known is not None and known[0] > time.monotonic():
            return
        own = await self._status(place.chat_id, str(self.bot.id))
        try:
            chat = await self._api.call("getChat", {"chat_id": int(place.chat_id)})
        except TelegramError as error:
            log.debug("a group could not be looked at: %s", error)
            chat = {}
        is_administrator = own.get("status") in _MANAGES
        allowed = (chat.get("permissions") or {}).get("can_send_messages", True)
        may_write = is_administrator or (own.get("can_send_messages", True) and allowed)
        title = chat.get("title") or self._names.get(place.chat_id, "")
        found = _Group(title, bool(may_write), is_administrator)
        _keep(self._groups, place.chat_id, (time.monotonic() + _KEPT_SECONDS, found))

    def seen(self, update: Json) -> None:
        """Learns names from what comes along, and forgets what an update says has changed."""
        for kind in ("message", "edited_message", "my_chat_member", "chat_member"):
            if got := update.get(kind):
                chat = got.get("chat") or {}
                break
        else:
            return
        number = str(chat.get("id"))
        if title := chat.get("title"):
            self._name(number, str(title))
        if kind in ("message", "edited_message"):
            self._see_topic(number, got)
        elif kind == "my_chat_member":
            self._groups.pop(number, None)
        else:
            user = ((got.get("new_chat_member") or {}).get("user") or {}).get("id")
            self._managers.pop((number, str(user)), None)

    def _see_topic(self, chat: str, message: Json) -> None:
        """A topic's messages show how it was called first, whatever its name is by now."""
        first = (message.get("reply_to_message") or {}).get("forum_topic_created") or {}
        now = message.get("forum_topic_created") or message.get("forum_topic_edited") or {}
        key = f"{chat}/{message.get('message_thread_id')}"
        if now.get("name"):
            self._name(key, str(now["name"]))
        elif first.get("name") and key not in self._names:
            self._name(key, str(first["name"]))

    def _name(self, key: str, name: str) -> None:
        if self._names.get(key) != name:
            _keep(self._names, key, name)
            self._has_new_names = True

    def sight(self, place: PlaceRef) -> Sight | None:
        """What is known of a group or a topic; None for a private chat."""
        if place.is_private:
            return None
        known = self._groups.get(place.chat_id)
        group = known[1] if known else _Group(self._names.get(place.chat_id, ""))
        name = group.title or "a group"
        if place.thread_id is not None:
            topic = self.topic_name(place)
            name += f", topic {topic}" if topic else ", a topic"
        reads = self.bot.reads_all or group.is_administrator
        return Sight(
            name,
            () if group.may_write else ("Send messages",),
            "Whoever manages the group gives it under Manage group, Permissions.",
            reads,
            "" if reads else _PRIVACY,
            (
                *(() if reads else (_PRIVACY,)),
                *(() if self.bot.has_inline else (_INLINE_OFF,)),
            ),
        )

    async def _status(self, chat: str, user: str) -> Mapping[str, Any]:
        parameters = {"chat_id": int(chat), "user_id": int(user)}
        try:
            got: Mapping[str, Any] = await self._api.call("getChatMember", parameters)
        except TelegramError as error:
            log.debug("a member could not be looked at: %s", error)
            return {}
        return got


def _keep(cache: dict[Any, Any], key: object, value: object) -> None:
    cache[key] = value
    if len(cache) > _MOST:
        del cache[next(iter(cache))]
