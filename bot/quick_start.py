"""Imported before all else: what is loaded at the start is all kept, so nobody looks for garbage.

Looking through every module again and again while they are loaded takes about a tenth of the time
to the first answer. Whoever imports this switches the collector on again after the last import.
"""

from __future__ import annotations

import gc

gc.disable()
