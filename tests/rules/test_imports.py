"""The import table holds, and its checker finds what breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.imports import TABLE, broken_rules, row_of
from tests.rules.tree import python_files, read

HOUSE = ("bot", "storage", "migrations")


def test_every_module_keeps_to_the_table() -> None:
    paths = [path for path in python_files() if path.parts[0] in HOUSE]
    assert len(paths) > 10
    assert [line for path in paths for line in broken_rules(path, read(path))] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("bot/__init__.py", "import bot.chat"),
        ("bot/chat/text.py", "import rapidfuzz"),
        ("bot/chat/text.py", "from bot.archive import record"),
        ("bot/chat/text.py", "import storage"),
        ("bot/archive/page.py", "from bot.chat import Reply"),
        ("bot/archive/page.py", "from bot.chat.reply import Reply"),
        ("bot/archive/page.py", "import bot"),
        ("bot/archive/page.py", "from storage.papers import Papers"),
        ("bot/archive/page.py", "import sqlalchemy"),
        ("bot/sample/__init__.py", "from bot.archive import read_page"),
        ("bot/core/papers.py", "from sqlalchemy import select"),
        ("bot/core/papers.py", "import apscheduler"),
        ("bot/core/papers.py", "import aiohttp"),
        ("bot/core/papers.py", "from bot.adapters.console import render"),
        ("bot/core/papers.py", "from .. import app"),
        ("bot/core/papers.py", "from bot.web import fetch"),
        ("bot/core/papers.py", "import discord"),
        ("bot/core/papers.py", "def f():\n    import sqlalchemy.orm"),
        ("bot/core/papers.py", "if TYPE_CHECKING:\n    from sqlalchemy import Row"),
        ("bot/core/papers.py", "import importlib\nimportlib.import_module('sqlalchemy')"),
        ("bot/core/papers.py", "from importlib import import_module\nimport_module('bot.app')"),
        ("bot/core/papers.py", "__import__('telegram')"),
        ("bot/adapters/__init__.py", "from bot.adapters import console"),
        ("bot/adapters/console/adapter.py", "from bot.core import papers"),
        ("bot/adapters/console/adapter.py", "import storage.papers"),
        ("bot/adapters/console/adapter.py", "import telegram"),
        ("bot/adapters/discord/adapter.py", "import prompt_toolkit"),
        ("bot/adapters/discord/adapter.py", "from bot.adapters.telegram import render"),
        ("bot/adapters/discord/adapter.py", "from ..telegram import render"),
        ("bot/adapters/telegram/adapter.py", "import discord"),
        ("bot/web.py", "from bot.chat import text"),
        ("bot/scheduler.py", "from storage import papers"),
        ("bot/scheduler.py", "from bot.adapters.console import adapter"),
        ("bot/settings.py", "from bot.logs import redact"),
        ("bot/settings.py", "import pydantic_settings"),
        ("bot/logs.py", "from bot import settings"),
        ("bot/commandline/chat.py", "def chat():\n    import discord"),
        ("bot/__main__.py", "from telegram.ext import Application"),
        ("storage/papers.py", "from bot.archive.record import PaperCode"),
        ("storage/papers.py", "import bot"),
        ("storage/papers.py", "import rapidfuzz"),
        ("storage/papers.py", "from alembic import command"),
        ("storage/papers.py", "import migrations"),
        ("storage/schema.py", "from bot.core import papers"),
        ("migrations/env.py", "from bot.settings import Settings"),
        ("bot/surprise.py", ""),
        ("bot/adapters/irc/adapter.py", ""),
    ],
)
def test_a_wrong_import_is_found(path: str, source: str) -> None:
    assert len(broken_rules(Path(path), source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("bot/chat/reply.py", "import re\nfrom bot.chat.text import Bold\nfrom . import text"),
        ("bot/archive/page.py", "from bot.chat.text import Bold\nfrom bot.chat import text"),
        ("bot/archive/html.py", "def f():\n    from yaml import safe_load"),
        (
            "bot/core/papers.py",
            "import bot.chat.reply\nfrom storage import papers\nimport rapidfuzz",
        ),
        ("bot/core/papers.py", "from ..chat import reply\nfrom .catalogue import Catalogue"),
        (
            "bot/adapters/console/adapter.py",
            "import prompt_toolkit\nfrom bot.chat.desk import Desk",
        ),
        ("bot/adapters/discord/adapter.py", "import discord.http\nimport aiohttp"),
        ("bot/settings.py", "from dotenv.parser import parse_stream\nimport platformdirs"),
        (
            "bot/app.py",
            "import discord\nimport sqlalchemy\nfrom bot.adapters.telegram import adapter",
        ),
        ("bot/commandline/chat.py", "import sqlalchemy\nfrom bot.core import dispatch"),
        (
            "storage/schema.py",
            "import migrations\nfrom storage import base\nfrom alembic import command",
        ),
        ("migrations/env.py", "from storage.base import Base\nfrom alembic import context"),
    ],
)
def test_what_the_table_allows_is_let_through(path: str, source: str) -> None:
    assert broken_rules(Path(path), source) == []


def test_the_longest_package_counts() -> None:
    assert [row.package for row in TABLE if row_of(row.package) != row] == []
    row = row_of("bot.adapters.console.render")
    assert row is not None
    assert row.package == "bot.adapters.console"
