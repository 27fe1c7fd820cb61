"""The documented limits of embeds."""

from __future__ import annotations

from collections.abc import Iterator

from tests.discord.refusals import Json, Path, Problem, missing, too_long

MOST_EMBEDS = 10
MOST_FIELDS = 25
MOST_IN_ALL = 6000  # Over all embeds of a message.
_LENGTHS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("title",), 256),
    (("description",), 4096),
    (("footer", "text"), 2048),
    (("author", "name"), 256),
)


def embed_problems(embeds: list[Json], path: Path = ("embeds",)) -> Iterator[Problem]:
    if len(embeds) > MOST_EMBEDS:
        yield too_long(path, MOST_EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        here = (*path, index)
        total += embed_length(embed)
        yield from _one(embed, here)
    if total > MOST_IN_ALL:
        yield Problem(
            path,
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {MOST_IN_ALL}",
        )


def embed_length(embed: Json) -> int:
    """What counts towards the limit over all embeds."""
    texts = [_at(embed, steps) for steps, _ in _LENGTHS]
    for item in embed.get("fields") or []:
        texts += [item.get("name"), item.get("value")]
    return sum(len(str(text)) for text in texts if text)


def _one(embed: Json, path: Path) -> Iterator[Problem]:
    for steps, limit in _LENGTHS:
        text = _at(embed, steps)
        if text is not None and len(str(text)) > limit:
            yield too_long((*path, *steps), limit)
    fields = embed.get("fields") or []
    if len(fields) > MOST_FIELDS:
        yield too_long((*path, "fields"), MOST_FIELDS)
    for index, item in enumerate(fields):
        for name, limit in (("name", 256), ("value", 1024)):
            text = str(item.get(name) or "")
            if not text.strip():
                yield missing((*path, "fields", index, name))
            elif len(text) > limit:
                yield too_long((*path, "fields", index, name), limit)
    yield from _addresses(embed, path)


def _addresses(embed: Json, path: Path) -> Iterator[Problem]:
    for name in ("image", "thumbnail"):
        address = _at(embed, (name, "url"))
        if address and not str(address).startswith(("http://", "https://", "attachment://")):
            yield Problem(
                (*path, name, "url"),
                "URL_TYPE_INVALID_SCHEME",
                "Scheme must be one of ('http', 'https', 'attachment').",
            )
    address = embed.get("url")
    if address and not str(address).startswith(("http://", "https://")):
        yield Problem(
            (*path, "url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https')."
        )


def _at(embed: Json, steps: tuple[str, ...]) -> object:
    value: object = embed
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
