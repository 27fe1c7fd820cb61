"""wprc init: from nothing to a bot that can be started; typed again, one thing at a time."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.commandline.database import reason
from bot.commandline.init.setup import Setup, Wrong
from bot.commandline.init.summary import line_of, summary
from bot.commandline.init.trying import Failed
from bot.commandline.platforms import discord, telegram
from bot.core.findings import Finding
from bot.settings import variables

DONE, FAILED, USAGE = 0, 1, 2
_FLAGS: tuple[tuple[str, variables.Variable[Any]], ...] = (
    ("discord_token", variables.DISCORD_TOKEN),
    ("telegram_token", variables.TELEGRAM_TOKEN),
    ("database", variables.DATABASE_URL),
    ("prefix", variables.CLUB),
    ("zone", variables.TIME_ZONE),
)
_NO_TERMINAL = (
    "there is no terminal to ask on, and nothing was given. For the flags: wprc init --help"
)
_UNTESTED = " To write it down without a test, add --no-check."


def set_up(arguments: Namespace, environ: Mapping[str, str], path: Path) -> int:
    """Runs the command; 0 when all is written, 1 for what did not work, 2 for what is wrong."""
    setup: Setup | None = None
    try:
        setup = Setup.read(path, environ, is_checked=not arguments.no_check)
        return _run(setup, arguments)
    except Wrong as error:
        return _complain(str(error), USAGE)
    except Failed as error:
        return _complain(f"{error}{'' if error.is_refused else _UNTESTED}", FAILED)
    except SQLAlchemyError as error:
        return _complain(f"the database failed: {reason(error)}", FAILED)
    except EOFError:
        return _complain("nothing more was written: the input ended", FAILED)
    except OSError as error:
        named = error.filename or path
        return _complain(f"{named} cannot be written: {error.strerror or error}", FAILED)
    finally:
        if setup is not None:
            setup.close()


def _run(setup: Setup, arguments: Namespace) -> int:
    from bot.commandline.init import terminal

    is_asked = sys.stdin.isatty() and sys.stdout.isatty() and not arguments.yes
    has_flags = _take_flags(setup, arguments)
    is_first = setup.is_first
    for note in setup.notes:
        _complain(note, USAGE)
    if not (is_asked or arguments.yes or has_flags or setup.changes):
        return _complain(_NO_TERMINAL, USAGE)
    _meet(setup, is_patient=is_asked)
    if is_asked and is_first:
        terminal.ask_everything(setup)
    else:
        setup.open_database()
    if is_asked and not is_first and not has_flags:
        terminal.change_one_by_one(setup)
        terminal.say("\n".join(summary(setup)))
        return DONE
    setup.settle_club()
    is_written = setup.save()
    for name in setup.overridden():
        _complain(f"{name} is also set in the environment, which wins over {setup.path}", DONE)
    lines = summary(setup)
    head = "Written, readable by you alone" if is_written else "As it was"
    terminal.say("\n".join(("", f"{head}: {setup.path.resolve()}", *lines)))
    return DONE


def _take_flags(setup: Setup, arguments: Namespace) -> bool:
    """Whether anything was given that is to be set."""
    is_any = False
    for name, variable in _FLAGS:
        value = getattr(arguments, name)
        if value == "-":
            value = sys.stdin.readline(10_000)
            if not value.strip():
                raise Wrong(f"{variable.name}: the input ended before its line")
        if value is not None:
            setup.set(variable, value)
            is_any = True
    if arguments.message_content is not None:
        value = "true" if arguments.message_content else "false"
        setup.set(variables.DISCORD_MESSAGE_CONTENT, value)
        is_any = True
    if arguments.club is not None:
        setup.club_name = arguments.club
        is_any = True
    return is_any


def _meet(setup: Setup, *, is_patient: bool) -> None:
    """Tries the tokens that there are. The patient go on, since one may be about to change it."""
    for meet in (setup.meet_discord, setup.meet_telegram):
        try:
            meet()
        except Failed as error:
            if not is_patient:
                raise
            _complain(str(error), FAILED)
    findings: list[Finding] = []
    if setup.discord:
        reads = setup.settings.discord_message_content
        findings += discord.switches(setup.discord, reads_messages=reads)
    if setup.telegram:
        findings += telegram.switches(setup.telegram)
    sys.stdout.write("".join(f"{line_of(finding)}\n" for finding in findings))


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"wprc: {text}\n")
    return code
