"""Requests are read however they are sent, and the simulator keeps to its own description."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tests.telegram import spec
from tests.telegram.background import BackgroundTelegram
from tests.telegram.server import METHODS
from tests.telegram.simulator import TelegramSimulator
from tests.telegram.spec import SPEC_FILE, problems_of_answer, problems_of_update, read_parameters

needs_spec = pytest.mark.skipif(not SPEC_FILE.is_file(), reason="needs Telegram's description")
KEYS = '{"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}'


async def test_a_request_may_be_sent_in_four_ways(telegram: TelegramSimulator) -> None:
    ana = telegram.user("Ana")
    await ana.starts()
    said = {"chat_id": str(ana.id), "text": "5", "disable_notification": "true"}
    said["reply_markup"] = KEYS
    part = aiohttp.FormData(said)
    part.add_field("unused", b"x", filename="x.txt")
    url = f"{telegram.url}/bot{telegram.token}"
    async with aiohttp.ClientSession() as session:
        for request in (
            session.get(f"{url}/sendMessage", params=said),
            session.post(f"{url}/sendmessage", data=said),
            session.post(f"{url}/SENDMESSAGE", data=part),
            session.post(f"{url}/sendMessage", json=said | {"chat_id": ana.id, "text": 5}),
        ):
            async with request as response:
                assert (await response.json())["ok"]
            seen = await ana.hears(ana.private)
            assert (seen.text, seen.labels) == ("5", ["x"])
            assert telegram.calls[-1].parameters["disable_notification"] is True


async def test_what_is_no_json_is_refused(telegram: TelegramSimulator) -> None:
    url = f"{telegram.url}/bot{telegram.token}/getMe"
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:
        for data in (b"{", b"[]", b"\xff"):
            async with session.post(url, data=data, headers=headers) as response:
                assert response.status == 400
    assert len(telegram.take_violations()) == 3


async def test_half_a_character_is_no_text(telegram: TelegramSimulator) -> None:
    url = f"{telegram.url}/bot{telegram.token}/sendMessage"
    markup = KEYS.replace('"x"', '"\\ud83d"')
    async with aiohttp.ClientSession() as session:
        for said in ({"text": "\ud83d"}, {"text": "x", "reply_markup": markup}):
            async with session.post(url, json={"chat_id": 1} | said) as response:
                answer = await response.json()
            assert answer["description"] == "Bad Request: strings must be encoded in UTF-8"
    assert len(telegram.take_violations()) == 2


@needs_spec
def test_every_method_is_telegrams() -> None:
    assert set(METHODS) <= set(spec.method_names().values())


@needs_spec
def test_a_parameter_has_one_of_its_types() -> None:
    typed, problems = read_parameters("sendMessage", {"chat_id": "@a", "text": "1"})
    assert (typed, problems) == ({"chat_id": "@a", "text": "1"}, [])
    typed, problems = read_parameters("getUpdates", {"offset": "-5", "limit": True})
    assert typed["offset"] == -5
    assert [str(problem) for problem in problems] == ["limit: type"]
    scope = {"type": "chat", "chat_id": 5}
    typed, problems = read_parameters("getMyCommands", {"scope": json.dumps(scope)})
    assert (typed, problems) == ({"scope": scope}, [])
    problems = read_parameters("getMyCommands", {"scope": {"type": "chat"}})[1]
    assert [str(problem) for problem in problems] == ["scope.chat_id: missing"]


@needs_spec
def test_the_simulator_is_held_to_the_description_as_well() -> None:
    assert problems_of_answer("getMe", {"id": 1, "is_bot": True}) == ["result.first_name: missing"]
    assert problems_of_answer("sendChatAction", True) == []
    assert problems_of_update({"update_id": 1, "massage": {}}) == ["update.massage: unknown"]


@pytest.fixture
def no_description(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec, "document", lambda: None)


async def test_the_simulator_works_without_the_description(
    no_description: None, telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    await ana.starts()
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="y")]])
    await bot.send_message(ana.id, "5", reply_markup=keys)
    seen = await ana.hears(ana.private)
    assert seen.text == "5"
    await ana.presses(seen, "x")
    query = (await bot.get_updates(offset=-1, allowed_updates=["message"]))[-1].callback_query
    assert query is not None
    await query.answer("7", show_alert=True)
    assert (await ana.answered()).text == "7"
    await bot.set_my_commands([("x", "1")], language_code="en")
    assert ana.menu() == {"x": "1"}


async def test_checks_can_be_off() -> None:
    async with TelegramSimulator(checks=False) as telegram, aiohttp.ClientSession() as session:
        url = f"{telegram.url}/bot{telegram.token}/getMe?unknown=1"
        async with session.get(url) as response:
            assert (await response.json())["ok"]
        assert telegram.violations == []


@pytest.fixture
def background() -> Iterator[BackgroundTelegram]:
    with BackgroundTelegram() as background:
        yield background


def test_it_serves_other_threads_and_processes(background: BackgroundTelegram) -> None:
    telegram = background.telegram

    def fetch(method: str) -> object:
        url = f"{background.url}/bot{background.token}/{method}"
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - On loopback.
            return json.load(answer)["result"]

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: background.call(telegram.say_many, 25), range(4)))
    assert sum(map(len, said)) == 100
    found = fetch("getUpdates")
    assert isinstance(found, list)
    assert len(found) == 100
    assert len({update["update_id"] for update in found}) == 100
    ana = background.call(telegram.user, "Ana")
    background.run(ana.starts())
    fetch(f"sendMessage?chat_id={ana.id}&text=x")
    assert background.run(ana.hears(ana.private)).text == "x"
