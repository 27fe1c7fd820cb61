"""Fixtures of the simulator's own tests."""

from __future__ import annotations

from tests.telegram.fixtures import bot

__all__ = ["bot"]
