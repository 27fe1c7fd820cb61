"""The grammar of archive pages: lines and spans in, a record out, whatever the format was."""

from bot.archive.grammar.plain import text_source
from bot.archive.grammar.reader import read_source

__all__ = ["read_source", "text_source"]
