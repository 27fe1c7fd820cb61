"""What is set already, what is to be changed, and what was found out about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.commandline.init import club as clubs
from bot.commandline.init.env_file import write
from bot.commandline.init.trying import try_database, try_discord, try_telegram
from bot.commandline.platforms.discord import DiscordBot
from bot.commandline.platforms.telegram import TelegramBot
from bot.settings import Settings, SettingsError, load_settings, read_env_file, variables
from bot.settings.variables import Variable
from storage.clubs import Club
from storage.database import Database

ASKED: tuple[Variable[Any], ...] = (
    variables.DISCORD_TOKEN,
    variables.TELEGRAM_TOKEN,
    variables.DATABASE_URL,
    variables.CLUB,
    variables.TIME_ZONE,
    variables.DISCORD_MESSAGE_CONTENT,
)
# Written down also where only the environment has them so far.
_KEPT = (variables.DISCORD_TOKEN, variables.TELEGRAM_TOKEN, variables.DATABASE_URL)
NONE = "none"


class Wrong(Exception):
    """What was given cannot be read, or does not go together; the text says what would."""


@dataclass(slots=True)
class Setup:
    """One run of `wprc init`. `changes` are what the file gets; an empty value is the default."""

    path: Path
    environ: Mapping[str, str]
    is_checked: bool = True
    in_file: dict[str, str] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)
    club_name: str | None = None
    discord: DiscordBot | None = None
    telegram: TelegramBot | None = None
    database: Database | None = None
    club: Club | None = None
    notes: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path, environ: Mapping[str, str], *, is_checked: bool) -> Setup:
        """What is set so far; raises Wrong for what this command does not ask about."""
        problems: list[str] = []
        in_file = read_env_file(path, problems)
        if problems:
            raise Wrong("\n".join(problems))
        own = {name: value for name, value in environ.items() if value.strip()}
        setup = cls(path, own, is_checked, in_file)
        for variable in ASKED:
            value = (own.get(variable.name) or in_file.get(variable.name) or "").strip()
            try:
                if value:
                    variable.read(value)
            except ValueError as error:
                if variable.name in own:
                    raise Wrong(f"{variable.name} of the environment: {error}.") from None
                setup.notes.append(f"{variable.name} in {path} counts as not set: {error}.")
                del in_file[variable.name]
        setup.changes = {
            variable.name: own[variable.name]
            for variable in _KEPT
            if variable.name in own and own[variable.name] != in_file.get(variable.name)
        }
        _ = setup.settings  # What else is wrong in them is told before anything is asked.
        return setup

    @property
    def is_first(self) -> bool:
        """Whether nothing that is asked about was written down before."""
        return not any(self.in_file.get(variable.name) for variable in ASKED)

    @property
    def settings(self) -> Settings:
        """As they would be; raises Wrong."""
        given = {**self.in_file, **self.environ, **self.changes}
        try:
            return load_settings(given, None)
        except SettingsError as error:
            raise Wrong(str(error)) from None

    def set(self, variable: Variable[Any], value: str) -> None:
        """Takes a value, or the word none for the default; raises Wrong without repeating it."""
        value = value.strip()
        if value.casefold() == NONE:
            self.changes[variable.name] = ""
            return
        try:
            if "\n" in value or not value:
                raise ValueError("it is one line")
            variable.read(value)
        except ValueError as error:
            raise Wrong(f"{variable.name}: {error}. Example: {variable.example}") from None
        self.changes[variable.name] = value

    def meet_discord(self) -> None:
        """Finds out who the bot on Discord is; raises Failed."""
        self.discord = None
        if self.is_checked and self.settings.discord_token:
            self.discord = try_discord(self.settings)

    def meet_telegram(self) -> None:
        """Finds out who the bot on Telegram is; raises Failed."""
        self.telegram = None
        if self.is_checked and self.settings.telegram_token:
            self.telegram = try_telegram(self.settings)

    def open_database(self) -> None:
        """Opens the database and finds the club that is meant; raises Failed."""
        self.close()
        self.database = try_database(self.settings)
        known = clubs.clubs_of(self.database)
        wanted = self.settings.club
        meant = [one for one in known if one.prefix == wanted]
        self.club = next(iter(meant if wanted else known if len(known) == 1 else ()), None)

    def settle_club(self) -> None:
        """Founds or changes the club that was named; raises Wrong for one without a name."""
        prefix = self.settings.club or (clubs.initials(self.club_name) if self.club_name else None)
        prefix = prefix or (self.club.prefix if self.club else None)
        if self.database is None or prefix is None:
            return
        zone = self.changes.get(variables.TIME_ZONE.name) or None
        is_new = prefix != (self.club.prefix if self.club else None)
        founding = self.settings.time_zone if is_new else zone
        club = clubs.settle(self.database, prefix, self.club_name, founding)
        if club is None and variables.CLUB.name not in self.changes:
            return  # The file names a club that this database does not have.
        if club is None:
            raise Wrong(f"There is no club {prefix} yet: say its name with --club to found it.")
        self.club = club
        if self.settings.club != prefix and self.club_name:
            self.changes[variables.CLUB.name] = prefix

    def save(self) -> bool:
        """Writes the changes down, if there are any; raises OSError."""
        new = {
            name: value
            for name, value in self.changes.items()
            if value != self.in_file.get(name, "")
        }
        if not new:
            return False
        write(self.path, new)
        self.in_file |= new
        return True

    def overridden(self) -> list[str]:
        """Names that the environment sets to something else than the file does now."""
        return [
            name
            for name, value in self.changes.items()
            if self.environ.get(name) not in (None, value)
        ]

    def close(self) -> None:
        if self.database is not None:
            self.database.close()
        self.database, self.club = None, None
