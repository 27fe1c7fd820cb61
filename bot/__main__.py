"""The command line: wprc init | doctor | chat | run | import | export | backup | ..."""

from __future__ import annotations

import bot.quick_start  # noqa: F401

# isort: split
import asyncio
import gc
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError

from bot.app import now
from bot.commandline.arguments import parser
from bot.commandline.database import DatabaseProblem, open_database, reason
from bot.logs import set_up_logs
from bot.settings import Settings, SettingsError, load_settings
from storage.database import Database
from storage.schema import version_of

# All that was loaded stays for good.
gc.freeze()
gc.enable()

_ENV_FILE = Path(".env")
FAILED = 1
USAGE = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and gives its exit code: 2 for what was typed or set wrongly."""
    _open_closed_streams()
    arguments = parser().parse_args(argv)
    try:
        if arguments.command in _MENDING:
            return _MENDING[arguments.command](arguments, os.environ, _ENV_FILE)
        settings = load_settings(os.environ, _ENV_FILE)
    except SettingsError as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    set_up_logs(settings.log_level, settings.log_format)
    for warning in settings.warnings:
        _complain(warning)
    try:
        return _run(arguments, settings)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()  # Whoever read it has seen enough.
        return 128 + signal.SIGPIPE
    except OSError as error:
        _drop_output()
        _complain(f"{error.filename or 'the output'}: {error.strerror or error}")
        return FAILED


def _open_closed_streams() -> None:
    """Whoever starts the program may have closed its input or output; then there is none."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, PTH123 (for good)


def _drop_output() -> None:
    """What is still to be written cannot be; Python must not complain about it at its exit."""
    with suppress(OSError, ValueError):  # An output that is no file needs nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(text: str) -> int:
    sys.stderr.write(f"wprc: {text}\n")
    return USAGE


def _run(arguments: Namespace, settings: Settings) -> int:
    if arguments.command == "export" and bool(arguments.codes) == arguments.all:
        return _complain("export wants codes, such as WPRC-006, or --all")
    if arguments.command == "run" and not (settings.discord_token or settings.telegram_token):
        from bot.commandline.running import NOTHING_TO_RUN

        return _complain(NOTHING_TO_RUN)
    if arguments.command == "invite":
        from bot.commandline.inviting import print_invitation

        return print_invitation(arguments.id, settings.discord_token)
    if arguments.command in ("backup", "restore"):
        # They come before a migration, and where nothing can be opened.
        from bot.commandline.backing_up import write_backup
        from bot.commandline.restoring import put_back

        if arguments.command == "backup":
            return write_backup(settings, arguments.file, is_forced=arguments.force)
        return put_back(settings, arguments.file, is_sure=arguments.yes)
    if arguments.command == "chat" and arguments.sample:
        from bot.commandline.chat import sample_settings

        settings = sample_settings(settings)
    try:
        database = open_database(settings, may_migrate=arguments.command == "migrate")
    except DatabaseProblem as error:
        _complain(str(error))
        return FAILED
    try:
        return _COMMANDS[arguments.command](arguments, settings, database)
    except OperationalError as error:
        _complain(f"the database failed: {reason(error)}")
        return FAILED
    finally:
        database.close()


def _chat(arguments: Namespace, settings: Settings, database: Database) -> int:
    from bot.commandline.chat import chat, fill_sample

    if arguments.sample:
        fill_sample(database, settings.time_zone)
    return asyncio.run(chat(settings, database, arguments.name))


def _import(arguments: Namespace, settings: Settings, database: Database) -> int:
    from bot.commandline.importing import import_pages
    from bot.core.importer import Importer

    importer = Importer(database, now, may_found=True, time_zone=settings.time_zone)
    return import_pages(importer, arguments.paths)


def _export(arguments: Namespace, settings: Settings, database: Database) -> int:
    from bot.commandline.exporting import export_pages

    return export_pages(
        database,
        arguments.codes,
        is_all=arguments.all,
        form=arguments.format,
        out=arguments.out,
        with_contacts=arguments.with_contacts,
        default_prefix=settings.club,
    )


def _serve(arguments: Namespace, settings: Settings, database: Database) -> int:
    from bot.commandline.running import run
    from bot.watching import CannotServe

    try:
        return asyncio.run(run(settings, database))
    except ModuleNotFoundError as error:
        _complain(
            f"{error.name} is not installed. Type: pip install 'wprc-bot[discord,telegram,metrics]'"
        )
        return FAILED
    except CannotServe as error:
        _complain(str(error))
        return FAILED


def _code(arguments: Namespace, settings: Settings, database: Database) -> int:
    from bot.core.founding import FOUNDING_CODE_FOR, new_code
    from storage.codes import FOUND

    code = new_code()
    with database.unit(write=True) as uow:
        uow.codes.add(code, FOUND, now() + FOUNDING_CODE_FOR, None)
    sys.stdout.write(f"{code}\n")
    sys.stderr.write(
        f"It founds one club, within {FOUNDING_CODE_FOR.days} days. Whoever manages the server or "
        "the group types /setup there, presses “I have a code” and enters it.\n"
    )
    return 0


def _migrate(arguments: Namespace, settings: Settings, database: Database) -> int:
    sys.stdout.write(f"The database is at {version_of(database)}.\n")
    return 0


def _init(arguments: Namespace, environ: Mapping[str, str], env_file: Path) -> int:
    from bot.commandline.init import set_up

    return set_up(arguments, environ, env_file)


def _doctor(arguments: Namespace, environ: Mapping[str, str], env_file: Path) -> int:
    from bot.commandline.doctor import examine

    return examine(environ, env_file, seconds=arguments.wait, is_json=arguments.json)


# Those that are typed while settings or the database are not as they should be.
_MENDING: dict[str, Callable[[Namespace, Mapping[str, str], Path], int]] = {
    "init": _init,
    "doctor": _doctor,
}
_COMMANDS: dict[str, Callable[[Namespace, Settings, Database], int]] = {
    "chat": _chat,
    "import": _import,
    "export": _export,
    "migrate": _migrate,
    "run": _serve,
    "code": _code,
}


if __name__ == "__main__":
    sys.exit(main())
