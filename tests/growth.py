"""How the cost of reading a text grows with its size: by comparison, never by the clock alone."""

from __future__ import annotations

import time
from collections.abc import Callable

_SMALL = 0.15
_TRIES = 3


def grows_with_its_size(run: Callable[[str], object], text: str) -> bool:
    """Whether a text costs no more than its size allows, against a quarter of itself.

    Linear work is 4 times as much, quadratic work 16 times; the limit stands between. What is done
    in a moment at full size cannot be told, and does not matter.
    """
    for _ in range(_TRIES):
        whole = _seconds(run, text)
        if whole < _SMALL or whole < 9 * _seconds(run, text[: len(text) // 4]):
            return True
    return False


def _seconds(run: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    run(text)
    return time.process_time() - began
