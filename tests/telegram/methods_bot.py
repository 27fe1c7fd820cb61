"""What the bot asks about itself, how it is told of things, and how it answers queries."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from tests.telegram.calls import Call
from tests.telegram.html import units
from tests.telegram.inline import check_inline_answer
from tests.telegram.markup import start_flaws, start_payload
from tests.telegram.refusals import Json, broken, query_too_old
from tests.telegram.world import World

PATIENCE = 15.0  # Seconds that a query waits for its answer.


def get_me(world: World, call: Call) -> Json:
    del call
    return world.bot.payload() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": world.inline_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def done(world: World, call: Call) -> bool:
    """logOut and close, which change nothing here."""
    del world, call
    return True


# Being told.


async def get_updates(world: World, call: Call) -> list[Any]:
    return await world.updates.get(
        call.get("offset") or 0,
        100 if call.get("limit") is None else call.get("limit"),
        call.get("timeout") or 0,
        call.get("allowed_updates"),
    )


def set_webhook(world: World, call: Call) -> bool:
    url = str(call.get("url"))
    secret = call.get("secret_token")
    if url:
        parts = urlsplit(url)
        is_loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback):
            raise broken("bad webhook: An HTTPS URL must be provided for webhook")
        if not is_loopback and parts.port not in (None, 80, 88, 443, 8443):
            raise broken("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise broken("secret token contains unallowed characters")
    most = call.get("max_connections")
    if most is not None and not 1 <= most <= 100:
        raise broken("max_connections must be between 1 and 100")
    world.updates.allow(call.get("allowed_updates"))
    if call.get("drop_pending_updates"):
        world.updates.drop()
    world.webhook = {"secret": secret, "max_connections": most or 40} if url else {}
    world.updates.set_webhook(url)
    return True


def delete_webhook(world: World, call: Call) -> bool:
    if call.get("drop_pending_updates"):
        world.updates.drop()
    world.webhook = {}
    world.updates.set_webhook("")
    return True


def get_webhook_info(world: World, call: Call) -> Json:
    del call
    said: Json = {
        "url": world.updates.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    for name in ("max_connections", "last_error_date", "last_error_message"):
        if world.webhook.get(name) is not None:
            said[name] = world.webhook[name]
    if world.updates.allowed is not None:
        said["allowed_updates"] = sorted(world.updates.allowed)
    return said


# Answering queries.


def answer_callback_query(world: World, call: Call) -> bool:
    text, url = call.get("text") or "", call.get("url")
    if units(text) > 200:
        raise broken("MESSAGE_TOO_LONG")
    if url:
        found = start_payload(url)
        if found is None or found[0].lower() != str(world.bot.username).lower():
            raise broken("URL_INVALID")
        call.flaws += start_flaws(url)
    callback = world.callbacks.get(call.get("callback_query_id"))
    if callback is None or callback.answer is not None or _is_old(world, callback.made_at):
        raise query_too_old()
    callback.answer = dict(call.parameters)
    return True


def answer_inline_query(world: World, call: Call) -> bool:
    check_inline_answer(call)
    asked = world.inline_queries.get(call.get("inline_query_id"))
    if asked is None or asked.answer is not None or _is_old(world, asked.made_at):
        raise query_too_old()
    asked.answer = dict(call.parameters)
    return True


def _is_old(world: World, made_at: float) -> bool:
    return world.clock.now() - made_at > PATIENCE
