"""Budgets: processes that send on one platform share its limits, by leases in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.chat.adapter import Adapter
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

RENEW_SECONDS = 2.5
_LASTS = timedelta(seconds=10)


class Budgets:
    """This process's shares. Each share is a lease, and all shares of a platform are equal."""

    def __init__(
        self,
        database: DatabaseWorker,
        clock: Callable[[], datetime],
        owner: str,
        connected: Callable[[], Sequence[Adapter]],
        is_dead: Callable[[str], bool] = lambda owner: False,
    ) -> None:
        """`is_dead` tells of another owner whether it has surely ended."""
        self._database = database
        self._clock = clock
        self._owner = owner
        self._connected = connected
        self._is_dead = is_dead
        self._shares: set[str] = set()
        self._known: dict[str, datetime] = {}

    def has_share(self, adapter: Adapter) -> bool:
        """Whether it is known how much of the platform's limit is this process's own."""
        renewed = self._known.get(adapter.name)
        return renewed is not None and self._clock() - renewed < _LASTS

    async def renew(self) -> None:
        """Says that this process sends, and hears how many do."""
        for adapter in self._connected():
            prefix = f"budget {adapter.name} "
            share = partial(_shared, prefix, self._owner, self._clock(), self._is_dead)
            self._shares.add(prefix)
            count, is_new = await self._database.write(share)
            adapter.pacer.share(count)
            self._known[adapter.name] = self._clock()
            if is_new and count > 1:
                # The others hear of this one when they renew; until then all of it is theirs.
                adapter.pacer.wait_for_share(2 * RENEW_SECONDS)

    async def release(self) -> None:
        """Leaves its shares to the others at once."""
        for prefix in self._shares:
            await self._database.write(partial(_release, prefix, self._owner))


def _shared(
    prefix: str, owner: str, now: datetime, is_dead: Callable[[str], bool], uow: UnitOfWork
) -> tuple[int, bool]:
    for other in uow.leases.owners(prefix):
        # The share of a process that was killed is nobody's, and need not be waited for.
        if other != owner and is_dead(other):
            uow.leases.release(prefix + other, other)
    is_new = uow.leases.owner(prefix + owner) is None
    uow.leases.claim(prefix + owner, owner, now, _LASTS)
    return uow.leases.alive(prefix, now), is_new


def _release(prefix: str, owner: str, uow: UnitOfWork) -> None:
    uow.leases.release(prefix + owner, owner)
