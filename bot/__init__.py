"""WPRC Bot: the bot that a paper reading club lives in."""

__version__ = "0.1.0"
