"""The shapes in which pages leave the archive, and the endings of their files."""

from __future__ import annotations

SUFFIXES = {"page": ".txt", "markdown": ".md", "json": ".json"}
FORMATS = tuple(SUFFIXES)
