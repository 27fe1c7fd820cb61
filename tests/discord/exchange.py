"""One thing that a person did to the bot, and the answers as they come."""

from __future__ import annotations

from tests.discord.interactions import Interaction
from tests.discord.seen import Seen
from tests.discord.world import World


class Unanswered(AssertionError):
    """The person read "The application did not respond": nothing came within 3 s."""


class Exchange:
    """What a person's act led to; ``interaction`` is the raw record of it."""

    def __init__(self, world: World, interaction: Interaction) -> None:
        self._world = world
        self._read = 0
        self.interaction = interaction

    async def acknowledged(self) -> int:
        """The type of the first answer: 4 a message, 5 and 6 a promise, 7 a change, 9 a form."""
        one, world = self.interaction, self._world
        try:
            return await world.bell.until(
                lambda: one.callback, self._told, patience=60.0, ends_at=one.ends_at
            )
        except TimeoutError as error:
            raise Unanswered(str(error)) from None

    async def answer(self, patience: float = 5.0) -> Seen:
        """The next thing that the person gets to see, promises left out.

        Raises Unanswered after 3 s without any answer; TimeoutError if a promise is not kept
        within ``patience`` real seconds.
        """
        await self.acknowledged()
        answers = self.interaction.answers

        def look() -> Seen | None:
            return answers[self._read] if self._read < len(answers) else None

        seen = await self._world.bell.until(look, self._told, patience=patience)
        self._read += 1
        return seen

    async def choices(self) -> list[tuple[str, str | int | float]]:
        """What an option can be completed with, as name and value."""
        await self.acknowledged()
        return [(choice["name"], choice["value"]) for choice in self.interaction.choices or ()]

    def _told(self) -> str:
        violations = [str(violation) for violation in self._world.violations]
        return f"no answer to {self.interaction.data}; violations so far: {violations}"
