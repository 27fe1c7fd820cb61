"""What Discord says of its limits, told to the pacer: the library waits, and tells nobody."""

from __future__ import annotations

from types import SimpleNamespace

import aiohttp

from bot.chat.pacer import Pacer

# Source: Discord's reference on rate limits. It is over the whole API, for what is not an answer
# to an interaction.
REQUESTS_PER_SECOND = 50.0
# A refusal stops all that the bot asks, and too many of them have its address shut out.
MARGIN = 1.02
_DEFAULT_SECONDS = 1.0


def paced_by(pacer: Pacer) -> aiohttp.TraceConfig:
    """Looks at each answer to a request of the bot's: refusals are counted, and after a global
    one all goes slower.
    """
    trace = aiohttp.TraceConfig()

    async def ended(
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        request: aiohttp.TraceRequestEndParams,
    ) -> None:
        response = request.response
        if response.status != 429:
            return
        pacer.refusals += 1
        if response.headers.get("X-RateLimit-Scope") == "global":
            pacer.refused(_seconds(response.headers.get("Retry-After", "")))

    trace.on_request_end.append(ended)
    return trace


def _seconds(text: str) -> float:
    try:
        return min(60.0, max(0.0, float(text)))
    except ValueError:
        return _DEFAULT_SECONDS
