"""Updates pushed to a listener: with its secret, in order, and again until they are taken."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, Conflict

from tests.telegram.simulator import TelegramSimulator


class Listener:
    """``refusals`` are the statuses that the next pushes are answered with."""

    def __init__(self) -> None:
        self.url = ""
        self.texts: list[str] = []
        self.secrets: list[str | None] = []
        self.refusals: list[int] = []

    async def take(self, request: web.Request) -> web.Response:
        if self.refusals:
            return web.Response(status=self.refusals.pop(0))
        said = await request.json()
        self.texts.append(said["message"]["text"])
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_post("/hook", listener.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield listener
    await runner.cleanup()


async def test_updates_are_pushed_with_the_secret(
    telegram: TelegramSimulator, bot: Bot, listener: Listener
) -> None:
    ana = telegram.user("Ana")
    await ana.says(ana.private, "before")
    await bot.set_webhook(listener.url, secret_token="quiet_1", max_connections=3)
    await ana.says(ana.private, "after")
    await telegram.until_acknowledged()
    assert listener.texts == ["before", "after"]
    assert listener.secrets == ["quiet_1", "quiet_1"]
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (listener.url, 3, 0)


async def test_what_is_not_taken_comes_again_in_order(
    telegram: TelegramSimulator, bot: Bot, listener: Listener
) -> None:
    ana = telegram.user("Ana")
    listener.refusals = [403, 500]
    await bot.set_webhook(listener.url)
    for text in ("1", "2", "3"):
        await ana.says(ana.private, text)
    await telegram.until_acknowledged()
    assert listener.texts == ["1", "2", "3"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == ("Wrong response from the webhook: 500 Internal Server Error")


async def test_many_chats_are_served_by_few_connections(
    telegram: TelegramSimulator, bot: Bot, listener: Listener
) -> None:
    await bot.set_webhook(listener.url, max_connections=2)
    telegram.say_many(60, people=20, text="{n}")
    await telegram.until_acknowledged()
    assert sorted(map(int, listener.texts)) == list(range(60))
    for first in range(20):
        mine = [int(text) for text in listener.texts if int(text) % 20 == first]
        assert mine == sorted(mine)


async def test_polling_and_a_webhook_exclude_each_other(
    telegram: TelegramSimulator, bot: Bot, listener: Listener
) -> None:
    await bot.set_webhook(listener.url)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active; use"):
        await bot.get_updates()
    await bot.delete_webhook()
    telegram.say_many(2)
    assert len(await bot.get_updates()) == 2
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_webhook_has_its_rules(telegram: TelegramSimulator, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="an https url must be provided"):
        await bot.set_webhook("http://example.org/hook")
    with pytest.raises(BadRequest, match="only on ports 80, 88, 443 or 8443"):
        await bot.set_webhook("https://example.org:9999/hook")
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://example.org/hook", secret_token="not so quiet")
    assert len(telegram.take_violations()) == 3
