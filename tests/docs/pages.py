"""A page of docs/ as what it is made of: its fenced blocks and its tables, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TABLE = "table"

_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_ROWS = re.compile(r"^(?P<rows>(?:\|.*\n)+)", re.MULTILINE)
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block with the language that it names, or a table with its rows as lines."""

    kind: str
    lines: tuple[str, ...]


def blocks(text: str) -> Iterator[Block]:
    end = 0
    for fence in _FENCE.finditer(text):
        yield from _tables(text[end : fence.start()])
        yield Block(fence["kind"], tuple(fence["text"].splitlines()))
        end = fence.end()
    yield from _tables(text[end:])


def _tables(text: str) -> Iterator[Block]:
    for table in _ROWS.finditer(text):
        yield Block(TABLE, tuple(table["rows"].splitlines()))


def cells(row: str) -> list[str]:
    """Of a table's row."""
    return [cell.strip() for cell in _CELL.split(row.strip().strip("|"))]


def code_spans(text: str) -> list[str]:
    """What stands in single backticks."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
