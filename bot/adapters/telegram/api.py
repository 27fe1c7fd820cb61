"""Requests to Telegram, repeated where that is safe; what fails in the end is a TelegramError."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.adapters.telegram import limits
from bot.adapters.telegram.errors import MaybeSent, NotSent, is_unchanged, seconds_of
from bot.adapters.telegram.incoming import WANTED, Bot
from bot.adapters.telegram.payloads import PLATFORM, Json
from bot.adapters.telegram.render import Message, file_name
from bot.adapters.telegram.request import AiohttpRequest, Body
from bot.chat.invocation import PlaceRef
from bot.chat.pacer import Pacer, Rate
from bot.chat.reply import File

BATCH = 100
POLL_SECONDS = 30
_DEFAULT_URL = "https://api.telegram.org"
_DELAYS = (0.1, 0.3, 0.8, 2.0, 5.0, 10.0, 20.0)
# What surely was not sent does no harm later: an outage of ten minutes is waited for.
_OUTAGE = (30.0,) * 20
_MAX_WAIT = 120.0
# Source: Telegram's questions and answers for bots, on broadcasting.
_PER_SECOND = 30.0
_IN_A_CHAT, _IN_A_GROUP = Rate(1, 1.0), Rate(20, 60.0)


def rates_of(place: PlaceRef) -> tuple[Rate, ...]:
    """What one chat takes of messages that nobody asked for."""
    return (_IN_A_CHAT,) if place.is_private else (_IN_A_CHAT, _IN_A_GROUP)


class Api:
    """One bot's methods. `pacer` counts what is sent, and holds chats that refuse."""

    def __init__(self, token: str, url: str | None) -> None:
        base = url or _DEFAULT_URL
        self._request = AiohttpRequest()
        self._base = f"{base}/bot{token}"
        self._files = f"{base}/file/bot{token}"
        self.pacer = Pacer(_PER_SECOND, rates_of)

    async def close(self) -> None:
        await self._request.shutdown()

    async def me(self) -> Bot:
        """Who we are."""
        got = await self.call("getMe", {})
        return Bot(
            int(got["id"]),
            str(got.get("username") or ""),
            bool(got.get("can_read_all_group_messages")),
            bool(got.get("supports_inline_queries")),
        )

    async def updates(self, offset: int | None, seconds: int = POLL_SECONDS) -> list[Json]:
        """The next updates; asking for those from an offset acknowledges all before it."""
        parameters: dict[str, Any] = {
            "limit": BATCH,
            "timeout": seconds,
            "allowed_updates": WANTED,
        }
        if offset is not None:
            parameters["offset"] = offset
        got: Any = await self._request.post(
            f"{self._base}/getUpdates", Body(parameters).as_request(), read_timeout=seconds + 10
        )
        return list(got)

    async def send(
        self,
        place: PlaceRef,
        message: Message,
        *,
        reply_to: int | None = None,
        markup: Mapping[str, Any] | None = None,
        is_answer: bool = True,
    ) -> int:
        """A new message; its id. One that may have arrived is not sent again."""
        parameters = message.payload() | _where(place, reply_to)
        if markup is not None:
            parameters["reply_markup"] = markup
        if is_answer:
            self.pacer.used(place)
        body = Body(parameters)
        got = await self._at(place, "sendMessage", body, is_repeatable=False, is_patient=is_answer)
        return int(got["message_id"])

    async def send_file(
        self, place: PlaceRef, file: File, message: Message | None, *, reply_to: int | None = None
    ) -> int:
        """A file, with a short message as its caption."""
        parameters: dict[str, Any] = dict(_where(place, reply_to))
        if message is not None:
            shown = message.payload()
            parameters |= {"caption": shown["text"], "parse_mode": "HTML"}
            if "reply_markup" in shown:
                parameters["reply_markup"] = shown["reply_markup"]
        self.pacer.used(place)
        body = Body(parameters, (("document", file_name(file), file),))
        got = await self._at(place, "sendDocument", body, is_repeatable=False)
        return int(got["message_id"])

    async def edit(
        self,
        place: PlaceRef,
        message: Message,
        *,
        number: int | None,
        inline: str | None,
        is_patient: bool = True,
    ) -> None:
        """Puts this in the place of a message, by its number or its inline id."""
        where = (
            {"inline_message_id": inline}
            if inline is not None
            else {"chat_id": int(place.chat_id), "message_id": number}
        )
        self.pacer.used(place)
        try:
            body = Body(message.payload() | where)
            await self._at(place, "editMessageText", body, is_patient=is_patient)
        except BadRequest as error:
            if not is_unchanged(error):
                raise

    async def answer_press(
        self, number: str, text: str | None = None, *, is_alert: bool = False, url: str = ""
    ) -> None:
        """Ends the waiting sign on a pressed button."""
        parameters: dict[str, Any] = {"callback_query_id": number}
        if text:
            parameters |= {"text": limits.clip(text, limits.ALERT), "show_alert": is_alert}
        if url:
            parameters["url"] = url
        await self.call("answerCallbackQuery", parameters)

    async def answer_query(self, number: str, results: Sequence[Mapping[str, Any]]) -> None:
        parameters = {
            "inline_query_id": number,
            "results": list(results),
            "cache_time": 10,
            "is_personal": True,
        }
        await self.call("answerInlineQuery", parameters)

    async def react(self, place: PlaceRef, number: int, emoji: str) -> None:
        # Telegram knows them without the sign that asks for a coloured picture.
        plain = emoji.replace("\ufe0f", "")
        shown = plain if plain in limits.REACTIONS else limits.RECEIPT
        parameters = {
            "chat_id": int(place.chat_id),
            "message_id": number,
            "reaction": [{"type": "emoji", "emoji": shown}],
        }
        await self._at(place, "setMessageReaction", Body(parameters))

    async def fetch(self, file_id: str, most: int) -> bytes | None:
        """A file that somebody sent; None for one of more bytes."""
        got = await self.call("getFile", {"file_id": file_id})
        return await self._request.fetch(f"{self._files}/{got['file_path']}", most)

    async def call(self, method: str, parameters: Mapping[str, Any]) -> Any:
        """A method that does no harm when it is called twice."""
        return await self._at(None, method, Body(parameters))

    async def _at(
        self,
        place: PlaceRef | None,
        method: str,
        body: Body,
        *,
        is_repeatable: bool = True,
        is_patient: bool = True,
    ) -> Any:
        """Tries again where that is safe. What is not patient leaves the waiting to its caller."""
        url, data = f"{self._base}/{method}", body.as_request()
        waited = 0.0
        for number, delay in enumerate((*_DELAYS, *_OUTAGE, None)):
            if place is not None and (held := self.pacer.held(place)) > 0:
                await asyncio.sleep(held)
            try:
                return await self._request.post(url, data)
            except RetryAfter as error:
                wait = seconds_of(error)
                self.pacer.refusals += 1
                self.pacer.refused(wait, place or PlaceRef(PLATFORM, ""))
                waited += wait
                if delay is None or waited > _MAX_WAIT or not is_patient:
                    raise
            except BadRequest:
                # To the library it is a network error, and it would be refused again.
                raise
            except NetworkError as error:
                is_unsent = isinstance(error, NotSent)
                if not is_unsent and (not is_repeatable or number >= len(_DELAYS)):
                    raise MaybeSent(str(error)) from None
                if delay is None or not is_patient:
                    raise
                wait = delay
            await asyncio.sleep(wait)
        raise AssertionError("the last try either returns or raises")


def _where(place: PlaceRef, reply_to: int | None) -> dict[str, Any]:
    where: dict[str, Any] = {"chat_id": int(place.chat_id)}
    if place.thread_id is not None:
        where["message_thread_id"] = int(place.thread_id)
    if reply_to is not None:
        where["reply_parameters"] = {
            "message_id": reply_to,
            "allow_sending_without_reply": True,
        }
    return where
