"""wprc doctor: what is wrong and what to type, also where everything is broken.

It only reads, so it may be typed while the bot runs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.app import now
from bot.chat.text import plain
from bot.commandline.doctor.database import Clubs, look_at_backlog, look_at_database
from bot.commandline.doctor.guard import Check, Found
from bot.commandline.doctor.platforms import look_at_discord, look_at_telegram
from bot.commandline.doctor.program import look_at_backups, look_at_versions
from bot.commandline.doctor.settings import look_at_settings
from bot.core.findings import Finding, Level, worst

EXIT_CODES = {Level.OK: 0, Level.WARNING: 1, Level.PROBLEM: 2}
_MARKS = {Level.OK: "ok", Level.WARNING: "warning", Level.PROBLEM: "PROBLEM"}


def examine(
    environ: Mapping[str, str],
    env_file: Path,
    *,
    seconds: float,
    is_json: bool,
    clock: Callable[[], datetime] = now,
) -> int:
    """Looks at everything, prints it, and gives the exit code."""
    findings = look_at_everything(environ, env_file, seconds, clock)
    level = worst(findings)
    write = sys.stdout.write
    if is_json:
        lines = [
            {
                "area": one.area,
                "level": str(one.level),
                "what": plain(one.what),
                "to_do": one.to_do,
            }
            for one in findings
        ]
        at = clock().isoformat(timespec="seconds")
        told = {"at": at, "level": str(level), "findings": lines}
        write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        for one in findings:
            write(f"{_MARKS[one.level]:<8} {one.area:<10} {plain(one.what)}\n")
            if one.to_do:
                write(f"{'':<19} -> {one.to_do}\n")
        write(f"\n{_sum(findings)}\n")
    return EXIT_CODES[level]


def look_at_everything(
    environ: Mapping[str, str], env_file: Path, seconds: float, clock: Callable[[], datetime]
) -> list[Finding]:
    """Every finding, area by area; takes about three times the seconds at most."""
    findings: Found = []
    settings = look_at_settings(environ, env_file, findings)
    clubs: Clubs = []
    is_usable: list[bool] = []
    findings += Check(
        "database",
        seconds + 1,
        partial(look_at_database, settings, seconds, clubs=clubs, is_usable=is_usable),
    ).result()
    checks = [
        Check("discord", 2 * seconds, partial(look_at_discord, settings, clubs, clock, seconds)),
        Check("telegram", 2 * seconds, partial(look_at_telegram, settings, clubs, clock, seconds)),
    ]
    if is_usable:
        backlog = partial(look_at_backlog, settings, seconds, clock())
        checks.append(Check("deliveries", seconds + 1, backlog))
    checks.append(Check("backup", seconds, partial(look_at_backups, settings, clock())))
    checks.append(Check("versions", seconds, partial(look_at_versions, settings)))
    for check in checks:
        findings += check.result()
    return findings


def _sum(findings: Found) -> str:
    counts = {level: sum(one.level is level for one in findings) for level in Level}
    if not counts[Level.PROBLEM] and not counts[Level.WARNING]:
        return "All is well."
    return ", ".join(
        f"{counts[level]} {level}{'' if counts[level] == 1 else 's'}"
        for level in (Level.PROBLEM, Level.WARNING)
    )
