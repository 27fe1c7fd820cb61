"""The settings as they are, also where some of them are wrong: the rest can still be looked at."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from bot.commandline.doctor.guard import Found
from bot.core.findings import ok, problem, warning
from bot.settings import Settings, SettingsError, load_settings, read_env_file
from bot.settings.variables import DISCORD_TOKEN, TELEGRAM_TOKEN, VARIABLES

AREA = "settings"
_NEAR = 0.8
_TOKENS = (DISCORD_TOKEN.name, TELEGRAM_TOKEN.name)
_GROUPS = ("DISCORD_SHARD_", "TELEGRAM_WEBHOOK_")


def look_at_settings(environ: Mapping[str, str], env_file: Path, found: Found) -> Settings:
    """What can be used of them; what cannot is found."""
    wrong: list[str] = []
    in_file = read_env_file(env_file, wrong)
    found += [problem(AREA, f"{line}", to_do=f"Change that line in {env_file}.") for line in wrong]
    given = {**in_file, **{name: value for name, value in environ.items() if value.strip()}}
    settings = _usable(given, found)
    found += [warning(AREA, text, to_do="Rename it, or remove it.") for text in settings.warnings]
    _look_for_near(given, in_file, found)
    _look_at_file(env_file, found)
    if not any(given.get(name, "").strip() for name in _TOKENS):
        found.append(
            problem(AREA, "There is no token, so no platform is served.", to_do="Type: wprc init")
        )
    if not any(one.area == AREA for one in found):
        where = f"{env_file} and the environment" if in_file else "the environment"
        found.append(ok(AREA, f"Every value of {where} can be read."))
    return settings


def _usable(given: Mapping[str, str], found: Found) -> Settings:
    try:
        return load_settings(given, None)
    except SettingsError as error:
        for line in error.problems:
            found.append(problem(AREA, line, to_do="Change it in .env or in the environment."))
    rest = dict(given)
    for variable in VARIABLES:
        value = rest.get(variable.name, "").strip()
        try:
            if value:
                variable.read(value)
        except ValueError:
            del rest[variable.name]
    try:
        return load_settings(rest, None)
    except SettingsError:
        # What is left does not go together.
        rest = {name: value for name, value in rest.items() if not name.startswith(_GROUPS)}
        return load_settings(rest, None)


def _look_for_near(given: Mapping[str, str], in_file: Mapping[str, str], found: Found) -> None:
    """Names that are likely meant for the bot. Others may have variables of the platforms too."""
    known = [variable.name for variable in VARIABLES]
    for name in sorted(given):
        if name in known or name.startswith("WPRC_"):
            continue
        near = get_close_matches(name.upper(), known, n=1, cutoff=_NEAR)
        is_ours = name.startswith(("DISCORD_", "TELEGRAM_")) and (near or name in in_file)
        if is_ours or (near and name in in_file):
            hint = f"; the nearest is {near[0]}" if near else ""
            found.append(
                warning(
                    AREA,
                    f"{name} is not a setting and does nothing{hint}.",
                    to_do="Rename it, or remove it.",
                )
            )


def _look_at_file(env_file: Path, found: Found) -> None:
    try:
        mode = env_file.stat().st_mode & 0o777
    except OSError:
        return
    if os.name == "posix" and mode & 0o077:
        found.append(
            warning(
                AREA,
                f"{env_file} holds tokens, and others on this computer may read it ({mode:o}).",
                to_do=f"Type: chmod 600 {env_file}",
            )
        )
