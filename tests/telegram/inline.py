"""Inline mode: what the bot offers for a query, checked, and as a person sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.telegram.calls import Call
from tests.telegram.entities import Formatted, read_text
from tests.telegram.markup import check_markup, is_inline, start_flaws
from tests.telegram.places import User
from tests.telegram.refusals import Json, broken
from tests.telegram.world import InlineQuery

RESULTS = 50


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One offer; ``content`` is the message that it would become."""

    id: str
    kind: str
    title: str
    description: str
    content: Formatted
    source: str
    markup: Json | None
    query: str

    @property
    def text(self) -> str:
        return self.content.text


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What stands in the list; ``button`` is its label and the payload that it starts with."""

    user: User
    results: tuple[InlineResult, ...]
    button: tuple[str, str] | None
    next_offset: str
    is_personal: bool
    cache_time: int
    raw: Json = field(repr=False)

    @classmethod
    def read(cls, user: User, asked: InlineQuery, said: Json) -> InlineAnswer:
        button = said.get("button")
        return cls(
            user,
            tuple(_result(one, asked.query) for one in said["results"]),
            None if button is None else (button["text"], button.get("start_parameter", "")),
            said.get("next_offset") or "",
            bool(said.get("is_personal")),
            int(said.get("cache_time", 300)),
            said,
        )

    def __iter__(self) -> Iterator[InlineResult]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, index: int) -> InlineResult:
        return self.results[index]

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.results]


def check_inline_answer(call: Call) -> None:
    """Raises what Telegram would complain about."""
    results: list[Json] = call.get("results")
    if len(results) > RESULTS:
        raise broken("RESULTS_TOO_MUCH")
    ids = [one["id"] for one in results]
    if any(not 1 <= len(key.encode()) <= 64 for key in ids):
        raise broken("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise broken("RESULT_ID_DUPLICATE")
    for one in results:
        _check_result(call, one)
    if len((call.get("next_offset") or "").encode()) > 64:
        raise broken("NEXT_OFFSET_INVALID")
    if call.get("button") is not None:
        _check_button(call.get("button"))


def _check_result(call: Call, one: Json) -> None:
    if one["type"] == "article" and not one["title"].strip():
        raise broken("ARTICLE_TITLE_EMPTY")
    if "reply_markup" in one:
        call.flaws += check_markup(one["reply_markup"], is_private=False)
        if not is_inline(one["reply_markup"]):
            raise broken("inline keyboard expected")
    content = _content(one)[0]
    call.flaws += content.flaws
    is_text = "input_message_content" in one
    if content.size > (4096 if is_text else 1024):
        raise broken("MESSAGE_TOO_LONG")
    if is_text and not content.text:
        raise broken("message text is empty")


def _check_button(button: Json) -> None:
    if not button["text"].strip():
        raise broken("BUTTON_TEXT_INVALID")
    start = button.get("start_parameter")
    if (start is None) == ("web_app" not in button):
        raise broken("an inline query results button has exactly one action")
    if start is not None and start_flaws(f"https://t.me/a_bot?start={start}"):
        raise broken("START_PARAM_INVALID")


def _content(result: Json) -> tuple[Formatted, str]:
    said = result.get("input_message_content") or {}
    source = str(said.get("message_text", result.get("caption", "")))
    entities = said.get("entities", result.get("caption_entities"))
    mode = said.get("parse_mode", result.get("parse_mode"))
    return read_text(source, mode, entities), source


def _result(result: Json, query: str) -> InlineResult:
    content, source = _content(result)
    return InlineResult(
        id=result["id"],
        kind=result["type"],
        title=result.get("title", ""),
        description=result.get("description", ""),
        content=content,
        source=source,
        markup=result.get("reply_markup"),
        query=query,
    )
