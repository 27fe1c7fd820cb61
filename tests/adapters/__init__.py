"""Adapters on simulated platforms."""

import tests.discord  # noqa: F401  # Before discord.py itself, whose import warns of Python's plans.
