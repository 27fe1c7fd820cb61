"""A person who presses buttons and uses the bot inline, and sees what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.telegram.groups import Topic
from tests.telegram.inline import InlineAnswer, InlineResult
from tests.telegram.places import Chat, Message
from tests.telegram.posting import post
from tests.telegram.reading import PATIENCE, Place, Reader, chat_of, message_of
from tests.telegram.refusals import CannotDo, Json
from tests.telegram.seen import Seen, see
from tests.telegram.world import Callback, InlineQuery


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press showed: a toast, an alert, a link, or nothing but that it was taken."""

    text: str
    is_alert: bool
    url: str | None


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a button; on one with a link there is only the ``url``."""

    user: Presser
    callback: Callback | None = None
    url: str | None = None


@dataclass(eq=False, repr=False)
class Presser(Reader):
    presses_made: list[Press] = field(default_factory=list)

    async def presses(self, message: Message | Seen, label: str) -> Press:
        """Presses a button of a message as it stands now; a link is only returned."""
        target = message_of(message)
        if target.is_deleted:
            raise CannotDo("the message is gone")
        now = see(target)
        if label not in now.labels and not [one for one in now.labels if label in one]:
            raise CannotDo(f"no button {label!r} in {now.labels}")
        button = now.button(label)
        if button.data is None:
            press = Press(self, url=button.url)
        else:
            press = Press(self, self._call_back(target, button.data))
        self.presses_made.append(press)
        return press

    def _call_back(self, target: Message, data: str) -> Callback:
        world = self._world
        key = str(4_000_000_000_000_000_000 + world.number())
        callback = Callback(key, self, world.clock.now(), target)
        world.callbacks[key] = callback
        payload: Json = {"id": key, "from": self.payload(), "data": data}
        payload["chat_instance"] = str(abs(target.chat.id) * 7919)
        if target.inline_id is not None:
            payload["inline_message_id"] = target.inline_id
        else:
            payload["message"] = target.payload()
        lane = self.id if target.inline_id is not None else target.chat.id
        world.tell("callback_query", payload, lane, [self])
        return callback

    async def answered(self, press: Press | None = None, patience: float = PATIENCE) -> Answer:
        """How the press, or the last one, was answered."""
        of = press or self.presses_made[-1]
        callback = of.callback
        assert callback is not None, "a link is not answered"
        said = await self._world.bell.until(
            lambda: callback.answer, lambda: "the press was not answered", patience=patience
        )
        text = str(said.get("text") or "")
        return Answer(text, bool(said.get("show_alert")), said.get("url"))

    async def asks_inline(
        self,
        query: str,
        place: Place | None = None,
        *,
        offset: str = "",
        patience: float = PATIENCE,
    ) -> InlineAnswer:
        """Types ``@bot query`` in some chat and waits for what the bot offers."""
        world = self._world
        if not world.inline_mode:
            raise CannotDo("the bot has no inline mode")
        key = str(5_000_000_000_000_000_000 + world.number())
        asked = InlineQuery(key, self, query, world.clock.now())
        world.inline_queries[key] = asked
        payload: Json = {"id": key, "from": self.payload(), "query": query, "offset": offset}
        kind = "private" if place is None else chat_of(place).kind
        is_own = place is not None and chat_of(place) is self.private
        payload["chat_type"] = "sender" if is_own else kind
        world.tell("inline_query", payload, self.id, [self])
        said = await world.bell.until(
            lambda: asked.answer, lambda: f"nothing came for {query!r}", patience=patience
        )
        return InlineAnswer.read(self, asked, said)

    async def picks(self, result: InlineResult, place: Place | None = None) -> Message:
        """Sends what was offered; without a place into a chat where the bot is not."""
        world = self._world
        if place is None:
            elsewhere = Chat(-9_000_000_000 - self.id, "group", "Elsewhere")
            chat = world.chats.setdefault(elsewhere.id, elsewhere)
        else:
            chat = self.enter(chat_of(place))
        inline_id = f"inline-{world.number():08}" if result.markup else None
        message = post(
            world,
            chat,
            self,
            result.content,
            thread_id=place.thread_id if isinstance(place, Topic) else None,
            via_bot=world.bot,
            markup=result.markup,
            inline_id=inline_id,
        )
        message.source = result.source
        if inline_id is not None:
            world.inline_messages[inline_id] = message
        if world.inline_feedback:
            chosen: Json = {"result_id": result.id, "from": self.payload(), "query": result.query}
            if inline_id is not None:
                chosen["inline_message_id"] = inline_id
            world.tell("chosen_inline_result", chosen, self.id, [self])
        return message
