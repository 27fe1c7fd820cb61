"""Luma: events become proposed sessions, and guest lists count."""
