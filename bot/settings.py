"""What the environment and a ``.env`` file say about how the bot is to run.

Settings are read once, by whoever composes the program, and never at import. Nothing is checked
later: a Settings that exists is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlsplit

from platformdirs import user_data_path

LogFormat = Literal["auto", "human", "json"]
T = TypeVar("T")
D = TypeVar("D")

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LOG_FORMATS: dict[str, LogFormat] = {"auto": "auto", "human": "human", "json": "json"}
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
# Variables with the bot's prefix that belong to its tests.
_OTHERS = frozenset({"WPRC_TEST_POSTGRES", "WPRC_TEST_POSTGRES_DIR"})
_SHOWN_LENGTH = 80


class SettingsError(ValueError):
    """Settings that cannot be used; the text has one line for each wrong value."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """How the bot is to run. `warnings` are sentences for whoever started it."""

    database_url: str
    data_dir: Path
    club: str | None = None
    log_level: str = "INFO"
    log_format: LogFormat = "auto"
    auto_migrate: bool = True
    time_zone: str = "UTC"
    is_open: bool = False
    discord_token: str | None = field(default=None, repr=False)
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    discord_message_content: bool = False
    discord_shard_count: int | None = None
    discord_shard_ids: tuple[int, ...] | None = None
    warnings: tuple[str, ...] = field(default=(), compare=False)

    def __repr__(self) -> str:
        shown = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.compare and each.repr
        }
        shown["database_url"] = mask_url(self.database_url)
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def make_data_dir(self) -> Path:
        """Makes the data folder, for its owner alone, where it is missing; raises OSError."""
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.data_dir


def mask_url(url: str) -> str:
    """The database URL without its password, also where the URL is malformed."""
    head, at, tail = url.rpartition("@")
    if at:
        scheme = re.match(r"[A-Za-z0-9+.-]*://|", head)
        start = scheme.end() if scheme else 0
        user, colon, _ = head[start:].partition(":")
        url = f"{head[:start]}{user}{':***' if colon else ''}@{tail}"
    return re.sub(r"(?i)(password|passwd|pwd)=[^&\s]*", r"\1=***", url)


def _database_url(value: str) -> str:
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


def _club(value: str) -> str:
    prefix = value.upper()
    if not re.fullmatch(r"[A-Z][A-Z0-9]{0,15}", prefix, re.ASCII):
        raise ValueError("a club's prefix is a letter and up to 15 more letters or digits")
    return prefix


def _log_level(value: str) -> str:
    if value.upper() not in _LOG_LEVELS:
        raise ValueError(f"it is one of {', '.join(_LOG_LEVELS)}")
    return value.upper()


def _log_format(value: str) -> LogFormat:
    if value.lower() not in _LOG_FORMATS:
        raise ValueError(f"it is one of {', '.join(_LOG_FORMATS)}")
    return _LOG_FORMATS[value.lower()]


def _truth(value: str) -> bool:
    if value.lower() not in _TRUTHS:
        raise ValueError(f"it is one of {', '.join(_TRUTHS)}")
    return _TRUTHS[value.lower()]


def _time_zone(value: str) -> str:
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


def _data_dir(value: str) -> Path:
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise ValueError("its home folder is not known") from None
    if path.exists() and not path.is_dir():
        raise ValueError("it is a file, and a folder is needed")
    return path.absolute()


def _token(value: str) -> str:
    if not value.isascii() or not value.isprintable() or " " in value.removeprefix("Bot "):
        raise ValueError("a token is one word; copy it whole from the developer portal")
    return value.removeprefix("Bot ")


def _web_address(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"it must begin with {' or '.join(f'{s}://' for s in schemes)}")
        return value.rstrip("/")

    return read


def _count(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 10_000:
        raise ValueError("it is a whole number from 1 up")
    return int(value)


def _shard_ids(value: str) -> tuple[int, ...]:
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isdecimal() and int(part) < 10_000 for part in parts):
        raise ValueError("they are whole numbers from 0 up with commas between them")
    return tuple(sorted({int(part) for part in parts}))


@dataclass(frozen=True, slots=True)
class Variable(Generic[T]):
    """An environment variable: how it is read, and an example of a right value."""

    name: str
    read: Callable[[str], T]
    example: str


DATABASE_URL = Variable("DATABASE_URL", _database_url, "postgresql://wprc:secret@localhost/wprc")
CLUB = Variable("WPRC_CLUB", _club, "WPRC")
DATA_DIR = Variable("WPRC_DATA_DIR", _data_dir, "/var/lib/wprc")
TIME_ZONE = Variable("WPRC_TIME_ZONE", _time_zone, "Europe/London")
AUTO_MIGRATE = Variable("WPRC_AUTO_MIGRATE", _truth, "false")
LOG_LEVEL = Variable("LOG_LEVEL", _log_level, "DEBUG")
LOG_FORMAT = Variable("LOG_FORMAT", _log_format, "json")
OPEN = Variable("WPRC_OPEN", _truth, "true")
DISCORD_TOKEN = Variable("DISCORD_TOKEN", _token, "the-long-token-of-your-bots-page")
DISCORD_API_URL = Variable(
    "DISCORD_API_URL", _web_address("https", "http"), "http://localhost:8080/api/v10"
)
DISCORD_GATEWAY_URL = Variable(
    "DISCORD_GATEWAY_URL", _web_address("wss", "ws"), "wss://gateway.discord.gg"
)
DISCORD_MESSAGE_CONTENT = Variable("DISCORD_MESSAGE_CONTENT", _truth, "true")
DISCORD_SHARD_COUNT = Variable("DISCORD_SHARD_COUNT", _count, "4")
DISCORD_SHARD_IDS = Variable("DISCORD_SHARD_IDS", _shard_ids, "0,1")
VARIABLES: tuple[Variable[Any], ...] = (
    *(DATABASE_URL, CLUB, DATA_DIR, TIME_ZONE),
    *(AUTO_MIGRATE, LOG_LEVEL, LOG_FORMAT, OPEN),
    *(DISCORD_TOKEN, DISCORD_API_URL, DISCORD_GATEWAY_URL, DISCORD_MESSAGE_CONTENT),
    *(DISCORD_SHARD_COUNT, DISCORD_SHARD_IDS),
)
_SECRETS = frozenset({DISCORD_TOKEN.name})


class _Values:
    """The given values, and what turned out to be wrong with them."""

    def __init__(self, given: Mapping[str, str], problems: list[str]) -> None:
        self.given = given
        self.problems = problems

    def get(self, variable: Variable[T], default: D) -> T | D:
        value = self.given.get(variable.name, "").strip()
        if not value:
            return default
        try:
            return variable.read(value)
        except ValueError as error:
            shown = mask_url(value) if variable.name == DATABASE_URL.name else value
            shown = "***" if variable.name in _SECRETS else shown
            if len(shown) > _SHOWN_LENGTH:
                shown = shown[:_SHOWN_LENGTH] + "…"
            self.problems.append(
                f"{variable.name} is {shown!r}: {error}. "
                f"Example: {variable.name}={variable.example}"
            )
            return default


def _read_env_file(path: Path, problems: list[str]) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        problems.append(f"{path} cannot be read: {reason}. Mend it or remove it.")
        return {}
    # A start without the file need not wait for the library.
    from dotenv.parser import parse_stream

    values: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            # The line itself is not shown, since it may hold a secret.
            problems.append(
                f"Line {binding.original.line} of {path} is not NAME=value. Example: WPRC_CLUB=WPRC"
            )
        elif binding.key is not None and binding.value is not None:
            values[binding.key] = binding.value
    return values


def _unknown_names(given: Mapping[str, str]) -> tuple[str, ...]:
    known = [variable.name for variable in VARIABLES]
    warnings = []
    for name in sorted(given):
        if not name.startswith("WPRC_") or name in known or name in _OTHERS:
            continue
        bare = name.removeprefix("WPRC_")
        near = [bare] if bare in known else get_close_matches(name, known, n=1, cutoff=0)
        warnings.append(f"{name} is not a setting and does nothing; the nearest is {near[0]}.")
    return tuple(warnings)


def _check_shards(settings: Settings, problems: list[str]) -> None:
    """This process's shards are some of a known number of them."""
    ids, count = settings.discord_shard_ids, settings.discord_shard_count
    if ids is not None and (count is None or ids[-1] >= count):
        problems.append(
            f"DISCORD_SHARD_IDS is {','.join(map(str, ids))}: DISCORD_SHARD_COUNT must be greater "
            f"than each of them. Example: DISCORD_SHARD_COUNT={ids[-1] + 1}"
        )


def load_settings(environ: Mapping[str, str], env_file: Path | None) -> Settings:
    """Reads the settings; the environment wins over the file, and an empty value is none.

    A missing file is no error. Raises SettingsError naming everything that is wrong at once.
    """
    problems: list[str] = []
    given = _read_env_file(env_file, problems) if env_file else {}
    given = {**given, **{name: value for name, value in environ.items() if value.strip()}}
    values = _Values(given, problems)
    data_dir = values.get(DATA_DIR, user_data_path("wprc", appauthor=False))
    settings = Settings(
        database_url=values.get(DATABASE_URL, f"sqlite:///{data_dir / 'wprc.sqlite'}"),
        data_dir=data_dir,
        club=values.get(CLUB, None),
        log_level=values.get(LOG_LEVEL, "INFO"),
        log_format=values.get(LOG_FORMAT, "auto"),
        auto_migrate=values.get(AUTO_MIGRATE, default=True),
        time_zone=values.get(TIME_ZONE, "UTC"),
        is_open=values.get(OPEN, default=False),
        discord_token=values.get(DISCORD_TOKEN, None),
        discord_api_url=values.get(DISCORD_API_URL, None),
        discord_gateway_url=values.get(DISCORD_GATEWAY_URL, None),
        discord_message_content=values.get(DISCORD_MESSAGE_CONTENT, default=False),
        discord_shard_count=values.get(DISCORD_SHARD_COUNT, None),
        discord_shard_ids=values.get(DISCORD_SHARD_IDS, None),
        warnings=_unknown_names(given),
    )
    _check_shards(settings, problems)
    if problems:
        raise SettingsError(tuple(problems))
    return settings
