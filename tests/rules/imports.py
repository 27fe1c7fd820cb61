"""Which package may import what, and a checker that walks the syntax trees to hold it.

The standard library and a package's own modules are always allowed.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OURS = frozenset({"bot", "storage", "migrations", "tests", "benchmarks"})
PLATFORM_LIBRARIES = frozenset({"discord", "telegram"})
# Whoever else imported one of these would load it into a chat that runs in a terminal.
PLATFORM_MODULES = ("bot.adapters.discord", "bot.adapters.telegram", "bot.app")


@dataclass(frozen=True, slots=True)
class Row:
    """What the modules of a package may import beyond the standard library and themselves."""

    package: str
    ours: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    has_all: bool = False
    is_alone: bool = False  # About the package itself: each part of it needs its own row.


TABLE = (
    Row("bot", is_alone=True),
    Row("bot.chat"),
    Row("bot.archive", ours=("bot.chat.text",), libraries=("yaml", "markdown_it")),
    Row("bot.sample"),
    Row(
        "bot.core",
        ours=("bot.chat", "bot.archive", "storage"),
        libraries=("dateutil", "icalendar", "rapidfuzz"),
    ),
    Row("bot.adapters", is_alone=True),
    Row("bot.adapters.console", ours=("bot.chat",), libraries=("prompt_toolkit", "wcwidth")),
    Row("bot.adapters.discord", ours=("bot.chat",), libraries=("discord", "aiohttp", "yarl")),
    Row(
        "bot.adapters.telegram",
        ours=("bot.chat",),
        libraries=("telegram", "aiohttp", "orjson", "yarl"),
    ),
    Row("bot.web", ours=("bot.chat.fetching",), libraries=("aiohttp",)),
    Row("bot.scheduler", ours=("bot.core",), libraries=("apscheduler",)),
    Row(
        "bot.watching",
        ours=("bot.chat", "storage"),
        libraries=("aiohttp", "prometheus_client"),
    ),
    Row("bot.settings", libraries=("dotenv", "platformdirs")),
    Row("bot.logs", libraries=("dotenv", "platformdirs")),
    Row("bot.notify"),
    Row("bot.quick_start"),
    Row("bot.app", has_all=True),
    Row("bot.commandline", has_all=True),
    Row("bot.__main__", has_all=True),
    Row("storage", libraries=("sqlalchemy", "psycopg")),
    # The one place that brings a database up to date.
    Row("storage.schema", ours=("storage", "migrations"), libraries=("sqlalchemy", "alembic")),
    Row("migrations", ours=("storage",), libraries=("alembic", "sqlalchemy")),
)


def module_of(path: Path) -> str:
    """``bot/chat/text.py`` is ``bot.chat.text``; a package's ``__init__.py`` is the package."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def broken_rules(path: Path, source: str, table: tuple[Row, ...] = TABLE) -> list[str]:
    """One line for each import in the source that the table does not allow."""
    module = module_of(path)
    row = row_of(module, table)
    if row is None:
        return [f"{path}: no row of the import table is about {module}"]
    found = []
    for line, target in imports_of(path, source):
        reason = _objection(module, row, target)
        if reason:
            found.append(f"{path}:{line}: {module} imports {target}: {reason}")
    return found


def row_of(module: str, table: tuple[Row, ...] = TABLE) -> Row | None:
    """The row with the longest package that holds the module."""
    rows = [
        row
        for row in table
        if module == row.package or (not row.is_alone and is_in(module, row.package))
    ]
    return max(rows, key=lambda row: len(row.package), default=None)


def is_in(module: str, package: str) -> bool:
    """Whether the module is the package or stands in it."""
    return module == package or module.startswith(package + ".")


def _objection(module: str, row: Row, target: str) -> str:
    top = target.partition(".")[0]
    if top in PLATFORM_LIBRARIES and not any(is_in(module, each) for each in PLATFORM_MODULES):
        return "only the adapters and bot.app load a platform's library"
    if row.has_all or top in sys.stdlib_module_names:
        return ""
    if top in OURS:
        packages = row.ours if row.is_alone else (row.package, *row.ours)
        allowed = any(is_in(target, package) for package in packages)
        return "" if allowed else f"not among what {row.package} may import of ours"
    return "" if top in row.libraries else f"not a library of {row.package}"


def imports_of(path: Path, source: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, also inside functions and by literal name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _base_of(path, node)
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}" if base else alias.name
        elif isinstance(node, ast.Call) and _is_import_call(node.func):
            name = node.args[0] if node.args else None
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield node.lineno, name.value


def _base_of(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = path.parts[:-1]
    above = package[: len(package) - (node.level - 1)]
    return ".".join((*above, *([node.module] if node.module else [])))


def _is_import_call(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in ("import_module", "run_module")
    return isinstance(function, ast.Name) and function.id in ("__import__", "import_module")
