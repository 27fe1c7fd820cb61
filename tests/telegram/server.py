"""The HTTP side: every request is read, checked, answered as Telegram would, and remembered."""

from __future__ import annotations

import asyncio
import json
import socket as sockets
import struct
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from tests.telegram import menus, methods_bot, methods_chats, methods_messages
from tests.telegram.calls import MOST_BYTES, Call, check_utf_8, read_raw
from tests.telegram.faults import Delay, Drop, Hang, Kind, Status
from tests.telegram.refusals import Json, Refusal, broken, unauthorized, unknown_method
from tests.telegram.spec import Problem, method_names, problems_of_answer, read_parameters
from tests.telegram.world import World

Handler = Callable[[World, Call], Any]
METHODS: dict[str, Handler] = {
    "getMe": methods_bot.get_me,
    "logOut": methods_bot.done,
    "close": methods_bot.done,
    "getUpdates": methods_bot.get_updates,
    "setWebhook": methods_bot.set_webhook,
    "deleteWebhook": methods_bot.delete_webhook,
    "getWebhookInfo": methods_bot.get_webhook_info,
    "answerCallbackQuery": methods_bot.answer_callback_query,
    "answerInlineQuery": methods_bot.answer_inline_query,
    "setMyCommands": menus.set_commands,
    "getMyCommands": menus.get_commands,
    "deleteMyCommands": menus.delete_commands,
    "sendMessage": methods_messages.send_message,
    "sendDocument": methods_messages.send_document,
    "sendPhoto": methods_messages.send_photo,
    "sendChatAction": methods_messages.send_chat_action,
    "editMessageText": methods_messages.edit_message_text,
    "editMessageCaption": methods_messages.edit_message_caption,
    "editMessageReplyMarkup": methods_messages.edit_message_reply_markup,
    "deleteMessage": methods_messages.delete_message,
    "deleteMessages": methods_messages.delete_messages,
    "pinChatMessage": methods_messages.pin_chat_message,
    "setMessageReaction": methods_messages.set_message_reaction,
    "getChat": methods_chats.get_chat,
    "getChatMember": methods_chats.get_chat_member,
    "getChatMemberCount": methods_chats.get_chat_member_count,
    "getChatAdministrators": methods_chats.get_chat_administrators,
    "leaveChat": methods_chats.leave_chat,
    "getFile": methods_chats.get_file,
}
_NAMES = {name.lower(): name for name in METHODS}
_EMPTY = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
}
_WRONG = {"chat_id": "chat not found", "reply_markup": "object expected as reply markup"}


class Server:
    """Listens on loopback."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.on_response_prepare.append(self._tell_date)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        self._world.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _tell_date(self, request: web.Request, response: web.StreamResponse) -> None:
        if self._world.ahead_by:
            told = datetime.now(UTC) + self._world.ahead_by
            response.headers["Date"] = format_datetime(told, usegmt=True)

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _download(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        found = [one for one in self._world.files.values() if one.path == path]
        fault = self._world.faults.take("file", None)
        if fault is not None and (answer := await _before(fault, request)) is not None:
            return answer
        if request.match_info["token"] != self._world.token:
            return _respond(401, unauthorized().body())
        if not found:
            return _respond(404, Refusal(404, "Not Found").body())
        return web.Response(body=found[0].data, content_type="application/octet-stream")

    async def _serve(self, request: web.Request) -> web.Response:
        world = self._world
        call = Call(request.match_info["method"], {}, world.clock.monotonic())
        world.calls.append(call)
        fault: Kind | None = None
        try:
            handler = await self._read(request, call)
            fault = world.faults.take(call.method, call.chat_id)
            if fault is not None and (answer := await _before(fault, request)) is not None:
                call.status = answer.status or None
                return answer
            result = handler(world, call)
            if isinstance(result, Awaitable):
                result = await result
            call.accepted, call.result = True, result
            status, body = 200, {"ok": True, "result": result}
            self._check(call)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body()
            call.description = refusal.description
            if refusal.is_violation:
                world.flaw(call, refusal.description)
        except Exception as error:
            # It must not pass for an outage that a bot outlives.
            world.flaw(call, f"the simulator failed: {error!r}")
            raise
        finally:
            world.bell.ring()
        if fault is not None and (answer := await _after(fault, request)) is not None:
            call.status = answer.status or None
            return answer
        call.status = status
        return _respond(status, body)

    async def _read(self, request: web.Request, call: Call) -> Handler:
        if request.match_info["token"] != self._world.token:
            raise unauthorized()
        raw = await read_raw(request)
        check_utf_8(raw)
        name = _NAMES.get(call.method.lower())
        if name is None:
            call.parameters = raw
            known = method_names().get(call.method.lower())
            raise broken(f"the simulator has no {known}") if known else unknown_method()
        call.method = name
        if not self._world.checks:
            call.parameters = read_parameters(name, raw)[0]
            return METHODS[name]
        call.parameters, problems = read_parameters(name, raw)
        # Files that others refer to by attach:// have names of their own.
        call.parameters |= {key: raw[key] for key in raw.keys() - call.parameters.keys()}
        self._judge(call, problems)
        return METHODS[name]

    def _judge(self, call: Call, problems: list[Problem]) -> None:
        """Telegram ignores what it does not know, and refuses what is missing or wrong."""
        refused = [one for one in problems if one.kind != "unknown" and "." not in one.path]
        for problem in problems:
            self._world.flaw(call, str(problem))
        for problem in refused:
            words = _EMPTY if problem.kind == "missing" else _WRONG
            default = f'parameter "{problem.name}" is {problem.kind}'
            raise Refusal(400, f"Bad Request: {words.get(problem.name, default)}")
        nested = [one for one in problems if one.kind != "unknown"]
        if nested:
            raise Refusal(400, f"Bad Request: can't parse {nested[0].name}: {nested[0]}")

    def _check(self, call: Call) -> None:
        for flaw in call.flaws:
            self._world.flaw(call, flaw)
        if self._world.checks:
            for problem in problems_of_answer(call.method, call.result):
                # Then a test must not pass, though the bot is not to blame.
                self._world.flaw(call, f"wrong answer of the simulator: {problem}")


async def _before(fault: Kind, request: web.Request) -> web.Response | None:
    """What happens instead of the request; None where it is handled."""
    if isinstance(fault, Status) and not fault.after:
        return _failed(fault)
    if isinstance(fault, Drop) and not fault.after:
        return _reset(request)
    if isinstance(fault, Hang) and not fault.after:
        await asyncio.sleep(3600)
    if isinstance(fault, Delay) and fault.before:
        await asyncio.sleep(fault.seconds)
    return None


async def _after(fault: Kind, request: web.Request) -> web.Response | None:
    """What happens instead of the answer; None where it is sent."""
    if isinstance(fault, Status):
        return _failed(fault)
    if isinstance(fault, Drop):
        return _reset(request)
    if isinstance(fault, Hang):
        await asyncio.sleep(3600)
    if isinstance(fault, Delay) and not fault.before:
        await asyncio.sleep(fault.seconds)
    return None


def _failed(fault: Status) -> web.Response:
    if fault.is_page:
        page = f"<html><h1>{fault.status}</h1></html>"
        return web.Response(text=page, status=fault.status, content_type="text/html")
    return _respond(fault.status, fault.body())


def _respond(status: int, body: Json) -> web.Response:
    data = json.dumps(body, ensure_ascii=False).encode()
    return web.Response(body=data, status=status, content_type="application/json")


def _reset(request: web.Request) -> web.Response:
    """Ends the connection with RST, so that the other side sees ECONNRESET."""
    transport = request.transport
    if transport is not None:
        socket = transport.get_extra_info("socket")
        socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=444)
