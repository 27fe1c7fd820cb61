"""The bot as Telegram knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.commandline.asking import Asker, TokenRefused, Unreachable
from bot.core.findings import Finding, ok, warning

AREA = "telegram"
API = "https://api.telegram.org"


@dataclass(frozen=True, slots=True)
class TelegramBot:
    """What getMe tells."""

    id: int
    username: str
    name: str
    reads_all: bool
    has_inline: bool
    may_join: bool

    @property
    def invitation(self) -> str:
        """The link that adds it to a group and begins the set-up there."""
        return f"https://t.me/{self.username}?startgroup=setup"


def asker(
    token: str, api_url: str | None, clock: Callable[[], datetime], seconds: float = 10.0
) -> Asker:
    """Asks as this bot."""
    return Asker(f"{api_url or API}/bot{token}", clock, seconds)


async def meet(ask: Asker) -> TelegramBot:
    """Raises TokenRefused, and Unreachable where nothing is known."""
    answer = await ask.get("/getMe")
    # Telegram says "not found" for a token of another shape.
    if answer.status in (401, 404):
        raise TokenRefused
    told = answer.body.get("result") if isinstance(answer.body, dict) else None
    if answer.status != 200 or not isinstance(told, dict):
        raise Unreachable(f"Telegram says: {answer.words}")
    return TelegramBot(
        id=int(told.get("id", 0)),
        username=str(told.get("username")),
        name=str(told.get("first_name")),
        reads_all=bool(told.get("can_read_all_group_messages")),
        has_inline=bool(told.get("supports_inline_queries")),
        may_join=bool(told.get("can_join_groups", True)),
    )


def switches(bot: TelegramBot) -> list[Finding]:
    """What is switched on and off with @BotFather."""
    found = []
    if not bot.may_join:
        found.append(
            warning(
                AREA,
                "It may not be added to groups.",
                to_do="Send /setjoingroups to @BotFather and choose Enable.",
            )
        )
    if bot.reads_all:
        found.append(ok(AREA, "Privacy mode is off: it reads ordinary messages in its groups."))
    else:
        found.append(
            ok(
                AREA,
                "Privacy mode is on: in a group it sees commands and replies to it, and nothing "
                "else.",
                to_do="To let it read all, send /setprivacy to @BotFather, choose Disable, and "
                "add it to the group anew; or make it an administrator of the group.",
            )
        )
    if not bot.has_inline:
        found.append(
            ok(
                AREA,
                f"Inline mode is off: nobody can type @{bot.username} in another chat to find a "
                "paper.",
                to_do="To switch it on, send /setinline to @BotFather.",
            )
        )
    return found
