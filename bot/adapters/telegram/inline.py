"""Inline mode: who types the bot's name in any chat finds papers and inserts a card."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import TelegramError

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.incoming import Query
from bot.adapters.telegram.payloads import PLATFORM
from bot.adapters.telegram.render import Payload, inline_result, render
from bot.chat.desk import Desk
from bot.chat.invocation import Invocation, PlaceRef
from bot.chat.reply import Choice
from bot.chat.text import plain

log = logging.getLogger(__name__)

_COMMAND, _PARAMETER = "paper", "what"
_MOST = 10


async def answer(desk: Desk, api: Api, query: Query) -> None:
    """Offers the papers that are meant; the newest where nothing was typed yet."""
    place = PlaceRef(PLATFORM, query.actor.account_id, is_private=True)
    call = Invocation(f"tg-inline-{query.id}", _COMMAND, query.actor, place)
    choices = await desk.complete(call, _PARAMETER, query.text[:200])
    found = await asyncio.gather(*(_result(desk, call, one) for one in choices[:_MOST]))
    results = {str(one["id"]): one for one in found if one is not None}
    try:
        await api.answer_query(query.id, list(results.values()))
    except TelegramError as error:
        # Whoever types on has asked again meanwhile.
        log.debug("an inline query was answered too late: %s", error)


async def _result(desk: Desk, call: Invocation, choice: Choice) -> Payload | None:
    asked = Invocation(call.id, _COMMAND, call.actor, call.place, rest=choice.value)
    reply = await desk.dispatch(asked)
    if reply.card is None:
        return None
    message = render(reply, zone=desk.zone_of(call.place, call.actor)).messages[0]
    about = plain(reply.card.body[0].text) if reply.card.body else ""
    return inline_result(choice.value[:64], reply.card.title, about, message)
