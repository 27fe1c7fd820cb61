"""A Reply -> messages as Telegram takes them, within every limit. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from bot.adapters.telegram import limits
from bot.adapters.telegram.keyboards import (
    Button,
    Keyboard,
    action_button,
    link_button,
    page_buttons,
    rows,
)
from bot.adapters.telegram.markup import bold, html, words
from bot.chat.paging import Limits, paginate
from bot.chat.reply import Block, Card, File, Reply
from bot.chat.text import Bold, Text, clean, one_line, plain

Payload: TypeAlias = dict[str, object]
Page: TypeAlias = tuple[Block, ...]

_TITLE = 300
_HEAD = 1_500
# Between a page's parts stand empty lines, which count as well.
_SPARE = 200
_REPLY_BUTTONS = 40
_NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Message:
    """One message: HTML and the buttons below it."""

    text: str
    keyboard: Keyboard = ()

    def payload(self) -> Payload:
        """What every method that shows a message is given, but for where."""
        made: Payload = {
            "text": self.text,
            "parse_mode": "HTML",
            "link_preview_options": _NO_PREVIEW,
        }
        if self.keyboard:
            made["reply_markup"] = {"inline_keyboard": self.keyboard}
        return made


@dataclass(frozen=True, slots=True)
class Rendered:
    """The message, those after it where a text cannot be turned by buttons, and the files."""

    messages: tuple[Message, ...]
    files: tuple[File, ...] = ()


def render(
    reply: Reply, *, zone: str = "UTC", link: tuple[str, str] | None = None, mark: str = ""
) -> Rendered:
    """The page that the reply is on.

    `link` is one button more: its label and its address. `mark` ends the code of each button.
    """
    said, card = reply.text, reply.card
    if limits.size(words(said, zone)) > _HEAD:
        said, card = (), _with_text(said, card)
    head = _head(said, card, zone)
    body = _body(card)
    actions = reply.actions[:_REPLY_BUTTONS]
    room = Limits(
        limits.TEXT - limits.size(head.words) - _SPARE,
        limits.BUTTONS - len(actions) - 3,
        limits.size,
    )
    pages = _pages(body, room, zone)
    page = min(reply.page, len(pages))
    below = [action_button(action) for action in actions]
    turning = page_buttons(reply, page, len(pages))
    extra = [link_button(*link)] if link else []
    keyboard = _marked(rows([_buttons(pages[page - 1]), below, turning, extra]), mark)
    text = _joined(head.html, pages[page - 1], zone)
    if not text and not reply.files:
        text = "Done." if reply.reaction is None else reply.reaction.emoji
    messages = [Message(text, keyboard)] if text or keyboard else []
    if reply.again is None:
        messages += [
            Message(_joined("", after, zone), _marked(rows([_buttons(after)]), mark))
            for after in pages[page : page + limits.MESSAGES - 1]
        ]
    return Rendered(tuple(messages), reply.files)


def _marked(keyboard: Keyboard, mark: str) -> Keyboard:
    """A code that has no room for the mark goes without: it then acts where it is pressed."""
    if not mark:
        return keyboard
    return tuple(tuple(_with_mark(button, mark) for button in row) for row in keyboard)


def _with_mark(button: Button, mark: str) -> Button:
    code = button.get("callback_data", "")
    if not code or len(code) + len(mark) > limits.CALLBACK_DATA:
        return button
    return button | {"callback_data": code + mark}


@dataclass(frozen=True, slots=True)
class _Head:
    html: str
    words: str


def _head(said: Text, card: Card | None, zone: str) -> _Head:
    """What stands on every page: the words above the card, its title and its facts."""
    lines = [(html(said, zone).strip(), words(said, zone).strip())]
    if card is not None:
        title, facts = _card_head(card, zone)
        lines += [title, facts]
    shown = [one for one in lines if one[0]]
    return _Head("\n\n".join(one[0] for one in shown), "\n\n".join(one[1] for one in shown))


# The same card is shown again and again, on each of its pages.
@lru_cache(maxsize=256)
def _card_head(card: Card, zone: str) -> tuple[tuple[str, str], tuple[str, str]]:
    title = limits.clip(one_line(card.title), _TITLE)
    facts: list[tuple[str, str]] = []
    used = 0
    for field in card.fields:
        value = words(field.value, zone).strip()
        told = f"{one_line(field.name)}: {value}"
        if value and used + limits.size(told) <= _HEAD:
            used += limits.size(told) + 1
            facts.append((f"{bold(one_line(field.name))}: {html(field.value, zone)}", told))
    return (
        (bold(title) if title else "", title),
        ("\n".join(one[0] for one in facts), "\n".join(one[1] for one in facts)),
    )


@lru_cache(maxsize=256)
def _body(card: Card | None) -> Page:
    """What is paged: the body, before it what found no room in the head, after it the footer."""
    if card is None:
        return ()
    before: list[Block] = []
    if limits.size(one_line(card.title)) > _TITLE:
        before.append(Block((Bold(one_line(card.title)),)))
    used = 0
    for field in card.fields:
        size = limits.size(f"{one_line(field.name)}: {plain(field.value)}")
        if used + size <= _HEAD:
            used += size + 1
        elif field.value:
            before.append(Block((Bold(field.name), ": ", *field.value)))
    after = (Block(card.footer),) if card.footer else ()
    return tuple(one for one in (*before, *card.body, *after) if one.text or one.actions)


@lru_cache(maxsize=256)
def _pages(body: Page, room: Limits, zone: str) -> tuple[Page, ...]:
    pages: list[Page] = []
    # Blocks are cut by their words; the empty lines between them come on top, and times are told
    # at greater length than a cut expects. Then all are cut again, smaller.
    for cut in (1.0, 0.8, 0.5, 0.25):
        fitting = replace(room, characters=max(200, int(room.characters * cut)))
        pages = paginate([*map(_with_few_actions, body)], fitting)
        if all(_fits(page, room.characters, zone) for page in pages):
            break
    return tuple(pages)


def _with_few_actions(block: Block) -> Block:
    most = limits.BUTTONS - _REPLY_BUTTONS - 3
    return block if len(block.actions) <= most else replace(block, actions=block.actions[:most])


def _fits(page: Page, room: int, zone: str) -> bool:
    return limits.size("\n\n".join(words(block.text, zone) for block in page)) <= room


def _buttons(page: Page) -> list[Button]:
    return [action_button(action) for block in page for action in block.actions]


@lru_cache(maxsize=128)
def _paragraphs(page: Page, zone: str) -> str:
    return "\n\n".join(text for block in page if (text := html(block.text, zone).strip()))


def _joined(head: str, page: Page, zone: str) -> str:
    body = _paragraphs(page, zone)
    return f"{head}\n\n{body}" if head and body else head or body


def _with_text(said: Text, card: Card | None) -> Card:
    """A text that is too long to stand on each page as the beginning of a card's body."""
    if card is None:
        return Card("", body=(Block(said),))
    return replace(card, body=(Block(said), *card.body))


def alert(reply: Reply, *, in_brief: bool = False) -> str | None:
    """The reply as an alert over the chat; None where it is more than a few words.

    `in_brief` leaves out the buttons that somebody can do without, and words that find no room.
    """
    is_cut = in_brief and reply.is_brief
    has_more = reply.card or (reply.actions and not is_cut) or reply.files or reply.ask
    told = clean(plain(reply.text)).strip()
    if not told or has_more:
        return None
    if is_cut:
        return limits.clip(told, limits.ALERT)
    return told if limits.size(told) <= limits.ALERT else None


def file_name(file: File) -> str:
    """A file's name without anything that could be a path."""
    name = clean(file.name).replace("\\", "/").rpartition("/")[2].replace("\n", " ").strip(" .")
    return limits.clip(name, limits.FILE_NAME) or "file"


def inline_result(number: str, title: str, about: str, message: Message) -> Payload:
    """One thing that inline mode offers: an article that becomes the message when it is picked."""
    shown = message.payload()
    markup = shown.pop("reply_markup", None)
    result: Payload = {
        "type": "article",
        "id": number,
        "title": limits.clip(one_line(title) or "?", 120),
        "description": limits.clip(one_line(about), 200),
        "input_message_content": {
            "message_text": shown["text"],
            "parse_mode": "HTML",
            "link_preview_options": _NO_PREVIEW,
        },
    }
    return result | {"reply_markup": markup} if markup else result
