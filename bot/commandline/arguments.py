"""What may follow `wprc`: the commands and their options, with help for each."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from bot import __version__
from bot.commandline.formats import FORMATS

_EPILOG = """\
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
    _chat(commands)
    _import(commands)
    _export(commands)
    _migrate(commands)
    _back_up(commands)
    _serve(commands)
    return top


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


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
