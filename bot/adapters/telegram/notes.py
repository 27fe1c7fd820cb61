"""What a private message is about when it was asked for in a group, and links that lead to one."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict

from bot.adapters.telegram.incoming import LINK
from bot.adapters.telegram.payloads import PLATFORM
from bot.chat.codec import decode_reply, encode_reply
from bot.chat.desk import Desk
from bot.chat.invocation import Actor, PlaceRef
from bot.chat.reply import Reply


class Notes:
    """Kept by the house, so that they outlive a restart."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def about(self, chat: str, message: int, place: PlaceRef) -> None:
        """Notes that a private message is an answer to something asked in that place."""
        note = json.dumps(asdict(place))
        await self._desk.save_state(PLATFORM, f"asked:{chat}:{message}", note)

    async def place_of(self, chat: str, message: str) -> PlaceRef | None:
        """Where the answer that stands in a private message was asked for."""
        note = await self._desk.load_state(PLATFORM, f"asked:{chat}:{message}")
        return PlaceRef(**json.loads(note)) if note else None

    async def keep(self, reply: Reply, actor: Actor, place: PlaceRef) -> str:
        """Keeps an answer for its asker to open; the payload of the link that leads to it."""
        token = secrets.token_urlsafe(18)
        note = {"account": actor.account_id, "place": asdict(place), "reply": encode_reply(reply)}
        await self._desk.save_state(PLATFORM, f"link:{token}", json.dumps(note))
        return LINK + token

    async def kept(self, token: str, actor: Actor) -> tuple[Reply, PlaceRef] | None:
        """The answer behind a link, if it is this person's."""
        if not 1 <= len(token) <= 60:
            return None
        text = await self._desk.load_state(PLATFORM, f"link:{token}")
        note = json.loads(text) if text else {}
        if note.get("account") != actor.account_id:
            return None
        return decode_reply(note["reply"]), PlaceRef(**note["place"])
