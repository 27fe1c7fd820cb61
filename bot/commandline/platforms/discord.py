"""The bot as Discord knows it, asked over REST, which needs no connection to the gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from bot import __version__
from bot.commandline.asking import Asker, TokenRefused, Unreachable
from bot.core.findings import Finding, ok, problem, warning

AREA = "discord"
API = "https://discord.com/api/v10"
PORTAL = "https://discord.com/developers/applications"
# Source: Discord's reference on the application's flags; the second is for fewer than 100 servers.
_MESSAGE_CONTENT = (1 << 18) | (1 << 19)


@dataclass(frozen=True, slots=True)
class DiscordBot:
    """An application and its bot."""

    application_id: str
    user_id: str
    name: str
    has_content_intent: bool
    is_public: bool
    needs_code_grant: bool
    endpoint: str | None
    """Where Discord sends interactions instead of the gateway, if anything is set."""

    @property
    def invitation(self) -> str:
        """The link that brings it into a server."""
        from bot.adapters.discord.permissions import invite_link

        return invite_link(self.application_id)


def asker(
    token: str, api_url: str | None, clock: Callable[[], datetime], seconds: float = 10.0
) -> Asker:
    """Asks as this bot."""
    # Discord wants to know which library it speaks with.
    agent = f"DiscordBot (https://github.com/Rapptz/discord.py {version('discord.py')})"
    headers = {"Authorization": f"Bot {token}", "User-Agent": f"{agent} wprc/{__version__}"}
    return Asker(api_url or API, clock, seconds, headers)


async def meet(ask: Asker) -> DiscordBot:
    """Raises TokenRefused, and Unreachable where nothing is known."""
    application = await ask.get("/applications/@me")
    if application.status == 401:
        raise TokenRefused
    user = await ask.get("/users/@me")
    for answer in (application, user):
        if answer.status != 200 or not isinstance(answer.body, dict):
            raise Unreachable(f"Discord says: {answer.words}")
    told = application.body
    return DiscordBot(
        application_id=str(told.get("id")),
        user_id=str(user.body.get("id")),
        name=str(user.body.get("username")),
        has_content_intent=bool(int(told.get("flags") or 0) & _MESSAGE_CONTENT),
        is_public=bool(told.get("bot_public", True)),
        needs_code_grant=bool(told.get("bot_require_code_grant")),
        endpoint=told.get("interactions_endpoint_url") or None,
    )


def switches(bot: DiscordBot, *, reads_messages: bool) -> list[Finding]:
    """What is switched on and off in the developer portal, against what the settings say."""
    found = [_content(bot, reads_messages=reads_messages)]
    page = f"{PORTAL}/{bot.application_id}"
    if bot.endpoint:
        found.append(
            problem(
                AREA,
                "An Interactions Endpoint URL is set, so slash commands and buttons never reach "
                "this program.",
                to_do=f"Empty it at {page}/information.",
            )
        )
    if bot.needs_code_grant:
        found.append(
            warning(
                AREA,
                "“Requires OAuth2 Code Grant” is on, and with it the invite link fails.",
                to_do=f"Switch it off at {page}/bot.",
            )
        )
    if not bot.is_public:
        found.append(
            ok(
                AREA,
                "“Public Bot” is off: only the application's owner can add it to a server.",
                to_do=f"If others are to add it, switch it on at {page}/bot.",
            )
        )
    return found


def _content(bot: DiscordBot, *, reads_messages: bool) -> Finding:
    page = f"{PORTAL}/{bot.application_id}/bot"
    if reads_messages and not bot.has_content_intent:
        return problem(
            AREA,
            "DISCORD_MESSAGE_CONTENT is true and “Message Content Intent” is off, so Discord will "
            "refuse the connection.",
            to_do=f"Switch it on at {page}, or set DISCORD_MESSAGE_CONTENT=false.",
        )
    if reads_messages:
        return ok(AREA, "It reads ordinary messages in the places for opinions.")
    if bot.has_content_intent:
        return ok(
            AREA,
            "It does not read ordinary messages, though “Message Content Intent” is on.",
            to_do="To let it, type: wprc init --message-content",
        )
    return ok(
        AREA,
        "“Message Content Intent” is off: members give opinions by button, reply, menu and in "
        "private, and ordinary messages are not read.",
        to_do=f"To let it read them, switch that on at {page} and type: "
        "wprc init --message-content",
    )
