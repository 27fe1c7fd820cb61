"""What may follow `wprc`: the commands and their options, with help for each."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from bot import __version__
from bot.commandline.formats import FORMATS

_EPILOG = """\
to begin:
  wprc init

to look round, without a token and without a database of your own:
  wprc chat --sample

settings come from the environment or from .env (see .env.example):
  DATABASE_URL, WPRC_CLUB, WPRC_TIME_ZONE, LOG_LEVEL, ...
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="wprc",
        description="The bot that a paper reading club lives in.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"wprc {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _init(commands)
    _doctor(commands)
    _chat(commands)
    _import(commands)
    _export(commands)
    _migrate(commands)
    _back_up(commands)
    _serve(commands)
    return top


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _init(commands: _Commands) -> None:
    init = commands.add_parser(
        "init",
        help="set everything up, or change one thing",
        description="Asks for what is needed, tries it, writes it into .env and says what to do "
        "next. Typed again it changes one thing at a time, or just what flags say. Without a "
        "terminal it asks nothing; DISCORD_TOKEN, TELEGRAM_TOKEN and DATABASE_URL of the "
        "environment count as given. The word none takes a value back.",
        epilog="exit codes: 0 all is written; 1 something was refused or cannot be reached, and "
        "nothing was written; 2 something given cannot be read.",
    )
    for platform in ("discord", "telegram"):
        init.add_argument(
            f"--{platform}-token",
            metavar="TOKEN",
            help="the bot's token there; - reads it as a line of the input, where no other user "
            "of the computer sees it",
        )
    init.add_argument("--database", metavar="URL", help="sqlite:///file or postgresql://...")
    init.add_argument("--club", metavar="NAME", help="a club to found, or to call so")
    init.add_argument("--prefix", help="what its papers' codes begin with (default: its initials)")
    init.add_argument("--zone", metavar="ZONE", help="its time zone, such as Europe/London")
    init.add_argument(
        "--message-content",
        action=argparse.BooleanOptionalAction,
        help="whether the bot reads ordinary messages on Discord",
    )
    init.add_argument("--yes", action="store_true", help="ask nothing, also on a terminal")
    init.add_argument(
        "--no-check", action="store_true", help="write tokens down without trying them"
    )


def _doctor(commands: _Commands) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="see what is wrong, and what to type",
        description="Looks at the settings, the database, both platforms, the permissions in each "
        "place, the clock, what waits to be answered or sent, the last backup and the versions. "
        "It changes nothing, and may be typed while the bot runs.",
        epilog="exit codes: 0 all is well; 1 warnings; 2 problems.",
    )
    doctor.add_argument("--json", action="store_true", help="for a program: one JSON object")
    doctor.add_argument(
        "--wait",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="how long each part may take (default: 10)",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError("it is a number of seconds from 0.1 to 3600")
    return seconds


def _chat(commands: _Commands) -> None:
    chat = commands.add_parser(
        "chat",
        help="talk with the club in this terminal",
        description="The club in this terminal, or one message per line from a pipe.",
    )
    chat.add_argument("--sample", action="store_true", help="a sample club to look round in")
    chat.add_argument("--as", dest="name", metavar="NAME", help="speak as this member")


def _import(commands: _Commands) -> None:
    importing = commands.add_parser(
        "import",
        help="bring archive pages in",
        description="Brings archive pages in: plain text, HTML or Markdown. One line per page "
        "says what became of it; what was refused, and why, stands on the error output.",
    )
    importing.add_argument(
        "paths", nargs="+", metavar="PATH", help="a page, a folder of pages, or - for a pipe"
    )


def _export(commands: _Commands) -> None:
    export = commands.add_parser(
        "export", help="write archive pages out", description="Writes archive pages out."
    )
    export.add_argument("codes", nargs="*", metavar="CODE", help="a paper's code: WPRC-006")
    export.add_argument("--all", action="store_true", help="every paper of every club")
    export.add_argument(
        "--format", choices=FORMATS, default="page", help="the archive's own text (default), ..."
    )
    export.add_argument("--out", type=Path, metavar="DIR", help="a file per paper in this folder")
    export.add_argument(
        "--with-contacts",
        action="store_true",
        help="with the contributors' addresses and handles, for your own keeping",
    )


def _serve(commands: _Commands) -> None:
    commands.add_parser(
        "run",
        help="serve every platform that has a token",
        description="Serves every platform that has a token, until SIGINT or SIGTERM.",
    )
    commands.add_parser(
        "code",
        help="make a code that founds a club",
        description="Prints a single-use code; whoever manages a server founds a club with it.",
    )
    invite = commands.add_parser(
        "invite",
        help="print the link that brings the bot into a server",
        description="Prints the invite link with just the permissions that are used, and why.",
    )
    invite.add_argument(
        "--id", metavar="APPLICATION", help="the application's id, where no token is set"
    )


def _migrate(commands: _Commands) -> None:
    commands.add_parser(
        "migrate",
        help="bring the database to this version's schema",
        description="Brings the database to this version's schema. Other commands do so by "
        "themselves unless WPRC_AUTO_MIGRATE=false.",
    )


def _back_up(commands: _Commands) -> None:
    backup = commands.add_parser(
        "backup",
        help="write the database into one file, also while the bot runs",
        description="Writes the state of the database of this moment into one file, reads it back "
        "and says what is in it. The bot may run meanwhile. See docs/backup.md.",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="the file, or a folder for it")
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    restore = commands.add_parser(
        "restore",
        help="put a backup into the place of the database",
        description="Puts a backup into the place of the database and keeps the one before. The "
        "bot must not run meanwhile. See docs/backup.md.",
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="a file of wprc backup")
    restore.add_argument("--yes", action="store_true", help="do not ask")
