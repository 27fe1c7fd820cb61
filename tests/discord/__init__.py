"""A simulator of Discord, driven by real discord.py, and the tests of it."""

from __future__ import annotations

import warnings

# On import it loads audioop, which Python means to drop; nothing here has to do with sound.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord as discord
