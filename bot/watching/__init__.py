"""How the running bot is: alive, ready, and in numbers, over HTTP on a port of its own."""

from __future__ import annotations


class CannotServe(Exception):
    """The port cannot be listened on; the text says what to do."""
