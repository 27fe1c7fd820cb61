"""How a setting's text becomes its value; a reader raises ValueError with what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

LogFormat = Literal["auto", "human", "json"]

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LOG_FORMATS: dict[str, LogFormat] = {"auto": "auto", "human": "human", "json": "json"}
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def mask_url(url: str) -> str:
    """The database URL without its password, also where the URL is malformed."""
    head, at, tail = url.rpartition("@")
    if at:
        scheme = re.match(r"[A-Za-z0-9+.-]*://|", head)
        start = scheme.end() if scheme else 0
        user, colon, _ = head[start:].partition(":")
        url = f"{head[:start]}{user}{':***' if colon else ''}@{tail}"
    return re.sub(r"(?i)(password|passwd|pwd)=[^&\s]*", r"\1=***", url)


def database_url(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in ("sqlite", "postgresql", "postgres"):
        raise ValueError("it must begin with sqlite:/// or postgresql://")
    if scheme == "sqlite":
        file = rest.removeprefix("/")
        if not rest.startswith("/") or file in ("", ":memory:") or file.endswith("/"):
            raise ValueError("it names no file; three slashes and then the file")
        return value
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        # urllib's own words repeat a part of the value, which may be the password.
        raise ValueError(
            "its host or port cannot be read; special characters in a password are written as %XX"
        ) from None
    if port == 0:
        raise ValueError("its port is 0")
    if not parts.path.strip("/"):
        raise ValueError("it names no database after the host")
    return f"postgresql://{rest}"


def club(value: str) -> str:
    prefix = value.upper()
    if not re.fullmatch(r"[A-Z][A-Z0-9]{0,15}", prefix, re.ASCII):
        raise ValueError("a club's prefix is a letter and up to 15 more letters or digits")
    return prefix


def club_keys(value: str) -> Mapping[str, str]:
    """``PREFIX:key,PREFIX:key``; what is wrong is said without the keys."""
    keys: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        name, colon, key = part.partition(":")
        if not colon or not re.fullmatch(r"[\x21-\x7e]{8,200}", key.strip()):
            raise ValueError("it is a club's prefix, a colon and its key; several with commas")
        if club(name.strip()) in keys:
            raise ValueError(f"there are two keys for {club(name.strip())}")
        keys[club(name.strip())] = key.strip()
    return keys


def log_level(value: str) -> str:
    if value.upper() not in _LOG_LEVELS:
        raise ValueError(f"it is one of {', '.join(_LOG_LEVELS)}")
    return value.upper()


def log_format(value: str) -> LogFormat:
    if value.lower() not in _LOG_FORMATS:
        raise ValueError(f"it is one of {', '.join(_LOG_FORMATS)}")
    return _LOG_FORMATS[value.lower()]


def truth(value: str) -> bool:
    if value.lower() not in _TRUTHS:
        raise ValueError(f"it is one of {', '.join(_TRUTHS)}")
    return _TRUTHS[value.lower()]


def time_zone(value: str) -> str:
    if value == "UTC":
        return value
    # Most starts never need these.
    from zoneinfo import ZoneInfo, available_timezones

    try:
        return ZoneInfo(value).key
    except (LookupError, ValueError, OSError):
        near = get_close_matches(value, available_timezones(), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"it is no IANA time zone{hint}") from None


def data_dir(value: str) -> Path:
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise ValueError("its home folder is not known") from None
    if path.exists() and not path.is_dir():
        raise ValueError("it is a file, and a folder is needed")
    return path.absolute()


def token(value: str) -> str:
    if not value.isascii() or not value.isprintable() or " " in value.removeprefix("Bot "):
        raise ValueError("a token is one word; copy it whole from the developer portal")
    return value.removeprefix("Bot ")


def web_address(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"it must begin with {' or '.join(f'{s}://' for s in schemes)}")
        return value.rstrip("/")

    return read


def count(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 10_000:
        raise ValueError("it is a whole number from 1 up")
    return int(value)


def hours(value: str) -> int:
    if not value.isdecimal() or int(value) > 8_760:
        raise ValueError("it is a whole number of hours, and 0 means never")
    return int(value)


def telegram_token(value: str) -> str:
    # Source: the Bot API's page on authorisation; the number is the bot's own id.
    if not re.fullmatch(r"\d{1,20}:[A-Za-z0-9_-]{1,200}", value):
        raise ValueError("a token is a number, a colon and letters; copy it whole from @BotFather")
    return value


def port(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65_535:
        raise ValueError("it is a whole number from 1 to 65535")
    return int(value)


def host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]{1,253}", value):
        raise ValueError("it is a host's name or address")
    return value


def secret(value: str) -> str:
    # Source: the Bot API's setWebhook, on secret_token.
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError("it has 1 to 256 of A-Z, a-z, 0-9, _ and -")
    return value


def shard_ids(value: str) -> tuple[int, ...]:
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isdecimal() and int(part) < 10_000 for part in parts):
        raise ValueError("they are whole numbers from 0 up with commas between them")
    return tuple(sorted({int(part) for part in parts}))
