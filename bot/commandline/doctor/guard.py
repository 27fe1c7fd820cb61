"""One part of what a doctor looks at: it ends in time and never with an exception."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bot.core.findings import Finding, problem, warning
from bot.logs import redact

Found = list[Finding]


class Check:
    """Runs on a thread of its own, and adds what it finds as it goes.

    What hangs keeps what was found by then; its thread ends with the process.
    """

    def __init__(self, area: str, seconds: float, look: Callable[[Found], None]) -> None:
        self._area = area
        self._seconds = seconds
        self._look = look
        self._found: Found = []
        self._thread = threading.Thread(target=self._run, name=f"doctor-{area}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._look(self._found)
        except ModuleNotFoundError as error:
            self._found.append(
                problem(
                    self._area,
                    f"{error.name} is not installed, so it could not be looked at.",
                    to_do="Type: pip install 'wprc-bot[discord,telegram]'",
                )
            )
        except Exception as error:
            text = " ".join(redact(str(error)).split())[:200]
            self._found.append(
                problem(
                    self._area,
                    f"It could not be looked at: {type(error).__name__}{f': {text}' * bool(text)}.",
                    to_do="Mend what it names, then type again: wprc doctor",
                )
            )

    def result(self) -> Found:
        """What was found within the time."""
        self._thread.join(self._seconds)
        found = list(self._found)
        if self._thread.is_alive():
            longer = f"{min(3600.0, self._seconds * 6):g}"
            found.append(
                warning(
                    self._area,
                    f"It was not looked at to the end: that takes more than {self._seconds:g} s.",
                    to_do=f"To wait longer, type: wprc doctor --wait {longer}",
                )
            )
        return found
