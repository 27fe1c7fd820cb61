"""What the environment and a ``.env`` file say about how the bot is to run.

Settings are read once, by whoever composes the program, and never at import. Nothing is checked
later: a Settings that exists is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_data_path

from bot.settings import variables
from bot.settings.readers import LogFormat, mask_url

T = TypeVar("T")
D = TypeVar("D")

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
    backup_every: int | None = None
    backup_keep: int = 7
    backup_dir: Path | None = None
    http_host: str = "127.0.0.1"
    http_port: int | None = None
    discord_token: str | None = field(default=None, repr=False)
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    discord_message_content: bool = False
    discord_shard_count: int | None = None
    discord_shard_ids: tuple[int, ...] | None = None
    telegram_token: str | None = field(default=None, repr=False)
    telegram_api_url: str | None = None
    telegram_webhook_url: str | None = None
    telegram_webhook_host: str = "127.0.0.1"
    telegram_webhook_port: int | None = None
    telegram_webhook_secret: str | None = field(default=None, repr=False)
    luma_api_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the prefix of the club; each is the key of one calendar."""
    luma_api_url: str | None = None
    warnings: tuple[str, ...] = field(default=(), compare=False)

    def __repr__(self) -> str:
        shown = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.compare and each.repr
        }
        shown["database_url"] = mask_url(self.database_url)
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    @property
    def backup_hours(self) -> int:
        """How often the database is backed up by itself; 0 for never.

        A file is nobody else's care, while a server often has backups of its own.
        """
        if self.backup_every is not None:
            return self.backup_every
        return 24 if self.database_url.startswith("sqlite") else 0

    @property
    def backup_folder(self) -> Path:
        """Where these backups are kept."""
        return self.backup_dir or self.data_dir / "backups"

    def make_data_dir(self) -> Path:
        """Makes the data folder, for its owner alone, where it is missing; raises OSError."""
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.data_dir


class _Values:
    """The given values, and what turned out to be wrong with them."""

    def __init__(self, given: Mapping[str, str], problems: list[str]) -> None:
        self.given = given
        self.problems = problems

    def get(self, variable: variables.Variable[T], default: D) -> T | D:
        value = self.given.get(variable.name, "").strip()
        if not value:
            return default
        try:
            return variable.read(value)
        except ValueError as error:
            shown = mask_url(value) if variable.name == variables.DATABASE_URL.name else value
            shown = "***" if variable.name in variables.SECRETS else shown
            if len(shown) > _SHOWN_LENGTH:
                shown = shown[:_SHOWN_LENGTH] + "…"
            self.problems.append(
                f"{variable.name} is {shown!r}: {error}. "
                f"Example: {variable.name}={variable.example}"
            )
            return default


def read_env_file(path: Path, problems: list[str]) -> dict[str, str]:
    """The values of the file, none where it is missing; what is wrong with it is added."""
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
    known = [variable.name for variable in variables.VARIABLES]
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


def _check_webhook(settings: Settings, problems: list[str]) -> None:
    """A webhook needs an address that Telegram sends to, a port to listen on, and a secret."""
    wanted: dict[variables.Variable[Any], object] = {
        variables.TELEGRAM_WEBHOOK_URL: settings.telegram_webhook_url,
        variables.TELEGRAM_WEBHOOK_PORT: settings.telegram_webhook_port,
        variables.TELEGRAM_WEBHOOK_SECRET: settings.telegram_webhook_secret,
    }
    if not any(wanted.values()):
        return
    problems.extend(
        f"{variable.name} is missing: a webhook needs its address, its port and its secret. "
        f"Example: {variable.name}={variable.example}"
        for variable, value in wanted.items()
        if not value
    )


def load_settings(environ: Mapping[str, str], env_file: Path | None) -> Settings:
    """Reads the settings; the environment wins over the file, and an empty value is none.

    A missing file is no error. Raises SettingsError naming everything that is wrong at once.
    """
    problems: list[str] = []
    given = read_env_file(env_file, problems) if env_file else {}
    given = {**given, **{name: value for name, value in environ.items() if value.strip()}}
    values = _Values(given, problems)
    data_dir = values.get(variables.DATA_DIR, user_data_path("wprc", appauthor=False))
    settings = Settings(
        database_url=values.get(variables.DATABASE_URL, f"sqlite:///{data_dir / 'wprc.sqlite'}"),
        data_dir=data_dir,
        club=values.get(variables.CLUB, None),
        log_level=values.get(variables.LOG_LEVEL, "INFO"),
        log_format=values.get(variables.LOG_FORMAT, "auto"),
        auto_migrate=values.get(variables.AUTO_MIGRATE, default=True),
        time_zone=values.get(variables.TIME_ZONE, "UTC"),
        is_open=values.get(variables.OPEN, default=False),
        backup_every=values.get(variables.BACKUP_EVERY, None),
        backup_keep=values.get(variables.BACKUP_KEEP, 7),
        backup_dir=values.get(variables.BACKUP_DIR, None),
        http_host=values.get(variables.HTTP_HOST, "127.0.0.1"),
        http_port=values.get(variables.HTTP_PORT, None),
        discord_token=values.get(variables.DISCORD_TOKEN, None),
        discord_api_url=values.get(variables.DISCORD_API_URL, None),
        discord_gateway_url=values.get(variables.DISCORD_GATEWAY_URL, None),
        discord_message_content=values.get(variables.DISCORD_MESSAGE_CONTENT, default=False),
        discord_shard_count=values.get(variables.DISCORD_SHARD_COUNT, None),
        discord_shard_ids=values.get(variables.DISCORD_SHARD_IDS, None),
        telegram_token=values.get(variables.TELEGRAM_TOKEN, None),
        telegram_api_url=values.get(variables.TELEGRAM_API_URL, None),
        telegram_webhook_url=values.get(variables.TELEGRAM_WEBHOOK_URL, None),
        telegram_webhook_host=values.get(variables.TELEGRAM_WEBHOOK_HOST, "127.0.0.1"),
        telegram_webhook_port=values.get(variables.TELEGRAM_WEBHOOK_PORT, None),
        telegram_webhook_secret=values.get(variables.TELEGRAM_WEBHOOK_SECRET, None),
        luma_api_keys=values.get(variables.LUMA_API_KEYS, {}),
        luma_api_url=values.get(variables.LUMA_API_URL, None),
        warnings=_unknown_names(given),
    )
    _check_shards(settings, problems)
    _check_webhook(settings, problems)
    if problems:
        raise SettingsError(tuple(problems))
    return settings
