"""The webhook: who does not know the secret is not read, and what is not stored comes again."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import replace

import aiohttp
import pytest

from bot.chat.desk import Desk
from bot.chat.invocation import Update, UpdateRef
from tests.adapters.telegram_house import TelegramStage

SECRET = "a-secret-of-the-webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def hook() -> tuple[str, int, str]:
    """An address, a free port and a secret."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return f"http://127.0.0.1:{port}/telegram", port, SECRET


async def test_updates_come_by_webhook_and_are_answered(
    telegram_stage: TelegramStage, hook: tuple[str, int, str]
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot(webhook=hook):
        await ana.says(ana.private, "/paper 6")
        card = await ana.hears(ana.private)
        await ana.presses(card, "Lite summary")
        assert "Sentence 0" in (await ana.hears(ana.private)).text


async def test_whoever_does_not_know_the_secret_is_turned_away_without_any_work(
    telegram_stage: TelegramStage, hook: tuple[str, int, str]
) -> None:
    url = hook[0]
    accepted: list[object] = []

    def watched(desk: Desk) -> Desk:
        async def accept(updates: Sequence[Update]) -> list[UpdateRef]:
            accepted.extend(updates)
            return await desk.accept(updates)

        return replace(desk, accept=accept)

    async with telegram_stage.bot(watched, webhook=hook), aiohttp.ClientSession() as session:
        body = {"update_id": 1, "message": {"text": "/start"}}
        wrong: list[dict[str, str]] = [{}, {HEADER: ""}, {HEADER: "no"}, {HEADER: SECRET + "x"}]
        for headers in wrong:
            async with session.post(url, json=body, headers=headers) as answer:
                assert answer.status == 403
        assert accepted == []
        right = {HEADER: SECRET}
        for nonsense in (b"", b"[]", b"{}", b'{"update_id":"1"}', b"\xff"):
            async with session.post(url, data=nonsense, headers=right) as answer:
                assert answer.status == 400
        async with session.post(url, data=b"x" * 1_000_001, headers=right) as answer:
            assert answer.status == 413
        async with session.get(url, headers=right) as answer:
            assert answer.status == 405
        assert accepted == []


async def test_an_update_that_could_not_be_stored_is_sent_again_and_handled_once(
    telegram_stage: TelegramStage, hook: tuple[str, int, str]
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    failures = [OSError("the disk is full")]

    def broken(desk: Desk) -> Desk:
        async def accept(updates: Sequence[Update]) -> list[UpdateRef]:
            if failures:
                raise failures.pop()
            return await desk.accept(updates)

        return replace(desk, accept=accept)

    async with telegram_stage.bot(broken, webhook=hook):
        await ana.says(ana.private, "/paper 6")
        assert "AI X Crypto" in (await ana.hears(ana.private, patience=10)).text
        await ana.hears_nothing(ana.private)


async def test_a_bot_that_polls_again_takes_its_webhook_away(
    telegram_stage: TelegramStage, hook: tuple[str, int, str]
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot(webhook=hook):
        pass
    await ana.says(ana.private, "/paper 6")
    async with telegram_stage.bot():
        assert "AI X Crypto" in (await ana.hears(ana.private, patience=10)).text
