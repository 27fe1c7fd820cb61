"""Every environment variable of the bot, one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.settings import readers

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variable(Generic[T]):
    """An environment variable: how it is read, and an example of a right value."""

    name: str
    read: Callable[[str], T]
    example: str


DATABASE_URL = Variable(
    "DATABASE_URL", readers.database_url, "postgresql://wprc:secret@localhost/wprc"
)
CLUB = Variable("WPRC_CLUB", readers.club, "WPRC")
DATA_DIR = Variable("WPRC_DATA_DIR", readers.data_dir, "/var/lib/wprc")
TIME_ZONE = Variable("WPRC_TIME_ZONE", readers.time_zone, "Europe/London")
AUTO_MIGRATE = Variable("WPRC_AUTO_MIGRATE", readers.truth, "false")
BACKUP_EVERY = Variable("WPRC_BACKUP_EVERY", readers.hours, "6")
BACKUP_KEEP = Variable("WPRC_BACKUP_KEEP", readers.count, "30")
BACKUP_DIR = Variable("WPRC_BACKUP_DIR", readers.data_dir, "/var/backups/wprc")
LOG_LEVEL = Variable("LOG_LEVEL", readers.log_level, "DEBUG")
LOG_FORMAT = Variable("LOG_FORMAT", readers.log_format, "json")
OPEN = Variable("WPRC_OPEN", readers.truth, "true")
DISCORD_TOKEN = Variable("DISCORD_TOKEN", readers.token, "the-long-token-of-your-bots-page")
DISCORD_API_URL = Variable(
    "DISCORD_API_URL", readers.web_address("https", "http"), "http://localhost:8080/api/v10"
)
DISCORD_GATEWAY_URL = Variable(
    "DISCORD_GATEWAY_URL", readers.web_address("wss", "ws"), "wss://gateway.discord.gg"
)
DISCORD_MESSAGE_CONTENT = Variable("DISCORD_MESSAGE_CONTENT", readers.truth, "true")
DISCORD_SHARD_COUNT = Variable("DISCORD_SHARD_COUNT", readers.count, "4")
DISCORD_SHARD_IDS = Variable("DISCORD_SHARD_IDS", readers.shard_ids, "0,1")
TELEGRAM_TOKEN = Variable(
    "TELEGRAM_TOKEN", readers.telegram_token, "123456789:the-token-of-BotFather"
)
TELEGRAM_API_URL = Variable(
    "TELEGRAM_API_URL", readers.web_address("https", "http"), "http://localhost:8081"
)
TELEGRAM_WEBHOOK_URL = Variable(
    "TELEGRAM_WEBHOOK_URL", readers.web_address("https", "http"), "https://bot.example.org/telegram"
)
TELEGRAM_WEBHOOK_HOST = Variable("TELEGRAM_WEBHOOK_HOST", readers.host, "192.0.2.7")
TELEGRAM_WEBHOOK_PORT = Variable("TELEGRAM_WEBHOOK_PORT", readers.port, "8443")
TELEGRAM_WEBHOOK_SECRET = Variable(
    "TELEGRAM_WEBHOOK_SECRET", readers.secret, "a-long-random-word-of-your-own"
)
LUMA_API_KEYS = Variable("LUMA_API_KEYS", readers.club_keys, "WPRC:the-key-of-its-calendar")
LUMA_API_URL = Variable(
    "LUMA_API_URL", readers.web_address("https", "http"), "https://public-api.luma.com"
)
HTTP_HOST = Variable("WPRC_HTTP_HOST", readers.host, "192.0.2.7")
HTTP_PORT = Variable("WPRC_HTTP_PORT", readers.port, "9108")
VARIABLES: tuple[Variable[Any], ...] = (
    *(DATABASE_URL, CLUB, DATA_DIR, TIME_ZONE),
    *(BACKUP_EVERY, BACKUP_KEEP, BACKUP_DIR),
    *(AUTO_MIGRATE, LOG_LEVEL, LOG_FORMAT, OPEN, HTTP_HOST, HTTP_PORT),
    *(DISCORD_TOKEN, DISCORD_API_URL, DISCORD_GATEWAY_URL, DISCORD_MESSAGE_CONTENT),
    *(DISCORD_SHARD_COUNT, DISCORD_SHARD_IDS),
    *(TELEGRAM_TOKEN, TELEGRAM_API_URL, TELEGRAM_WEBHOOK_URL),
    *(TELEGRAM_WEBHOOK_HOST, TELEGRAM_WEBHOOK_PORT, TELEGRAM_WEBHOOK_SECRET),
    *(LUMA_API_KEYS, LUMA_API_URL),
)
SECRETS = frozenset(
    {DISCORD_TOKEN.name, TELEGRAM_TOKEN.name, TELEGRAM_WEBHOOK_SECRET.name, LUMA_API_KEYS.name}
)
