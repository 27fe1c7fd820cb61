"""What the bot writes about itself: one line per event, to stderr, without secrets.

A terminal gets lines for people, anything else gets one JSON object per line. Each line carries the
id of the invocation during which it was written, so that what a person was told can be found.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal, TextIO

invocation_id: ContextVar[str] = ContextVar("invocation_id", default="")


@contextmanager
def logged_as(identity: str) -> Iterator[None]:
    """What is logged within, also by tasks begun and threads asked there, carries this id."""
    token = invocation_id.set(identity)
    try:
        yield
    finally:
        invocation_id.reset(token)


_HIDDEN = "***"
_IS = r"[\"']?\s{0,4}[:=]\s{0,4}[\"']?"
# Each pattern keeps its first group. Every repetition is bounded or runs over characters that
# cannot begin the next part, so hostile text costs no more than its length.
_SECRETS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        # A bot token of Telegram, alone or in a URL, then one of any length in a URL.
        r"((?<!\d)\d{6,12}:)[\w-]{30,64}",
        r"(/bot\d{1,20}:)[\w-]{1,128}",
        # A token of Discord: a user's id, a time and a signature; then webhooks and interactions.
        r"()(?<![\w-])[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,64}",
        r"(/(?:webhooks|interactions)/\d{1,20}/)[\w.-]{20,256}",
        # Passwords in URLs; those of databases may hold a slash.
        r"((?:postgres|postgresql)(?:\+\w{1,16})?://[^\s:/@]{0,64}:)[^\s\"'<>]{1,256}(?=@)",
        r"(://[^\s:/?#@]{0,64}:)[^\s/\"'<>]{1,256}(?=@)",
        # Header values, and what is named as a secret in queries, headers and printed mappings.
        rf"((?i:authorization){_IS})(?:(?i:bot|bearer|basic)\s{{1,4}})?[^\s\"',;]{{1,512}}",
        r"(\b(?i:bearer|basic)\s{1,4})[\w.~+/=-]{8,512}",
        rf"((?i:password|passwd|pwd|secret|token|api[_-]?key){_IS})[^\s\"'&,;]{{1,512}}",
        # Keys of Luma's: several in one setting, and wherever one stands alone.
        r"(?<![A-Za-z0-9])((?:[A-Z][A-Z0-9]{0,15}:)?secret-)[\w-]{8,200}",
        rf"(LUMA_API_KEYS{_IS})[^\s\"']{{1,2000}}",
    )
)
_ADDRESS = re.compile(r"(?<![\w.+%/-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# These errors say what they did not like, which may be what a member wrote.
_QUOTING = (ValueError, LookupError)
# Of libraries' DEBUG nothing is written: there whole messages stand, with all that people say.
_OURS = ("bot", "storage", "migrations")
# Each request is a line of these at INFO, with the token in its URL.
_NOISY = ("httpx", "httpcore", "asyncio", "alembic")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def redact(text: str) -> str:
    """The text with tokens, passwords, authorisation values and e-mail addresses hidden."""
    for pattern in _SECRETS:
        text = pattern.sub(rf"\g<1>{_HIDDEN}", text)
    return _ADDRESS.sub(_HIDDEN, text)


def _without_quotes(text: str, error: BaseException | None) -> str:
    """An exception's text without what these errors quote, wherever in it they stand."""
    for one in _chain(error, {}):
        if isinstance(one, _QUOTING) and str(one):
            name = type(one).__name__
            text = text.replace(f"{name}: {one}", f"{name}: {_HIDDEN}")
    return text


def _chain(error: BaseException | None, seen: dict[int, BaseException]) -> list[BaseException]:
    """An exception with all that it came of and that it holds, each once."""
    if error is not None and id(error) not in seen:
        seen[id(error)] = error
        held = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
        for one in (error.__cause__, error.__context__, *held):
            _chain(one, seen)
    return list(seen.values())


class _Line(logging.Formatter):
    """Redacts what it writes.

    This stands in the formatter and not in a filter: a filter would change the record that other
    handlers see, and the text of an exception exists only once it is formatted.
    """

    def message(self, record: logging.LogRecord) -> str:
        try:
            return redact(record.getMessage())
        except Exception:
            # The standard answer prints the arguments as they are, secrets included.
            return redact(f"{record.msg} {record.args!r}")

    def exception(self, record: logging.LogRecord) -> str:
        parts = []
        if record.exc_info:
            text = self.formatException(record.exc_info)
            parts.append(_without_quotes(text, record.exc_info[1]))
        if record.stack_info:
            parts.append(self.formatStack(record.stack_info))
        return redact("\n".join(parts))


class HumanLine(_Line):
    """`12:30:05 WARNING bot.app [a1b2c3] The text`, with continued lines indented."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        identity = f" [{invocation_id.get()}]" if invocation_id.get() else ""
        text = f"{time} {record.levelname} {record.name}{identity} {self.message(record)}"
        if exception := self.exception(record):
            text += "\n" + exception
        # A chat's text must neither steer the terminal nor look like a line of its own.
        text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
        return text.replace("\n", "\n    ")


class JsonLine(_Line):
    """One JSON object: at, level, logger, message, and where known invocation and exception."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "invocation": invocation_id.get(),
            "message": self.message(record),
            "exception": self.exception(record),
        }
        return json.dumps({key: value for key, value in line.items() if value}, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, so that setting up again replaces it and leaves the handlers of others alone."""


def set_up_logs(
    level: str = "INFO",
    style: Literal["auto", "human", "json"] = "auto",
    stream: TextIO | None = None,
) -> None:
    """Sends log lines to the stream (stderr) from the level on, those of libraries from INFO on.

    May be called again.
    """
    stream = stream or sys.stderr
    is_human = style == "human" or (style == "auto" and stream.isatty())
    handler = _Handler(stream)
    handler.setFormatter(HumanLine() if is_human else JsonLine())
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
