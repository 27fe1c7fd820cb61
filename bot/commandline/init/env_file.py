"""The file `.env`: changed value by value, with its comments and other lines as they were."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from io import StringIO
from pathlib import Path

from dotenv.parser import Binding, parse_stream

_HEAD = "# Settings of the bot, written by `wprc init`; .env.example explains all that there are.\n"
_COMMENTS = {
    "DISCORD_TOKEN": "The bot's token on Discord: whoever has it is the bot.",
    "DISCORD_MESSAGE_CONTENT": "Whether the bot reads ordinary messages on Discord.",
    "TELEGRAM_TOKEN": "The bot's token on Telegram: whoever has it is the bot.",
    "DATABASE_URL": "Where the club's data is.",
    "WPRC_CLUB": "The club that is meant where nothing else says so.",
    "WPRC_TIME_ZONE": "The time zone of a club that is founded.",
}
# What needs no quotes, whoever reads the file: this program, a shell or systemd.
_PLAIN = re.compile(r"[A-Za-z0-9_.,:/@%+=?&~-]*")


def changed(text: str, values: Mapping[str, str]) -> str:
    """The file's text with these values; an empty value means the default."""
    bindings = list(parse_stream(StringIO(text)))
    # The last line of a name is the one that counts, and an old secret must not stay in another.
    last = {binding.key: number for number, binding in enumerate(bindings) if binding.key}
    kept = []
    for number, binding in enumerate(bindings):
        if binding.key is None or binding.key not in values:
            kept.append(binding.original.string)
        elif last[binding.key] == number:
            kept.append(_line(binding, values[binding.key]))
        else:
            kept.append(_before(binding))
    whole = "".join(kept)
    new = {name: value for name, value in values.items() if name not in last and value}
    if new and whole and not whole.endswith("\n"):
        whole += "\n"
    for name, value in new.items():
        comment = f"\n# {_COMMENTS[name]}\n" if name in _COMMENTS else "\n"
        whole += f"{comment}{name}={_quoted(value)}\n"
    return whole


def _before(binding: Binding) -> str:
    """The empty lines that the parser counts to the binding after them."""
    text = binding.original.string
    return text[: len(text) - len(text.lstrip("\r\n"))]


def _line(binding: Binding, value: str) -> str:
    text = binding.original.string
    start = re.match(r"\s*(?:export\s+)?", text)
    comment = re.search(r"(?P<comment>\s+#[^\n'\"]*?)?(?P<end>\r?\n?)$", text)
    tail = "" if comment is None else f"{comment['comment'] or ''}{comment['end']}"
    return f"{start[0] if start else ''}{binding.key}={_quoted(value)}{tail}"


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def write(path: Path, values: Mapping[str, str]) -> None:
    """Puts the changed file in the place of the old one at once, for its owner alone.

    Raises OSError; then the old file stands as it was.
    """
    path = path.resolve()  # A link to the file stays a link.
    owner = None
    try:
        text = path.read_bytes().decode("utf-8-sig")
        owner = path.stat()
    except FileNotFoundError:
        text = _HEAD
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "w", encoding="utf-8", newline="") as file:
            if owner is not None:
                # Whoever runs the service reads it, also where an administrator changes it.
                with suppress(OSError):
                    os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(changed(text, values))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
