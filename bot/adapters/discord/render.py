"""A Reply -> what Discord is sent: a message's payload within every limit. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.adapters.discord import limits
from bot.adapters.discord.buttons import Button, action_button, page_buttons, rows, share_button
from bot.adapters.discord.embed import head_of, pages_of
from bot.adapters.discord.markup import is_snowflake, markdown, mentions
from bot.chat.reply import Action, Block, Card, File, Reply
from bot.chat.text import Mention, Text, clean

Payload: TypeAlias = dict[str, object]

EPHEMERAL = 64
_REPLY_BUTTONS = 15
# The three others are for the pages before and after, and for sharing.
_PAGE_BUTTONS = limits.BUTTONS - 3
_MAX_MESSAGES = 10


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, its files, and, where a text cannot be paged by buttons, the messages after it."""

    payload: Payload
    files: tuple[File, ...] = ()
    more: tuple[Payload, ...] = ()


def render(
    reply: Reply, *, can_share: bool = False, can_notify: bool = True, form: Action | None = None
) -> Rendered:
    """The page that the reply is on.

    `can_share` adds the button that shows it to everybody; `form` is the action of a form that
    could not be opened at once, and gets a button. Without `can_notify` nobody is pinged.
    """
    content, card = markdown(reply.text), reply.card
    if limits.size(content) > limits.CONTENT:
        content, card = "", _with_text(reply.text, card)
    actions = (*reply.actions, form) if form else reply.actions
    actions, late = actions[:_REPLY_BUTTONS], actions[_REPLY_BUTTONS:]
    row = [action_button(action) for action in actions]
    named = list(dict.fromkeys(_named(reply))) if can_notify else []
    if card is None and not late:
        return Rendered(_message(reply, content, None, [row], named), reply.files[: limits.FILES])
    head = head_of(card or Card(""), late)
    pages = pages_of(head, _PAGE_BUTTONS - len(actions))
    page = min(reply.page, len(pages))
    turning = page_buttons(reply, page, len(pages))
    if can_share:
        turning += share_button(reply, page)
    shown = pages[page - 1]
    buttons = [[action_button(action) for block in shown for action in block.actions], row, turning]
    payload = _message(reply, _naming(content, named), head.with_page(shown), buttons, named)
    following = pages[page : page + _MAX_MESSAGES - 1] if reply.again is None else []
    more = tuple(
        _after(head.with_page(blocks), [action for block in blocks for action in block.actions])
        for blocks in following
    )
    return Rendered(payload, reply.files[: limits.FILES], more)


def file_name(file: File) -> str:
    """A file's name without anything that could be a path."""
    name = clean(file.name).replace("\\", "/").rpartition("/")[2].replace("\n", " ").strip(" .")
    return limits.clip(name, 100) or "file"


def _message(
    reply: Reply,
    content: str,
    embed: Payload | None,
    buttons: Sequence[Sequence[Button]],
    named: Sequence[Mention],
) -> Payload:
    if not content and embed is None and not reply.files and reply.reaction is not None:
        content = reply.reaction.emoji
    payload: Payload = {
        "content": content,
        "embeds": [embed] if embed else [],
        "components": rows(buttons),
        "allowed_mentions": _allowed(named),
    }
    if reply.files:
        payload["attachments"] = [
            {"id": position, "filename": file_name(file)}
            for position, file in enumerate(reply.files[: limits.FILES])
        ]
    return payload


def _after(embed: Payload, actions: Sequence[Action]) -> Payload:
    """A further message of an answer that has no page buttons."""
    return {
        "content": "",
        "embeds": [embed],
        "components": rows([[action_button(action) for action in actions]]),
        "allowed_mentions": _allowed(()),
    }


def _with_text(text: Text, card: Card | None) -> Card:
    """A text that is too long for a message's content as the beginning of a card's body."""
    if card is None:
        return Card("", body=(Block(text),))
    return replace(card, body=(Block(text), *card.body))


def _named(reply: Reply) -> Iterator[Mention]:
    """Whom the reply names to notify them, whether in its text or on its card."""
    texts = [reply.text]
    if reply.card is not None:
        texts += [field.value for field in reply.card.fields]
        texts += [block.text for block in reply.card.body]
    for text in texts:
        yield from (one for one in mentions(text) if is_snowflake(one.account_id))


def _naming(content: str, named: Iterable[Mention]) -> str:
    """Discord notifies for a message's content alone, so who is named on a card stands there."""
    for one in named:
        mark = markdown((one,))
        if mark in content:
            continue
        longer = f"{content} {mark}" if content else mark
        if limits.size(longer) > limits.CONTENT:
            break
        content = longer
    return content


def _allowed(named: Iterable[Mention]) -> Payload:
    people = dict.fromkeys(one.account_id for one in named if not one.is_role)
    roles = dict.fromkeys(one.account_id for one in named if one.is_role)
    return {
        "parse": [],
        "users": list(people)[: limits.MENTIONS],
        "roles": list(roles)[: limits.MENTIONS],
        "replied_user": False,
    }
