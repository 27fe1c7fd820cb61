"""The club on Telegram: updates in, stored first; answers and announcements out."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import orjson
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.commands import fingerprint, registrations
from bot.adapters.telegram.errors import Refused, as_delivery, as_edit
from bot.adapters.telegram.handling import Handling
from bot.adapters.telegram.incoming import WANTED, Call, Query, lane_of
from bot.adapters.telegram.lanes import Lanes
from bot.adapters.telegram.membership import Membership
from bot.adapters.telegram.payloads import PLATFORM, Json
from bot.adapters.telegram.polling import REFUSED, Polling
from bot.adapters.telegram.press import Press
from bot.adapters.telegram.render import render
from bot.adapters.telegram.webhook import Webhook
from bot.chat.adapter import Events, Sight
from bot.chat.desk import Desk
from bot.chat.invocation import MessageRef, PlaceRef, Update, UpdateRef
from bot.chat.reply import Reply

log = logging.getLogger(__name__)

_MAX_PAUSE = 60.0
_CONNECTIONS = 40
# Of so many updates it is remembered that they were begun: far more than are ever in hand.
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """`api_url` is where a Bot API server answers; without a webhook's address the bot polls."""

    token: str = field(repr=False)
    api_url: str | None = None
    webhook_url: str | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: int | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    drain_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class _Item:
    """What was read of an update, and the mark under which it is stored."""

    got: Call | Query
    ref: UpdateRef | None
    press: Press | None


class TelegramAdapter:
    """`ready` is set once the bot knows who it is and takes updates in."""

    name = PLATFORM
    # Telegram has no mark by which it could tell a repeat.
    repeats_for = 0.0
    # Telegram keeps no calendar for a group.
    events: Events | None = None

    def __init__(self, desk: Desk, options: TelegramOptions) -> None:
        self._desk = desk
        self._options = options
        self._api = Api(options.token, options.api_url)
        self.pacer = self._api.pacer
        self._membership = Membership(self._api, desk)
        self._handling = Handling(desk, self._api, self._membership)
        self._lanes: Lanes[_Item] = Lanes(self._handled)
        self._begun: dict[int, None] = {}
        self._is_behind = False
        self._polling = Polling(self._api, self._take)
        self._stopping = asyncio.Event()
        self.ready = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether messages can be sent."""
        return self.ready.is_set() and not self._stopping.is_set()

    @property
    def is_connected(self) -> bool:
        """Whether updates come in; at a webhook nobody can tell silence from a cut line."""
        return self.is_ready and not self._polling.is_failing

    @property
    def _source(self) -> str:
        return f"{PLATFORM}:{self._membership.bot.id}"

    async def run(self) -> None:
        """Serves until `stop`; raises Refused for a token that Telegram refuses."""
        serving = asyncio.create_task(self._keep_serving())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        finally:
            for task in (serving, stopping):
                task.cancel()
            await asyncio.gather(serving, stopping, return_exceptions=True)
            # What is not finished by then stays stored, and is handled at the next start.
            await self._lanes.drain(self._options.drain_seconds)
            self.ready.clear()
            await self._api.close()

    async def stop(self) -> None:
        """Takes in nothing more; `run` ends when what was taken in is answered."""
        self._stopping.set()

    def sight(self, place: PlaceRef) -> Sight | None:
        return self._membership.sight(place)

    async def send(self, place: PlaceRef, reply: Reply, key: str) -> MessageRef:
        """Sends unasked; raises a DeliveryError that says what is known of the message."""
        messages = render(reply, zone=self._desk.zone_of(place, None)).messages
        try:
            number = await self._api.send(place, messages[0], is_answer=False)
        except TelegramError as error:
            raise as_delivery(error, place) from error
        try:
            for message in messages[1:]:
                await self._api.send(place, message)
        except TelegramError as error:
            log.warning("a message was sent in part: %s", error.message)
        # A chat's message ids are the same in all its topics.
        sent = MessageRef(replace(place, thread_id=None), str(number))
        if reply.subject is not None:
            await self._desk.posted(sent, reply.subject)
        return sent

    async def edit(self, place: PlaceRef, message_id: str, reply: Reply) -> None:
        """Puts this in the place of a message; raises a DeliveryError."""
        message = render(reply, zone=self._desk.zone_of(place, None)).messages[0]
        try:
            await self._api.edit(
                place, message, number=int(message_id), inline=None, is_patient=False
            )
        except TelegramError as error:
            raise as_edit(error, place) from error

    async def _keep_serving(self) -> None:
        """Begins anew after whatever was not foreseen, such as a database out of reach."""
        failures = 0
        while True:
            try:
                await self._serve()
            except Refused:
                raise
            except Exception as error:
                self.ready.clear()
                failures += 1
                seconds = min(_MAX_PAUSE, 2.0**failures) * random.uniform(0.5, 1)  # noqa: S311
                log.exception("Telegram: %s; it is tried again in %.1f s", error, seconds)
                await asyncio.sleep(seconds)

    async def _serve(self) -> None:
        await self._meet()
        await self._membership.load()
        await self._register()
        if self._options.webhook_url is None:
            await self._drop_webhook()
            await self._recall()
            self._say_ready("")
            await self._polling.run()
        else:
            await self._recall()
            await self._listen(self._options.webhook_url)

    async def _meet(self) -> None:
        """Learns who the bot is; without that nothing can be read."""
        failures = 0
        while True:
            try:
                self._membership.bot = await self._api.me()
            except InvalidToken:
                raise Refused(REFUSED) from None
            except TelegramError as error:
                if not failures:
                    log.warning("Telegram is not reached (%s); it is tried again", error.message)
                failures += 1
                pause = min(_MAX_PAUSE, 2.0**failures) * random.uniform(0.5, 1)  # noqa: S311
                await asyncio.sleep(pause)
            else:
                self._handling.met()
                return

    async def _register(self) -> None:
        """Tells Telegram the commands where they are not those that it was told last."""
        payloads = registrations(self._desk.commands)
        mark, key = fingerprint(payloads), f"commands:{self._membership.bot.id}"
        if await self._desk.load_state(PLATFORM, key) == mark:
            return
        try:
            for payload in payloads:
                await self._api.call("setMyCommands", payload)
        except TelegramError as error:
            log.error("the commands could not be registered: %s", error.message)
            return
        await self._desk.save_state(PLATFORM, key, mark)

    async def _drop_webhook(self) -> None:
        # Polling finds out by itself where this is refused.
        with suppress(TelegramError):
            info = await self._api.call("getWebhookInfo", {})
            if info.get("url"):
                log.warning("Telegram: a webhook was set; it is taken away, since this bot polls")
                await self._api.call("deleteWebhook", {"drop_pending_updates": False})

    async def _listen(self, url: str) -> None:
        """Takes in what Telegram sends to the webhook."""
        secret, port = self._options.webhook_secret or "", self._options.webhook_port or 0
        if not secret:
            raise Refused("A webhook needs a secret. Set TELEGRAM_WEBHOOK_SECRET.")
        webhook = Webhook(url, secret, self._take)
        try:
            await webhook.start(self._options.webhook_host, port)
        except OSError as error:
            raise Refused(
                f"The webhook cannot listen on {self._options.webhook_host}:{port} "
                f"({error.strerror}). Set TELEGRAM_WEBHOOK_PORT to a free one."
            ) from None
        try:
            await self._api.call(
                "setWebhook",
                {
                    "url": url,
                    "secret_token": secret,
                    "allowed_updates": WANTED,
                    "max_connections": _CONNECTIONS,
                },
            )
            self._say_ready(f", at its webhook on port {port}")
            await asyncio.Event().wait()
        except BadRequest as error:
            raise Refused(f"Telegram does not take the webhook: {error.message}.") from None
        finally:
            await webhook.stop()

    async def _recall(self) -> None:
        """What was stored and is neither finished nor in hand comes before all that is new."""
        count, last = 0, -1
        while updates := await self._desk.recall(self._source, last):
            for update in updates:
                last = update.ref.number
                count += self._put(orjson.loads(update.payload), update.ref)
            await self._lanes.room()
        if count:
            log.info("Telegram: %d updates from before are handled now", count)

    async def _catch_up(self) -> None:
        """What was stored although storing it seemed to fail is begun as well."""
        if not self._is_behind:
            return
        self._is_behind = False
        try:
            await self._recall()
        except BaseException:
            self._is_behind = True
            raise

    async def _take(self, updates: Sequence[Json]) -> None:
        """Stores updates, and starts handling those that are new."""
        stored: dict[int, Json] = {}
        for update in updates:
            if "inline_query" in update:
                # Nobody waits for it after a restart, so it is not worth keeping.
                self._put(update, None)
            else:
                stored[int(update["update_id"])] = update
        try:
            new = await self._desk.accept(
                [
                    Update(UpdateRef(self._source, number), orjson.dumps(update).decode())
                    for number, update in stored.items()
                ]
            )
        except BaseException:
            # They may be stored all the same, and would then be known and not new the next time.
            self._is_behind = True
            raise
        await self._catch_up()
        for ref in sorted(new, key=lambda one: one.number):
            self._put(stored[ref.number], ref)
        await self._lanes.room()

    def _put(self, update: Json, ref: UpdateRef | None) -> bool:
        """Begins handling an update; False for one that this run has begun before."""
        if ref is not None:
            if ref.number in self._begun:
                return False
            self._begun[ref.number] = None
            if len(self._begun) > _REMEMBERED:
                del self._begun[next(iter(self._begun))]
        try:
            self._handling.seen(update)
            got = self._handling.reader.read(update)
        except Exception:
            # It is stored already, so it would be lost to this run together with those after it.
            log.exception("an update could not be read")
            got = None
        if got is not None:
            self._lanes.put(lane_of(update), _Item(got, ref, self._handling.press_of(got)))
        elif ref is not None:
            self._desk.finish(ref)
        return True

    async def _handled(self, item: _Item) -> None:
        """Handled and answered, or failed and logged: either way it does not come again."""
        got = item.got
        with self._desk.logged_as(got.id if isinstance(got, Query) else got.invocation.id):
            try:
                await self._handling.handle(item.got, item.press)
            except Exception:
                log.exception("an update could not be handled")
        if item.ref is not None:
            self._desk.finish(item.ref)

    def _say_ready(self, how: str) -> None:
        self.ready.set()
        name = self._membership.bot.username
        log.info(
            "Telegram: ready as @%s%s; https://t.me/%s?startgroup=setup adds it to a group",
            name,
            how,
            name,
        )
